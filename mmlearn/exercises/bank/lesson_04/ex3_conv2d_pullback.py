"""04.3: conv2d with channels, batch and stride, and its pullback."""

import numpy as np

from mmlearn.exercises.bank.lesson_04.mistakes_conv2d_pullback import MISTAKES, attempt
from mmlearn.exercises.exercise import Case, Exercise

STATEMENT = """
The whole layer, forward and backward, with *valid* padding:

$$y_{biju} = b_u + \\sum_{p,q,c} x_{b,\\,is+p,\\,js+q,\\,c}\\; K_{pqcu}$$

`x` is `(B, H, W, C)`, `kernel` is `(kh, kw, C, U)`, `bias` is `(U,)`, `strides` is one
integer $s$. Return `y`, `(B, Ho, Wo, U)`, and a function that takes `dy` and returns
`dx`, `dkernel`, `dbias`, shaped like what they belong to.
"""

STUB = '''
def conv2d(x, kernel, bias, *, strides=1):
    """(B, H, W, C), (kh, kw, C, U), (U,) -> y (B, Ho, Wo, U), and its pullback"""
    raise NotImplementedError
'''


def solution(x, kernel, bias, *, strides=1):
    """One loop over the taps, forward and backward; each reads its part of x."""
    (B, H, W, _), (kh, kw, _, U), s = x.shape, kernel.shape, strides
    Ho, Wo = (H - kh) // s + 1, (W - kw) // s + 1

    def part(p, q):
        """The pixels that tap (p, q) meets: every s-th from (p, q) on."""
        rows = slice(p, p + (Ho - 1) * s + 1, s)
        return slice(None), rows, slice(q, q + (Wo - 1) * s + 1, s)

    y = np.zeros((B, Ho, Wo, U)) + bias
    for p, q in np.ndindex(kh, kw):
        y += x[part(p, q)] @ kernel[p, q]  # (B, Ho, Wo, C) @ (C, U)

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        for p, q in np.ndindex(kh, kw):
            dkernel[p, q] = np.einsum("bijc,biju->cu", x[part(p, q)], dy)
            dx[part(p, q)] += dy @ kernel[p, q].T  # (B, Ho, Wo, U) @ (U, C)
        return dx, dkernel, dy.sum(axis=(0, 1, 2))

    return y, pullback


def _case(rng, kernel_size, strides, outputs, sizes, rest=(0, 0)):
    """No number is 0, no kernel symmetric; halves, so that integers cannot hold it."""
    (B, C, U), (kh, kw), (Ho, Wo) = sizes, kernel_size, outputs
    H, W = (Ho - 1) * strides + kh + rest[0], (Wo - 1) * strides + kw + rest[1]
    shapes = (B, H, W, C), (kh, kw, C, U), (U,), (B, Ho, Wo, U)
    x, kernel, bias, dy = (
        (rng.integers(1, 6, s) - 0.5) * rng.choice([-1.0, 1.0], s) for s in shapes
    )
    taps = np.arange(1, 1 + kernel.size)
    kernel = rng.permutation(taps).reshape(kernel.shape) / 2 * np.sign(kernel)
    return Case((x, kernel, bias), {"strides": strides}, dy)


def corners(rng):
    # Two for the hand: one image, channel and unit; then a stride. Then as many
    # channels as units, so that a kernel the wrong way round fits; then all different.
    return [
        _case(rng, (1, 2), 1, (2, 2), (1, 1, 1)),
        _case(rng, (2, 2), 2, (1, 2), (1, 1, 1)),
        _case(rng, (2, 1), 2, (2, 3), (2, 2, 2), rest=(1, 0)),
        _case(rng, (2, 3), 2, (3, 2), (2, 3, 4), rest=(1, 1)),
        _case(rng, (3, 2), 1, (2, 4), (3, 2, 2)),
    ]


def draw(rng):
    size = (int(rng.integers(1, 4)), int(rng.integers(2, 4)))
    strides = int(rng.integers(1, 4))
    sizes = tuple(int(n) for n in rng.permutation([2, 3, 4]))
    rest = (strides - 1, 0) if rng.integers(2) else (0, strides - 1)
    return _case(rng, size, strides, (2, 3), sizes, rest)


def by_windows(x, kernel, bias, *, strides=1):
    """All windows as one view; each output stamps its gradient into dx."""
    (kh, kw), s = kernel.shape[:2], strides
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(x, (kh, kw), axis=(1, 2))[:, ::s, ::s]
    y = np.einsum("bijcpq,pqcu->biju", windows, kernel) + bias

    def pullback(dy):
        dx = np.zeros_like(x)
        for i, j in np.ndindex(*dy.shape[1:3]):
            stamp = np.einsum("bu,pqcu->bpqc", dy[:, i, j], kernel)
            dx[:, i * s : i * s + kh, j * s : j * s + kw] += stamp
        return [dx, np.einsum("bijcpq,biju->pqcu", windows, dy), dy.sum((0, 1, 2))]

    return y, pullback


def in_float32(x, kernel, bias, *, strides=1):
    """The same in single precision."""
    arrays = (array.astype(np.float32) for array in (x, kernel, bias))
    y, pullback = solution(*arrays, strides=strides)
    return y.astype(np.float32), lambda dy: [
        g.astype(np.float32) for g in pullback(dy.astype(np.float32))
    ]


EXERCISE = Exercise(
    id="04.3",
    title="conv2d and its pullback",
    statement=STATEMENT,
    stub=STUB,
    function="conv2d",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_windows, in_float32),
    question="Take one product of the forward sum: which pixel, which weight, which "
    "output? Who gets a message for it?",
    hints=(
        "Loop over the taps, as in 04.2. The part of x that tap (p, q) meets starts at "
        "(p, q) and takes every s-th pixel, Ho and Wo of them.",
        "dbias has the letter u only: sum dy over all other letters.",
        "Forward, per tap: (B, Ho, Wo, C) @ (C, U). Backward: which letters must be "
        "summed to leave (C, U), and which to leave (B, Ho, Wo, C)?",
    ),
    reread="Channels, batch and stride",
    kind="pullback",
    parts=("y", "dx", "dkernel", "dbias"),
    planes={
        "x": (1, 2),
        "kernel": (0, 1),
        "y": (1, 2),
        "dx": (1, 2),
        "dkernel": (0, 1),
    },
    minutes=15,
    points=4,
)
