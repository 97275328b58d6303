"""15.1: the gated multimodal unit, a gate for each modality."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The gated unit. Every modality has a candidate, $h_m = \\tanh(x_m W_m + b_m)$, and a
gate that sees **all** modalities side by side, $z_m = \\sigma([x_1, \\dots, x_M] V_m +
c_m)$, with $\\sigma(a) = 1/(1 + e^{-a})$. Then $y = \\sum_m z_m \\odot h_m$.

`inputs` is a dict, modality to `(B, F_m)`; `maps` a dict, modality to the tuple
`(W, b, V, c)` of shapes `(F_m, U)`, `(U,)`, `(ΣF, U)`, `(U,)`. The rows of `V` are in
the order of the **sorted** names, whatever order the dict has. Return y, `(B, U)`.
"""

STUB = '''\
def gated_unit(inputs, maps):
    """dict of (B, F_m), dict of (W, b, V, c) -> y (B, U)"""
    raise NotImplementedError
'''


def solution(inputs, maps):
    """All gates see the same row of everything."""
    together = np.concatenate([inputs[name] for name in sorted(inputs)], axis=1)
    y = 0.0
    for name, (W, b, V, c) in maps.items():
        z = 1 / (1 + np.exp(-(together @ V + c)))
        y = y + z * np.tanh(inputs[name] @ W + b)
    return y


def attempt(inputs, maps, *, wrong=frozenset()):
    """The unit with a student's mistakes in it."""
    names = list(inputs) if "names not sorted" in wrong else sorted(inputs)
    together = np.concatenate([inputs[name] for name in names], axis=1)
    ends = np.cumsum([0, *(inputs[name].shape[1] for name in names)])
    every_score, every_said = [], []
    for n, name in enumerate(names):
        W, b, V, c = maps[name]
        rows = slice(ends[n], ends[n + 1])
        own = "each gate sees its own modality" in wrong
        every_score.append((inputs[name] @ V[rows] if own else together @ V) + c)
        every_said.append(inputs[name] @ W + b)
    scores, said = np.array(every_score), np.array(every_said)  # (M, B, U)
    z = 1 / (1 + np.exp(-scores))
    if "gates by a softmax" in wrong:
        z = np.exp(scores) / np.exp(scores).sum(axis=0)
    if "tanh and sigmoid exchanged" in wrong:
        return (np.tanh(scores) / (1 + np.exp(-said))).sum(axis=0)
    if "tanh after the gate" in wrong:
        return np.tanh(z * said).sum(axis=0)
    if "tanh of the sum" in wrong:
        return np.tanh((z * said).sum(axis=0))
    h = said if "no tanh" in wrong else np.tanh(said)
    return (z * h).sum(axis=0)


def case_of(rng, rows, sizes, units):
    """Modalities in an order that is not the sorted one."""
    names = ["text", "image", "audio"][-len(sizes) :]
    inputs = {n: halves(rng, rows, f) / 2 for n, f in zip(names, sizes, strict=True)}
    total = sum(sizes)
    maps = {
        n: (
            halves(rng, f, units) / 2,
            halves(rng, units) / 2,
            halves(rng, total, units) / 4,
            halves(rng, units) / 4,
        )
        for n, f in zip(names, sizes, strict=True)
    }
    return Case((inputs, maps))


def draw(rng):
    sizes = [int(n) for n in rng.permutation([1, 2, 3])]
    return case_of(rng, 2, sizes[: int(rng.integers(2, 4))], int(rng.choice([1, 4])))


def corners(rng):
    return [case_of(rng, 1, [1, 1], 1), case_of(rng, 2, [2, 2], 3)]


WAYS = (
    "tanh and sigmoid exchanged",
    "tanh after the gate",
    "tanh of the sum",
    "no tanh",
)
MISTAKES = (
    Mistake(
        "each gate sees its own modality",
        "your gates were computed from one modality each. Then the sound cannot learn "
        "to be silent because the picture is clear.",
        "How many rows has V, and how many has W?",
        excludes=("names not sorted",),
    ),
    Mistake(
        "names not sorted",
        "you laid the modalities side by side in the order of the dict. The rows of V "
        "are in the order of the sorted names.",
        "A dict keeps the order in which it was written. Who wrote this one?",
    ),
    Mistake(
        "gates by a softmax",
        "your gates add up to 1 over the modalities. In this unit each opens and "
        "shuts by itself.",
        "Can both gates be open? Can both be shut?",
        excludes=("tanh and sigmoid exchanged",),
    ),
    Mistake(
        WAYS[0],
        "your candidates lie in (0, 1) and your gates in (−1, 1).",
        "Which of the two must be a share, and which may say no?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[1],
        "you gated first and squashed afterwards.",
        "Which of z and h stands inside the tanh?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[2],
        "you added the modalities up before the tanh.",
        "How many tanh does the sum over m have?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[3],
        "your candidates are not squashed.",
        "What is h_m?",
        excludes=WAYS,
    ),
)


def by_einsum(inputs, maps):
    """Everything stacked, one modality after another."""
    names = sorted(inputs)
    together = np.hstack([inputs[n] for n in names])
    scores = np.stack([together @ maps[n][2] + maps[n][3] for n in names])
    h = np.stack([np.tanh(inputs[n] @ maps[n][0] + maps[n][1]) for n in names])
    return np.einsum("mbu,mbu->bu", 0.5 * (1 + np.tanh(scores / 2)), h)


def sample_by_sample(inputs, maps):
    """A loop over the batch."""
    names = sorted(inputs)
    rows = []
    for b in range(len(inputs[names[0]])):
        together = np.concatenate([inputs[n][b] for n in names])
        y = np.zeros(len(maps[names[0]][1]))
        for n in names:
            W, shift, V, c = maps[n]
            y += np.tanh(inputs[n][b] @ W + shift) / (1 + np.exp(-together @ V - c))
        rows.append(y)
    return np.array(rows)


EXERCISE = Exercise(
    id="15.1",
    title="the gated unit",
    statement=STATEMENT,
    stub=STUB,
    function="gated_unit",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_einsum, sample_by_sample),
    question="What does a gate look at, and what does it multiply?",
    hints=(
        "np.concatenate([inputs[name] for name in sorted(inputs)], axis=1) is what "
        "every gate sees.",
        "For one modality: z from everything, h from its own features, then z * h.",
        "Add z * h over the modalities. Nothing is squashed after that.",
    ),
    reread="A gate: whom to trust",
    minutes=7,
    points=2,
)
