"""03.2: the mistakes that students make in the seven loops."""

import numpy as np

from mmlearn.exercises.exercise import Mistake


def attempt(x, kernel, bias, strides=1, *, wrong=frozenset()):
    """The solution, vectorised over the window, with the known mistakes in it."""
    if "kernel flipped" in wrong:
        kernel = kernel[::-1, ::-1]
    if "height and width of the kernel swapped" in wrong:
        kernel = kernel.transpose(1, 0, 2, 3)
    if "stride ignored" in wrong:
        strides = 1
    y = np.zeros(_output_shape(x, kernel, strides, wrong))
    rows, columns = _taps(kernel, strides, wrong)
    step = strides
    if wrong & {"stride not applied to the window's start", "stride on the taps"}:
        step = 1
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            # (B, kh, kw, C); an index outside raises, as it does in a student's loop
            window = x[:, i * step + rows[:, None], j * step + columns]
            y[:, i, j] = _sums(window, kernel, wrong) + _bias(bias, kernel, wrong)
    if "last row and column left empty" in wrong:
        y[:, -1:], y[:, :, -1:] = 0, 0
    return np.trunc(y) if "fractions cut off" in wrong else y


def _output_shape(x, kernel, strides, wrong):
    B, H, W, _ = x.shape
    kh, kw, _, U = kernel.shape
    if "kernel shape read as (kw, kh)" in wrong:
        kh, kw = kw, kh
    if "loop ends at H−k" in wrong:
        room = H - kh + strides - 1, W - kw + strides - 1
        return B, room[0] // strides, room[1] // strides, U
    return B, (H - kh) // strides + 1, (W - kw) // strides + 1, U


def _taps(kernel, strides, wrong):
    """Where the taps lie below and right of the window's start."""
    apart = strides if "stride on the taps" in wrong else 1
    kh, kw = kernel.shape[:2]
    if "kernel shape read as (kw, kh)" in wrong and kh != kw:
        raise IndexError("a tap outside the kernel")
    return np.arange(kh) * apart, np.arange(kw) * apart


def _sums(window, kernel, wrong):
    """One output of every image and unit, (B, U), without the bias."""
    products = np.einsum("bpqc,pqcu->bpqcu", window, kernel)
    if "`=` instead of `+=` over the taps" in wrong:
        return products[:, -1, -1, -1]
    if "`=` instead of `+=` over channels" in wrong:
        return products[:, :, :, -1].sum(axis=(1, 2))
    return products.sum(axis=(1, 2, 3))


def _bias(bias, kernel, wrong):
    kh, kw, C, _ = kernel.shape
    if "bias forgotten" in wrong:
        return 0
    if "first bias for all units" in wrong:
        bias = bias[0]
    times = kh * kw if "bias added once per tap" in wrong else 1
    return bias * times * (C if "bias added per channel" in wrong else 1)


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
        excludes=("kernel shape read as (kw, kh)",),
    ),
    Mistake(
        "`=` instead of `+=` over channels",
        "each channel's sum replaces the one before, so only the last channel is left.",
        "What does the line in your innermost loop do with what stood there before?",
        reread="Channels",
        excludes=("bias added per channel", "`=` instead of `+=` over the taps"),
    ),
    Mistake(
        "`=` instead of `+=` over the taps",
        "each product replaces the one before, so only the last tap's is left.",
        "What stands in `y` after the first product, and what after the second?",
        reread="One dimension, by hand",
        excludes=("bias added once per tap", "bias added per channel"),
    ),
    Mistake(
        "bias added once per tap",
        "the bias is added for every position of the kernel, kh·kw times.",
        "How often does the equation add `b_u` to one output? In which loop is it?",
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
        excludes=("first bias for all units",),
    ),
    Mistake(
        "first bias for all units",
        "every unit gets `bias[0]`; each has a bias of its own.",
        "Which letter does the bias have in the equation? Where is it in your line?",
        reread="Channels",
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
        excludes=("stride ignored", "stride on the taps"),
    ),
    Mistake(
        "stride ignored",
        "this is the whole output of stride 1, whatever `strides` is.",
        "Is every argument of your function used? How many outputs should there be?",
        reread="How large is the output?",
        excludes=("stride on the taps",),
    ),
    Mistake(
        "stride on the taps",
        "you multiplied p and q by the stride: the taps stand apart (that is "
        "dilation), and the windows still move by one pixel.",
        "What moves by s pixels from one output to the next: the window, or its taps?",
        reread="How large is the output?",
    ),
    Mistake(
        "kernel shape read as (kw, kh)",
        "a kernel that is not square is walked beyond its edge.",
        "`kernel.shape` is `(kh, kw, C, U)`: in which order do you take it apart?",
    ),
    Mistake(
        "fractions cut off",
        "your sums are stored as whole numbers.",
        "What becomes of 2.5 in an array made with `dtype=int`?",
    ),
)
