"""02.6: the interval of an accuracy, derived (transfer)."""

import math

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
`correct` of `total` answers were right. Return `(low, high)`: the smallest and the
largest true accuracy $p$ for which the observed share is at most `z` standard errors
away,

$$\\left|\\tfrac{k}{n} - p\\right| \\le z \\sqrt{\\tfrac{p(1-p)}{n}}.$$

Square both sides: a quadratic in $p$. Its two roots are the answer.
"""

STUB = '''\
def interval(correct, total, z):
    """k right of n -> (low, high), two numbers from 0 to 1"""
    raise NotImplementedError
'''


def solution(correct, total, z):
    """The roots of (k/n − p)² = z² p (1 − p) / n."""
    k, n = correct, total
    middle = k + z**2 / 2
    reach = z * math.sqrt(k * (n - k) / n + z**2 / 4)
    return (middle - reach) / (n + z**2), (middle + reach) / (n + z**2)


def draw(rng):
    """Some count of some test set, and some z that is not 1."""
    n = int(rng.integers(5, 40))
    k = int(rng.integers(1, n))
    return Case((k, n, float(rng.choice([1.5, 2.0, 2.5]))))


def corners(rng):
    """All right, and none: an interval of no width would be a lie."""
    return [Case((10, 10, 2.0)), Case((0, 8, 2.0)), Case((1, 6, 2.0))]


def attempt(correct, total, z, *, wrong=frozenset()):
    """The interval with a student's mistakes in it."""
    k, n = correct, total
    z2 = z if "z not squared" in wrong else z**2
    if "the error at the observed share" in wrong:
        reach = z * math.sqrt(k * (n - k) / n**3)
        return k / n - reach, k / n + reach
    middle = (
        k / n * (n + z2) if "centred on the observed share" in wrong else k + z2 / 2
    )
    inside = k * (n - k) / n + z2 / 4
    reach = z * (inside if "root forgotten" in wrong else math.sqrt(inside))
    below = n if "divided by n" in wrong else n + z2
    if "ends swapped" in wrong:
        return (middle + reach) / below, (middle - reach) / below
    return (middle - reach) / below, (middle + reach) / below


_ALONE = ("z not squared", "centred on the observed share", "root forgotten")

MISTAKES = (
    Mistake(
        "the error at the observed share",
        "you put k/n in place of p under the root. That is the interval of most "
        "textbooks; for 10 of 10 it has no width at all, and it can leave 0 to 1.",
        "Which p stands under the root of the inequality: the observed one?",
        excludes=(*_ALONE, "divided by n"),
    ),
    Mistake(
        "centred on the observed share",
        "your interval lies evenly around k/n. Near 0 or 1 it must lean inwards.",
        "The two roots lie evenly around −b / 2a of the quadratic. What is b here?",
        excludes=("root forgotten", "divided by n"),
    ),
    Mistake(
        "z not squared",
        "z came out of the square unsquared.",
        "Squaring both sides of the inequality squares z as well.",
        excludes=("root forgotten", "centred on the observed share"),
    ),
    Mistake(
        "divided by n",
        "the factor of p² is n + z², not n: the right side has a −p² too.",
        "Bring all terms to one side. What stands before p²?",
        excludes=("root forgotten",),
    ),
    Mistake(
        "ends swapped",
        "the two roots are there, the larger one first.",
        "Which of + and − in front of the root gives the lower end?",
        excludes=("the error at the observed share",),
    ),
    Mistake(
        "root forgotten",
        "the roots of a quadratic have a square root in them.",
        "What is the formula for the roots of a p² + b p + c?",
    ),
)


def by_quadratic(correct, total, z):
    """a p² + b p + c = 0, with the school's formula."""
    q = correct / total
    a, b, c = 1 + z * z / total, -(2 * q + z * z / total), q * q
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def by_roots(correct, total, z):
    """NumPy finds the roots."""
    import numpy as np

    q, s = correct / total, z * z / total
    roots = np.roots([1 + s, -(2 * q + s), q * q])
    return tuple(sorted(float(r.real) for r in roots))


EXERCISE = Exercise(
    id="02.6",
    title="the interval of an accuracy",
    statement=STATEMENT,
    stub=STUB,
    function="interval",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_quadratic, by_roots),
    question="What does your interval say when 10 of 10 were right?",
    hints=(
        "Write q = k/n. Then (q − p)² ≤ z² p (1 − p) / n. Sort by powers of p.",
        "(1 + z²/n) p² − (2q + z²/n) p + q² ≤ 0. Where is it zero?",
    ),
    reread="What the ± of an accuracy is",
    parts=("low", "high"),
    tolerance=1e-4,
    minutes=15,
    points=3,
)
