"""16.5: the focal loss and its pullback."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The focal loss with class weights, and its pullback:

$$L = -\\frac{1}{B} \\sum_b w_{k_b} (1 - p_b)^\\gamma \\log p_b$$

$p_b$ is the softmax of row b at its true class $k_b$. `logits` is `(B, K)`, `labels`
`(B,)`, `gamma` is 0 or at least 1, `weights` is `(K,)`. Return the loss (one number)
and a function that takes `dloss` (one number) and returns `dlogits`, `(B, K)`. Nothing
may overflow. The gradient is that of cross-entropy times one factor a row: derive it.
"""

STUB = '''\
def focal_loss(logits, labels, gamma, weights):
    """(B, K), (B,), gamma, (K,) -> the mean loss, and its pullback"""
    raise NotImplementedError
'''


def solution(logits, labels, gamma, weights):
    """dlogits = w (f + p log p f') (softmax − onehot) / B, with f = (1 − p)^γ."""
    rows = np.arange(len(labels))
    z = logits - logits.max(axis=1, keepdims=True)  # (B, K)
    log_softmax = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    log_p = log_softmax[rows, labels]  # (B,)
    p = np.exp(log_p)
    fading, w = (1 - p) ** gamma, weights[labels]
    loss = -(w * fading * log_p).mean()

    def pullback(dloss):
        slope = gamma * (1 - p) ** (gamma - 1) if gamma else 0.0
        factor = w * (fading - slope * p * log_p)  # (B,)
        dlogits = np.exp(log_softmax)
        dlogits[rows, labels] -= 1
        return dloss * factor[:, None] * dlogits / len(labels)

    return loss, pullback


def attempt(logits, labels, gamma, weights, *, wrong=frozenset()):
    """Loss and pullback with a student's mistakes in them."""
    rows, B = np.arange(len(labels)), len(labels)
    z = logits - logits.max(axis=1, keepdims=True)
    log_softmax = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    log_p = log_softmax[rows, labels]
    p, w = np.exp(log_p), weights[labels]
    easy = "the easy ones in focus" in wrong
    base, sign = (p, 1.0) if easy else (1 - p, -1.0)
    fading = base**gamma
    slope = sign * gamma * base ** (gamma - 1) if gamma else 0.0
    n = w.sum() if "divided by the weights" in wrong else B
    loss = -(w * fading * log_p).sum() / n

    def pullback(dloss):
        second = slope * p * log_p
        if "the factor held fixed" in wrong:
            second = 0.0
        if "second term turned" in wrong:
            second = -second
        if "p forgotten" in wrong:
            second = slope * log_p
        factor = fading + second
        if "weights not in the gradient" not in wrong:
            factor = factor * w
        dlogits = np.exp(log_softmax) - np.eye(logits.shape[1])[labels]
        if "upstream forgotten" not in wrong:
            dlogits = dlogits * dloss
        return factor[:, None] * dlogits / n

    return loss, pullback


def _case(rng, B, K, gamma):
    logits = rng.integers(-2, 3, (B, K)).astype(float)
    labels = rng.permutation(K)[:B].astype(np.int64)
    weights = rng.permutation([0.5, 1.5, 2.0, 3.0, 4.0])[:K]
    dloss = float(rng.choice([-2.0, 0.5, 3.0]))
    return Case((logits, labels, gamma, weights), upstream=dloss)


def draw(rng):
    gamma = float(rng.choice([1.0, 2.0, 3.0]))
    return _case(rng, int(rng.integers(2, 4)), int(rng.integers(4, 6)), gamma)


def corners(rng):
    """One row and gamma 1; gamma 0, which is cross-entropy; rows far apart."""
    far = np.array([[1000.0, 0.0, 990.0], [-1.0, 0.0, -1003.0]])
    small = np.array([[1.0, 0.0]])
    return [
        Case((small, np.array([0]), 1.0, np.array([2.0, 0.5])), upstream=2.0),
        Case((small, np.array([1]), 2.0, np.array([1.0, 1.0])), upstream=0.5),
        _case(rng, 2, 4, 0.0),
        Case((far, np.array([0, 2]), 2.0, np.array([0.5, 2.0, 3.0])), upstream=2.0),
    ]


