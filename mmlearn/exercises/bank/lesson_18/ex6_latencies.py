"""18.6: how late the answers are when frames queue up."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A camera does not wait. Frame t comes at `arrival[t]` seconds and takes `compute[t]`
seconds of work. One machine works on one frame at a time, in order, and skips none: it
starts a frame when the frame is there *and* the one before is finished.

Return the latencies (T,): for each frame the time from its arrival to the end of its
work.
"""

STUB = '''\
def latencies(arrival, compute):
    """(T,) s, ascending; (T,) s -> (T,) s from a frame's arrival to its answer"""
    raise NotImplementedError
'''


def solution(arrival, compute):
    """Frame by frame: when the work on it begins, when it ends."""
    finished, found = -np.inf, []
    for came, takes in zip(arrival, compute, strict=True):
        finished = max(came, finished) + takes
        found.append(finished - came)
    return np.array(found)


def attempt(arrival, compute, *, wrong=frozenset()):
    """The latencies with a student's mistakes in them."""
    finished, found, debt = -np.inf, [], 0.0
    for t, (came, takes) in enumerate(zip(arrival, compute, strict=True)):
        begins = max(came, finished)
        if "no queue" in wrong:
            begins = came
        if "only the work of the one before" in wrong and t:
            begins = max(came, arrival[t - 1] + compute[t - 1])
        if "never idle" in wrong:
            begins = arrival[0] if t == 0 else finished
        if "too late is skipped" in wrong and finished > came:
            found.append(0.0)
            continue
        if "never catches up" in wrong and t:
            debt += max(0.0, compute[t - 1] - (came - arrival[t - 1]))
            begins = came + debt
        finished = begins + takes
        end = begins if "waiting only" in wrong else finished
        if "a time on the clock" in wrong:
            found.append(end)
            continue
        since = arrival[0] if "since the first frame" in wrong else came
        found.append(end - since)
    return np.array(found)


def _case(rng, T):
    """A slow frame, two that wait for it, and time enough to recover."""
    gaps = rng.integers(3, 6, T) / 4
    compute = rng.integers(1, 4, T) / 4
    compute[1] = 2.5
    gaps[-2:] += 2
    compute[-1] = 0.75
    return Case((np.cumsum(gaps), compute))


def draw(rng):
    return _case(rng, int(rng.integers(6, 9)))


def corners(rng):
    """By hand."""
    return [
        Case((np.array([1.0, 2.0, 3.0, 6.0]), np.array([0.5, 1.75, 0.5, 0.5]))),
        _case(rng, 5),
        _case(rng, 7),
    ]


MISTAKES = (
    Mistake(
        "no queue",
        "you start every frame when it comes. But the machine may still be busy with "
        "the one before.",
        "Frame 1 takes longer than a frame's time: when can frame 2 begin?",
        excludes=(
            "never idle",
            "waiting only",
            "never catches up",
            "too late is skipped",
        ),
    ),
    Mistake(
        "never idle",
        "you start each frame as soon as the one before is finished, even if it has "
        "not come yet: latencies become too short, or negative.",
        "Can the machine work on a frame that is not there?",
        excludes=("never catches up", "too late is skipped"),
    ),
    Mistake(
        "waiting only",
        "you return how long a frame waits. Its own work is part of the latency.",
        "A frame that need not wait at all: what is its latency?",
    ),
    Mistake(
        "since the first frame",
        "you measure from the first frame's arrival, not from each frame's own.",
        "From which moment on is a frame late?",
    ),
    Mistake(
        "a time on the clock",
        "you return when the work ends, not how long after the frame's arrival.",
        "The film begins an hour later: should latencies change?",
        excludes=("since the first frame",),
    ),
    Mistake(
        "only the work of the one before",
        "you ask how long the frame before works, and forget that it may have waited "
        "too: a queue of two is never seen.",
        "One frame takes 300 ms, all others 10: when does the third after it begin?",
        excludes=(
            "no queue",
            "never idle",
            "never catches up",
            "too late is skipped",
        ),
    ),
    Mistake(
        "never catches up",
        "what a slow frame has cost stays for ever: quick frames after it do not make "
        "it good.",
        "Slow, quick, quick, quick: is the queue still there at the end?",
        excludes=("too late is skipped",),
    ),
    Mistake(
        "too late is skipped",
        "frames that come while the machine is busy are skipped. Here none is.",
        "What does the statement say about frames that must wait?",
        excludes=("waiting only", "since the first frame"),
    ),
)


def by_maximum(arrival, compute):
    """In closed form: finish_t = max over s ≤ t of arrival_s + Σ_{s..t} compute."""
    total = np.cumsum(compute)
    begun = np.asarray(arrival) - (total - compute)
    return np.maximum.accumulate(begun) + total - arrival


def by_waiting(arrival, compute):
    """Lindley's recursion: what waits now is what waited, plus work, minus the gap."""
    wait, found = 0.0, []
    for t in range(len(arrival)):
        if t:
            gap = arrival[t] - arrival[t - 1]
            wait = max(0.0, wait + compute[t - 1] - gap)
        found.append(wait + compute[t])
    return found


EXERCISE = Exercise(
    id="18.6",
    title="a camera does not wait",
    statement=STATEMENT,
    stub=STUB,
    function="latencies",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_maximum, by_waiting),
    question="Draw a line of time. Of each frame mark three moments: it comes, its "
    "work begins, its work ends. Which two make the latency?",
    hints=(
        "Work begins at the later of two moments: `max(came, finished)`.",
        "Carry `finished` from frame to frame; before the first nothing is busy.",
    ),
    reread="A camera does not wait",
    minutes=8,
    points=3,
)
