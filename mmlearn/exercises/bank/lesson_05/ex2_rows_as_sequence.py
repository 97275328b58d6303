"""05.2: a map's rows as the steps of a sequence."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A recurrent layer wants `(B, T, F)`: one vector of features for each time step. Turn
maps `(B, H, W, C)` into such sequences: **row** $i$ is step $i$. Its features are the
pixels of the row from left to right, each with its channels side by side:

$$s_{b,\\,i,\\,jC + c} = x_{b,i,j,c}$$

Return `(B, H, W * C)`.
"""

STUB = '''\
def rows_as_sequence(maps):
    """(B, H, W, C) -> (B, H, W * C): row i becomes step i."""
    raise NotImplementedError
'''


def solution(maps):
    """The last two axes lie next to each other already: they merge."""
    B, H, W, C = maps.shape
    return maps.reshape(B, H, W * C)


def attempt(maps, *, wrong=frozenset()):
    """The reshape with a student's mistakes in it."""
    B, H, W, C = maps.shape
    x = maps[:, ::-1] if "bottom row first" in wrong else maps
    if "mean of the row" in wrong:
        return x.mean(axis=2)
    if "columns are the steps" in wrong:
        return x.transpose(0, 2, 1, 3).reshape(B, W, H * C)
    if "axes renamed, not moved" in wrong:
        return x.reshape(B, W, H * C)
    if "pixels are the steps" in wrong:
        return x.reshape(B, H * W, C)
    if "channels are the steps" in wrong:
        return x.transpose(0, 3, 1, 2).reshape(B, C, H * W)
    if "steps before the batch" in wrong:
        return x.transpose(1, 0, 2, 3).reshape(H, B, W * C)
    if "all in one row" in wrong:
        return x.reshape(B, H * W * C)
    if "channel by channel" in wrong:
        return x.transpose(0, 1, 3, 2).reshape(B, H, C * W)
    return x.reshape(B, H, W * C)


def draw(rng):
    """Sizes that all differ, and no two values alike."""
    B, H, W, C = (int(n) for n in rng.permutation([2, 3, 4, 5]))
    values = rng.permutation(B * H * W * C).reshape(B, H, W, C)
    return Case((values / 2,))


def corners(rng):
    """One image, two rows, three columns, two channels: to do by hand."""
    return [Case((rng.permutation(12).reshape(1, 2, 3, 2) / 2,))]


def by_loops(maps):
    """Copy each pixel's channels to their place."""
    B, H, W, C = maps.shape
    y = np.zeros((B, H, W * C))
    for j in range(W):
        y[:, :, j * C : (j + 1) * C] = maps[:, :, j]
    return y


def by_minus_one(maps):
    """Let NumPy count."""
    return np.reshape(maps, (*maps.shape[:2], -1))


_STEPS = (
    "columns are the steps",
    "axes renamed, not moved",
    "pixels are the steps",
    "channels are the steps",
    "steps before the batch",
    "all in one row",
    "mean of the row",
    "channel by channel",
)
MISTAKES = (
    Mistake(
        "columns are the steps",
        "your steps are the columns, from left to right. The rows should be.",
        "Which axis of (B, H, W, C) counts the rows?",
        "A sequence of rows",
        excludes=_STEPS[1:],
    ),
    Mistake(
        "axes renamed, not moved",
        "you gave the array a new shape and it was filled in the old order: a step now "
        "holds the end of one row and the beginning of the next.",
        "Which pixels does your first step hold? `reshape` never moves a number.",
        "A sequence of rows",
        excludes=_STEPS[2:],
    ),
    Mistake(
        "pixels are the steps",
        "every pixel is a step of its own; a step should be a whole row.",
        "How many steps should a map of 7 × 7 have?",
        "A sequence of rows",
        excludes=_STEPS[3:],
    ),
    Mistake(
        "channels are the steps",
        "your steps are the channels, which have no order at all.",
        "What should come first in time: a row, or a channel?",
        "A sequence of rows",
        excludes=_STEPS[4:],
    ),
    Mistake(
        "steps before the batch",
        "the steps are on the first axis; Keras wants the batch there.",
        "What does the layer take for the number of samples?",
        "A sequence of rows",
        excludes=_STEPS[5:],
    ),
    Mistake(
        "all in one row",
        "you flattened everything: there is no axis of time left.",
        "How many axes does (B, T, F) have?",
        "A sequence of rows",
        excludes=_STEPS[6:],
    ),
    Mistake(
        "mean of the row",
        "you averaged over the columns, so that left and right are lost.",
        "How many features should a row of 7 pixels with 128 channels have?",
        "A sequence of rows",
        excludes=_STEPS[7:],
    ),
    Mistake(
        "channel by channel",
        "the rows are right. Within a row, your features go channel by channel, not "
        "pixel by pixel.",
        "In the equation, which index moves by C when j moves by one?",
        "A sequence of rows",
    ),
    Mistake(
        "bottom row first",
        "your first step is the bottom row.",
        "Which row is number 0?",
        "A sequence of rows",
    ),
)

EXERCISE = Exercise(
    id="05.2",
    title="rows as a sequence",
    statement=STATEMENT,
    stub=STUB,
    function="rows_as_sequence",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loops, by_minus_one),
    question="Which numbers of the map should stand in the first step?",
    hints=(
        "Which two axes disappear, and into which one?",
        "Row-major order: the last axis changes fastest. Are W and C neighbours?",
        "`maps.reshape` with three sizes; the first two are B and H.",
    ),
    reread="A sequence of rows",
    planes={"maps": (1, 2), "answer": (1, 2)},
    minutes=6,
)
