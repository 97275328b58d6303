"""16.6: the temperature that makes probabilities mean what they say."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Temperature scaling. `logits`, `(N, K)`, and `labels`, `(N,)`, come from the
validation set; `temperatures` is `(C,)`, candidates above 0. For every candidate T take
the mean cross-entropy of the probabilities softmax($z / T$). Return these losses,
`(C,)`, and the candidate with the smallest. Nothing may overflow.
"""

STUB = '''\
def fit_temperature(logits, labels, temperatures):
    """(N, K), (N,), (C,) -> mean cross-entropies (C,), the best temperature"""
    raise NotImplementedError
'''


def solution(logits, labels, temperatures):
    """A log-softmax for every candidate; the smallest mean surprise wins."""
    losses = []
    for T in temperatures:
        z = logits / T
        z = z - z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        losses.append(-log_p[np.arange(len(labels)), labels].mean())
    return np.array(losses), temperatures[int(np.argmin(losses))]


def attempt(logits, labels, temperatures, *, wrong=frozenset()):
    """The choice with a student's mistakes in it."""
    axis = 0 if "softmax over the samples" in wrong else 1
    found, right, rows = [], [], np.arange(len(labels))
    for T in temperatures:
        z = logits * T if "multiplied by T" in wrong else logits / T
        z = z - z.max(axis=axis, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=axis, keepdims=True))
        chosen = log_p.argmax(axis=1) if "its own opinion" in wrong else labels
        each = -log_p[rows, chosen]
        found.append(each.sum() if "summed" in wrong else each.mean())
        right.append(np.mean(log_p.argmax(axis=1) == labels))
    losses = np.array(found)
    best = int(np.argmin(losses))
    if "by the accuracy" in wrong:
        best = int(np.argmax(right))
    if "the largest loss" in wrong:
        best = int(np.argmax(losses))
    return losses, best if "its number" in wrong else temperatures[best]


def draw(rng):
    """Too sure of itself, and wrong two times in seven: T lies above 1."""
    N, K = 7, 3
    labels = rng.integers(0, K, N)
    logits = rng.integers(-4, 5, (N, K)) / 2
    said = labels.copy()
    wrong = rng.permutation(N)[:2]
    said[wrong] = (said[wrong] + 1) % K
    logits[np.arange(N), said] += 5.0
    return Case((logits, labels, rng.permutation([0.75, 1.5, 3.0, 5.0, 9.0])))


def corners(rng):
    """By hand; then logits of 3,000."""
    small = np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0]])
    far = np.array([[3000.0, 0.0, 1.0], [0.0, 10.0, 3000.0], [0.0, 1000.0, 0.0]])
    return [
        Case((small, np.array([0, 0, 1]), np.array([0.5, 1.0, 2.5]))),
        Case((far, np.array([0, 1, 1]), np.array([0.5, 1000.0, 20.0]))),
    ]


CHOICE = ("by the accuracy", "the largest loss")

MISTAKES = (
    Mistake(
        "multiplied by T",
        "you multiplied the logits. A larger T then makes the model surer of itself.",
        "What should become of the probabilities when T goes to infinity?",
        excludes=("softmax over the samples",),
    ),
    Mistake(
        "its own opinion",
        "you took the class that the model believes in, not the label. That loss is "
        "smallest for the surest model, right or wrong.",
        "Where in your loss does the truth come in?",
    ),
    Mistake(
        CHOICE[0],
        "you chose by accuracy. Dividing all logits by T leaves the order of the "
        "classes as it is, so the accuracy cannot choose.",
        "Which class has the largest logit after dividing by T?",
        excludes=CHOICE,
    ),
    Mistake(
        CHOICE[1],
        "you returned the candidate with the largest loss.",
        "Is a large cross-entropy good or bad?",
        excludes=CHOICE,
    ),
    Mistake(
        "softmax over the samples",
        "your softmax adds up to 1 over the samples, not over the classes.",
        "Which axis of `(N, K)` holds the alternatives?",
    ),
    Mistake(
        "summed",
        "you added the losses up. The statement asks for their mean.",
        "With twice as many samples, should the figure double?",
    ),
    Mistake(
        "its number",
        "you returned the place of the candidate, not the temperature.",
        "What is `argmin` of an array: a value or an index?",
    ),
)


def all_at_once(logits, labels, temperatures):
    """Candidates on an axis of their own."""
    z = logits[None] / temperatures[:, None, None]  # (C, N, K)
    top = z.max(axis=2)
    log_sum = top + np.log(np.exp(z - top[..., None]).sum(axis=2))
    losses = (log_sum - z[:, np.arange(len(labels)), labels]).mean(axis=1)
    return losses, temperatures[losses.argmin()]


def by_pairs(logits, labels, temperatures):
    """Pairs of loss and temperature; the smallest pair."""
    losses = []
    for T in temperatures:
        z = [row / T - max(row / T) for row in logits]
        each = [
            np.log(np.sum(np.exp(row))) - row[k]
            for row, k in zip(z, labels, strict=True)
        ]
        losses.append(sum(each) / len(each))
    return losses, min(zip(losses, temperatures, strict=True))[1]


EXERCISE = Exercise(
    id="16.6",
    title="temperature scaling",
    statement=STATEMENT,
    stub=STUB,
    function="fit_temperature",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(all_at_once, by_pairs),
    question="For the first candidate that differs: what are the probabilities of the "
    "first sample, and which of them goes into the loss?",
    hints=(
        "One candidate: divide all logits by T, then lesson 02's cross-entropy.",
        "Subtract the largest logit of a row after dividing, not before.",
        "`np.argmin(losses)` is an index into `temperatures`.",
    ),
    reread="How sure may it be?",
    parts=("losses", "temperature"),
    minutes=7,
    points=2,
)
