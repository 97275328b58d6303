"""00.2: a closure: the value of y = a·x² and its pullback."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Write $y_n = a \\, x_n^2$ as a function that returns its value *and its pullback*.

`a` is one number, `x` is `(N,)`. The pullback gets `dy`, which is `(N,)`: how much the
loss rises when each $y_n$ rises by one. It returns `da`, one number, and `dx`, `(N,)`,
in the order of the arguments.
"""

STUB = '''\
def parabola(a, x):
    """(), (N,) -> y (N,), and its pullback: dy (N,) -> da (), dx (N,)."""
    raise NotImplementedError
'''


def solution(a, x):
    """Each gradient is the derivative times dy; a is used N times, so its N add up."""
    y = a * x**2

    def pullback(dy):
        da = (dy * x**2).sum()  # ∂y_n/∂a = x_n²
        dx = dy * 2 * a * x  # ∂y_n/∂x_n = 2 a x_n
        return da, dx

    return y, pullback


def attempt(a, x, *, wrong=frozenset()):
    """The closure with a student's mistakes in it."""
    y = a * x**2

    def pullback(dy):
        above = np.ones_like(dy) if "upstream left out" in wrong else dy
        slope = above * (x if "y in place of x²" not in wrong else a * x)
        da = (slope * x).sum()
        if "messages not added" in wrong:
            da = slope * x
        if "mean of the messages" in wrong:
            da = (slope * x).mean()
        two = 1 if "the 2 is lost" in wrong else 2
        dx = above * two * x * (1 if "a left out of dx" in wrong else a)
        return (dx, da) if "gradients in the wrong order" in wrong else (da, dx)

    return y, pullback


def draw(rng):
    """Halves, none of them 0, and an upstream that is not constant."""
    x = rng.choice([-2.5, -1.5, 1.5, 2.5], 3)
    dy = rng.permutation([-2.0, 1.0, 3.0])
    return Case((float(rng.choice([-3, 2, 3])), x), upstream=dy)


def corners(rng):
    """Two samples, for the back of an envelope: with one, a sum and a mean agree."""
    return [
        Case((3.0, np.array([2.0, -3.0])), upstream=np.array([5.0, 1.0])),
        Case(
            (-2.0, np.array([1.0, -3.0, 2.0, 4.0])), upstream=rng.permutation(4) - 2.5
        ),
    ]


def by_product(a, x):
    """y = a·x·x: the two uses of x send a message each."""
    square = x * x

    def pullback(dy):
        dsquare = a * dy
        return np.dot(dy, square), dsquare * x + x * dsquare

    return a * square, pullback


def by_lambda(a, x):
    """In one line."""
    return a * x**2, lambda dy: [np.sum(x**2 * dy), 2 * a * x * dy]


_DA = ("messages not added", "mean of the messages")

MISTAKES = (
    Mistake(
        "upstream left out",
        "these are the derivatives alone. By the chain rule each is multiplied with "
        "what comes from above, `dy`.",
        "Where in your pullback is `dy` used?",
    ),
    Mistake(
        "messages not added",
        "`da` has a number for each sample. There is only one `a`; all samples use it.",
        "A gradient has the shape of what it belongs to. Which shape has `a`?",
        excludes=_DA,
    ),
    Mistake(
        "mean of the messages",
        "you took the mean over the samples; what comes from several users is added.",
        "If two samples each pull at `a` by 1, how strong is the pull?",
        excludes=_DA,
    ),
    Mistake(
        "the 2 is lost",
        "`dx` is half of what it should be.",
        "What is the derivative of x²?",
    ),
    Mistake(
        "a left out of dx",
        "`dx` does not depend on `a`; but a steeper parabola has steeper slopes.",
        "Differentiate a·x² by x, with a = 10. What became of the 10?",
    ),
    Mistake(
        "y in place of x²",
        "`da` holds `y`, that is a·x². The derivative of a·x² by a has no a in it.",
        "What is the derivative of 5·a by a? And of x²·a?",
    ),
    Mistake(
        "gradients in the wrong order",
        "your pullback returns `dx, da`; gradients come in the order of the arguments.",
        "Which of `a` and `x` does the function take first?",
    ),
)

EXERCISE = Exercise(
    id="00.2",
    title="a value and its pullback",
    statement=STATEMENT,
    stub=STUB,
    function="parabola",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_product, by_lambda),
    question="If one x_n grows a little, which y change, and how fast?",
    hints=(
        "Copy `square` from the lesson: a function inside a function, returned unused.",
        "Two derivatives: of a·x² by a, and of a·x² by x. Multiply both with dy.",
        "All N samples use the same a: add up what they send. dx stays one per sample.",
    ),
    reread="Closures",
    kind="pullback",
    parts=("y", "da", "dx"),
    minutes=8,
)
