"""16.7: a model meets a world in which the classes are otherwise frequent."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A model was trained where the classes have the frequencies `old`, `(K,)`. It is used
where they have the frequencies `new`, `(K,)`. What a class *looks like* has not
changed: $p(x \\mid k)$ is the same. `probabilities`, `(N, K)`, is what the model says,
$p(k \\mid x)$. Return what it should say now, `(N, K)`; rows add up to 1. All of `old`
are above 0, `new` may hold zeros.
"""

STUB = '''\
def with_new_prior(probabilities, old, new):
    """(N, K), (K,), (K,) -> probabilities in the new world, (N, K)"""
    raise NotImplementedError
'''


def solution(probabilities, old, new):
    """By Bayes p(x | k) ∝ p(k | x) / old_k; times new_k; normalized again."""
    p = probabilities * (new / old)
    return p / p.sum(axis=1, keepdims=True)


def attempt(probabilities, old, new, *, wrong=frozenset()):
    """The new probabilities with a student's mistakes in them."""
    if "old and new exchanged" in wrong:
        old, new = new + 1e-3, old
    factor = new / old
    if "the old prior not taken out" in wrong:
        factor = new
    p = probabilities * factor
    if "added in place of multiplied" in wrong:
        p = np.maximum(probabilities + new - old, 0)
    if "averaged" in wrong:
        p = (probabilities + new) / 2
    if "not normalized" in wrong:
        return p
    axis = 0 if "normalized over the samples" in wrong else 1
    return p / p.sum(axis=axis, keepdims=True)


def _frequencies(rng, K):
    parts = rng.permutation([1.0, 2.0, 4.0, 9.0])[:K]
    return parts / parts.sum()


def draw(rng):
    N, K = (int(n) for n in rng.permutation([2, 3]))
    p = rng.integers(1, 8, (N, K)).astype(float)
    p[:, 0] += np.arange(N)  # no two rows alike
    p /= p.sum(axis=1, keepdims=True)
    old, new = _frequencies(rng, K), _frequencies(rng, K)
    while np.allclose(old, new):
        new = _frequencies(rng, K)
    return Case((p, old, new))


def corners(rng):
    """By hand; a class that is not met any more."""
    half = np.array([0.5, 0.5])
    return [
        Case((np.array([[0.5, 0.5], [0.9, 0.1]]), half, np.array([0.9, 0.1]))),
        Case(
            (np.array([[0.2, 0.3, 0.5]]), np.full(3, 1 / 3), np.array([0.25, 0, 0.75]))
        ),
    ]


WAYS = (
    "old and new exchanged",
    "the old prior not taken out",
    "added in place of multiplied",
    "averaged",
)
SUMS = ("not normalized", "normalized over the samples")

MISTAKES = (
    Mistake(
        WAYS[0],
        "you divided by the new frequencies and multiplied by the old ones.",
        "A class becomes more frequent. Should its probability rise or fall?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[1],
        "the old frequencies are in the model's probabilities already; you put the new "
        "ones on top.",
        "If new and old are the same, what should change?",
        excludes=(*WAYS, "normalized over the samples"),
    ),
    Mistake(
        WAYS[2],
        "you added the change of the frequencies. Bayes' rule is a product.",
        "Write p(k | x) by Bayes' rule. Where does the prior stand?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[3],
        "you averaged the model with the new frequencies: it then believes its eyes by "
        "half only.",
        "If the model is certain, and the class still occurs, what should remain?",
        excludes=(*WAYS, "not normalized"),
    ),
    Mistake(
        SUMS[0],
        "your rows do not add up to 1.",
        "What do the products of one row add up to?",
        excludes=SUMS,
    ),
    Mistake(
        SUMS[1],
        "your columns add up to 1. Each sample has its own probabilities.",
        "Which axis holds the alternatives?",
        excludes=SUMS,
    ),
)


def by_logits(probabilities, old, new):
    """Log-probabilities are moved by the log of the ratio."""
    with np.errstate(divide="ignore"):
        z = np.log(probabilities) + np.log(new) - np.log(old)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def by_rows(probabilities, old, new):
    """One sample at a time."""
    rows = []
    for p in probabilities:
        likelihood = [p_k / o for p_k, o in zip(p, old, strict=True)]
        joint = [like * n for like, n in zip(likelihood, new, strict=True)]
        rows.append([j / sum(joint) for j in joint])
    return np.array(rows)


EXERCISE = Exercise(
    id="16.7",
    title="another world",
    statement=STATEMENT,
    stub=STUB,
    function="with_new_prior",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_logits, by_rows),
    question="By Bayes' rule p(k | x) is p(x | k) times what, over what? Which of "
    "these three has changed?",
    hints=(
        "p(x | k) is proportional to p(k | x) divided by the old frequency of k.",
        "Multiply by the new one, and let each row add up to 1 again.",
    ),
    reread="Another world",
    minutes=6,
    points=2,
)
