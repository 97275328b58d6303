"""03.2: convolution with loops, as a student writes it first."""

import numpy as np

from mmlearn.exercises.bank.lesson_03.mistakes_naive_conv2d import MISTAKES, attempt
from mmlearn.exercises.exercise import Case, Exercise

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


def _case(rng, kernel_size, strides, shape, units):
    kh, kw = kernel_size
    # No x is 0 and no kernel is symmetric: every product counts. Halves and quarters,
    # so that an array of whole numbers cannot hold the sums.
    x = rng.integers(1, 10, shape) / 2
    size = (kh, kw, shape[-1], units)
    kernel = rng.permuted(np.resize(np.arange(1.0, 8.0), size).ravel()).reshape(size)
    kernel *= rng.choice([-1.0, 1.0], size)
    bias = rng.permutation(np.arange(1, 9))[:units] + 0.25
    return Case((x, kernel, bias), {"strides": strides})


def _batch(rng, kernel_size, strides):
    """Two images, several channels and units, sizes that all differ."""
    kh, kw = kernel_size
    C = int(rng.integers(2, 4))
    H = kh + strides + int(rng.integers(0, 2))
    W = H + kw - kh + strides  # never as many windows across as down
    return _case(rng, kernel_size, strides, (2, H, W, C), 5 - C)


def corners(rng):
    # First those to do by hand: one channel and unit, then a stride, then two channels.
    # Then kernels wide and high, with and without a stride: each hides a mistake.
    return [
        _case(rng, (2, 2), 1, (1, 3, 4, 1), 1),
        _case(rng, (2, 2), 2, (1, 3, 5, 1), 1),
        _case(rng, (1, 2), 1, (1, 2, 4, 2), 1),
        _batch(rng, (2, 3), 1),
        _batch(rng, (3, 2), 2),
    ]


def draw(rng):
    size = (int(rng.integers(1, 4)), int(rng.integers(2, 4)))
    return _batch(rng, size, int(rng.integers(1, 3)))


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
