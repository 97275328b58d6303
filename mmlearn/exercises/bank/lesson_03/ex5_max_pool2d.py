"""03.5: max pooling in loops."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The largest value of each block, for each image and each channel on its own:

$$y_{bijc} = \\max_{0 \\le p,\\,q < k} \\; x_{b,\\,is+p,\\,js+q,\\,c}$$

$k$ is `pool_size`, $s$ is `strides`. A block that does not fit whole is left out.
"""

STUB = '''\
def naive_max_pool2d(x, pool_size=2, strides=2):
    """(B, H, W, C) -> (B, Ho, Wo, C): the largest value of each block."""
    raise NotImplementedError
'''


def solution(x, pool_size=2, strides=2):
    """Two loops over the output; the block's two axes are reduced at once."""
    rows, columns = ((n - pool_size) // strides + 1 for n in x.shape[1:3])
    y = np.empty((len(x), rows, columns, x.shape[3]), x.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * strides, j * strides
            block = x[:, top : top + pool_size, left : left + pool_size]
            y[:, i, j] = block.max(axis=(1, 2))
    return y


def attempt(x, pool_size=2, strides=2, *, wrong=frozenset()):
    """The loops with a student's mistakes in them."""
    s = pool_size if "blocks side by side" in wrong else strides
    rows, columns = ((n - pool_size) // s + 1 for n in x.shape[1:3])
    if "incomplete blocks kept" in wrong:
        rows, columns = (-(-n // s) for n in x.shape[1:3])
    number = int if "fractions cut off" in wrong else float
    y = np.empty((len(x), rows, columns, x.shape[3]), number)
    step = 1 if "stride left out of the start" in wrong else s
    if "starts counted in blocks" in wrong:
        step = pool_size
    for i in range(rows):
        for j in range(columns):
            top, left = i * step, j * step
            block = x[:, top : top + pool_size, left : left + pool_size]
            if "mean in place of maximum" in wrong:
                y[:, i, j] = block.mean(axis=(1, 2))
            elif "channels mixed" in wrong:
                y[:, i, j] = block.max(axis=(1, 2, 3))[:, None]
            else:
                y[:, i, j] = block.max(axis=(1, 2))
    return np.maximum(y, 0) if "maximum started at 0" in wrong else y


def draw(rng):
    """Blocks that overlap or leave gaps; negative halves; a rest at the edge."""
    pool, strides = ((2, 3), (3, 2), (3, 1))[int(rng.integers(3))]
    h, w = int(rng.integers(7, 9)), int(rng.integers(9, 12))
    shape = (int(rng.integers(2, 4)), h, w, int(rng.integers(2, 4)))
    return Case((_halves(rng, shape),), {"pool_size": pool, "strides": strides})


def _halves(rng, shape):
    """From −20.5 to −0.5, a few above 0: no whole number among them."""
    return rng.integers(-21, 3, shape) + 0.5


def corners(rng):
    """Three to do by hand; a rest on both axes after stride 2, and one after 3."""
    one = -0.5 - rng.permutation(20).reshape(1, 4, 5, 1)  # no two are alike
    two = -0.5 - rng.permutation(40).reshape(1, 4, 5, 2)
    x = _halves(rng, (2, 8, 10, 2))
    return [
        Case((one,), {"pool_size": 2, "strides": 2}),
        Case((one,), {"pool_size": 3, "strides": 2}),
        Case((two,), {"pool_size": 2, "strides": 3}),
        Case((x,), {"pool_size": 3, "strides": 2}),
        Case((x[:, :7, :9],), {"pool_size": 2, "strides": 3}),
    ]


def with_windows(x, pool_size=2, strides=2):
    """All windows, every s-th of them, the maximum over their two axes."""
    size = (pool_size, pool_size)
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(1, 2))
    return windows[:, ::strides, ::strides].max(axis=(-2, -1))


MISTAKES = (
    Mistake(
        "mean in place of maximum",
        "you took the mean of each block: that is average pooling.",
        "What should the result be for a block with one 9 and zeros elsewhere?",
    ),
    Mistake(
        "maximum started at 0",
        "your running maximum starts at 0, so that a block of negative numbers gives "
        "0.",
        "What is the largest of −5 and −3? What does your code say?",
        excludes=("mean in place of maximum",),
    ),
    Mistake(
        "channels mixed",
        "you took the maximum over the channels too, so that all channels are the "
        "same.",
        "Over which axes of (B, k, k, C) should the maximum run?",
        excludes=("mean in place of maximum",),
    ),
    Mistake(
        "blocks side by side",
        "your blocks start every pool_size pixels; they should start every strides.",
        "Is every argument of your function used?",
        excludes=("stride left out of the start", "starts counted in blocks"),
    ),
    Mistake(
        "starts counted in blocks",
        "the output has the right size, but block i starts at i times pool_size.",
        "Two blocks of 3, stride 2: how many pixels do they share?",
        excludes=("stride left out of the start", "incomplete blocks kept"),
    ),
    Mistake(
        "stride left out of the start",
        "the output has the right size, but your blocks start at i, not at i·s.",
        "With stride 2, at which pixel does the second block start?",
    ),
    Mistake(
        "incomplete blocks kept",
        "you kept blocks that hang over the edge; they are to be left out.",
        "5 pixels, blocks of 2, stride 2: how many whole blocks?",
    ),
    Mistake(
        "fractions cut off",
        "your values are stored as whole numbers.",
        "What becomes of 2.5 in an array made with `dtype=int`?",
    ),
)

EXERCISE = Exercise(
    id="03.5",
    title="max pooling",
    statement=STATEMENT,
    stub=STUB,
    function="naive_max_pool2d",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_windows,),
    question="Where does the second block start, and how many blocks fit?",
    hints=(
        "The output size is that of a valid convolution (03.3) without dilation.",
        "Two loops over the output pixels; cut the block out of x by slicing.",
        "Reduce the block over its two pixel axes only: axis=(1, 2).",
    ),
    reread="What the pieces see",
    planes={"x": (1, 2), "answer": (1, 2)},
    minutes=8,
)
