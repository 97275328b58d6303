"""19.1: frames and samples on one clock, whatever the file's rates are."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A file shows frame $t$ from `times[t]` on, `(T,)` s, ascending, in steps that may vary.
Its sound has `samples` samples, `sound_rate` a second; number 0 is heard at
`sound_start` s, which may lie before or after `times[0]`. Our clock ticks `rate` times
a second, and starts with the first frame:

$$c_k = t_0 + k / r, \\qquad k = 0, 1, \\dots \\text{ while } c_k \\le t_{T-1}$$

Return, for all $K$ ticks, `shown`, `(K,)`: the number of the frame that is on display
at $c_k$ (the last one whose time has come); and `first`, `(K,)`: the number of the
sample that is heard at $c_k$, rounded up, but never below 0 nor above `samples`.
"""

STUB = '''\
def one_clock(times, samples, sound_rate, sound_start, rate):
    """(T,) s, S, Hz, s, ticks a second -> shown (K,), first (K,), whole numbers"""
    raise NotImplementedError
'''


def solution(times, samples, sound_rate, sound_start, rate):
    """Both look the same time up, each by its own rule."""
    count = int(np.floor((times[-1] - times[0]) * rate + 1e-9)) + 1
    clock = times[0] + np.arange(count) / rate  # (K,) s
    shown = np.searchsorted(times, clock + 1e-9, side="right") - 1
    first = np.ceil((clock - sound_start) * sound_rate - 1e-9).astype(int)
    return shown, np.clip(first, 0, samples)


def attempt(times, samples, sound_rate, sound_start, rate, *, wrong=frozenset()):
    """The clock with a student's mistakes in it."""
    count = int(np.floor((times[-1] - times[0]) * rate + 1e-9)) + 1
    clock = times[0] + np.arange(count) / rate
    if "a clock from 0" in wrong:
        clock = np.arange(count) / rate
    shown = np.searchsorted(times, clock + 1e-9, side="right") - 1
    if "as if in equal steps" in wrong:
        mean_rate = (len(times) - 1) / (times[-1] - times[0])
        shown = np.floor((clock - times[0]) * mean_rate + 1e-9).astype(int)
    if "the nearest frame" in wrong:
        shown = np.abs(times[:, None] - clock).argmin(axis=0)
    if "the frame before" in wrong:
        shown = np.searchsorted(times, clock - 1e-9, side="left") - 1
    start = sound_start
    if "sound from the start" in wrong:
        start = times[0]
    if "start added" in wrong:
        start = -sound_start
    first = np.ceil((clock - start) * sound_rate - 1e-9).astype(int)
    if "not clipped" not in wrong:
        first = np.clip(first, 0, samples)
    return shown, first


def _case(rng, frames, start, rate, sound_rate, heard_at):
    """Steps of 1 to 4 sixteenths of a second, not all alike."""
    steps = np.concatenate([[4, 1], rng.integers(1, 5, frames - 3)])
    times = start + np.concatenate([[0], np.cumsum(steps)]) / 16
    seconds = times[-1] - heard_at
    samples = int(seconds * sound_rate) - 3  # it ends a little before the picture
    return Case((times, max(samples, 1), sound_rate, heard_at, rate))


def draw(rng):
    """Sound late or early, ticks slower and faster than frames."""
    start = rng.integers(1, 9) / 4
    late = rng.choice([-3, -1, 1, 3]) / 8
    rate = int(rng.choice([4, 8]))
    return _case(rng, int(rng.integers(5, 8)), start, rate, 40, start + late)


def corners(rng):
    """By hand; a file from 0 on; sound much later, and much earlier."""
    by_hand = np.array([0.5, 0.75, 1.5]), 10, 8, 0.75, 4
    return [
        Case(by_hand),
        Case((np.array([0.0, 0.5, 0.625, 1.0]), 20, 16, 0.25, 8)),
        _case(rng, 6, 2.0, 8, 24, 2.5),
        _case(rng, 6, 2.0, 4, 24, 1.25),
    ]


FRAMES = ("as if in equal steps", "the nearest frame", "the frame before")
SOUND = ("sound from the start", "start added")

MISTAKES = (
    Mistake(
        FRAMES[0],
        "you counted frames as if they came in equal steps. A telephone that saves "
        "power does not film like that.",
        "Which of the arguments says when each frame really comes?",
        excludes=(*FRAMES, "a clock from 0"),
    ),
    Mistake(
        FRAMES[1],
        "you took the frame whose time is nearest, which may be one that is not shown "
        "yet.",
        "At 0.4 s, with frames at 0 and 0.5 s: what does a viewer see?",
        excludes=(*FRAMES, "a clock from 0"),
    ),
    Mistake(
        FRAMES[2],
        "at a tick on which a frame appears you still show the frame before it.",
        "Is the frame of `times[t]` on display at exactly `times[t]`? Which side does "
        "`searchsorted` count from?",
        excludes=(*FRAMES, "a clock from 0"),
    ),
    Mistake(
        SOUND[0],
        "you let the sound begin with the first frame. Recorders start the two at "
        "different times.",
        "When is sample 0 heard?",
        excludes=(*SOUND, "a clock from 0"),
    ),
    Mistake(
        SOUND[1],
        "you added `sound_start` where it must be taken away.",
        "Which sample is heard at c = `sound_start`? Put it in.",
        excludes=(*SOUND, "a clock from 0"),
    ),
    Mistake(
        "not clipped",
        "some of your numbers are no samples: below 0, or past the last one.",
        "What should `first` be while the sound has not begun?",
    ),
    Mistake(
        "a clock from 0",
        "your clock starts at 0 s. The file's own clock may stand anywhere when the "
        "first frame comes.",
        "What is c at k = 0?",
        excludes=("not clipped",),
    ),
)


def tick_by_tick(times, samples, sound_rate, sound_start, rate):
    """A loop over ticks, as one would say it."""
    shown, first, k = [], [], 0
    while times[0] + k / rate <= times[-1] + 1e-9:
        now = times[0] + k / rate
        shown.append(sum(time <= now + 1e-9 for time in times) - 1)
        number = int(np.ceil((now - sound_start) * sound_rate - 1e-9))
        first.append(min(max(number, 0), samples))
        k += 1
    return np.array(shown), np.array(first)


EXERCISE = Exercise(
    id="19.1",
    title="one clock",
    statement=STATEMENT,
    stub=STUB,
    function="one_clock",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(tick_by_tick,),
    question="Write the times of the ticks down. Which frame does a viewer see at the "
    "first tick that differs, and how long has the sound been running by then?",
    hints=(
        "The clock first: `times[0] + np.arange(K) / rate`.",
        "`np.searchsorted(times, clock, side='right')` counts the frames that have "
        "come.",
        "At c the sound has been running for c − `sound_start` seconds; `np.clip` "
        "keeps the number within the recording.",
    ),
    reread="One clock",
    parts=("shown", "first"),
    minutes=8,
    points=3,
)
