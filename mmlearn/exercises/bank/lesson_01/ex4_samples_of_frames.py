"""01.4: which samples of the sound belong to which frame of the video."""

import math

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A phone writes frames at uneven times, and its sound begins a little late.

Frame t is shown from `times[t]` until `times[t + 1]`, so `times` is `(T + 1,)`, in s.
Sample s sounds at `start + s / rate`. There are `samples` samples. Return an integer
array `(T, 2)`: the first sample of each frame, and the one *after* its last. A sample
that sounds exactly when a frame appears belongs to that frame. For a frame without
samples both numbers are equal.
"""

STUB = '''\
def samples_of_frames(times, rate, start, samples):
    """(T + 1,) s, Hz, s, a count -> (T, 2): first sample, one after the last."""
    raise NotImplementedError
'''


def solution(times, rate, start, samples):
    """The first sample at or after each edge; what the sound does not have is cut."""
    cuts = np.ceil((times - start) * rate).astype(int)  # (T + 1,)
    cuts = np.clip(cuts, 0, samples)
    return np.stack([cuts[:-1], cuts[1:]], axis=1)


def attempt(times, rate, start, samples, *, wrong=frozenset()):
    """The cuts with a student's mistakes in them."""
    if "frames taken as even" in wrong:
        times = np.linspace(times[0], times[-1], len(times))
    shift = -start
    if "late start ignored" in wrong:
        shift = 0.0
    if "late start added" in wrong:
        shift = start
    place = (times + shift) * rate
    cuts = (np.floor(place) if "rounded down" in wrong else np.ceil(place)).astype(int)
    if "beyond the sound" not in wrong:
        cuts = np.clip(cuts, 0, samples)
    ends = cuts[1:] - 1 if "last sample in place of the next" in wrong else cuts[1:]
    return np.stack([cuts[:-1], ends], axis=1)


def draw(rng):
    """Steps of eighths of a second at 10 Hz: edges on samples and between them."""
    steps = rng.integers(2, 8, int(rng.integers(2, 5))) / 8
    times = np.concatenate([[0.0], np.cumsum(steps)])
    return Case((times, 10, int(rng.integers(1, 4)) / 8, int(rng.integers(9, 20))))


def corners(rng):
    """Uneven frames, a sound that starts late and ends early; edges on samples."""
    late = int(rng.integers(1, 3)) / 4
    times = np.array([0.0, 0.375, 1.5, 1.75, 3.0])
    return [
        Case((times, 4, late, 7)),
        Case((times, 10, late, 40)),
        Case((np.array([0.5, 1.0, 2.25]), 4, 0.25, 20)),
    ]


def by_asking_every_sample(times, rate, start, samples):
    """Count the samples before each edge."""
    heard = start + np.arange(samples) / rate
    cuts = [int((heard < edge).sum()) for edge in times]
    return np.array([cuts[:-1], cuts[1:]]).T


def by_search(times, rate, start, samples):
    """The same with a binary search."""
    cuts = np.searchsorted(start + np.arange(samples) / rate, times)
    return np.stack([cuts[:-1], cuts[1:]], axis=1)


def in_python(times, rate, start, samples):
    """Frame after frame, with math.ceil."""
    cuts = [min(max(math.ceil((t - start) * rate), 0), samples) for t in times]
    return [[a, b] for a, b in zip(cuts[:-1], cuts[1:], strict=True)]


MISTAKES = (
    Mistake(
        "late start ignored",
        "you counted from the video's zero; sample 0 sounds at `start`.",
        "When does sample 0 sound? Which frame is shown then?",
        excludes=("late start added",),
    ),
    Mistake(
        "late start added",
        "you moved the sound the wrong way: a later start makes smaller sample "
        "numbers.",
        "The sound starts 1 s late. Which sample sounds at t = 1 s?",
    ),
    Mistake(
        "rounded down",
        "you rounded down: your frame begins with a sample that sounds before it "
        "appears.",
        "A frame appears between samples 3 and 4. Which of them is its first?",
    ),
    Mistake(
        "beyond the sound",
        "you name samples that do not exist: before sample 0, or after the last.",
        "What if a frame is shown before the sound begins?",
    ),
    Mistake(
        "last sample in place of the next",
        "your second number is the last sample; asked is the one after it, as in a "
        "slice.",
        "How many values has `x[first:second]` with your numbers?",
    ),
    Mistake(
        "frames taken as even",
        "you spread the frames evenly over the video; these come at uneven times.",
        "Is every entry of `times` used?",
    ),
)

EXERCISE = Exercise(
    id="01.4",
    title="samples of frames",
    statement=STATEMENT,
    stub=STUB,
    function="samples_of_frames",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_asking_every_sample, by_search, in_python),
    question="Sample 0 sounds at `start`. Which sample number does the time t have?",
    hints=(
        "Solve t = start + s / rate for s. It is usually no whole number.",
        "The first sample at or after t is that number rounded up.",
        "Compute one cut for each entry of `times`, keep it within 0 and `samples`, "
        "and pair each cut with the next.",
    ),
    reread="One clock",
    minutes=12,
    points=2,
)
