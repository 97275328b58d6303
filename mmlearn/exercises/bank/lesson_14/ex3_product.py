"""14.3: a product of experts in log space, the prior counted once."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
M experts have each seen one modality. `log_p` is `(M, B, K)`: $\\log p(y \\mid x_m)$;
`log_prior` is `(K,)`. If the modalities are independent given the label,

$$\\log p(y \\mid x_1 \\dots x_M) = \\sum_m \\log p(y \\mid x_m)
- (M-1) \\log p(y) - \\log Z$$

with Z such that the probabilities of every sample add up to 1. Return the logarithms,
`(B, K)`. They may be in the minus thousands.
"""

STUB = '''\
def product_of_experts(log_p, log_prior):
    """(M, B, K), (K,) -> log p(y | all), (B, K)"""
    raise NotImplementedError
'''


def solution(log_p, log_prior):
    """Add, count the prior once, and take off the logarithm of the sum."""
    a = log_p.sum(axis=0) - (len(log_p) - 1) * log_prior  # (B, K)
    top = a.max(axis=1, keepdims=True)
    return a - top - np.log(np.exp(a - top).sum(axis=1, keepdims=True))


def attempt(log_p, log_prior, *, wrong=frozenset()):
    """The product with a student's mistakes in it."""
    M = len(log_p)
    a = log_p.sum(axis=0)
    if "experts averaged" in wrong:
        a = a / M
    times = M - 1
    if "prior counted M times" in wrong:
        times = 0
    if "prior not counted at all" in wrong:
        times = M
    if "prior taken out once" in wrong:
        times = 1
    if "prior added" in wrong:
        times = -times
    a = a - times * log_prior
    if "probabilities, not logarithms" in wrong:
        a = a - a.max(axis=1, keepdims=True)
        return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    if "not normalised" in wrong:
        return a
    axis = 0 if "normalised over the samples" in wrong else 1
    top = a.max(axis=axis, keepdims=True)
    if "no maximum subtracted" in wrong:
        top = 0.0
    with np.errstate(all="ignore"):
        return a - top - np.log(np.exp(a - top).sum(axis=axis, keepdims=True))


def _logs(p):
    return np.log(p / p.sum(axis=-1, keepdims=True))


def _case(rng, m, b, k):
    """Shares of small whole numbers, a prior that is not flat."""
    prior = rng.permutation(np.arange(1, k + 1)) ** 2
    return Case((_logs(rng.integers(1, 8, (m, b, k)) / 1.0), _logs(prior / 1.0)))


def draw(rng):
    b, k = (int(n) for n in rng.permutation([2, 3, 4])[:2])
    return _case(rng, int(rng.integers(2, 5)), b, k)


def corners(rng):
    """Two experts and one sample for the hand; certainty in the thousands."""
    sure = np.array([[[-0.0, -1000.0], [-2000.0, -0.0]], [[-900.0, 0.0], [0.0, -1.5]]])
    small = _logs(np.array([[[3.0, 1.0]], [[1.0, 1.0]]])), _logs(np.array([4.0, 1.0]))
    return [
        Case(small),
        _case(rng, 3, 1, 2),
        _case(rng, 3, 2, 3),
        Case((sure, _logs(np.array([3.0, 1.0])))),
    ]


PRIOR = (
    "prior counted M times",
    "prior not counted at all",
    "prior added",
    "prior taken out once",
)
MISTAKES = (
    Mistake(
        PRIOR[0],
        "each of the M experts has the prior in what it says, and you left all M in.",
        "If no expert has seen anything, each says the prior. What should the product "
        "say?",
        excludes=PRIOR,
    ),
    Mistake(
        PRIOR[1],
        "you took the prior out of all M experts: none is left.",
        "If no expert has seen anything, each says the prior. What should the product "
        "say?",
        excludes=PRIOR,
    ),
    Mistake(
        PRIOR[2],
        "you added the prior M − 1 times more, in place of taking it out.",
        "Does a product of M posteriors hold the prior too often or too rarely?",
        excludes=PRIOR,
    ),
    Mistake(
        PRIOR[3],
        "you took the prior out once: right for two experts only.",
        "In how many of M posteriors does it stand too often?",
        excludes=PRIOR,
    ),
    Mistake(
        "experts averaged",
        "you took the mean of the logarithms. Two independent witnesses who say the "
        "same "
        "are more certain than one.",
        "What do two experts with odds of 3 : 1 say together?",
    ),
    Mistake(
        "not normalised",
        "the probabilities of a sample do not add up to 1.",
        "What is np.exp of your answer, added up over the labels?",
        excludes=("normalised over the samples", "no maximum subtracted"),
    ),
    Mistake(
        "normalised over the samples",
        "you made the probabilities of each label add up to 1 over the batch.",
        "Which axis of (B, K) holds the labels?",
        excludes=("no maximum subtracted", *PRIOR),  # it takes the prior off again
    ),
    Mistake(
        "no maximum subtracted",
        "exp of minus thousands is 0, and log of 0 is minus infinity.",
        "What may be subtracted from a row before exp, and added again after log?",
        excludes=(*PRIOR, "experts averaged"),
    ),
    Mistake(
        "probabilities, not logarithms",
        "your answer holds the probabilities. Of two that are both tiny, 0 is all "
        "that is left to be seen.",
        "What should come out for a probability of 1?",
        excludes=(
            "not normalised",
            "normalised over the samples",
            "no maximum subtracted",
        ),
    ),
)


def by_logsumexp(log_p, log_prior):
    """NumPy's own logaddexp does the sum."""
    a = np.einsum("mbk->bk", log_p) + (1 - log_p.shape[0]) * log_prior[None]
    return a - np.logaddexp.reduce(a, axis=-1, keepdims=True)


def likelihoods(log_p, log_prior):
    """What each modality adds to the prior, added up; then the prior, once."""
    a = (log_p - log_prior).sum(axis=0) + log_prior
    a = a - a.max(axis=1)[:, None]
    return a - np.log(np.exp(a).sum(axis=1))[:, None]


EXERCISE = Exercise(
    id="14.3",
    title="product of experts",
    statement=STATEMENT,
    stub=STUB,
    function="product_of_experts",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_logsumexp, likelihoods),
    question="If no expert has seen anything, each says the prior. What should all "
    "together say?",
    hints=(
        "log_p.sum(axis=0) is (B, K). How often is the prior in it?",
        "The normalisation is a logarithm of a sum of exponentials over the labels.",
        "Subtract each row's maximum before exp: it does not change the result.",
    ),
    reread="Witnesses who have not talked to each other",
    minutes=8,
    points=3,
)
