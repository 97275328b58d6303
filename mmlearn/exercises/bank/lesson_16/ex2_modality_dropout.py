"""16.2: drop whole modalities, never all of them, and keep the size of the sum."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Modality dropout in training. `x` is `(B, M, F)`: M modalities of each sample. `u` is
`(B, M)`: random numbers from 0 up to 1, drawn already. Modality $m$ of sample $b$ is
kept where $u_{bm} \\ge$ `rate`, all its features together. Where a sample would lose
all modalities, the one with the largest $u$ is kept. The kept ones are multiplied by
$M / n_b$, where $n_b$ is how many are kept: the *sum* over modalities keeps its size.

Return `y`, `(B, M, F)`, and what was kept, `(B, M)` bool.
"""

STUB = '''\
def modality_dropout(x, u, rate):
    """(B, M, F), (B, M) in [0, 1), rate -> y (B, M, F), kept (B, M) bool"""
    raise NotImplementedError
'''


def solution(x, u, rate):
    """A mask, a rescue for samples that would lose everything, and M / n."""
    kept = u >= rate
    lost = ~kept.any(axis=1)
    kept[lost, u[lost].argmax(axis=1)] = True
    scale = x.shape[1] / kept.sum(axis=1, keepdims=True)  # (B, 1)
    return x * (kept * scale)[:, :, None], kept


def attempt(x, u, rate, *, wrong=frozenset()):
    """Modality dropout with a student's mistakes in it."""
    B, M, _ = x.shape
    kept = u < rate if "kept and dropped exchanged" in wrong else u >= rate
    lost = ~kept.any(axis=1)
    best = np.eye(M, dtype=bool)[u.argmax(axis=1)]  # (B, M)
    if "the first one rescued" in wrong:
        best = np.eye(M, dtype=bool)[np.zeros(B, int)]
    if "all of them rescued" in wrong:
        best = np.ones((B, M), bool)
    if "all may fall" not in wrong:
        kept = np.where(lost[:, None], best, kept)
    if "one draw for the batch" in wrong:
        kept = np.tile(kept[:1], (B, 1))
    n = np.maximum(kept.sum(axis=1, keepdims=True), 1)
    scale = M / n
    if "divided by 1 − rate" in wrong:
        scale = np.full((B, 1), 1 / (1 - rate))
    if "not scaled" in wrong:
        scale = np.ones((B, 1))
    if "scaled by n / M" in wrong:
        scale = n / M
    return x * (kept * scale)[:, :, None], kept


def _case(rng, kept, F, rate):
    """Random numbers that keep what `kept` says, before any rescue."""
    kept = np.array(kept, bool)
    B, M = kept.shape
    low, high = rng.uniform(0, rate, (B, M)), rng.uniform(rate, 1, (B, M))
    u = np.where(kept, high, low).round(3)
    u = np.where(kept, np.maximum(u, rate + 0.001), np.minimum(u, rate - 0.001))
    for row, keep in zip(u, kept, strict=True):
        if not keep.any():  # the first is not the largest
            row[0] = min(row) / 2
    x = rng.integers(1, 9, (B, M, F)) / 2 * rng.choice([-1.0, 1.0], (B, M, F))
    return Case((x, u, rate))


def draw(rng):
    """Four samples: one loses all, one nothing, two lose some; the order is random."""
    M = 3
    rows = [np.zeros(M), np.ones(M), np.eye(M)[rng.integers(M)]]
    rows.append(1 - np.eye(M)[rng.integers(M)])
    order = rng.permutation(4)
    return _case(rng, np.array(rows)[order], 2, float(rng.choice([0.25, 0.5, 0.6])))


def corners(rng):
    """By hand: two modalities, one falls; all fall; nothing falls at rate 0."""
    x = np.array([[[2.0], [3.0]]])
    return [
        Case((x, np.array([[0.2, 0.9]]), 0.25)),
        Case((x, np.array([[0.1, 0.3]]), 0.75)),
        Case((x, np.array([[0.0, 0.3]]), 0.0)),
        _case(rng, [[1, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]], 1, 0.5),
    ]


RESCUE = ("all may fall", "the first one rescued", "all of them rescued")
SCALE = ("not scaled", "divided by 1 − rate", "scaled by n / M")

MISTAKES = (
    Mistake(
        RESCUE[0],
        "a sample can lose all its modalities. From nothing nothing can be learned but "
        "how frequent the classes are.",
        "What is the probability that all M fall, at this rate?",
        excludes=RESCUE,
    ),
    Mistake(
        RESCUE[1],
        "where all would fall you kept the first modality. It would then be seen more "
        "often than the others.",
        "Which of the modalities came nearest to being kept?",
        excludes=RESCUE,
    ),
    Mistake(
        RESCUE[2],
        "where all would fall you kept all. Just the hardest draws become easy ones.",
        "How many should be rescued?",
        excludes=RESCUE,
    ),
    Mistake(
        "kept and dropped exchanged",
        "you kept where u is below the rate. At a rate of 0.1 you drop nine of ten.",
        "At a rate of 0 nothing may fall. Does it?",
    ),
    Mistake(
        "one draw for the batch",
        "the first sample's draw decides for all. A batch then sees one subset only, "
        "and the gradient jumps from batch to batch.",
        "How many of the B rows of u have you used?",
    ),
    Mistake(
        SCALE[0],
        "the sum over modalities shrinks with every one that falls. After training, "
        "with all there, it is larger than it ever was.",
        "Three modalities say 1 each. What is the sum with all, and with two?",
        excludes=SCALE,
    ),
    Mistake(
        SCALE[1],
        "you divided by 1 − rate, as for single units. That is right on average over "
        "draws, not in each; and the rescue makes even the average wrong.",
        "How many of this sample's modalities are left, and of how many?",
        excludes=SCALE,
    ),
    Mistake(
        SCALE[2],
        "you shrank where you should enlarge.",
        "One of two is left. Must it count for more or for less?",
        excludes=SCALE,
    ),
)


def by_samples(x, u, rate):
    """One sample at a time; indices in place of masks."""
    y, kept = np.zeros(x.shape), np.zeros(u.shape, bool)
    for b in range(len(x)):
        left = [m for m in range(x.shape[1]) if not u[b, m] < rate]
        left = left or [int(np.argmax(u[b]))]
        kept[b, left] = True
        y[b, left] = x[b, left] * x.shape[1] / len(left)
    return y, kept


def by_lowered_rate(x, u, rate):
    """The threshold falls to the largest u of a sample: then one is always kept."""
    kept = u >= np.minimum(rate, u.max(axis=1, keepdims=True))
    return np.einsum("bmf,bm->bmf", x, kept / kept.mean(axis=1, keepdims=True)), kept


EXERCISE = Exercise(
    id="16.2",
    title="modality dropout",
    statement=STATEMENT,
    stub=STUB,
    function="modality_dropout",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_samples, by_lowered_rate),
    question="For the first sample that differs: which modalities are left, and by "
    "what are they multiplied?",
    hints=(
        "First the mask, `(B, M)`; then look for rows without any True.",
        "`u.argmax(axis=1)` is the modality that came nearest to being kept.",
        "The factor is one for all features of a sample: M over how many are left.",
    ),
    reread="Modality dropout",
    parts=("y", "kept"),
    minutes=9,
    points=3,
)
