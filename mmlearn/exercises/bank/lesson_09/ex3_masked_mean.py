"""09.3: the mean of those words that count, and its pullback."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The mean over the words that count:

$$y_b = \\frac{1}{n_b} \\sum_l m_{bl}\\, x_{bl},
\\qquad n_b = \\max(1, \\sum_l m_{bl})$$

`x` is `(B, L, F)`, `mask` `(B, L)` bool. Return `y`, `(B, F)`, and a pullback that
takes `dy`, `(B, F)`, and returns `dx`, `(B, L, F)`. A row of padding alone gives zeros.
"""

STUB = '''\
def masked_mean(x, *, mask):
    """(B, L, F), (B, L) bool -> y (B, F), and its pullback: dy -> (B, L, F)"""
    raise NotImplementedError
'''


def solution(x, *, mask):
    """What was divided is divided on the way back; what was left out gets nothing."""
    m = mask[:, :, None].astype(float)  # (B, L, 1), beside (B, L, F)
    n = np.maximum(m.sum(axis=1), 1)  # (B, 1)
    y = (m * x).sum(axis=1) / n

    def pullback(dy):
        return m * (dy / n)[:, None, :]

    return y, pullback


def attempt(x, *, mask, wrong=frozenset()):
    """The mean with a student's mistakes in it."""
    m = mask[:, :, None].astype(float)
    n = np.maximum(m.sum(axis=1), 1)
    if "divided by L" in wrong:
        n = np.full(n.shape, float(x.shape[1]))
    if "one count for all sentences" in wrong:
        n = np.full(n.shape, max(1.0, m.sum()))
    kept = np.ones_like(m) if "padding added up" in wrong else m
    y = (kept * x).sum(axis=1) / n

    def pullback(dy):
        back = np.ones_like(m) if "padding gets a gradient" in wrong else kept
        divisor = np.ones_like(n) if "gradient not divided" in wrong else n
        return back * (dy / divisor)[:, None, :]

    return y, pullback


def _case(rng, mask, F):
    mask = np.array(mask, bool)

    def some(shape):
        return rng.integers(1, 9, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    return Case((some((*mask.shape, F)),), {"mask": mask}, some((len(mask), F)))


def draw(rng):
    """Two or three sentences, holes allowed; at least one word and one gap in each."""
    B, L = (int(n) for n in rng.permutation([2, 4]))
    mask = rng.random((B, L)) < 0.6
    for row in mask:
        row[rng.permutation(L)[:2]] = [True, False]
    return _case(rng, mask, 3)


def corners(rng):
    """By hand; then a sentence without a word."""
    mask, dy = np.array([[True, True, False]]), np.array([[3.0]])
    return [
        Case((np.array([[[4.0], [2.0], [-3.0]]]),), {"mask": mask}, dy),
        _case(rng, [[0, 0], [1, 0]], 1),
        _case(rng, [[1, 1, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]], 2),
    ]


MISTAKES = (
    Mistake(
        "divided by L",
        "you divided by the length of the row. More padding would then pull the mean "
        "towards 0.",
        "What do you divide by when the sentence has two words and the row ten places?",
        excludes=("one count for all sentences",),
    ),
    Mistake(
        "one count for all sentences",
        "you divided by all the words of the batch. Then a sentence's mean depends on "
        "what stands beside it.",
        "Over which axis is the mask summed up?",
    ),
    Mistake(
        "padding added up",
        "what stands on padding is in your sum.",
        "What is x multiplied with before the sum?",
        excludes=("padding gets a gradient",),
    ),
    Mistake(
        "padding gets a gradient",
        "your pullback hands a gradient to places that the sum left out.",
        "If x moves on padding, does y move?",
    ),
    Mistake(
        "gradient not divided",
        "each word got the whole of dy. In a mean of n words each has an n-th part.",
        "If one word of three rises by 1, by how much does the mean rise?",
    ),
)


def by_sentences(x, *, mask):
    """One sentence at a time."""
    y = np.zeros((len(x), x.shape[2]))
    for b, keep in enumerate(mask):
        if keep.any():
            y[b] = x[b][keep].mean(axis=0)

    def pullback(dy):
        dx = np.zeros_like(x)
        for b, keep in enumerate(mask):
            dx[b, keep] = dy[b] / max(1, keep.sum())
        return (dx,)

    return y, pullback


def as_weights(x, *, mask):
    """A weight for each word: a product each way."""
    w = mask / np.maximum(mask.sum(axis=1, keepdims=True), 1)
    return (
        np.einsum("bl,blf->bf", w, x),
        lambda dy: np.einsum("bl,bf->blf", w, dy),
    )


EXERCISE = Exercise(
    id="09.3",
    title="a masked mean",
    statement=STATEMENT,
    stub=STUB,
    function="masked_mean",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_sentences, as_weights),
    question="Cross out the words that do not count. What is the mean of the others, "
    "and which words could change it?",
    hints=(
        "mask[:, :, None] stands beside x: (B, L, 1) against (B, L, F).",
        "Two sums over axis 1: of the words that count, and of the mask.",
        "Back: y is a weighted sum with weights m / n, so `dx = m / n · dy`.",
    ),
    reread="Sentences of unequal length",
    kind="pullback",
    parts=("y", "dx"),
    minutes=7,
    points=3,
)
