"""15.5: one modality asks another, of which some steps are missing."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Cross-attention of one modality to another. `asking` is `(B, T, F)`, `asked` `(B, S,
G)`; `available` `(B, S)` is `True` where a step of `asked` was recorded. What stands in
the other steps must not matter: it may be `nan`.

Queries are `asking @ query_kernel`, keys and values `asked @ key_kernel` and `asked @
value_kernel`, kernels `(F, D)`, `(G, D)`, `(G, U)`. Scores are divided by $\\sqrt D$;
the softmax runs over the steps that are available. Where **no** step is, y is **zero**.
Return y, `(B, T, U)`.
"""

STUB = '''\
def cross_attend(asking, asked, available, query_kernel, key_kernel, value_kernel):
    """(B, T, F), (B, S, G), (B, S) bool, (F, D), (G, D), (G, U) -> y (B, T, U)"""
    raise NotImplementedError
'''


def solution(asking, asked, available, query_kernel, key_kernel, value_kernel):
    """Zeros for what is missing, before anything is computed of it."""
    asked = np.where(available[:, :, None], asked, 0.0)
    query, key = asking @ query_kernel, asked @ key_kernel
    a = query @ key.swapaxes(1, 2) / np.sqrt(query.shape[-1])  # (B, T, S)
    there = np.broadcast_to(available[:, None], a.shape)
    e = np.exp(a - a.max(axis=2, keepdims=True)) * there
    total = e.sum(axis=2, keepdims=True)
    w = e / np.where(total == 0, 1, total)
    return w @ (asked @ value_kernel)


def attempt(
    asking,
    asked,
    available,
    query_kernel,
    key_kernel,
    value_kernel,
    *,
    wrong=frozenset(),
):
    """The look across with a student's mistakes in it."""
    there, reads_all = available, bool(wrong & set(RAW))
    if "missing steps are read" in wrong:
        there = np.ones_like(available)
    if "mask the wrong way round" in wrong:
        there = ~available
    if not reads_all:
        asked = np.where(available[:, :, None], asked, 0.0)
    query, key = asking @ query_kernel, asked @ key_kernel
    a = query @ key.swapaxes(1, 2)
    if "no scale" not in wrong:
        size = asking if "divided by the root of F" in wrong else query
        a = a / np.sqrt(size.shape[-1])
    there = np.broadcast_to(there[:, None], a.shape)
    if "masked scores set to 0" in wrong:
        a = np.where(there, a, 0.0)
    axis = 1 if "softmax over who asks" in wrong else 2
    e = np.exp(a - a.max(axis=axis, keepdims=True))
    after = "mask after the softmax" in wrong
    e = e if after or "masked scores set to 0" in wrong else e * there
    total = e.sum(axis=axis, keepdims=True)
    w = e / np.where(total == 0, 1, total)
    w = w * there if after else w
    if "nothing there, so a mean of all" in wrong:
        w = np.where(there.any(axis=2, keepdims=True), w, 1 / a.shape[2])
    return w @ (asked @ value_kernel)


def _case(rng, rows, steps, other, sizes, units, nothing=False, junk=0.5):
    """Steps that are missing hold junk; one sample may have none at all."""
    f, g, d = sizes
    available = rng.random((rows, other)) < 0.6
    available[:, 0], available[:, -1] = True, False
    if nothing:
        available[-1] = False
    asked = halves(rng, rows, other, g) / 2
    asked[~available] = junk * halves(rng, int((~available).sum()), g)
    kernels = halves(rng, f, d) / 2, halves(rng, g, d) / 2, halves(rng, g, units)
    return Case((halves(rng, rows, steps, f) / 2, asked, available, *kernels))


def draw(rng):
    steps, other = (int(n) for n in rng.permutation([2, 3]))
    f, d = (int(n) for n in rng.permutation([2, 3]))
    sizes = f, int(rng.integers(1, 4)), d
    units = int(rng.choice([1, 4]))
    return _case(rng, 2, steps, other + 1, sizes, units, bool(rng.integers(2)))


