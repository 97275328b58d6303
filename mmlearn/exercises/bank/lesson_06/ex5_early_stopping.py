"""06.5: when to stop, and which epoch to keep."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
`losses` is the validation loss after each epoch, in order. Training stops as soon as
`patience` epochs in a row have brought no loss *below the smallest so far*; or when
`losses` ends. Return two integers: how many epochs were trained, and the index, from 0,
of the best epoch among them.
"""

STUB = '''\
def early_stopping(losses, patience):
    """(T,) validation losses, an integer -> epochs trained, index of the best"""
    raise NotImplementedError
'''


def solution(losses, patience):
    """Remember the smallest loss, and when it was."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return epoch + 1, best


def attempt(losses, patience, *, wrong=frozenset()):
    """The rule with a student's mistakes in it."""
    tie, previous = "a tie is an improvement" in wrong, "epoch before" in wrong
    best, waited, mark = 0, 0, losses[0]
    for epoch, loss in enumerate(losses):
        if epoch == 0:
            continue
        better = loss <= mark if tie else loss < mark
        if loss < losses[best] or (tie and loss <= losses[best]):
            best = epoch
        if better:
            mark = loss
            waited = waited if "counter never reset" in wrong else 0
        else:
            waited += 1
        if previous:
            mark = loss
        if waited >= patience + ("one epoch too long" in wrong):
            break
    if "the last epoch kept" in wrong:
        best = epoch
    if "looked ahead" in wrong:
        best = int(np.argmin(losses))
    return epoch + 1, best


def draw(rng):
    """A curve that falls, waits, and rises, in halves: ties are common."""
    steps = rng.choice([-1, -0.5, 0, 0.5], int(rng.integers(6, 10)))
    losses = 6 + np.cumsum(steps)
    return Case((losses, int(rng.integers(1, 4))))


def corners(rng):
    """One curve for each way to go wrong."""
    curves = [
        ([4.0, 3, 3.5, 3.5, 3.25, 3.75, 1, 0.5], 3),  # better than the one before
        ([4.0, 3, 3, 3, 3, 2], 2),  # a tie
        ([4.0, 5, 3, 4, 2, 3, 1, 2, 0.5], 2),  # bad epochs, never in a row
        ([4.0, 3, 5, 6, 7, 1], 2),  # the smallest of all comes too late
        ([3.0, 2, 1], 1),  # never stopped
        ([2.0], 1),
        ([1.0, 2, 3, 4], 1),
        ([5.0, 4, 4, 5, 3, 4, 4, 4, 4, 2], 3),
        ([5.0, 4, 5, 4, 3, 4, 3, 4, 2, 2], 2),
        ([5.0, 4, 6, 5, 7, 3, 6, 5, 4, 6, 5], 3),
    ]
    return [Case((np.array(losses), patience)) for losses, patience in curves]


MISTAKES = (
    Mistake(
        "epoch before",
        "you compared with the epoch before. A curve that zigzags upwards would never "
        "be stopped.",
        "Below which number must a loss be, to count as progress?",
    ),
    Mistake(
        "a tie is an improvement",
        "an equal loss counted as better.",
        "Does the statement say below, or not above?",
    ),
    Mistake(
        "counter never reset",
        "you counted all epochs without progress, not those in a row.",
        "What should progress do to the counter?",
    ),
    Mistake(
        "one epoch too long",
        "you stopped one epoch late.",
        "With patience 1: after how many epochs without progress is it over?",
    ),
    Mistake(
        "the last epoch kept",
        "you named the last epoch that was trained. Its weights are already worse.",
        "Which weights would you like to have back?",
        excludes=("looked ahead",),
    ),
    Mistake(
        "looked ahead",
        "your best epoch was never trained: it lies after the stop.",
        "What does a running training know of `losses`?",
    ),
)


def with_a_counter(losses, patience):
    """The smallest loss, and a counter that progress sets back."""
    best, best_epoch, waited, epochs = float("inf"), 0, 0, 0
    while epochs < len(losses) and waited < patience:
        if losses[epochs] < best:
            best, best_epoch, waited = losses[epochs], epochs, 0
        else:
            waited += 1
        epochs += 1
    return epochs, best_epoch


def by_running_minimum(losses, patience):
    """Where the running minimum was last set, for each epoch at once."""
    losses = np.asarray(losses)
    lowest = np.minimum.accumulate(losses)
    set_now = np.append(True, lowest[1:] < lowest[:-1])
    last = np.maximum.accumulate(np.where(set_now, np.arange(len(losses)), 0))
    late = np.flatnonzero(np.arange(len(losses)) - last >= patience)
    end = int(late[0]) if len(late) else len(losses) - 1
    return end + 1, int(last[end])


EXERCISE = Exercise(
    id="06.5",
    title="early stopping",
    statement=STATEMENT,
    stub=STUB,
    function="early_stopping",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_a_counter, by_running_minimum),
    question="Walk through the losses by hand, and note the smallest so far. "
    "When do you lose patience?",
    hints=(
        "Keep the index of the best epoch so far; the waiting time is a difference.",
        "Only a loss below the smallest so far is progress. Trained epochs are a "
        "count, the best one is an index from 0.",
    ),
    reread="Stop in time",
    parts=("epochs trained", "best epoch"),
    minutes=8,
    points=2,
)
