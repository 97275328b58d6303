"""18.1: convolution in time and space."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Convolution over time, height and width, with *valid* padding and stride 1:

$$y_{b,t,i,j,u} = b_u + \\sum_{p,q,r,c} x_{b,t+p,i+q,j+r,c}\\; K_{p,q,r,c,u}$$

`x` is `(B, T, H, W, C)`, `kernel` is `(kt, kh, kw, C, U)`, `bias` is `(U,)`. Return
`(B, T - kt + 1, H - kh + 1, W - kw + 1, U)`. Loop over the kernel's taps only: p, q,
r.
"""

STUB = '''\
def conv3d(x, kernel, bias):
    """(B, T, H, W, C), (kt, kh, kw, C, U), (U,) -> (B, To, Ho, Wo, U)"""
    raise NotImplementedError
'''


def solution(x, kernel, bias):
    """Each tap meets all windows at once, in a slice of x."""
    kt, kh, kw, _, U = kernel.shape
    To, Ho, Wo = x.shape[1] - kt + 1, x.shape[2] - kh + 1, x.shape[3] - kw + 1
    y = np.zeros((len(x), To, Ho, Wo, U)) + bias
    for p in range(kt):
        for q in range(kh):
            for r in range(kw):
                y += x[:, p : p + To, q : q + Ho, r : r + Wo] @ kernel[p, q, r]
    return y


def attempt(x, kernel, bias, *, wrong=frozenset()):
    """The convolution with a student's mistakes in it."""
    if "time runs backward" in wrong:
        kernel = kernel[::-1]
    if "the picture's axes run backward" in wrong:
        kernel = kernel[:, ::-1, ::-1]
    kt, kh, kw, _, U = kernel.shape
    short = "one frame short" in wrong
    To, Ho, Wo = x.shape[1] - kt + 1 - short, x.shape[2] - kh + 1, x.shape[3] - kw + 1
    times = kt if "bias added once per frame of the kernel" in wrong else 1
    y = np.zeros((len(x), To, Ho, Wo, U)) + bias * times
    for p in range(kt):
        start = 0 if "the same frame for every tap" in wrong else p
        if "only the kernel's last frame" in wrong and p < kt - 1:
            continue
        for q in range(kh):
            for r in range(kw):
                seen = x[:, start : start + To, q : q + Ho, r : r + Wo]
                y += seen @ kernel[p, q, r]
    if "a mean over time" in wrong:
        y = bias * times + (y - bias * times) / kt
    return y


def _case(rng, shape, taps, units):
    x = rng.integers(1, 10, shape) / 2
    size = (*taps, shape[-1], units)
    kernel = rng.permuted(np.resize(np.arange(1.0, 8.0), size).ravel()).reshape(size)
    kernel *= rng.choice([-1.0, 1.0], size)
    return Case((x, kernel, rng.permutation(np.arange(1, 9))[:units] + 0.25))


def draw(rng):
    """Sizes that all differ, two clips, channels and units."""
    kt = int(rng.integers(2, 4))
    return _case(rng, (2, kt + 2, 4, 3, 2), (kt, 1, 2), 3)


def corners(rng):
    """By hand: a clip of one pixel, then one of a row."""
    return [
        _case(rng, (1, 4, 1, 1, 1), (2, 1, 1), 1),
        _case(rng, (1, 4, 1, 3, 1), (3, 1, 2), 1),
        _case(rng, (2, 5, 3, 4, 2), (2, 2, 3), 3),
    ]


MISTAKES = (
    Mistake(
        "time runs backward",
        "the kernel's frames meet the clip in the opposite order: frame p of the "
        "kernel meets frame t + kt − 1 − p.",
        "Which frame of the clip meets frame 0 of the kernel, the earlier or the "
        "later?",
    ),
    Mistake(
        "the picture's axes run backward",
        "your kernel is flipped in height and width: convolution as signal processing "
        "has it. A layer does not flip.",
        "Which pixel of the window meets tap (0, 0), the first or the last?",
    ),
    Mistake(
        "the same frame for every tap",
        "all frames of the kernel meet the same frame t of the clip: this is a 2-D "
        "convolution with the kernel summed over time.",
        "Which index of `x` has p in the equation?",
        excludes=("time runs backward",),
    ),
    Mistake(
        "only the kernel's last frame",
        "each frame of the kernel replaces what stood there before, so only the last "
        "one's sum is left.",
        "What does your line do with what p = 0 has put there?",
        excludes=("a mean over time",),
    ),
    Mistake(
        "one frame short",
        "the last window that fits is left out.",
        "A clip of 3 frames and a kernel of 3: how many windows are there?",
    ),
    Mistake(
        "bias added once per frame of the kernel",
        "the bias is added kt times.",
        "Set the kernel to zero: what should come out?",
    ),
    Mistake(
        "a mean over time",
        "you divided by kt. A convolution adds up; the kernel may do the dividing.",
        "Is there a division in the equation?",
    ),
)


def by_windows(x, kernel, bias):
    """All windows as a view, one einsum."""
    view = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:3], (1, 2, 3))
    return np.einsum("btijcpqr,pqrcu->btiju", view, kernel) + bias


def by_outputs(x, kernel, bias):
    """Output by output."""
    kt, kh, kw, _, U = kernel.shape
    B, T, H, W, _ = x.shape
    y = np.empty((B, T - kt + 1, H - kh + 1, W - kw + 1, U))
    for t, i, j in np.ndindex(y.shape[1:4]):
        window = x[:, t : t + kt, i : i + kh, j : j + kw]
        y[:, t, i, j] = np.tensordot(window, kernel, 4) + bias
    return y


EXERCISE = Exercise(
    id="18.1",
    title="convolution in time and space",
    statement=STATEMENT,
    stub=STUB,
    function="conv3d",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_windows, by_outputs),
    question="Take the first output that differs. Which frames of the clip are in its "
    "window, and which frame of the kernel should meet which?",
    hints=(
        "It is lesson 03's convolution with one more loop, over the kernel's frames p.",
        "For one tap (p, q, r) all windows' pixels are one slice of x; "
        "`@ kernel[p, q, r]` goes from channels to units.",
        "The slice begins at p, q, r and is To, Ho, Wo long.",
    ),
    reread="A kernel with three frames",
    planes={"x": (1, 3), "kernel": (0, 2), "answer": (1, 3)},
    minutes=10,
    points=3,
)