def corners(rng):
    """Small for the hand; a sample with nothing; nan where nothing was recorded."""
    return [
        _case(rng, 1, 1, 3, (1, 1, 2), 1),
        _case(rng, 2, 2, 3, (2, 2, 3), 2, nothing=True),
        _case(rng, 2, 2, 4, (3, 1, 2), 2, nothing=True, junk=np.nan),
    ]


RAW = (
    "missing steps are read",
    "mask the wrong way round",
    "masked scores set to 0",
    "nothing there, so a mean of all",
)
MASKS = (*RAW, "mask after the softmax")
MISTAKES = (
    Mistake(
        RAW[0],
        "steps that were never recorded are read like any other.",
        "Which of the arguments have you not used?",
        excludes=MASKS,
    ),
    Mistake(
        RAW[1],
        "your modality looks exactly at the steps that are missing.",
        "What does True mean in `available`?",
        excludes=MASKS,
    ),
    Mistake(
        RAW[2],
        "a missing step with score 0 is a step like any other: exp(0) = 1.",
        "Which weight must a missing step have, and which score gives it?",
        excludes=MASKS,
    ),
    Mistake(
        RAW[3],
        "where nothing was recorded you return the mean of what stands there.",
        "What can be read where nothing is?",
        excludes=(*MASKS, "softmax over who asks"),
    ),
    Mistake(
        MASKS[4],
        "you set weights to 0 after the softmax: what is left no longer adds up to 1.",
        "What do the weights of one query add up to?",
        excludes=MASKS,
    ),
    Mistake(
        "softmax over who asks",
        "your weights add up to 1 over the steps that ask.",
        "Which axis of (B, T, S) must add up to 1?",
        excludes=MASKS,
    ),
    Mistake(
        "no scale",
        "your scores are not divided.",
        "By what are scores divided, and why?",
    ),
    Mistake(
        "divided by the root of F",
        "you divided by the root of the asking features, not of the query's size D.",
        "How many products does one score add up?",
        excludes=("no scale",),
    ),
)


def by_infinity(asking, asked, available, query_kernel, key_kernel, value_kernel):
    """Minus infinity before the softmax, empty rows put right at the end."""
    asked = asked.copy()
    asked[~available] = 0
    scale = query_kernel.shape[1] ** -0.5
    key = np.einsum("bsg,gd->bsd", asked, key_kernel)
    a = scale * np.einsum("btf,fd,bsd->bts", asking, query_kernel, key)
    a = np.where(available[:, None], a, -1e30)
    e = np.exp(a - a.max(axis=2, keepdims=True))
    y = e / e.sum(axis=2, keepdims=True) @ (asked @ value_kernel)
    return np.where(available.any(axis=1)[:, None, None], y, 0)


def sample_by_sample(asking, asked, available, query_kernel, key_kernel, value_kernel):
    """Only the steps that are there."""
    y = np.zeros((*asking.shape[:2], value_kernel.shape[1]))
    for b, seen in enumerate(available):
        if seen.any():
            x = asked[b, seen]
            a = asking[b] @ query_kernel @ (x @ key_kernel).T
            e = np.exp(a / key_kernel.shape[1] ** 0.5)
            y[b] = e / e.sum(axis=1, keepdims=True) @ (x @ value_kernel)
    return y


EXERCISE = Exercise(
    id="15.5",
    title="asking across, with steps missing",
    statement=STATEMENT,
    stub=STUB,
    function="cross_attend",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_infinity, sample_by_sample),
    question="What do the weights of one query add up to, and what is 0 · nan?",
    hints=(
        "A weight of 0 does not help against nan: put zeros into `asked` where it is "
        "not available, before anything else.",
        "Scores (B, T, S), divided by the root of D. available[:, None] is (B, 1, S).",
        "Where a row's sum is 0, divide it by 1 instead: its y stays 0.",
    ),
    reread="Asking across: cross-attention",
    minutes=9,
    points=3,
)
