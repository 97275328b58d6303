"""09.5: the perplexity of a language model on a batch of masked texts."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The perplexity of a batch of texts: e to the mean of −ln p over **all places that
count**, whichever text they stand in. `logits` is `(B, L, V)`: what a model says of the
next token at each place. `targets` is `(B, L)`: the token that came. `mask` is `(B, L)`
bool. Return one number.
"""

STUB = '''\
def perplexity(logits, targets, mask):
    """(B, L, V), (B, L) integers, (B, L) bool -> one number"""
    raise NotImplementedError
'''


def solution(logits, targets, mask):
    """Softmax, the probability of what came, the mean of its logarithm."""
    z = logits - logits.max(axis=2, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=2, keepdims=True))  # (B, L, V)
    came = np.take_along_axis(log_p, targets[:, :, None], axis=2)[:, :, 0]  # (B, L)
    return np.exp(-came[mask].mean())


def attempt(logits, targets, mask, *, wrong=frozenset()):
    """The measure with a student's mistakes in it."""
    z = logits - logits.max(axis=2, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=2, keepdims=True))
    if "logits taken for logarithms" in wrong:
        log_p = logits
    mask = np.ones_like(mask) if "padding counted" in wrong else mask
    came = np.take_along_axis(log_p, targets[:, :, None], axis=2)[:, :, 0]
    if "what the model expects" in wrong:
        came = (np.exp(log_p) * log_p).sum(axis=2)
    base = 2.0 if "two to the nats" in wrong else np.e
    if "mean over the texts" in wrong:
        each = [base ** -row[keep].mean() for row, keep in zip(came, mask, strict=True)]
        return np.mean(each)
    if "mean of the probabilities" in wrong:
        return 1 / np.exp(came[mask]).mean()
    if "mean of 1 / p" in wrong:
        return np.exp(-came[mask]).mean()
    if "logarithm not undone" in wrong:
        return -came[mask].mean()
    return base ** -came[mask].mean()


def _case(rng, mask, V):
    mask = np.array(mask, bool)
    logits = rng.integers(-4, 5, (*mask.shape, V)) / 2
    targets = rng.integers(0, V, mask.shape)
    return Case((logits, targets, mask))


def draw(rng):
    """Texts of unequal length, two words at least in each; V above L."""
    B, L = int(rng.integers(2, 4)), 4
    lengths = rng.integers(2, L, B)
    lengths[0] = L
    return _case(rng, np.arange(L) < rng.permutation(lengths)[:, None], 5)


def corners(rng):
    """One place by hand; two; two texts of three and one."""
    return [
        _case(rng, [[1]], 3),
        _case(rng, [[1, 1]], 3),
        _case(rng, [[1, 1, 1], [1, 0, 0]], 4),
    ]


ENDS = (
    "mean over the texts",
    "mean of the probabilities",
    "mean of 1 / p",
    "logarithm not undone",
)

MISTAKES = (
    Mistake(
        "padding counted",
        "places without a token are in your mean. What came there is padding, which "
        "nobody wrote.",
        "How many places count in this batch?",
    ),
    Mistake(
        ENDS[0],
        "you took each text's perplexity and then their mean. A text of three letters "
        "then counts as much as one of three thousand.",
        "Over what does the mean run: over texts, or over places?",
        excludes=ENDS,
    ),
    Mistake(
        ENDS[1],
        "you took the mean of p and then 1 over it. The mean runs over −ln p: one "
        "place with p = 0 must ruin it.",
        "In which order: mean, or logarithm, first?",
        excludes=(*ENDS, "two to the nats"),
    ),
    Mistake(
        ENDS[2],
        "you took the mean of 1 / p: average −ln p first, then take the exponential.",
        "For p of 1/2 and 1/8: what are the mean and the geometric mean of 2 and 8?",
        excludes=(*ENDS, "two to the nats"),
    ),
    Mistake(
        ENDS[3],
        "this is the cross-entropy itself, in nats.",
        "What is the perplexity of a model that is always right: 0 or 1?",
        excludes=(*ENDS, "two to the nats"),
    ),
    Mistake(
        "two to the nats",
        "you took 2 to the power of a loss with natural logarithms. 2 belongs to bits, "
        "e to nats.",
        "Which logarithm is in the loss?",
    ),
    Mistake(
        "logits taken for logarithms",
        "logits are logarithms of probabilities only after the softmax.",
        "Do the exponentials of your numbers add up to 1 over the vocabulary?",
    ),
    Mistake(
        "what the model expects",
        "you took the entropy of the model's own answer. The targets are not used: it "
        "can be sure and wrong.",
        "Where do the targets stand in your lines?",
    ),
)


def by_loops(logits, targets, mask):
    """Place by place."""
    total, places = 0.0, 0
    for b, place in zip(*np.nonzero(mask), strict=True):
        e = np.exp(logits[b, place])
        total -= np.log(e[targets[b, place]] / e.sum())
        places += 1
    return float(np.exp(total / places))


def geometric_mean(logits, targets, mask):
    """1 over the geometric mean of the probabilities of what came."""
    e = np.exp(logits[mask])  # (n, V)
    p = e[np.arange(len(e)), targets[mask]] / e.sum(axis=1)
    return np.prod(1 / p) ** (1 / len(p))


EXERCISE = Exercise(
    id="09.5",
    title="perplexity",
    statement=STATEMENT,
    stub=STUB,
    function="perplexity",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loops, geometric_mean),
    question="With one place that counts: what is p of the token that came, and what "
    "is 1 / p?",
    hints=(
        "First log-probabilities: logits minus the logarithm of the sum of their "
        "exponentials, over the last axis.",
        "np.take_along_axis(log_p, targets[:, :, None], axis=2) picks those that came.",
        "came[mask] is one long row of all places that count. Its mean, then exp.",
    ),
    reread="How surprised?",
    minutes=7,
    points=2,
)
