"""14.6: the part of a trained network that adds, and the part that combines."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
N samples of two modalities. `scores` is `(N, N, K)`: `scores[i, j]` are the network's
logits for the audio of sample i **with the image of sample j**. The nearest network
that only adds, one score from the audio and one from the image, says for sample i

$$\\hat s_i = \\frac1N \\sum_j s_{ij} + \\frac1N \\sum_j s_{ji}
- \\frac1{N^2} \\sum_{j, l} s_{jl}$$

Return it for all N samples, `(N, K)`.
"""

STUB = '''\
def additive_part(scores):
    """(N, N, K), audio i with image j -> (N, K)"""
    raise NotImplementedError
'''


def solution(scores):
    """The mean over images, the mean over audios, less what was counted twice."""
    return scores.mean(axis=1) + scores.mean(axis=0) - scores.mean(axis=(0, 1))


def attempt(scores, *, wrong=frozenset()):
    """The projection with a student's mistakes in it."""
    n = len(scores)
    if "own pairs left out" in wrong:
        others = scores * (1 - np.eye(n))[:, :, None]
        audio, image = others.sum(axis=1) / (n - 1), others.sum(axis=0) / (n - 1)
        grand = others.sum(axis=(0, 1)) / (n * (n - 1))
    else:
        audio, image = scores.mean(axis=1), scores.mean(axis=0)
        grand = scores.mean(axis=(0, 1))
    if "the same mean twice" in wrong:
        image = audio
    if "one mean of all classes" in wrong:
        grand = grand.mean()
    if "grand mean not taken off" in wrong:
        grand = 0 * grand
    if "grand mean added" in wrong:
        grand = -grand
    if "halved" in wrong:
        return (audio + image) / 2
    return audio + image - grand


def _case(rng, n, k):
    """Halves; means that are not 0 and differ from class to class."""
    return Case((rng.integers(-4, 9, (n, n, k)) / 2 + rng.permutation(k),))


def draw(rng):
    return _case(rng, int(rng.integers(3, 5)), int(rng.integers(2, 4)))


def corners(rng):
    """XOR of two bits, all four pairs; and small ones."""
    xor = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    return [_case(rng, 2, 1), Case((xor,)), _case(rng, 3, 2), _case(rng, 4, 2)]


GRAND = ("grand mean not taken off", "grand mean added", "one mean of all classes")
MISTAKES = (
    Mistake(
        GRAND[0],
        "the mean of everything is in both of your means, and stays counted twice.",
        "If all scores are 5, what should come out?",
        excludes=(*GRAND, "halved"),
    ),
    Mistake(
        GRAND[1],
        "the mean of everything is counted three times.",
        "If all scores are 5, what should come out?",
        excludes=(*GRAND, "halved"),
    ),
    Mistake(
        GRAND[2],
        "you took one mean over pairs and classes: each class has a mean of its own.",
        "Over which axes does the last sum of the formula run?",
        excludes=(*GRAND, "halved"),
    ),
    Mistake(
        "own pairs left out",
        "you left the real pairs, i with i, out of the means.",
        "Do the sums of the formula leave out j = i?",
    ),
    Mistake(
        "the same mean twice",
        "both of your means run over the images: the second one must hold the image "
        "of i "
        "fixed.",
        "In which place does i stand in the second sum?",
    ),
    Mistake(
        "halved",
        "you averaged the two means. That halves what each modality says.",
        "If the image says nothing, all scores of a row are alike. What should come "
        "out?",
    ),
)


def by_loop(scores):
    """Sample by sample."""
    n = len(scores)
    total = sum(scores[i, j] for i in range(n) for j in range(n)) / n**2
    return [sum(scores[i]) / n + sum(scores[:, i]) / n - total for i in range(n)]


def by_residual(scores):
    """Take off what is not additive, and read the diagonal."""
    centred = scores - scores.mean(axis=0, keepdims=True)
    centred = centred - centred.mean(axis=1, keepdims=True)  # the interaction
    n = np.arange(len(scores))
    return (scores - centred)[n, n]


EXERCISE = Exercise(
    id="14.6",
    title="the additive part of a network",
    statement=STATEMENT,
    stub=STUB,
    function="additive_part",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, by_residual),
    question="If all scores were 5, what should come out, and what does come out?",
    hints=(
        "scores.mean(axis=1) holds the audio fixed: (N, K).",
        "Both means contain the mean of all. How often should it be there?",
    ),
    reread="Does my network combine?",
    planes={"scores": (0, 1)},
    minutes=8,
    points=3,
)
