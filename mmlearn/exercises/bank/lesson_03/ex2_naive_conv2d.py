"""03.2: convolution with loops, as a student writes it first."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """
Write the convolution layer as loops, with *valid* padding:

$$y_{b,p,q,u} = b_u + \\sum_{i,j,c} x_{b,\\,ps+i,\\,qs+j,\\,c}\\; k_{i,j,c,u}$$

`x` is `(B, H, W, C)`, `kernel` is `(Kh, Kw, C, U)`, `bias` is `(U,)`; `strides` is one
integer $s$ for both directions. Return `y`, `(B, P, Q, U)`, with
`P = (H - Kh) // s + 1` and `Q = (W - Kw) // s + 1`.
"""

STUB = '''
def conv2d(x, kernel, bias, strides=1):
    """x (B, H, W, C), kernel (Kh, Kw, C, U), bias (U,) -> y (B, P, Q, U)"""
    raise NotImplementedError
'''


def solution(x, kernel, bias, strides=1):
    B, H, W, C = x.shape
    Kh, Kw, _, U = kernel.shape
    P, Q = (H - Kh) // strides + 1, (W - Kw) // strides + 1
    y = np.zeros((B, P, Q, U))
    for p in range(P):
        for q in range(Q):
            for i in range(Kh):
                for j in range(Kw):
                    for c in range(C):
                        pixel = x[:, p * strides + i, q * strides + j, c]  # (B,)
                        y[:, p, q, :] += np.outer(pixel, kernel[i, j, c])  # (B, U)
            y[:, p, q, :] += bias
    return y


def _case(rng, kernel_size, strides, batch=2):
    Kh, Kw = kernel_size
    C, U = int(rng.integers(2, 4)), int(rng.integers(1, 4))
    if batch == 1:  # the case that is shown: small enough to do by hand
        C, U = 2, 1
    H = Kh + strides + int(rng.integers(0, 2))
    W = H + Kw - Kh + strides  # never as many windows across as down
    # Whole numbers, none of them 0: every product counts, and can be done by hand.
    x = rng.integers(1, 10, (batch, H, W, C)).astype(float)
    kernel = rng.integers(1, 6, (Kh, Kw, C, U)) * rng.choice(
        [-1.0, 1.0], (Kh, Kw, C, U)
    )
    bias = rng.integers(1, 9, U).astype(float)
    return Case((x, kernel, bias), {"strides": strides})


def corners(rng):
    # Kernels wide, high and square, with and without a stride: each hides a mistake.
    return [
        _case(rng, (2, 2), 1, batch=1),
        _case(rng, (1, 2), 1, batch=1),
        _case(rng, (2, 3), 1),
        _case(rng, (3, 2), 2),
    ]


def draw(rng):
    size = (int(rng.integers(1, 4)), int(rng.integers(2, 4)))
    return _case(rng, size, int(rng.integers(1, 3)))


def attempt(x, kernel, bias, strides=1, *, wrong=frozenset()):
    """The solution, vectorised over the window, with the known mistakes in it."""
    if "kernel flipped" in wrong:
        kernel = kernel[::-1, ::-1]
    if "height and width of the kernel swapped" in wrong:
        kernel = kernel.transpose(1, 0, 2, 3)
    B, H, W, C = x.shape
    Kh, Kw, _, U = kernel.shape
    P, Q = (H - Kh) // strides + 1, (W - Kw) // strides + 1
    if "loop ends at H−k" in wrong:
        P, Q = (H - Kh + strides - 1) // strides, (W - Kw + strides - 1) // strides
    step = 1 if "stride not applied to the window's start" in wrong else strides
    y = np.zeros((B, P, Q, U))
    for p in range(P):
        for q in range(Q):
            window = x[:, p * step : p * step + Kh, q * step : q * step + Kw]
            products = np.einsum("bijc,ijcu->bcu", window, kernel)
            if "`=` instead of `+=` over channels" in wrong:
                products = products[:, -1:]
            y[:, p, q] = products.sum(axis=1) + bias * _times(bias, wrong, Kh * Kw, C)
    if "last row and column left empty" in wrong:
        y[:, P - 1 :], y[:, :, Q - 1 :] = 0, 0
    return y


def _times(bias, wrong, taps, channels):
    if "bias forgotten" in wrong:
        return 0
    times = taps if "bias added once per tap" in wrong else 1
    return times * channels if "bias added per channel" in wrong else times


MISTAKES = (
    Mistake(
        "kernel flipped",
        "you flipped the kernel: this is convolution in the signal-processing sense; "
        "the layer computes cross-correlation.",
        "Compare the sign of `i` in the index of `x` with the sign of `i` in the index "
        "of the kernel.",
        reread="Cross-correlation and convolution",
    ),
    Mistake(
        "height and width of the kernel swapped",
        "the kernel's second axis was walked along the height of the image.",
        "Write down `kernel.shape` for a kernel 2 high and 3 wide.",
    ),
    Mistake(
        "`=` instead of `+=` over channels",
        "each channel's sum replaces the one before, so only the last channel is left.",
        "What does the line in your innermost loop do with what stood there before?",
        reread="Channels",
        excludes=("bias added per channel",),
    ),
    Mistake(
        "bias added once per tap",
        "the bias is added for every position of the kernel, Kh·Kw times.",
        "How often does the equation add $b_u$ to one output? In which loop is it?",
        excludes=("bias forgotten",),
    ),
    Mistake(
        "bias added per channel",
        "the bias is added for every input channel, C times.",
        "The bias has one entry per output channel `u`: which loops may it stand in?",
        reread="Channels",
        excludes=("bias forgotten",),
    ),
    Mistake(
        "bias forgotten",
        "the sum is right, but no bias is added to it.",
        "Set the whole kernel to zero: what should come out?",
    ),
    Mistake(
        "loop ends at H−k",
        "the output is one row and one column short: the last window that fits is left "
        "out.",
        "An image 3 wide and a kernel 3 wide: how many windows fit?",
        reread="Padding, stride and the output's size",
        excludes=("last row and column left empty",),
    ),
    Mistake(
        "last row and column left empty",
        "the output has the right shape, but its last row and column are never filled.",
        "`range(n)` ends at n − 1: what is the last `p` your loop reaches?",
        reread="Padding, stride and the output's size",
    ),
    Mistake(
        "stride not applied to the window's start",
        "the output has the stride's size, but the windows still move by one pixel.",
        "With stride 2, at which pixel does the window of output p = 1 start?",
        reread="Padding, stride and the output's size",
    ),
)


def einsum_over_windows(x, kernel, bias, strides=1):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    windows = windows[:, ::strides, ::strides]
    return np.einsum("bpqcij,ijcu->bpqu", windows, kernel) + bias


def taps_outside(x, kernel, bias, strides=1):
    Kh, Kw = kernel.shape[:2]
    P, Q = (x.shape[1] - Kh) // strides + 1, (x.shape[2] - Kw) // strides + 1
    y = np.tile(bias, (len(x), P, Q, 1))
    for i in range(Kh):
        for j in range(Kw):
            rows = slice(i, i + (P - 1) * strides + 1, strides)
            columns = slice(j, j + (Q - 1) * strides + 1, strides)
            y = y + x[:, rows, columns] @ kernel[i, j]
    return y


def in_float32(x, kernel, bias, strides=1):
    arrays = [a.astype(np.float32) for a in (x, kernel, bias)]
    return solution(*arrays, strides=strides).astype(np.float32)


EXERCISE = Exercise(
    id="03.2",
    title="naive conv2d",
    statement=STATEMENT,
    stub=STUB,
    function="conv2d",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(einsum_over_windows, taps_outside, in_float32),
    question="Take the first output that differs. Which pixels of `x` should be under "
    "the kernel there, and which number of the kernel should meet which pixel?",
    hints=(
        "Do one output by hand: b = p = q = u = 0. Which products are in its sum?",
        "Seven loops: b, p, q, u choose the output; i, j, c run through its window.",
        "The window of output (p, q) starts at pixel (p·s, q·s).",
    ),
    reread="Convolution in two dimensions, with channels",
    planes={"x": (1, 2), "kernel": (0, 1), "answer": (1, 2)},
    minutes=15,
    points=3,
)