SECOND = ("the factor held fixed", "second term turned", "p forgotten")

MISTAKES = (
    Mistake(
        SECOND[0],
        "you took the factor (1 − p)^γ for a constant. But p depends on the logits, "
        "and so does the factor.",
        "Two factors depend on p. What does the product rule say?",
        excludes=SECOND,
    ),
    Mistake(
        SECOND[1],
        "the second term of the product rule has the wrong sign: the factor falls as p "
        "grows, and log p is negative, too.",
        "Is the gradient's factor at p = 0.5, γ = 1 larger or smaller than 0.5?",
        excludes=SECOND,
    ),
    Mistake(
        SECOND[2],
        "in the second term p is missing: the way from p to the logits has a factor p.",
        "What is the derivative of p with respect to the true class's logit?",
        excludes=SECOND,
    ),
    Mistake(
        "the easy ones in focus",
        "you wrote p to the power of γ: who is right already counts most.",
        "At p = 0.99 the factor should be small. Is it?",
    ),
    Mistake(
        "divided by the weights",
        "you divided by the sum of the samples' weights. The statement's mean is over "
        "B.",
        "What stands before the sum in the equation?",
    ),
    Mistake(
        "weights not in the gradient",
        "your loss has the class weights, your gradient has not.",
        "If all weights are doubled, what must happen to the gradient?",
    ),
    Mistake(
        "upstream forgotten",
        "right only where `dloss` is 1. A pullback multiplies with what it is given.",
        "Where in your pullback is `dloss` used?",
    ),
)


def by_loops(logits, labels, gamma, weights):
    """Sample by sample: ∂ℓ/∂p times ∂p/∂z, in plain Python."""
    B, K = logits.shape
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    top = logits.max(axis=1)
    log_p = [
        logits[b, k] - top[b] - np.log(np.exp(logits[b] - top[b]).sum())
        for b, k in enumerate(labels)
    ]
    q = [1 - p[b, k] for b, k in enumerate(labels)]
    w = [weights[k] for k in labels]
    loss = sum(-w[b] * q[b] ** gamma * log_p[b] for b in range(B)) / B

    def pullback(dloss):
        dlogits = np.zeros((B, K))
        for b, k in enumerate(labels):
            # −p ∂ℓ/∂p, without a division by p, which may be 0
            second = gamma * q[b] ** (gamma - 1) * p[b, k] * log_p[b] if gamma else 0
            down = w[b] * (q[b] ** gamma - second)
            for j in range(K):
                dlogits[b, j] = dloss / B * down * (p[b, j] - (j == k))
        return (dlogits,)

    return loss, pullback


def by_ratio(logits, labels, gamma, weights):
    """The factor as (1 − p)^γ (1 − γ p log p / (1 − p))."""
    rows = np.arange(len(labels))
    z = logits - logits.max(axis=1, keepdims=True)
    log_all = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    log_p = log_all[rows, labels]
    q = -np.expm1(log_p)
    common = weights[labels] * q**gamma / len(labels)
    ratio = np.where(q > 0, log_p / np.where(q > 0, q, 1), -1)
    factor = common * (1 - gamma * np.exp(log_p) * ratio)
    residual = np.exp(log_all) - np.eye(logits.shape[1])[labels]
    return -(common * log_p).sum(), lambda dloss: dloss * factor[:, None] * residual


EXERCISE = Exercise(
    id="16.5",
    title="the focal loss and its pullback",
    statement=STATEMENT,
    stub=STUB,
    function="focal_loss",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loops, by_ratio),
    question="With γ = 0 this must be lesson 02's cross-entropy. With γ = 1: of which "
    "two factors that depend on p is the loss a product? If yours is inf or nan: which "
    "logarithm of 0 did you take?",
    hints=(
        "For one sample differentiate −(1 − p)^γ log p by p, with the product rule.",
        "The derivative of p by logit j is p ([j = k] − p_j): it carries a factor p.",
        "The row of cross-entropy's gradient, softmax minus one-hot, times "
        "(1 − p)^γ − γ p (1 − p)^(γ − 1) log p.",
    ),
    reread="Focal loss",
    kind="pullback",
    parts=("loss", "dlogits"),
    minutes=12,
    points=4,
)
