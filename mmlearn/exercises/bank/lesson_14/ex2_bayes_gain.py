"""14.2: the best accuracy with one modality, with both, and the gain of fusing."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
`joint` is `(A, B, K)`: $p(x_1, x_2, y)$. Who sees x and decides best says the most
probable label each time, and is right in a share of $\\sum_x \\max_y p(x, y)$.

Return `(first, second, both, gain)`: the best accuracy with $x_1$ alone, with $x_2$
alone, with both; and the **Bayes gain of fusing**, both minus the better one alone.
"""

STUB = '''\
def bayes_gain(joint):
    """(A, B, K) -> first, second, both, gain"""
    raise NotImplementedError
'''


def solution(joint):
    """Add up what is not seen, then the best label for each thing seen."""
    first = joint.sum(axis=1).max(axis=1).sum()  # (A, K)
    second = joint.sum(axis=0).max(axis=1).sum()  # (B, K)
    both = joint.max(axis=2).sum()
    return first, second, both, both - max(first, second)


def attempt(joint, *, wrong=frozenset()):
    """Bayes accuracies with a student's mistakes in them."""

    def best(p):
        if "one answer for all" in wrong:
            return p.sum(axis=0).max()
        if "not weighted by p(x)" in wrong:
            return (p.max(axis=1) / p.sum(axis=1)).mean()
        return p.max(axis=1).sum()

    first, second = joint.sum(axis=1), joint.sum(axis=0)
    if "maximum before the sum" in wrong:
        first, second = joint.max(axis=1), joint.max(axis=0)
    if "modalities exchanged" in wrong:
        first, second = second, first
    alone = best(first), best(second)
    both = best(joint.reshape(-1, joint.shape[2]))
    against = max(alone)
    if "gain over the worse" in wrong:
        against = min(alone)
    if "gain over chance" in wrong:
        against = joint.sum(axis=(0, 1)).max()
    return *alone, both, both - against


def _case(rng, a, b, k):
    """Whole parts of a hundred and more; nothing symmetric."""
    parts = rng.integers(1, 8, (a, b, k)).astype(float)
    for i, j in np.ndindex(a, b):
        parts[i, j, int(rng.integers(k))] += int(rng.integers(2, 12))
    return Case((parts / parts.sum(),))


def draw(rng):
    a, b = (int(n) for n in rng.permutation([2, 3, 4])[:2])
    return _case(rng, a, b, int(rng.integers(2, 4)))


def corners(rng):
    """XOR, exactly; and small tables."""
    xor = np.zeros((2, 2, 2))
    for a, b in np.ndindex(2, 2):
        xor[a, b, a ^ b] = [0.25, 0.125, 0.375, 0.25][2 * a + b]
    return [
        Case((np.array([[[0.3, 0.1], [0.15, 0.05]], [[0.05, 0.1], [0.05, 0.2]]]),)),
        Case((xor,)),
        _case(rng, 3, 2, 3),
        _case(rng, 2, 4, 2),
    ]


MISTAKES = (
    Mistake(
        "one answer for all",
        "you added up over x before taking the maximum: one label, said whatever is "
        "seen. That is the accuracy of a guess without looking.",
        "May who sees another x say another label?",
        excludes=("not weighted by p(x)", "gain over chance", "modalities exchanged"),
    ),
    Mistake(
        "not weighted by p(x)",
        "you took the mean of max p(y | x) over all x, as if every x came equally "
        "often.",
        "How often is one right at an x that hardly ever comes?",
    ),
    Mistake(
        "maximum before the sum",
        "with one modality alone you took the largest entry along the other one. "
        "What is "
        "not seen must be added up.",
        "How does p(x1, y) come from p(x1, x2, y)?",
    ),
    Mistake(
        "modalities exchanged",
        "your first and second have changed places: summing over an axis removes it.",
        "Which axis is left when you sum over axis 1?",
    ),
    Mistake(
        "gain over the worse",
        "your gain is over the worse modality. Nobody would use that one alone.",
        "What could you have had without fusing?",
        excludes=("gain over chance",),
    ),
    Mistake(
        "gain over chance",
        "your gain is over a guess that sees nothing.",
        "What could you have had without fusing?",
    ),
)


def by_posterior(joint):
    """Decide first, then count how often it is right."""

    def accuracy(p):
        said = p.argmax(axis=-1)
        return np.take_along_axis(p, said[..., None], axis=-1).sum()

    one, two, all_ = (accuracy(p) for p in (joint.sum(1), joint.sum(0), joint))
    return [one, two, all_, min(all_ - one, all_ - two)]


def with_loops(joint):
    """Loops over what is seen."""
    A, B, _ = joint.shape
    first = sum(max(joint[a].sum(axis=0)) for a in range(A))
    second = sum(max(joint[:, b].sum(axis=0)) for b in range(B))
    both = sum(max(joint[a, b]) for a in range(A) for b in range(B))
    return np.array([first, second, both, both - max(first, second)])


EXERCISE = Exercise(
    id="14.2",
    title="the Bayes gain of fusing",
    statement=STATEMENT,
    stub=STUB,
    function="bayes_gain",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_posterior, with_loops),
    parts=("first", "second", "both", "gain"),
    question="Who sees one modality only: what does this person know of the other?",
    hints=(
        "p(x1, y) is joint.sum(axis=1), of shape (A, K).",
        "For each x the best label is right with probability max over y of p(x, y); "
        "add "
        "these up.",
    ),
    reread="What is it worth?",
    minutes=7,
    points=2,
)
