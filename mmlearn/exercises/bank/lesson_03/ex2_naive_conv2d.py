"""03.2: convolution with loops, as a student writes it first."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """
Write the convolution layer as loops, with *valid* padding:

$$y_{b,i,j,u} = b_u + \\sum_{p,q,c} x_{b,\\,is+p,\\,js+q,\\,c}\\; K_{p,q,c,u}$$

`x` is `(B, H, W, C)`, `kernel` is `(kh, kw, C, U)`, `bias` is `(U,)`; `strides` is one
integer $s$ for both directions. Return `y`, `(B, Ho, Wo, U)`, with
`Ho = (H - kh) // s + 1` and `Wo = (W - kw) // s + 1`.
"""

STUB = '''
def naive_conv2d(x, kernel, bias, strides=1):
    """(B, H, W, C), (kh, kw, C, U), (U,) -> (B, Ho, Wo, U)."""
    raise NotImplementedError
'''


def solution(x, kernel, bias, strides=1):
    B, H, W, C = x.shape
    kh, kw, _, U = kernel.shape
    Ho, Wo = (H - kh) // strides + 1, (W - kw) // strides + 1
    y = np.zeros((B, Ho, Wo, U))
    for i in range(Ho):
        for j in range(Wo):
            for p in range(kh):
                for q in range(kw):
                    for c in range(C):
                        pixel = x[:, i * strides + p, j * strides + q, c]  # (B,)
                        y[:, i, j, :] += np.outer(pixel, kernel[p, q, c])  # (B, U)
            y[:, i, j, :] += bias
    return y


def _case(rng, kernel_size, strides, batch=2):
    kh, kw = kernel_size
    C, U = int(rng.integers(2, 4)), int(rng.integers(1, 4))
    if batch == 1:  # the case that is shown: small enough to do by hand
        C, U = 2, 1
    H = kh + strides + int(rng.integers(0, 2))
    W = H + kw - kh + strides  # never as many windows across as down
    # Whole numbers, none of them 0: every product counts, and can be done by hand.
    x = rng.integers(1, 10, (batch, H, W, C)).astype(float)
    kernel = rng.integers(1, 6, (kh, kw, C, U)) * rng.choice(
        [-1.0, 1.0], (kh, kw, C, U)
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
    kh, kw, _, U = kernel.shape
    Ho, Wo = (H - kh) // strides + 1, (W - kw) // strides + 1
    if "loop ends at H−k" in wrong:
        Ho, Wo = (H - kh + strides - 1) // strides, (W - kw + strides - 1) // strides
    step = 1 if "stride not applied to the window's start" in wrong else strides
    y = np.zeros((B, Ho, Wo, U))
    for i in range(Ho):
        for j in range(Wo):
            window = x[:, i * step : i * step + kh, j * step : j * step + kw]
            products = np.einsum("bpqc,pqcu->bcu", window, kernel)
            if "`=` instead of `+=` over channels" in wrong:
                products = products[:, -1:]
            y[:, i, j] = products.sum(axis=1) + bias * _times(bias, wrong, kh * kw, C)
    if "last row and column left empty" in wrong:
        y[:, Ho - 1 :], y[:, :, Wo - 1 :] = 0, 0
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
        "Compare the sign of `p` in the index of `x` with the sign of `p` in the index "
        "of the kernel.",
        reread="Which way does the kernel face?",
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
        "the bias is added for every position of the kernel, kh·kw times.",
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
        reread="How large is the output?",
        excludes=("last row and column left empty",),
    ),
    Mistake(
        "last row and column left empty",
        "the output has the right shape, but its last row and column are never filled.",
        "`range(n)` ends at n − 1: what is the last `i` your loop reaches?",
        reread="How large is the output?",
    ),
    Mistake(
        "stride not applied to the window's start",
        "the output has the stride's size, but the windows still move by one pixel.",
        "With stride 2, at which pixel does the window of output i = 1 start?",
        reread="How large is the output?",
    ),
)


def einsum_over_windows(x, kernel, bias, strides=1):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    windows = windows[:, ::strides, ::strides]
    return np.einsum("bijcpq,pqcu->biju", windows, kernel) + bias


def taps_outside(x, kernel, bias, strides=1):
    kh, kw = kernel.shape[:2]
    Ho, Wo = (x.shape[1] - kh) // strides + 1, (x.shape[2] - kw) // strides + 1
    y = np.tile(bias, (len(x), Ho, Wo, 1))
    for p in range(kh):
        for q in range(kw):
            rows = slice(p, p + (Ho - 1) * strides + 1, strides)
            columns = slice(q, q + (Wo - 1) * strides + 1, strides)
            y = y + x[:, rows, columns] @ kernel[p, q]
    return y


def in_float32(x, kernel, bias, strides=1):
    x, kernel, bias = (array.astype(np.float32) for array in (x, kernel, bias))
    return solution(x, kernel, bias, strides).astype(np.float32)


EXERCISE = Exercise(
    id="03.2",
    title="naive conv2d",
    statement=STATEMENT,
    stub=STUB,
    function="naive_conv2d",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(einsum_over_windows, taps_outside, in_float32),
    question="Take the first output that differs. Which pixels of `x` should be under "
    "the kernel there, and which number of the kernel should meet which pixel?",
    hints=(
        "Do one output by hand: b = i = j = u = 0. Which products are in its sum?",
        "Seven loops: b, i, j, u choose the output; p, q, c run through its window.",
        "The window of output (i, j) starts at pixel (i·s, j·s).",
    ),
    reread="Channels",
    planes={"x": (1, 2), "kernel": (0, 1), "answer": (1, 2)},
    minutes=15,
    points=3,
)
