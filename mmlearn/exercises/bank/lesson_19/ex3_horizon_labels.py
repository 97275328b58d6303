"""19.3: what may be asked about the future, and what is known of it."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
"Will something happen within the next $h$ frames?" `event`, `(T,)` bool, says in which
frames it happens; `horizon` is $h \\ge 1$. Who answers at $t$ has seen frames 0 to $t$.
Return two `(T,)` bool arrays:

- `label`: whether it happens in some frame from $t + 1$ to $t + h$;
- `usable`: whether $t$ may train or test. It may not while the event is going on, in
  frame $t$ itself: one can see it. And it may not where the film ends before $t + h$
  and nothing has happened by then: nobody knows what comes. (If it did happen, the
  label is known.)
"""

STUB = '''\
def horizon_labels(event, horizon):
    """(T,) bool, h -> label (T,) bool, usable (T,) bool"""
    raise NotImplementedError
'''


def solution(event, horizon):
    """Frame by frame: the slice after t, as far as the film goes."""
    T = len(event)
    label = np.array([event[t + 1 : t + 1 + horizon].any() for t in range(T)])
    ends_before = np.arange(T) + horizon > T - 1
    usable = ~event & (label | ~ends_before)
    return label, usable


def attempt(event, horizon, *, wrong=frozenset()):
    """The labels with a student's mistakes in them."""
    T = len(event)
    low = 0 if "the present counts" in wrong else 1
    high = horizon if "one frame too short" in wrong else horizon + 1
    if "only the last frame" in wrong:
        low = horizon
    if "the past" in wrong:
        slices = [event[max(t - horizon, 0) : t] for t in range(T)]
    else:
        slices = [event[t + low : max(t + high, t + low)] for t in range(T)]
    label = np.array([bool(s.any()) for s in slices])
    ends_before = np.arange(T) + horizon > T - 1
    going_on = np.zeros(T, bool) if "during the event" in wrong else event
    known = label | ~ends_before
    if "the end counts as no" in wrong:
        known = np.ones(T, bool)
    if "the end thrown away" in wrong:
        known = ~ends_before
    return label, ~going_on & known


def draw(rng):
    """An event of some frames in the middle, and one near the end."""
    event = np.zeros(12, bool)
    begin = rng.integers(3, 5)
    event[begin : begin + rng.integers(1, 3)] = True
    event[rng.integers(9, 11)] = True
    return Case((event, int(rng.integers(2, 4))))


def corners(rng):
    """By hand; nothing happens; a horizon longer than the film; the last frame."""
    by_hand = np.array([0, 0, 0, 1, 0, 0], bool)
    nothing = np.zeros(5, bool)
    last = np.array([0, 0, 0, 0, 1], bool)
    return [
        Case((by_hand, 2)),
        Case((nothing, 2)),
        Case((last, 7)),
        Case((np.array([0, 1, 1, 0, 0, 0, 0], bool), 1)),
        Case((np.array([0, 0, 0, 0, 1, 0, 0], bool), 3)),
    ]


WHEN = ("the present counts", "one frame too short", "only the last frame", "the past")
ENDS = ("the end counts as no", "the end thrown away")

MISTAKES = (
    Mistake(
        WHEN[0],
        "you counted frame t itself. Then the answer stands in the picture, and the "
        "figures look splendid.",
        "What has somebody seen who answers at t?",
        excludes=WHEN,
    ),
    Mistake(
        WHEN[1],
        "your window ends at t + h − 1.",
        "With h = 1: which single frame is asked about? What does your slice hold?",
        excludes=WHEN,
    ),
    Mistake(
        WHEN[2],
        "you asked about frame t + h alone, not about all until then.",
        "It happens in the very next frame, and h is 3. What is the label?",
        excludes=(*WHEN, ENDS[1]),
    ),
    Mistake(
        WHEN[3],
        "you looked at the frames before t.",
        "Which of t − 1 and t + 1 is the future?",
        excludes=WHEN,
    ),
    Mistake(
        ENDS[0],
        "you took the end of the film for an answer: there `label` says no, but nobody "
        "knows.",
        "The film ends one frame after t, h is 3, and nothing has happened. Do you "
        "know that nothing will?",
        excludes=ENDS,
    ),
    Mistake(
        ENDS[1],
        "you threw away frames near the end whose label is known: it happened before "
        "the film ended.",
        "The film ends before t + h, but the event came at t + 1. Is there a doubt?",
        excludes=ENDS,
    ),
    Mistake(
        "during the event",
        "frames in which it is going on are usable with you. To say then that it goes "
        "on is no forecast.",
        "What can be seen in frame t itself?",
        excludes=("the present counts",),
    ),
)


def by_distance(event, horizon):
    """How many frames until the next one begins, from the end backward."""
    T, away = len(event), np.inf
    label, usable = np.zeros(T, bool), np.zeros(T, bool)
    for t in range(T - 1, -1, -1):
        label[t] = away <= horizon
        usable[t] = not event[t] and (label[t] or t + horizon < T)
        away = 1 if event[t] else away + 1
    return label, usable


def by_windows(event, horizon):
    """All windows at once, the end padded."""
    padded = np.concatenate([event, np.zeros(horizon, bool)])
    windows = np.lib.stride_tricks.sliding_window_view(padded[1:], horizon)
    label = windows[: len(event)].any(axis=1)
    inside = np.arange(len(event)) <= len(event) - 1 - horizon
    return label, np.logical_and(np.logical_not(event), np.logical_or(label, inside))


EXERCISE = Exercise(
    id="19.3",
    title="labels of the future",
    statement=STATEMENT,
    stub=STUB,
    function="horizon_labels",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_distance, by_windows),
    question="Take the first frame that differs. Which frames are asked about there, "
    "and is each of them in the film?",
    hints=(
        "Python's slices end before their second number: t + 1 … t + h is "
        "`event[t + 1 : t + 1 + h]`.",
        "A slice past the end is shorter, and `.any()` of nothing is False.",
        "Usable: not going on, and (the label is yes, or t + h is still in the film).",
    ),
    reread="What happens next",
    parts=("label", "usable"),
    minutes=8,
    points=3,
)
