"""14.4: late fusion, a weighted mean of what the modalities decide."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Every modality has decided: `logits` is `(M, B, K)`. `weights` `(M,)` are positive and
need not add up to 1. Return the weighted mean of their **probabilities**, `(B, K)`:

$$p_{bk} = \\sum_m \\alpha_m\\, \\mathrm{softmax}(z_{mb})_k \\qquad
\\alpha_m = \\frac{w_m}{\\sum_j w_j}$$
"""

STUB = '''\
def late_fusion(logits, weights):
    """(M, B, K), (M,) -> probabilities (B, K)"""
    raise NotImplementedError
'''


def solution(logits, weights):
    """Each modality's probabilities first, then their mean."""
    e = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = e / e.sum(axis=2, keepdims=True)  # (M, B, K)
    return np.einsum("m,mbk->bk", weights / weights.sum(), p)


def attempt(logits, weights, *, wrong=frozenset()):
    """Late fusion with a student's mistakes in it."""

    def softmax(z, axis):
        e = np.exp(z - z.max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)

    shares = weights / weights.sum()
    if "weights not divided by their sum" in wrong:
        shares = weights
    if "softmax of the weights" in wrong:
        shares = softmax(weights, 0)
    if "weights ignored" in wrong:
        shares = np.full(len(weights), 1 / len(weights))
    if "logits averaged" in wrong:
        return softmax(np.einsum("m,mbk->bk", shares, logits), 1)
    axis = 2
    if "softmax over the modalities" in wrong:
        axis = 0
    if "softmax over the samples" in wrong:
        axis = 1
    p = softmax(logits, axis)
    if "votes in place of probabilities" in wrong:
        p = np.eye(logits.shape[2])[logits.argmax(axis=2)]
    return np.einsum("m,mbk->bk", shares, p)


def _case(rng, m, b, k):
    """Halves; the best label of each sample and modality is one label."""
    logits = rng.integers(-4, 5, (m, b, k)) / 2
    best = rng.integers(k, size=(m, b, 1))
    np.put_along_axis(logits, best, 2.5 + rng.integers(0, 3, best.shape) / 2, axis=2)
    weights = rng.permutation(np.arange(1, m + 1)) / 2 + 0.5
    return Case((logits, weights))


def draw(rng):
    m, b, k = (int(n) for n in rng.permutation([2, 3, 4]))
    return _case(rng, m, b, k)


def corners(rng):
    return [_case(rng, 2, 1, 2), _case(rng, 2, 2, 3), _case(rng, 3, 2, 4)]


WEIGHTS = (
    "weights not divided by their sum",
    "softmax of the weights",
    "weights ignored",
)
AXES = ("softmax over the modalities", "softmax over the samples")
MISTAKES = (
    Mistake(
        "logits averaged",
        "you averaged the logits and took one softmax. That is another fusion: a "
        "product "
        "of powers of the probabilities.",
        "Which comes first, the softmax or the mean?",
        excludes=(*AXES, "votes in place of probabilities"),
    ),
    Mistake(
        AXES[0],
        "your softmax makes the modalities compete with one another.",
        "Which axis of (M, B, K) must add up to 1?",
        excludes=(AXES[1], "votes in place of probabilities"),
    ),
    Mistake(
        AXES[1],
        "your softmax makes the samples compete with one another.",
        "Which axis of (M, B, K) must add up to 1?",
        excludes=("votes in place of probabilities",),
    ),
    Mistake(
        WEIGHTS[0],
        "your probabilities add up to the sum of the weights.",
        "What must a row of the answer add up to?",
        excludes=WEIGHTS[1:],
    ),
    Mistake(
        WEIGHTS[1],
        "you took a softmax of the weights: 2 to 1 then becomes 2.7 to 1.",
        "How much more does a weight of 2 count than a weight of 1?",
        excludes=WEIGHTS[2:],
    ),
    Mistake(
        WEIGHTS[2],
        "every modality counts the same in your mean.",
        "Where do the weights come in?",
    ),
    Mistake(
        "votes in place of probabilities",
        "you averaged votes: who is nearly undecided counts as much as who is sure.",
        "What does argmax throw away?",
    ),
)


def by_loop(logits, weights):
    """Modality by modality."""
    total = 0
    for z, w in zip(logits, weights, strict=True):
        e = np.exp(z)
        total = total + w * e / e.sum(axis=1)[:, None]
    return total / sum(weights)


def by_average(logits, weights):
    """NumPy's weighted mean."""
    e = np.exp(logits)
    return np.average(e / e.sum(-1, keepdims=True), axis=0, weights=weights)


EXERCISE = Exercise(
    id="14.4",
    title="late fusion",
    statement=STATEMENT,
    stub=STUB,
    function="late_fusion",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, by_average),
    question="What does each row of your answer add up to, and what would it be if all "
    "modalities said the same?",
    hints=(
        "A softmax over the last axis, for each modality and sample.",
        "Divide the weights by their sum; then a sum over m.",
    ),
    reread="Early, deep, late",
    minutes=6,
    points=2,
)
