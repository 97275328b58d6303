"""02.2: the mean cross-entropy, from logits."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The mean surprise of a batch, in nats, straight from the logits:

$$L = \\frac1B \\sum_b \\Big( \\log \\sum_j e^{z_{bj}} - z_{b,k_b} \\Big)$$

`logits` is `(B, K)`, `labels` is `(B,)` and holds the true class $k_b$ of each row.
Return one number. It must be finite for any finite logits, also for 1000 and −1000.
"""

STUB = '''\
def cross_entropy(logits, labels):
    """logits (B, K), labels (B,) -> the mean surprise in nats, one number"""
    raise NotImplementedError
'''


def solution(logits, labels):
    """Log of the sum of exponentials, less the logit of the true class."""
    top = logits.max(axis=1, keepdims=True)  # (B, 1), so that no exponential overflows
    log_sum = np.log(np.exp(logits - top).sum(axis=1)) + top[:, 0]  # (B,)
    true = logits[np.arange(len(labels)), labels]  # (B,)
    return (log_sum - true).mean()


def draw(rng):
    """B and K differ, and no row's true class is the same everywhere."""
    B, K = int(rng.integers(2, 4)), int(rng.integers(4, 6))
    logits = rng.integers(-2, 3, (B, K)).astype(float)
    return Case((logits, rng.permutation(K)[:B].astype(np.int64)))


def corners(rng):
    """Rows far apart: one overflows, the other underflows, and a sure mistake."""
    logits = np.array([[1000.0, 1001.0, 998.0], [-1.0, 0.0, -3.0]])
    sure = np.array([[0.0, 900.0, 3.0], [1.0, 2.0, 0.0]])
    labels = np.array([0, 2])
    return [Case((logits, labels)), Case((sure, labels))]


def attempt(logits, labels, *, wrong=frozenset()):
    """The mean surprise with a student's mistakes in it."""
    top = logits.max(axis=1, keepdims=True)
    if "no maximum subtracted" in wrong:
        top = np.zeros_like(top)
    log_sum = np.log(np.exp(logits - top).sum(axis=1)) + top[:, 0]
    if "maximum not added again" in wrong:
        log_sum = log_sum - top[:, 0]
    true = logits[np.arange(len(labels)), labels]
    if "largest instead of true class" in wrong:
        true = logits.max(axis=1)
    surprise = log_sum - true
    if "logarithm of softmax" in wrong:
        surprise = -np.log(np.exp(-surprise))
    if "probability, not its logarithm" in wrong:
        surprise = -np.exp(-surprise)
    if "in bits" in wrong:
        surprise = surprise / np.log(2)
    if "sign" in wrong:
        surprise = -surprise
    if "mean over all B·K" in wrong:
        return surprise.sum() / logits.size
    return surprise.sum() if "sum, not mean" in wrong else surprise.mean()


_BOUNDED = "probability, not its logarithm"

MISTAKES = (
    Mistake(
        "no maximum subtracted",
        "the exponential of a logit near 1000 is `inf`, and its logarithm stays so.",
        "What may be taken from every logit of a row and added to the result again?",
        reread="Softmax and its overflow",
    ),
    Mistake(
        "maximum not added again",
        "the largest logit was taken out of the sum, and not added to its logarithm.",
        "Shift both terms, or neither: from which logits is the true one taken?",
        reread="The loss of a batch",
        excludes=("no maximum subtracted", "logarithm of softmax", _BOUNDED),
    ),
    Mistake(
        "logarithm of softmax",
        "you took softmax first. A probability below the smallest float is 0 there, "
        "and its logarithm is −∞.",
        "Where do the logarithm and the exponential undo each other, on paper?",
        reread="The loss of a batch",
        excludes=("no maximum subtracted", "largest instead of true class", _BOUNDED),
    ),
    Mistake(
        "sum, not mean",
        "you added the surprises. A batch twice as large would look twice as bad.",
        "What does 1/B in the equation do?",
        excludes=("mean over all B·K",),
    ),
    Mistake(
        "mean over all B·K",
        "you divided by all logits. Each sample has one surprise, not each class.",
        "How many surprises does a batch of B samples have?",
    ),
    Mistake(
        "largest instead of true class",
        "you took the class that the model prefers. So it is never surprised much.",
        "Which class's logit is the last term of the equation?",
    ),
    Mistake(
        "in bits",
        "this is right, in bits. The equation has the natural logarithm: nats.",
        "What is the base of `np.log2`, and what is that of `np.log`?",
        excludes=("probability, not its logarithm",),
    ),
    Mistake(
        "sign",
        "your surprise is negative. A probability is at most 1, so its log is below 0.",
        "Is the minus sign of −log p still there?",
    ),
    Mistake(
        "probability, not its logarithm",
        "this is the mean probability of the true class with a minus: it is bounded, "
        "so a sure mistake costs hardly more than a doubtful one.",
        "What is the surprise of a probability p?",
        reread="Surprise",
    ),
)


def by_softmax_of_shifted(logits, labels):
    """The probabilities' logarithms, written out as a loop over the batch."""
    surprises = []
    for row, k in zip(logits, labels, strict=True):
        shifted = row - row.max()
        surprises.append(np.log(np.sum(np.exp(shifted))) - shifted[k])
    return sum(surprises) / len(surprises)


def by_one_hot(logits, labels):
    """With rows of zeros and a one, as many books write it."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    one_hot = np.eye(logits.shape[1])[labels]
    return -(one_hot * log_p).sum() / len(logits)


EXERCISE = Exercise(
    id="02.2",
    title="cross-entropy from logits",
    statement=STATEMENT,
    stub=STUB,
    function="cross_entropy",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_softmax_of_shifted, by_one_hot),
    question="What should the loss be when all K logits of every row are equal?",
    hints=(
        "Two numbers for each row: the log of a sum, and the logit of the true class.",
        "`logits[np.arange(B), labels]` picks one logit of each row.",
        "`log(sum(exp(z)))` is `m + log(sum(exp(z - m)))` for any m; choose m so that "
        "no exponent is above 0.",
    ),
    reread="The loss of a batch",
    minutes=8,
    points=2,
)
