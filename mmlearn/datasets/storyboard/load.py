"""Storyboard in three parts, for training; and the data set's card."""

from mmlearn.datasets.storyboard.world import PARTS, simulate

SAMPLES = (2_000, 500, 500)


def load_storyboard(dials=None, *, samples=SAMPLES, seed=0, size=32):
    """Make a simulated world's clips with sound, caption and scene graph; six tasks.

    Origin: drawn and sounded by a seeded program from scripts; the handwriting is
        scikit-learn's (`load_digits`), the voices are the synthetic ones that ship.
        class: the digit; action: how it moves; sentiment: a score, ⅖ in its colour and
        tone, ⅗ in an adjective; scene: seen only; anomaly: a stone that pings, a bell
        that thuds; next: the shape that it will reach. Wrong copies are made on
        purpose, so that the best possible accuracy is known: `storyboard.ceiling`.
    Meant for: teaching and testing fusion where the truth is known. Not for: claims
        about real video; its world is tiny, flat, balanced, in English.
    Licence: CC BY 4.0 (handwriting: UCI, CC BY 4.0). Citation: the mmlearn authors.

    Args:
        dials: `storyboard.Dials`. samples: of each part. seed: of everything.
        size: height and width of frames, px.

    Returns:
        dict "train", "validation", "test" → `storyboard.Clips`; no handwriting and no
        recording is in two parts, all voices are in all three.

    >>> load_storyboard(samples=(2, 1, 1))["train"].labels["next"].shape
    (2,)
    """
    return {
        part: simulate(n, dials, seed=seed, part=part, size=size)
        for part, n in zip(PARTS, samples, strict=True)
    }
