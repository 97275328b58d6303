"""15.2: back through the gated unit for two, three lines left to write."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The unit for two, as in the paper: one gate, $y = z \\odot h + (1 - z) \\odot g$, with
$h = \\tanh(x W)$ of the image, $g = \\tanh(s U)$ of the sound, and the gate
$z = \\sigma([x, s] V)$. `image` is `(B, F)`, `sound` `(B, G)`, `image_kernel`
`(F, U)`, `sound_kernel` `(G, U)`, `gate_kernel` `(F + G, U)`: the image's rows first.

The forward pass and four lines of the pullback stand. Three are yours: `dscore`, what
arrives in front of the gate's sigmoid; `dimage`; `dsound`.
"""

STUB = '''\
def pair_unit(image, sound, image_kernel, sound_kernel, gate_kernel):
    """(B, F), (B, G), (F, U), (G, U), (F + G, U) -> y (B, U), and its pullback"""
    together = np.concatenate([image, sound], axis=1)
    h, g = np.tanh(image @ image_kernel), np.tanh(sound @ sound_kernel)
    z = 1 / (1 + np.exp(-(together @ gate_kernel)))

    def pullback(dy):
        da = dy * z * (1 - h**2)  # in front of the image's tanh
        db = dy * (1 - z) * (1 - g**2)  # in front of the sound's
        dscore = ...  # your line, (B, U)
        dimage = ...  # your line
        dsound = ...  # your line
        if dscore is ... or dimage is ... or dsound is ...:
            raise NotImplementedError
        dkernels = image.T @ da, sound.T @ db
        return dimage, dsound, *dkernels, together.T @ dscore

    return z * h + (1 - z) * g, pullback
'''


def solution(image, sound, image_kernel, sound_kernel, gate_kernel):
    """Each input is blamed twice: for what it said, and for how the gate stood."""
    together = np.concatenate([image, sound], axis=1)
    h, g = np.tanh(image @ image_kernel), np.tanh(sound @ sound_kernel)
    z = 1 / (1 + np.exp(-(together @ gate_kernel)))
    F = image.shape[1]

    def pullback(dy):
        da = dy * z * (1 - h**2)
        db = dy * (1 - z) * (1 - g**2)
        dscore = dy * (h - g) * z * (1 - z)
        dimage = da @ image_kernel.T + dscore @ gate_kernel[:F].T
        dsound = db @ sound_kernel.T + dscore @ gate_kernel[F:].T
        dkernels = image.T @ da, sound.T @ db
        return dimage, dsound, *dkernels, together.T @ dscore

    return z * h + (1 - z) * g, pullback


def attempt(
    image, sound, image_kernel, sound_kernel, gate_kernel, *, wrong=frozenset()
):
    """The three lines with a student's mistakes in them."""
    together = np.concatenate([image, sound], axis=1)
    h, g = np.tanh(image @ image_kernel), np.tanh(sound @ sound_kernel)
    z = 1 / (1 + np.exp(-(together @ gate_kernel)))
    F = image.shape[1]

    def pullback(dy):
        da = dy * z * (1 - h**2)
        db = dy * (1 - z) * (1 - g**2)
        apart = h + g if "1 − z differentiated to +1" in wrong else h - g
        apart = h if "only the image's candidate" in wrong else apart
        dscore = dy * apart
        if "slope of the sigmoid forgotten" not in wrong:
            dscore = dscore * z * (1 - z)
        V = gate_kernel
        if "rows of the gate kernel exchanged" in wrong and sound.shape[1] == F:
            V = np.concatenate([V[F:], V[:F]])
        gate = 0.0 if "the way through the gate forgotten" in wrong else 1.0
        dimage = da @ image_kernel.T + gate * (dscore @ V[:F].T)
        dsound = db @ sound_kernel.T + gate * (dscore @ V[F:].T)
        if "candidates forgotten" in wrong:
            dimage, dsound = dscore @ V[:F].T, dscore @ V[F:].T
        dkernels = image.T @ da, sound.T @ db
        return dimage, dsound, *dkernels, together.T @ dscore

    return z * h + (1 - z) * g, pullback


