"""02.4: loss and pullback of softmax with cross-entropy."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The loss of 02.2 once more, now with its pullback. `logits` is `(B, K)`, `labels` is
`(B,)`. Return the mean loss (one number) and a function that takes `dloss` (one number)
and returns `dlogits`, `(B, K)`. Nothing may overflow.
"""

STUB = '''\
def softmax_cross_entropy(logits, labels):
    """logits (B, K), labels (B,) -> the mean loss, and its pullback"""
    raise NotImplementedError
'''


def solution(logits, labels):
    """dlogits = (p − onehot) / B, times what comes from above."""
    rows = np.arange(len(labels))
    z = logits - logits.max(axis=1, keepdims=True)  # (B, K)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))  # (B, K)
    loss = -log_p[rows, labels].mean()

    def pullback(dloss):
        dlogits = np.exp(log_p)  # p, a fresh array
        dlogits[rows, labels] -= 1
        return dloss * dlogits / len(labels)

    return loss, pullback


def draw(rng):
    """An upstream gradient that is never 1: a loss may stand inside another sum."""
    B, K = int(rng.integers(2, 4)), int(rng.integers(4, 6))
    logits = rng.integers(-2, 3, (B, K)).astype(float)
    labels = rng.permutation(K)[:B].astype(np.int64)
    return Case((logits, labels), upstream=float(rng.choice([-2.0, 0.5, 3.0])))


def corners(rng):
    """Rows far apart: one would overflow, the other underflow."""
    logits = np.array([[1000.0, 1001.0, 998.0], [-1.0, 0.0, -3.0]])
    return [Case((logits, np.array([0, 2])), upstream=2.0)]


def attempt(logits, labels, *, wrong=frozenset()):
    """Loss and pullback with a student's mistakes in them."""
    loss, _ = solution(logits, labels)
    z = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    one_hot = np.eye(logits.shape[1])[labels]

    def pullback(dloss):
        dlogits = p - one_hot
        if "true class not subtracted" in wrong:
            dlogits = p
        if "only the true class" in wrong:
            dlogits = (p - one_hot) * one_hot
        if "sign" in wrong:
            dlogits = -dlogits
        if "upstream forgotten" not in wrong:
            dlogits = dlogits * dloss
        if "divided by K" in wrong:
            return dlogits / logits.shape[1]
        return dlogits if "not divided by B" in wrong else dlogits / len(labels)

    return loss, pullback


MISTAKES = (
    Mistake(
        "not divided by B",
        "the loss is a mean, so each sample has only a B-th part in it.",
        "What does the first pullback, that of the mean, hand down?",
        reread="First pullback: the mean",
        excludes=("divided by K",),
    ),
    Mistake(
        "divided by K",
        "you divided by the number of classes. The mean runs over the samples.",
        "Over which axis did the loss take its mean?",
        reread="First pullback: the mean",
    ),
    Mistake(
        "true class not subtracted",
        "these are the probabilities alone. Such a step lowers all logits, the right "
        "one too.",
        "The loss holds minus the true logit as well. What does that add, and where?",
        excludes=("only the true class",),
    ),
    Mistake(
        "only the true class",
        "the other logits get no gradient. But they are in the sum of exponentials, "
        "so they matter to the loss.",
        "If a wrong class's logit rises, what happens to the true class's p?",
    ),
    Mistake(
        "sign",
        "your gradient points downhill. A gradient points uphill; the minus belongs to "
        "the step.",
        "If the true class's logit rises, does the loss rise or fall?",
    ),
    Mistake(
        "upstream forgotten",
        "right only where `dloss` is 1. A pullback multiplies with what it is given.",
        "Where in your pullback is `dloss` used?",
    ),
)


def by_loops(logits, labels):
    """The same, sample by sample and class by class."""
    loss, _ = solution(logits, labels)
    B, K = logits.shape

    def pullback(dloss):
        dlogits = np.zeros((B, K))
        for b in range(B):
            e = np.exp(logits[b] - max(logits[b]))
            for j in range(K):
                dlogits[b, j] = dloss / B * (e[j] / e.sum() - (j == labels[b]))
        return (dlogits,)

    return loss, pullback


def with_no_labels_gradient(logits, labels):
    """With rows of zeros and a one."""
    loss, _ = solution(logits, labels)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    residual = e / e.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[labels]
    return loss, lambda dloss: dloss * residual / len(residual)


EXERCISE = Exercise(
    id="02.4",
    title="the pullback of softmax cross-entropy",
    statement=STATEMENT,
    stub=STUB,
    function="softmax_cross_entropy",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loops, with_no_labels_gradient),
    question="Each row of the gradient has a sum. Which one, and why?",
    hints=(
        "Take one row: `L = log(sum(exp(z))) - z[k]`. Differentiate by each `z[j]`.",
        "The first term gives softmax; the second gives −1 at the true class only.",
        "Then the mean: divide by B; and multiply with `dloss`.",
    ),
    reread="Third pullback: softmax and cross-entropy",
    kind="pullback",
    parts=("loss", "dlogits"),
    minutes=12,
    points=3,
)
