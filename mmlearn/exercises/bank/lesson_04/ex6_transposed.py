"""04.6: the transposed convolution in two dimensions, forward."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Write the forward pass of a transposed convolution. Each pixel of `x` stamps the kernel
into `y`, weighted by its channels. Stamps start $s$ pixels apart. Where they overlap,
they add up:

$$y_{b,\\,is+p,\\,js+q,\\,u} \\mathrel{+}= \\sum_c x_{bijc}\\, K_{pquc}$$

`x` is `(B, H, W, C)`; `kernel` is `(kh, kw, U, C)`, units *before* channels; `strides`
is one integer. Return `y`, just large enough for all stamps.
"""

STUB = '''\
def transposed_conv2d(x, kernel, strides=1):
    """(B, H, W, C), (kh, kw, U, C) -> (B, Ho, Wo, U), larger than x"""
    raise NotImplementedError
'''


def solution(x, kernel, strides=1):
    """Loop over the pixels of x; each stamps the kernel."""
    (B, H, W, _), (kh, kw, U, _), s = x.shape, kernel.shape, strides
    y = np.zeros((B, (H - 1) * s + kh, (W - 1) * s + kw, U))
    for i in range(H):
        for j in range(W):
            stamp = np.einsum("bc,pquc->bpqu", x[:, i, j], kernel)
            y[:, i * s : i * s + kh, j * s : j * s + kw] += stamp
    return y


def attempt(x, kernel, strides=1, *, wrong=frozenset()):
    """The stamping with a student's mistakes in it."""
    if "kernel turned round" in wrong:
        kernel = kernel[::-1, ::-1]
    if "units and channels swapped" in wrong:
        kernel = kernel.transpose(0, 1, 3, 2)  # fits where C = U, and raises elsewhere
    (B, H, W, _), (kh, kw, U, _) = x.shape, kernel.shape
    s = 1 if "stamps one pixel apart" in wrong else strides
    s = strides + 1 if "s zeros between" in wrong else s
    size = max(s, strides)  # who forgets the stride in the loop knows the size
    y = np.zeros((B, (H - 1) * size + kh, (W - 1) * size + kw, U))
    for i, j in np.ndindex(H, W):
        stamp = np.einsum("bc,pquc->bpqu", x[:, i, j], kernel)
        part = y[:, i * s : i * s + kh, j * s : j * s + kw]
        part[:] = stamp + (0 if "stamps overwrite" in wrong else part)
    if "size n·s" in wrong:
        return y[:, : H * s, : W * s]
    if "border cut off" in wrong:
        return y[:, 1:-1, 1:-1]
    if "size n·s + k" in wrong:
        return np.pad(y, ((0, 0), (0, strides), (0, strides), (0, 0)))
    return y


def draw(rng):
    """Kernels at least a pixel wider than the stride; H ≠ W, C ≠ U, B = 2."""
    s = int(rng.integers(2, 4))
    C = int(rng.integers(1, 3))
    taps = s + int(rng.integers(1, 3)), s + 1
    return _case(rng, (2, 2, 3, C), taps, 4 - C, s)


def corners(rng):
    """Two for the hand, then as many channels as units, then stride 1."""
    return [
        _case(rng, (1, 2, 2, 1), (3, 3), 1, 2),
        _case(rng, (1, 1, 3, 1), (3, 4), 1, 2),
        _case(rng, (2, 3, 2, 2), (3, 4), 2, 2),
        _case(rng, (1, 2, 3, 2), (2, 3), 1, 1),
    ]


def _case(rng, shape, taps, units, strides):
    x = (rng.integers(1, 6, shape) - 0.5) * rng.choice([-1.0, 1.0], shape)
    size = (*taps, units, shape[-1])
    kernel = rng.permutation(np.arange(1, 1 + np.prod(size))).reshape(size) / 2
    return Case((x, kernel * rng.choice([-1.0, 1.0], size)), {"strides": strides})


MISTAKES = (
    Mistake(
        "stamps overwrite",
        "where stamps overlap, the later one replaces the earlier one.",
        "Two stamps of 3 pixels, 2 apart: what should stand where both are?",
    ),
    Mistake(
        "kernel turned round",
        "your stamps are turned by 180°. A stamp is the kernel as it stands.",
        "Let x be a single 1: what should y be?",
    ),
    Mistake(
        "stamps one pixel apart",
        "your stamps start at (i, j), whatever the stride.",
        "With stride 2, where does the second stamp start?",
        excludes=("s zeros between",),
    ),
    Mistake(
        "s zeros between",
        "your stamps start s + 1 pixels apart.",
        "With stride 2, where does the second stamp start?",
    ),
    Mistake(
        "size n·s",
        "you cut y to H·s by W·s pixels, and the last stamps with it.",
        "Where does the last stamp start, and how far does it reach?",
        excludes=("border cut off",),
    ),
    Mistake(
        "size n·s + k",
        "y is one stride larger than the stamps need.",
        "Where does the last stamp start, and how far does it reach?",
        excludes=("size n·s", "border cut off"),
    ),
    Mistake(
        "border cut off",
        "you cut a border of one pixel off. That belongs to padding, which is not "
        "asked for.",
        "Which pixel does the first stamp start at?",
    ),
    Mistake(
        "units and channels swapped",
        "you summed over the kernel's third axis. Here that is the unit.",
        "The kernel is (kh, kw, U, C): which axis belongs to x?",
    ),
)


def over_taps(x, kernel, strides=1):
    """Loop over the taps: every s-th pixel of y gets a share of x."""
    (B, H, W, _), (kh, kw, U, _), s = x.shape, kernel.shape, strides
    y = np.zeros((B, (H - 1) * s + kh, (W - 1) * s + kw, U))
    for p, q in np.ndindex(kh, kw):
        rows = slice(p, p + (H - 1) * s + 1, s)
        y[:, rows, q : q + (W - 1) * s + 1 : s] += x @ kernel[p, q].T
    return y


def zeros_between(x, kernel, strides=1):
    """Zeros between and around, then a convolution with the turned kernel."""
    (B, H, W, C), (kh, kw, _, _), s = x.shape, kernel.shape, strides
    spread = np.zeros((B, (H - 1) * s + 2 * kh - 1, (W - 1) * s + 2 * kw - 1, C))
    spread[:, kh - 1 : 1 - kh or None : s, kw - 1 : 1 - kw or None : s] = x
    view = np.lib.stride_tricks.sliding_window_view(spread, (kh, kw), axis=(1, 2))
    return np.einsum("bijcpq,pquc->biju", view, kernel[::-1, ::-1])


EXERCISE = Exercise(
    id="04.6",
    title="a transposed convolution",
    statement=STATEMENT,
    stub=STUB,
    function="transposed_conv2d",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(over_taps, zeros_between),
    question="Where does the last stamp start, and where does it end?",
    hints=(
        "H stamps of kh pixels, s apart: the last one starts at (H − 1)·s.",
        "One stamp: the channels of x[:, i, j] are summed away, the unit stays.",
        "Add the stamp to the kh × kw pixels of y that start at (i·s, j·s).",
    ),
    reread="Upwards: the transposed convolution",
    planes={"x": (1, 2), "kernel": (0, 1), "answer": (1, 2)},
    minutes=10,
    points=3,
)
