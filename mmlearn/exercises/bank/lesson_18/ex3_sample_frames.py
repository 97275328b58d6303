"""18.3: one frame from each segment of a clip."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Choose n of T frames: cut the clip into n segments of equal length, and take one frame
of each,

$$i_k = \\lfloor (k + u_k)\\, T / n \\rfloor, \\qquad k = 0, \\dots, n - 1$$

`u`, (n,), says where in its segment: all ½ is *uniform* sampling, numbers drawn from
0 to 1 are *random* sampling. `frames` is T, `n` may be larger than T. Return the
indices `(n,)`, whole numbers.
"""

STUB = '''\
def frame_indices(frames, n, u):
    """T, n, (n,) from 0 to 1 -> (n,) indices of frames"""
    raise NotImplementedError
'''


def solution(frames, n, u):
    """The place in the clip, rounded down to the frame on display."""
    return np.floor((np.arange(n) + u) * frames / n).astype(int)


def attempt(frames, n, u, *, wrong=frozenset()):
    """The indices with a student's mistakes in them."""
    k = np.arange(n)
    if "one place for all segments" in wrong:
        u = np.full(n, u[0])
    if "always the segment's first frame" in wrong:
        u = np.zeros(n)
    if "from the first frame to the last" in wrong:
        return np.linspace(0, frames - 1, n).astype(int)
    if "counted from 1" in wrong:
        k = k + 1
    length = frames // n if "segments of whole frames" in wrong else frames / n
    if "the place added in frames" in wrong:
        u = u / length if length else u
    place = (k + u) * length
    return (np.round(place) if "rounded to the nearest" in wrong else place).astype(int)


def _case(rng, frames, n):
    """Places that are far enough from a frame's edge to be safe from rounding."""
    while True:
        u = np.round(rng.uniform(0.02, 0.98, n), 3)
        place = (np.arange(n) + u) * frames / n
        if np.abs(place - np.round(place)).min() > 1e-3:
            return Case((frames, n, u))


def draw(rng):
    """T no multiple of n."""
    n = int(rng.integers(3, 8))
    return _case(rng, n * int(rng.integers(2, 5)) + int(rng.integers(1, n)), n)


def corners(rng):
    """By hand; more frames wanted than there are; uniform."""
    return [
        Case((7, 2, np.array([0.9, 0.2]))),
        Case((3, 5, np.array([0.7, 0.1, 0.9, 0.4, 0.8]))),
        Case((11, 4, np.full(4, 0.5))),
        _case(rng, 50, 8),
    ]


MISTAKES = (
    Mistake(
        "always the segment's first frame",
        "your indices do not depend on `u`: each is the first frame of its segment, "
        "and nothing after the last segment's first frame is ever seen.",
        "Which argument does your function not use?",
        excludes=(
            "one place for all segments",
            "from the first frame to the last",
        ),
    ),
    Mistake(
        "from the first frame to the last",
        "you spread the indices from 0 to T − 1, ends included. Those are n points "
        "with n − 1 gaps, not n segments; `u` has no say.",
        "Into how many pieces do n points, ends included, cut a line?",
        excludes=(
            "one place for all segments",
            "counted from 1",
            "segments of whole frames",
            "rounded to the nearest",
        ),
    ),
    Mistake(
        "counted from 1",
        "your first frame is from the second segment, and the last one lies beyond the "
        "end of the clip.",
        "What is the largest index that a clip of T frames has? What is yours?",
    ),
    Mistake(
        "segments of whole frames",
        "your segments have T // n frames. Where n does not divide T, the clip's tail "
        "is never seen; and with n above T all indices are 0.",
        "T = 11, n = 4: where does your last segment end?",
        excludes=("always the segment's first frame",),
    ),
    Mistake(
        "rounded to the nearest",
        "you rounded. The frame on display at place 2.7 is frame 2; and the last place "
        "may round to T, which is no frame.",
        "From which place to which is frame 2 on display?",
        excludes=("always the segment's first frame",),
    ),
    Mistake(
        "the place added in frames",
        "you add u_k to the segment's first frame, as a part of a frame. It is a part "
        "of the segment, which has T / n frames.",
        "u = 0.9, segments of 10 frames: which frame of the first segment is it?",
        excludes=(
            "always the segment's first frame",
            "from the first frame to the last",
        ),
    ),
    Mistake(
        "one place for all segments",
        "you use one number of `u` for all segments.",
        "Which index does u have in the equation?",
    ),
)


def by_loop(frames, n, u):
    """Plain Python."""
    return [int((k + float(u[k])) * frames / n) for k in range(n)]


def by_segments(frames, n, u):
    """Where each segment begins, and how far into it."""
    begins = np.arange(n) * frames / n
    return (begins + np.asarray(u) * frames / n) // 1


EXERCISE = Exercise(
    id="18.3",
    title="one frame from each segment",
    statement=STATEMENT,
    stub=STUB,
    function="frame_indices",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, by_segments),
    question="T = 7, n = 2: where does each segment begin and end, and which frame is "
    "on display nine tenths into the first?",
    hints=(
        "A segment has T / n frames, which need not be a whole number.",
        "Segment k begins at k T / n; go on by u_k of its length, then round down "
        "once.",
    ),
    reread="Which frames?",
    minutes=6,
    points=2,
)
