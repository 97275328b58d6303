"""18.5: an answer at every frame, from what has been seen so far."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A film comes in frame by frame, and a model gives `logits`, (T, K), one row a frame.
Make them steadier: at each frame the mean over the last `window` frames, this one
included,

$$\\bar z_t = \\frac 1{t - s + 1} \\sum_{i=s}^{t} z_i, \\quad s = \\max(0, t - w + 1)$$

At the beginning there are fewer: the mean of those. Nothing later than t may be used.
Return (T, K).
"""

STUB = '''\
def streamed(logits, window):
    """(T, K), w -> (T, K), each row the mean of the last w"""
    raise NotImplementedError
'''


def solution(logits, window):
    """From s to t, both included."""
    return np.stack(
        [
            logits[max(0, t - window + 1) : t + 1].mean(axis=0)
            for t in range(len(logits))
        ]
    )


def attempt(logits, window, *, wrong=frozenset()):
    """The means with a student's mistakes in them."""
    T = len(logits)
    w = window + 1 if "one frame too many" in wrong else window
    y = np.zeros(logits.shape)
    for t in range(T):
        first, last = t - w + 1, t
        if "looks ahead" in wrong:
            first, last = t - (w - 1) // 2, t + w // 2
        if "without the newest frame" in wrong:
            first, last = first - 1, last - 1
        if "everything so far" in wrong:
            first = 0
        if "the end comes in at the beginning" in wrong:
            rows = np.arange(first, last + 1) % T
        else:
            rows = np.arange(max(0, first), min(last, T - 1) + 1)
        count = w if "divided by the window at the beginning" in wrong else len(rows)
        if "a sum" in wrong:
            count = 1
        if len(rows):
            y[t] = logits[rows].sum(axis=0) / count
    return y


def draw(rng):
    """Longer than the window."""
    window = int(rng.integers(3, 5))
    return Case((rng.integers(-9, 10, (window + 4, 2)) / 2, window))


def corners(rng):
    """By hand: one class."""
    return [
        Case((np.array([[1.0], [3.0], [8.0], [4.0]]), 2)),
        Case((rng.integers(-9, 10, (9, 3)) / 2, 3)),
        Case((rng.integers(1, 10, (8, 2)) / 2, 4)),
    ]


MISTAKES = (
    Mistake(
        "looks ahead",
        "your window lies around frame t. Half of it has not come yet: this is fine in "
        "an archive, and impossible in a camera.",
        "Which frames does row t of your result depend on?",
        excludes=("without the newest frame", "everything so far"),
    ),
    Mistake(
        "divided by the window at the beginning",
        "you divide by w where fewer than w frames have come.",
        "What should the first row be?",
        excludes=("the end comes in at the beginning", "everything so far"),
    ),
    Mistake(
        "a sum",
        "you return a sum, not a mean: w times too large, but less at the beginning.",
        "All logits are 1: what should come out?",
        excludes=("divided by the window at the beginning",),
    ),
    Mistake(
        "without the newest frame",
        "your window ends at t − 1: every answer comes one frame late.",
        "Python's slices leave their end out. Which frame is yours?",
    ),
    Mistake(
        "one frame too many",
        "your windows have w + 1 frames.",
        "How many frames are there from t − w to t, both included?",
        excludes=("everything so far",),
    ),
    Mistake(
        "the end comes in at the beginning",
        "negative indices count from the end: the first rows hold frames of the film's "
        "end.",
        "What is `logits[-1]` at t = 0?",
        excludes=("everything so far",),
    ),
    Mistake(
        "everything so far",
        "you average all frames since the beginning: after an hour nothing moves any "
        "more.",
        "Is `window` used?",
    ),
)


def by_cumsum(logits, window):
    """Sums so far, and what has left the window taken away."""
    total = np.concatenate([np.zeros((1, logits.shape[1])), np.cumsum(logits, axis=0)])
    ends = np.arange(1, len(logits) + 1)
    starts = np.maximum(ends - window, 0)
    return (total[ends] - total[starts]) / (ends - starts)[:, None]


def by_queue(logits, window):
    """As a stream does it: a queue of bounded length."""
    from collections import deque

    held: deque = deque(maxlen=window)
    found = []
    for row in logits:
        held.append(row)
        found.append(sum(held) / len(held))
    return np.array(found)


EXERCISE = Exercise(
    id="18.5",
    title="the last few frames",
    statement=STATEMENT,
    stub=STUB,
    function="streamed",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_cumsum, by_queue),
    question="Which frames does the first row of your result depend on, and which the "
    "last?",
    hints=(
        "From s = max(0, t − w + 1) to t, both included.",
        "A slice `[s : t + 1]` and its mean over axis 0.",
    ),
    reread="Frame by frame",
    minutes=6,
    points=2,
)
