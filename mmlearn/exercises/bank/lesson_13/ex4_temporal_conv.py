"""13.4: a convolution along time, for every joint by itself."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A convolution along time, the same for every joint, and every joint by itself:

$$y_{tv} = b + \\sum_{p=0}^{P-1} x_{t + p - (P-1)/2,\\; v}\\, K_p$$

`x` is `(B, T, N, F)`, `kernel` is `(P, F, U)` with an odd P, `bias` is `(U,)`. Frames
before the first and after the last are zeros. Return `y`, `(B, T, N, U)`.
"""

STUB = '''\
def temporal_conv(x, kernel, bias):
    """(B, T, N, F), (P, F, U), (U,) -> y (B, T, N, U)"""
    raise NotImplementedError
'''


def solution(x, kernel, bias):
    """Zeros at both ends of the axis of time, then one product a tap."""
    B, T, N, _ = x.shape
    half = len(kernel) // 2
    padded = np.pad(x, ((0, 0), (half, half), (0, 0), (0, 0)))
    y = np.zeros((B, T, N, kernel.shape[2])) + bias
    for p, k in enumerate(kernel):
        y += padded[:, p : p + T] @ k  # (B, T, N, F) @ (F, U)
    return y


def attempt(x, kernel, bias, *, wrong=frozenset()):
    """The convolution with a student's mistakes in it."""
    B, T, N, F = x.shape
    if "frames and joints mixed" in wrong:
        x = x.reshape(B, N, T, F).transpose(0, 2, 1, 3)
    if "along the joints" in wrong:
        x = x.transpose(0, 2, 1, 3)
    if "kernel turned round" in wrong:
        kernel = kernel[::-1]
    half, length = len(kernel) // 2, x.shape[1]
    ends = (half, half)
    if "all zeros at the end" in wrong:
        ends = (0, 2 * half)
    if "all zeros at the beginning" in wrong:
        ends = (2 * half, 0)
    frames = np.arange(-ends[0], length + ends[1])
    if "the film as a ring" in wrong:  # as often round as the kernel needs it
        padded = x[:, frames % length]
    elif "the ends repeated" in wrong:
        padded = x[:, np.clip(frames, 0, length - 1)]
    else:
        padded = np.pad(x, ((0, 0), ends, (0, 0), (0, 0)))
    y = np.zeros((*x.shape[:3], kernel.shape[2])) + bias
    for p, k in enumerate(kernel):
        y = y + padded[:, p : p + length] @ k
    if "bias once a tap" in wrong:
        y = y + (len(kernel) - 1) * bias
    if "along the joints" in wrong:
        y = y.transpose(0, 2, 1, 3)
    if "frames and joints mixed" in wrong:
        y = y.transpose(0, 2, 1, 3).reshape(B, T, N, -1)
    return y


def _case(rng, sizes, taps, features, units):
    kernel = rng.permutation(np.arange(1, 1 + taps * features * units)) / 2
    kernel = (kernel * rng.choice([-1.0, 1.0], kernel.shape)).reshape(
        taps, features, units
    )
    return Case((halves(rng, *sizes, features), kernel, halves(rng, units) + 0.25))


def draw(rng):
    """Two films, more frames than joints, three taps; B, T, N, F, U all differ."""
    features, units = (int(n) for n in rng.permutation([1, 3]))
    return _case(rng, (2, 5, 4), 3, features, units)


def corners(rng):
    """One film of two joints for the hand; then five taps, as many frames as joints."""
    return [
        _case(rng, (1, 3, 2), 3, 1, 1),
        _case(rng, (1, 4, 2), 3, 1, 1),
        _case(rng, (1, 3, 3), 5, 1, 2),
        _case(rng, (2, 6, 3), 5, 2, 1),
    ]


MISTAKES = (
    Mistake(
        "frames and joints mixed",
        "`reshape(B * N, T, F)` does not exchange axes: it cuts the row of numbers "
        "anew, so that a sequence runs through the joints of one frame, then on to "
        "those of the next.",
        "Which number of x stands at [0, 1, 0] after your reshape?",
        excludes=("along the joints",),
    ),
    Mistake(
        "along the joints",
        "the kernel slid from joint to joint. Joint 3 stands behind joint 2 by its "
        "number only.",
        "Which axis is time?",
    ),
    Mistake(
        "kernel turned round",
        "the first tap met the latest frame.",
        "In the formula, which frame does K_0 meet?",
    ),
    Mistake(
        "all zeros at the end",
        "the kernel begins at frame t, so that y answers too early by (P - 1)/2 "
        "frames.",
        "For t = 0 and p = 0, which frame does the formula ask for?",
        excludes=("all zeros at the beginning", "the film as a ring"),
    ),
    Mistake(
        "all zeros at the beginning",
        "the kernel ends at frame t: it sees the past only.",
        "For the last tap, which frame does the formula ask for?",
        excludes=("the film as a ring",),
    ),
    Mistake(
        "the film as a ring",
        "before the first frame you put the last one, as np.roll does.",
        "What stands before the first frame?",
        excludes=("the ends repeated",),
    ),
    Mistake(
        "the ends repeated",
        "beyond the ends you repeated the first and the last frame.",
        "What stands before the first frame?",
    ),
    Mistake(
        "bias once a tap",
        "b was added for every tap.",
        "Does b stand inside or outside of the sum over p?",
    ),
)


def by_joint(x, kernel, bias):
    """Each joint's film through np.correlate-like sums, one joint after another."""
    T, P = x.shape[1], len(kernel)
    y = np.zeros((*x.shape[:3], kernel.shape[2])) + bias
    for v in range(x.shape[2]):
        for t in range(T):
            for p in range(P):
                frame = t + p - P // 2
                if 0 <= frame < T:
                    y[:, t, v] += x[:, frame, v] @ kernel[p]
    return y


def by_windows(x, kernel, bias):
    """Joints into the batch by exchanging axes first; windows, one product."""
    (B, T, N, F), P = x.shape, len(kernel)
    rows = x.transpose(0, 2, 1, 3).reshape(B * N, T, F)
    rows = np.pad(rows, ((0, 0), (P // 2, P // 2), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(rows, P, axis=1)
    y = np.einsum("stfp,pfu->stu", windows, kernel) + bias
    return y.reshape(B, N, T, -1).transpose(0, 2, 1, 3)


EXERCISE = Exercise(
    id="13.4",
    title="a convolution along time",
    statement=STATEMENT,
    stub=STUB,
    function="temporal_conv",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_joint, by_windows),
    question="Take the first number that differs: which joint is it, and which frames "
    "of that joint are in its sum?",
    hints=(
        "Either pad x at both ends of axis 1 and add one product a tap, or bring "
        "joints into the batch and use lesson 03's `conv1d`.",
        "For the second way exchange axes before you reshape: "
        "`x.transpose(0, 2, 1, 3)`. And back at the end.",
    ),
    reread="A convolution along time",
    minutes=10,
    points=2,
)
