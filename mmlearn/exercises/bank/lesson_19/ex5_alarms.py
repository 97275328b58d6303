"""19.5: from probabilities of windows to alarms with a beginning and an end."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A model watches a film in windows. `p`, `(W,)`, are its probabilities, `times`, `(W,)`
s, when each window begins, ascending; `end`, s, is where the film ends. One threshold
makes an alarm flicker. So there are two, `on` > `off`: an alarm begins at the time of
the first window with $p \\ge$ `on`, and ends at the time of the first later one with
$p <$ `off`. One that is still going on at the end of the film ends at `end`. Where `p`
is NaN, nothing could be said: what was goes on. Return `(A, 2)`, beginning and end of
each alarm, in s; `(0, 2)` if there is none.
"""

STUB = '''\
def alarms(p, times, on, off, end):
    """(W,) probabilities, (W,) s, two thresholds, s -> (A, 2) s"""
    raise NotImplementedError
'''


def solution(p, times, on, off, end):
    """One thing is remembered: since when the alarm has been going on, if it has."""
    found, since = [], None
    for probability, time in zip(p, times, strict=True):
        if since is None and probability >= on:
            since = time
        elif since is not None and probability < off:
            found.append((since, time))
            since = None
    if since is not None:
        found.append((since, end))
    return np.array(found, float).reshape(-1, 2)


def attempt(p, times, on, off, end, *, wrong=frozenset()):
    """The alarms with a student's mistakes in them."""
    off = on if "only the upper threshold" in wrong else off
    on = off if "only the lower threshold" in wrong else on
    found, since = [], None
    for k, (probability, time) in enumerate(zip(p, times, strict=True)):
        begins = probability > on if "above, not at" in wrong else probability >= on
        ends = probability < off
        if "a gap ends it" in wrong:
            ends = not probability >= off
        if "the end is not below" in wrong:
            ends = probability <= off
        if since is None and begins:
            since = time
        elif since is not None and ends:
            stop = times[k - 1] if "ends a window early" in wrong else time
            found.append((since, stop))
            since = None
    if since is not None and "the last one lost" not in wrong:
        found.append((since, end))
    return np.array(found, float).reshape(-1, 2)


def _case(rng, p, step=0.5):
    times = 1.0 + step * np.arange(len(p))
    return Case((np.array(p, float), times, 0.75, 0.5, float(times[-1] + 2 * step)))


def draw(rng):
    """Ups and downs with every case in them, parts in any order; open at the end."""
    parts = [
        [0.75, 0.625, np.nan, 0.625, 0.25],  # at the threshold, a gap, between, below
        [0.625, 0.875, 0.5, 0.25],  # between before it begins; at the lower one
        [0.25, 0.625],
    ]
    p = [value for k in rng.permutation(3) for value in parts[k]]
    return _case(rng, [*p, 0.875, 0.625], step=float(rng.choice([0.5, 1.5])))


def corners(rng):
    """By hand; none; all the time; gaps only."""
    return [
        _case(rng, [0.25, 0.875, 0.625, 0.25]),
        _case(rng, [0.25, 0.625, 0.625]),
        _case(rng, [0.875, 0.875]),
        _case(rng, [0.875, np.nan, np.nan, 0.25]),
    ]


THRESHOLDS = ("only the upper threshold", "only the lower threshold")
EDGES = ("a gap ends it", "the end is not below")

MISTAKES = (
    Mistake(
        THRESHOLDS[0],
        "you used `on` for both: an alarm ends as soon as p falls below it. It will "
        "flicker.",
        "p is 0.6, `on` 0.75, `off` 0.5. An alarm is going on: does it end?",
        excludes=(*THRESHOLDS, *EDGES),
    ),
    Mistake(
        THRESHOLDS[1],
        "you used `off` for both: an alarm begins as soon as p reaches it.",
        "p is 0.6, `on` 0.75, `off` 0.5. No alarm is going on: does one begin?",
        excludes=(*THRESHOLDS, "above, not at"),
    ),
    Mistake(
        "above, not at",
        "a window with p exactly at `on` begins no alarm with you.",
        "Which sign stands before `on` in the statement?",
    ),
    Mistake(
        EDGES[0],
        "a window of which nothing could be said, NaN, ends your alarm.",
        "What is `np.nan < 0.5`? And `not np.nan >= 0.5`?",
        excludes=(*EDGES, THRESHOLDS[0]),
    ),
    Mistake(
        EDGES[1],
        "a window with p exactly at `off` ends your alarm.",
        "Which sign stands before `off` in the statement?",
        excludes=EDGES,
    ),
    Mistake(
        "ends a window early",
        "your alarm ends where its last window begins. It was going on in that window.",
        "Which window is the first that is not in the alarm any more?",
    ),
    Mistake(
        "the last one lost",
        "an alarm that is still going on when the film ends is missing.",
        "What is left to do after the loop?",
    ),
)


def by_states(p, times, on, off, end):
    """What is known in each window, carried forward; then where it changes."""
    state = np.zeros(len(p), bool)
    now = False
    for k, probability in enumerate(p):
        now = True if probability >= on else False if probability < off else now
        state[k] = now
    steps = np.diff(np.concatenate([[0], state.astype(int), [0]]))
    edges = np.append(times, end)
    return np.stack([edges[steps == 1], edges[steps == -1]], axis=1)


EXERCISE = Exercise(
    id="19.5",
    title="alarms with two thresholds",
    statement=STATEMENT,
    stub=STUB,
    function="alarms",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_states,),
    question="Go through the windows up to the first difference: is an alarm going on "
    "before it, and which of the two thresholds decides now?",
    hints=(
        "Remember one thing from window to window: since when, or `None`.",
        "No alarm: only `on` matters. An alarm: only `off` does.",
        "Comparisons with NaN are False, so both `>= on` and `< off` leave things as "
        "they are.",
    ),
    reread="Alarms",
    minutes=8,
    points=2,
)
