"""10.4: what a model of the next token may read, must say, and is judged by."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A model reads a sequence and says at **every** place which token comes next. `ids` is
`(B, T)` of whole numbers; 0 is padding, at the end. Return three arrays:

- `mask` `(B, T, T)` bool: place i may read place j if j is not after i **and** j is
  not padding. A place may read itself.
- `targets` `(B, T)`: the token that comes after each place; 0 after the last.
- `counts` `(B, T)` bool: True where the target is a real token.
"""

STUB = '''\
def next_token(ids):
    """(B, T) int -> mask (B, T, T) bool, targets (B, T) int, counts (B, T) bool"""
    raise NotImplementedError
'''


def solution(ids):
    """A triangle for time, the padding for the keys, and everything one place on."""
    T = ids.shape[1]
    causal = np.arange(T)[:, None] >= np.arange(T)  # (T, T): i ≥ j
    mask = causal & (ids != 0)[:, None, :]  # (B, T, T): the padding of the keys, j
    targets = np.zeros_like(ids)
    targets[:, :-1] = ids[:, 1:]
    return mask, targets, targets != 0


def attempt(ids, *, wrong=frozenset()):
    """The three arrays with a student's mistakes in them."""
    T = ids.shape[1]
    i, j = np.arange(T)[:, None], np.arange(T)
    causal = i >= j
    if "no look at itself" in wrong:
        causal = i > j
    if "one place too far" in wrong:
        causal = i + 1 >= j
    if "only ahead" in wrong:
        causal = i <= j
    real = ids != 0
    mask = causal & real[:, None, :]
    if "padding on the queries" in wrong:
        mask = causal & real[:, :, None]
    if "padding may be read" in wrong:
        mask = np.broadcast_to(causal, mask.shape).copy()
    targets = np.zeros_like(ids)
    targets[:, :-1] = ids[:, 1:]
    if "targets not moved" in wrong:
        targets = ids.copy()
    if "targets moved the other way" in wrong:
        targets = np.zeros_like(ids)
        targets[:, 1:] = ids[:, :-1]
    if "targets wrapped around" in wrong:
        targets = np.roll(ids, -1, axis=1)
    return mask, targets, real if "padding judged" in wrong else targets != 0


def _case(rng, lengths, T):
    ids = rng.integers(1, 10, (len(lengths), T))
    return Case((np.where(np.arange(T) < np.array(lengths)[:, None], ids, 0),))


def draw(rng):
    T = int(rng.integers(4, 7))
    return _case(rng, [T, int(rng.integers(2, T)), int(rng.integers(1, T))], T)


def corners(rng):
    """One sequence, whole; one with padding; one that is nothing but padding."""
    return [_case(rng, [3], 3), _case(rng, [3], 5), _case(rng, [4, 0, 2], 4)]


TRIANGLES = ("no look at itself", "one place too far", "only ahead")
TARGETS = (
    "targets not moved",
    "targets moved the other way",
    "targets wrapped around",
)

MISTAKES = (
    Mistake(
        TRIANGLES[0],
        "no place may read itself, and the first may read nothing at all.",
        "When the model says what comes after place i, does it know token i?",
        excludes=TRIANGLES,
    ),
    Mistake(
        TRIANGLES[1],
        "each place reads one token too many: the one it is asked to say.",
        "Which token is the target at place i, and may place i read it?",
        excludes=TRIANGLES,
    ),
    Mistake(
        TRIANGLES[2],
        "your places read what comes after them, and not what came before.",
        "In `mask[b, i, j]`, who asks and who is read?",
        excludes=TRIANGLES,
    ),
    Mistake(
        "padding on the queries",
        "you kept padded places from asking. They must be kept from being read.",
        "Which of the two last axes is the one that is read?",
        excludes=("padding may be read",),
    ),
    Mistake(
        "padding may be read",
        "padded tokens can be read by padded places behind the text.",
        "May place 5 read place 4, if the text ends at place 3?",
    ),
    Mistake(
        TARGETS[0],
        "your target is the token at the place itself. Copying would be perfect.",
        "What should a model say at place 0?",
        excludes=(*TARGETS, "padding judged"),
    ),
    Mistake(
        TARGETS[1],
        "your target is the token before. The model has read it already.",
        "Is the target at place i `ids[:, i + 1]` or `ids[:, i − 1]`?",
        excludes=TARGETS,
    ),
    Mistake(
        TARGETS[2],
        "np.roll brings the first token back as the last target.",
        "What comes after the last token of a sequence that has no padding?",
        excludes=TARGETS,
    ),
    Mistake(
        "padding judged",
        "you count every real token, the last one too, whose target is padding.",
        "A text of n tokens gives how many questions with a known answer?",
    ),
)


def place_by_place(ids):
    """Loops, and lists that become arrays."""
    B, T = ids.shape
    mask = [
        [[j <= i and ids[b, j] > 0 for j in range(T)] for i in range(T)]
        for b in range(B)
    ]
    targets = [[*row[1:], 0] for row in ids.tolist()]
    counts = [[target > 0 for target in row] for row in targets]
    return [np.array(mask), np.array(targets), np.array(counts)]


def by_triangle(ids):
    """np.tri and a pad; as numbers 0 and 1."""
    T = ids.shape[1]
    mask = np.tri(T)[None] * (ids > 0)[:, None]
    targets = np.pad(ids, ((0, 0), (0, 1)))[:, 1:]
    return mask.astype(bool), targets, targets.astype(bool)


EXERCISE = Exercise(
    id="10.4",
    title="the next token",
    statement=STATEMENT,
    stub=STUB,
    function="next_token",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(place_by_place, by_triangle),
    question="For the text 7 3 5 without padding: what may place 1 read, what must it "
    "say, and at how many places is there an answer?",
    hints=(
        "Time: np.arange(T)[:, None] >= np.arange(T) is True where i ≥ j.",
        "Padding is a matter of who is read: (ids != 0)[:, None, :], the last axis.",
        "targets[:, :-1] = ids[:, 1:], and nothing comes after the last place.",
    ),
    reread="What a writer may read",
    parts=("mask", "targets", "counts"),
    minutes=7,
    points=3,
)
