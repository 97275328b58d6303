"""14.5: fusion by concatenation, and its pullback."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
One affine map of two modalities side by side, in the order of their names:

$$y = [\\,a \\,\\Vert\\, i\\,]\\, W + b$$

`audio` is `(B, Fa)`, `image` `(B, Fi)`, `kernel` `(Fa + Fi, U)`, `bias` `(U,)`. Return
y `(B, U)` and its pullback, `dy -> daudio, dimage, dkernel, dbias`.
"""

STUB = '''\
def concatenate_fusion(audio, image, kernel, bias):
    """(B, Fa), (B, Fi), (Fa + Fi, U), (U,) -> y (B, U), and its pullback"""
    raise NotImplementedError
'''


def solution(audio, image, kernel, bias):
    """A dense layer; what goes back is cut where the inputs were joined."""
    x = np.concatenate([audio, image], axis=1)  # (B, Fa + Fi)

    def pullback(dy):
        dx = dy @ kernel.T
        cut = audio.shape[1]
        return dx[:, :cut], dx[:, cut:], x.T @ dy, dy.sum(axis=0)

    return x @ kernel + bias, pullback


def attempt(audio, image, kernel, bias, *, wrong=frozenset()):
    """Concatenation with a student's mistakes in it."""
    x = np.concatenate([audio, image], axis=1)
    if "image first" in wrong:
        x = np.concatenate([image, audio], axis=1)
    shared = "every modality adds the bias" in wrong
    y = x @ kernel + (2 * bias if shared else bias)

    def pullback(dy):
        back = kernel.T
        if "kernel not turned" in wrong and kernel.shape[0] == kernel.shape[1]:
            back = kernel
        dx = dy @ back
        cut = image.shape[1] if "cut in the wrong place" in wrong else audio.shape[1]
        if "image first" in wrong:
            cut = x.shape[1] - cut
            daudio, dimage = dx[:, cut:], dx[:, :cut]
        else:
            daudio, dimage = dx[:, :cut], dx[:, cut:]
        dkernel, dbias = x.T @ dy, dy.sum(axis=0)
        if "a mean over the batch" in wrong:
            dkernel, dbias = dkernel / len(dy), dbias / len(dy)
        if shared:
            dbias = 2 * dbias
        return daudio, dimage, dkernel, dbias

    return y, pullback


def _case(rng, b, fa, fi, u):
    """Halves without zeros, no two kernels alike."""

    def some(*shape):
        return rng.integers(1, 7, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    arrays = some(b, fa), some(b, fi), some(fa + fi, u), some(u)
    return Case(arrays, upstream=some(b, u))


def draw(rng):
    fa, fi = (int(n) for n in rng.permutation([1, 2, 3])[:2])
    return _case(rng, int(rng.integers(2, 4)), fa, fi, int(rng.integers(2, 5)))


def corners(rng):
    """One sample for the hand; a square kernel."""
    return [
        _case(rng, 1, 1, 1, 1),
        _case(rng, 1, 1, 2, 1),
        _case(rng, 2, 2, 1, 3),
        _case(rng, 2, 1, 3, 4),
    ]


MISTAKES = (
    Mistake(
        "image first",
        "you put the image before the audio. The first rows of the kernel belong to "
        "the "
        "audio.",
        "In which order do sorted names stand?",
    ),
    Mistake(
        "cut in the wrong place",
        "you cut dx after as many columns as the image has; the audio stands first.",
        "How many columns of dx belong to the audio?",
    ),
    Mistake(
        "kernel not turned",
        "you multiplied dy with the kernel as it stands. Where the kernel is square it "
        "fits, and is wrong.",
        "dy ends in U, dx in Fa + Fi. Which axis of the kernel must be summed away?",
    ),
    Mistake(
        "a mean over the batch",
        "dkernel and dbias are divided by the batch size. If the loss is a mean, dy "
        "holds "
        "that already.",
        "Does the equation of y have a 1/B?",
    ),
    Mistake(
        "every modality adds the bias",
        "the bias stands in y twice, once for each modality.",
        "How many biases does the equation have?",
    ),
)


def two_maps(audio, image, kernel, bias):
    """The sum of two maps: each modality meets its own rows of W."""
    Wa, Wi = kernel[: audio.shape[1]], kernel[audio.shape[1] :]

    def pullback(dy):
        dkernel = np.concatenate([audio.T @ dy, image.T @ dy])
        return [dy @ Wa.T, dy @ Wi.T, dkernel, np.ones(len(dy)) @ dy]

    return audio @ Wa + image @ Wi + bias, pullback


def by_einsum(audio, image, kernel, bias):
    """With letters."""
    x = np.hstack([audio, image])
    y = np.einsum("bf,fu->bu", x, kernel) + bias[None]

    def pullback(dy):
        dx = np.einsum("bu,fu->bf", dy, kernel)
        daudio, dimage = np.split(dx, [audio.shape[1]], axis=1)
        return daudio, dimage, np.einsum("bf,bu->fu", x, dy), np.einsum("bu->u", dy)

    return y, pullback


EXERCISE = Exercise(
    id="14.5",
    title="concatenation and its pullback",
    statement=STATEMENT,
    stub=STUB,
    function="concatenate_fusion",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(two_maps, by_einsum),
    question="Which columns of x came from which modality, and where does their "
    "gradient go?",
    hints=(
        "np.concatenate([audio, image], axis=1), then lesson 02's dense layer.",
        "dx = dy @ kernel.T is (B, Fa + Fi). Cut it where the two were joined.",
    ),
    reread="Early, deep, late",
    kind="pullback",
    parts=("y", "daudio", "dimage", "dkernel", "dbias"),
    minutes=9,
    points=3,
)