def _case(rng, rows, f, g, units):
    return Case(
        (
            halves(rng, rows, f) / 2,
            halves(rng, rows, g) / 2,
            halves(rng, f, units) / 2,
            halves(rng, g, units) / 2,
            halves(rng, f + g, units) / 4,
        ),
        upstream=halves(rng, rows, units),
    )


def draw(rng):
    f, g, units = (int(n) for n in rng.permutation([1, 2, 3]))
    return _case(rng, int(rng.integers(2, 4)), f, g, units)


def corners(rng):
    """One number each for the hand; then as many features as the other has."""
    return [_case(rng, 1, 1, 1, 1), _case(rng, 2, 2, 2, 3), _case(rng, 3, 2, 2, 2)]


GATE = ("the way through the gate forgotten", "candidates forgotten")
MISTAKES = (
    Mistake(
        GATE[0],
        "your inputs are blamed for what they said, not for how they moved the gate.",
        "In how many places does x stand in the forward pass?",
        excludes=(*GATE, "rows of the gate kernel exchanged"),
    ),
    Mistake(
        GATE[1],
        "your inputs are blamed for the gate alone.",
        "In how many places does x stand in the forward pass?",
        excludes=GATE,
    ),
    Mistake(
        "slope of the sigmoid forgotten",
        "your dscore is the gradient of z, not of what stands in front of the sigmoid.",
        "What is the slope of a sigmoid, in terms of its own value?",
    ),
    Mistake(
        "only the image's candidate",
        "you moved z and forgot that 1 − z moves with it.",
        "If z grows by a little, what happens to the share of the sound?",
        excludes=("1 − z differentiated to +1",),
    ),
    Mistake(
        "1 − z differentiated to +1",
        "your two candidates are added: the slope of 1 − z was taken for +1.",
        "If h = g, what changes when the gate moves?",
    ),
    Mistake(
        "rows of the gate kernel exchanged",
        "the image got the sound's rows of the gate kernel. With equal sizes it fits.",
        "In which order were the two laid side by side?",
    ),
)


def by_einsum(image, sound, image_kernel, sound_kernel, gate_kernel):
    """The gradient of what was laid side by side, cut apart again."""
    together = np.hstack([image, sound])
    h, g = np.tanh(image @ image_kernel), np.tanh(sound @ sound_kernel)
    z = 0.5 * (1 + np.tanh(together @ gate_kernel / 2))

    def pullback(dy):
        da, db = dy * z * (1 - h * h), dy * (1 - z) * (1 - g * g)
        dscore = dy * (h - g) * (z - z * z)
        both = np.einsum("bu,fu->bf", dscore, gate_kernel)
        dx, ds = np.split(both, [image.shape[1]], axis=1)
        dx, ds = dx + da @ image_kernel.T, ds + db @ sound_kernel.T
        return [dx, ds, image.T @ da, sound.T @ db, together.T @ dscore]

    return g + z * (h - g), pullback


EXERCISE = Exercise(
    id="15.2",
    title="back through the gate",
    statement=STATEMENT,
    stub=STUB,
    function="pair_unit",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_einsum,),
    question="If h = g, what does a small move of the gate change? And in how many "
    "places does the image stand in the forward pass?",
    hints=(
        "y = g + z (h − g): what is the slope of y in z? Then the sigmoid's slope.",
        "dimage has two terms: through its candidate, and through the gate's score.",
        "gate_kernel[:F] are the image's rows, gate_kernel[F:] the sound's.",
    ),
    reread="Back through the gate",
    kind="pullback",
    parts=("y", "dimage", "dsound", "dimage_kernel", "dsound_kernel", "dgate_kernel"),
    minutes=9,
    points=3,
)
