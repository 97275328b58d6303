"""03.4: conv2d without a loop."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The sum of 03.2 with stride 1, without a loop:

$$y_{biju} = b_u + \\sum_{p,q,c} K_{pqcu} \\, x_{b,\\,i+p,\\,j+q,\\,c}$$

`np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))` has the shape
`(B, Ho, Wo, C, kh, kw)`: the window's axes come last.
"""

STUB = '''\
def windows_conv2d(x, kernel, bias):
    """(B, H, W, C), (kh, kw, C, U), (U,) -> (B, Ho, Wo, U), no loop."""
    raise NotImplementedError
'''


def _windows(x, kernel):
    size = kernel.shape[:2]
    return np.lib.stride_tricks.sliding_window_view(x, size, axis=(1, 2))


def solution(x, kernel, bias):
    """Sum over the window's two axes and the channels in one einsum."""
    return np.einsum("bijcpq,pqcu->biju", _windows(x, kernel), kernel) + bias


def attempt(x, kernel, bias, *, wrong=frozenset()):
    """The one line with a student's mistakes in it."""
    channels, units = kernel.shape[2:]
    k = kernel[::-1, ::-1] if "kernel flipped" in wrong else kernel
    windows = _windows(x, k)
    if "axes not moved before reshape" in wrong:
        flat = windows.reshape(*windows.shape[:3], -1)
        y = flat @ k.reshape(-1, units)
    else:
        y = np.einsum("bijcpq,pqcu->biju", windows, k)
    if "mean over channels" in wrong:
        y = y / channels
    if "no bias" not in wrong:
        y = y + bias * (channels if "bias added per channel" in wrong else 1)
    return y.astype(int) if "fractions cut off" in wrong else y


def draw(rng):
    """Height and width, channels in and out, and both kernel sides all differ."""
    kh, kw = (2, 3) if rng.random() < 0.5 else (3, 2)
    batch, c, u = (int(v) for v in rng.integers((2, 2, 4), (4, 4, 6)))
    h, w = int(rng.integers(4, 6)), int(rng.integers(6, 8))
    x = rng.integers(-6, 7, (batch, h, w, c)) / 2
    kernel = rng.integers(-3, 4, (kh, kw, c, u)).astype(float)
    return Case((x, kernel, rng.integers(1, 5, u) + 0.25))


def with_tensordot(x, kernel, bias):
    """The same contraction by axes' numbers."""
    axes = ([4, 5, 3], [0, 1, 2])
    return np.tensordot(_windows(x, kernel), kernel, axes) + bias


def with_matrix_product(x, kernel, bias):
    """Move the axes, flatten the windows, multiply by a matrix."""
    windows = np.moveaxis(_windows(x, kernel), 3, 5)  # (B, Ho, Wo, kh, kw, C)
    flat = windows.reshape(*windows.shape[:3], -1)
    return flat @ kernel.reshape(-1, kernel.shape[-1]) + bias


MISTAKES = (
    Mistake(
        "axes not moved before reshape",
        "you flattened windows in the order (C, kh, kw) and the kernel in the order "
        "(kh, kw, C). The shapes fit, the numbers meet the wrong partners.",
        "Write the axis letters of both arrays side by side before you flatten.",
    ),
    Mistake(
        "kernel flipped",
        "you turned the kernel by 180 degrees: the layer does not.",
        "Which weight meets the top left pixel of a window?",
        "Which way does the kernel face?",
    ),
    Mistake(
        "mean over channels",
        "you averaged over the channels; the layer adds them.",
        "Is there a division in the equation?",
    ),
    Mistake(
        "bias added per channel",
        "the bias is in your sum once for every input channel.",
        "Is the bias inside the sum over c, or in front of it?",
        excludes=("no bias",),
    ),
    Mistake(
        "no bias",
        "the sums are right; the bias is missing.",
        "Is every argument of your function used?",
    ),
    Mistake(
        "fractions cut off",
        "your sums are stored as whole numbers.",
        "What becomes of 2.5 in an array made with `dtype=int`?",
    ),
)

EXERCISE = Exercise(
    id="03.4",
    title="conv2d without a loop",
    statement=STATEMENT,
    stub=STUB,
    function="windows_conv2d",
    solution=solution,
    draw=draw,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_tensordot, with_matrix_product),
    question="Which letters of the equation are on both arrays but not in the result?",
    hints=(
        "Name the axes of the windows with letters: b, i, j, c, p, q.",
        "The kernel's letters are p, q, c, u. The result's are b, i, j, u.",
        "np.einsum sums over each letter that stands left of the arrow only.",
    ),
    reread="Channels",
    planes={"x": (1, 2), "kernel": (0, 1), "answer": (1, 2)},
    minutes=10,
)
