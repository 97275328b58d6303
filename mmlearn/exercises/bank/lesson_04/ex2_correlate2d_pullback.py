"""04.2: the pullback of the 2-D sum on one channel, its two lines left to write."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
One picture, one kernel, no bias. The loop runs over the taps. Tap $(p, q)$ has met a
part of the picture, `x[rows, columns]`, one pixel for each output. Two lines are
missing: one for `dkernel[p, q]`, one that adds to the same part of `dx`.

`x` is `(H, W)`, `kernel` is `(P, Q)`, `dy` is `(H - P + 1, W - Q + 1)`.
"""

STUB = '''\
def correlate2d(x, kernel):
    """(H, W), (P, Q) -> y (H - P + 1, W - Q + 1), and its pullback"""
    (P, Q), (H, W) = kernel.shape, x.shape
    Ho, Wo = H - P + 1, W - Q + 1
    y = np.zeros((Ho, Wo))
    for p, q in np.ndindex(P, Q):
        y += kernel[p, q] * x[p : p + Ho, q : q + Wo]

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        for p, q in np.ndindex(P, Q):
            rows, columns = np.s_[p : p + Ho, q : q + Wo]  # what this tap has met
            raise NotImplementedError  # two lines of yours, in place of this one
        return dx, dkernel

    return y, pullback
'''


def solution(x, kernel):
    """Backwards, each tap reads and writes where it has read before."""
    (P, Q), (H, W) = kernel.shape, x.shape
    Ho, Wo = H - P + 1, W - Q + 1
    y = np.zeros((Ho, Wo))
    for p, q in np.ndindex(P, Q):
        y += kernel[p, q] * x[p : p + Ho, q : q + Wo]

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        for p, q in np.ndindex(P, Q):
            seen = x[p : p + Ho, q : q + Wo]
            dkernel[p, q] = np.sum(dy * seen)
            dx[p : p + Ho, q : q + Wo] += dy * kernel[p, q]
        return dx, dkernel

    return y, pullback


def attempt(x, kernel, *, wrong=frozenset()):
    """The two lines with a student's mistakes in them."""
    y, _ = solution(x, kernel)
    (P, Q), (Ho, Wo) = kernel.shape, y.shape

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        for p, q in np.ndindex(P, Q):
            seen = x[p : p + Ho, q : q + Wo]
            dkernel[p, q] = _tap(dy, seen, wrong)
            top, left = (0, 0) if "always in the corner" in wrong else (p, q)
            tap = kernel[p, q]
            if "kernel turned round" in wrong:
                tap = kernel[P - 1 - p, Q - 1 - q]
            part = dx[top : top + Ho, left : left + Wo]
            part[:] = dy * tap + (0 if "dx overwritten" in wrong else part)
        if "dkernel turned round" in wrong:
            dkernel = dkernel[::-1, ::-1]
        return dx, dkernel

    return y, pullback


def _tap(dy, seen, wrong):
    if "upstream forgotten" in wrong:
        return seen.mean() if "mean in place of sum" in wrong else seen.sum()
    if "sums multiplied" in wrong:
        return dy.sum() * seen.sum()
    return np.mean(dy * seen) if "mean in place of sum" in wrong else np.sum(dy * seen)


def draw(rng):
    """H ≠ W, P ≠ Q; nothing is 0 and no kernel is symmetric."""
    P, Q = ((2, 3), (3, 2))[int(rng.integers(2))]
    Ho, Wo = 2 + int(rng.integers(2)), 4
    return _case(rng, (P, Q), (Ho, Wo))


def corners(rng):
    """Two taps side by side on one row: to do by hand."""
    return [_case(rng, (1, 2), (1, 3)), _case(rng, (2, 3), (2, 3))]


def _case(rng, taps, outputs):
    shape = tuple(n + k - 1 for n, k in zip(outputs, taps, strict=True))
    numbers = rng.permutation(np.arange(1, 1 + np.prod(taps))).reshape(taps) / 2
    kernel = numbers * rng.choice([-1.0, 1.0], taps)
    x, dy = (
        (rng.integers(1, 5, s) - 0.5) * rng.choice([-1, 1], s) for s in (shape, outputs)
    )
    dy[0, 0], dy[0, 1] = 2.5, -1.5  # a sum that is neither 0 nor one of its terms
    return Case((x, kernel), upstream=dy)


MISTAKES = (
    Mistake(
        "kernel turned round",
        "dx gets its messages through the tap on the other side of the kernel.",
        "x[0, 0] flows into one output only. Through which tap?",
        reread="One dimension, backwards",
        excludes=("always in the corner",),
    ),
    Mistake(
        "dx overwritten",
        "the messages of each tap replace those that came before.",
        "A pixel in the middle is seen by P·Q windows. How many messages are left?",
        reread="One dimension, backwards",
    ),
    Mistake(
        "always in the corner",
        "all messages land in the same part of dx, whatever the tap.",
        "Which part of x did this tap read? Its messages belong there.",
    ),
    Mistake(
        "dkernel turned round",
        "the right sums stand at the wrong taps: you slid x over dy, or turned the "
        "result.",
        "Which pixels did kernel[0, 0] meet: those at the start or at the end?",
    ),
    Mistake(
        "upstream forgotten",
        "dkernel holds the sums of what each tap has met, without dy.",
        "Where in your first line is dy?",
        excludes=("sums multiplied",),
    ),
    Mistake(
        "mean in place of sum",
        "you averaged over the outputs. A shared weight adds its messages.",
        "Lesson 02: what does a value do with the messages of all its users?",
        excludes=("sums multiplied",),
    ),
    Mistake(
        "sums multiplied",
        "you summed dy and x apart and multiplied the sums.",
        "Is (a + b)·(c + d) the same as a·c + b·d?",
    ),
)


def by_windows(x, kernel):
    """All windows at once for dkernel, a padded dy and a turned kernel for dx."""
    view = np.lib.stride_tricks.sliding_window_view
    P, Q = kernel.shape

    def pullback(dy):
        padded = np.pad(dy, ((P - 1, P - 1), (Q - 1, Q - 1)))
        dx = np.einsum("ijpq,pq->ij", view(padded, (P, Q)), kernel[::-1, ::-1])
        return dx, np.einsum("ijpq,ij->pq", view(x, (P, Q)), dy)

    return np.einsum("ijpq,pq->ij", view(x, (P, Q)), kernel), pullback


def by_stamps(x, kernel):
    """Each output stamps the kernel into dx, and takes its window into dkernel."""
    y, _ = solution(x, kernel)
    P, Q = kernel.shape

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        for i, j in np.ndindex(*dy.shape):
            dx[i : i + P, j : j + Q] += dy[i, j] * kernel
            dkernel += dy[i, j] * x[i : i + P, j : j + Q]
        return dx, dkernel

    return y, pullback


EXERCISE = Exercise(
    id="04.2",
    title="the pullback of the 2-D sum",
    statement=STATEMENT,
    stub=STUB,
    function="correlate2d",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_windows, by_stamps),
    question="Take the forward line with this tap. It has two factors: which one does "
    "each gradient keep?",
    hints=(
        "Forward: y += kernel[p, q] * x[rows, columns]. Its derivative by a tap is …?",
        "One tap is multiplied with that whole part: its gradient is a sum.",
        "dx: add to the same slice that the tap has read.",
    ),
    reread="Two dimensions",
    kind="pullback",
    parts=("y", "dx", "dkernel"),
    minutes=8,
    points=2,
)
