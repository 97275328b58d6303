"""Zero-shot: coloured digits and their names, some of which no pair ever showed.

A class is a digit and a colour: 60 in all. Each digit is withheld in two of the six
colours, one to choose settings by and one to test. Whether its name can find it depends
on the name: "green seven" has parts that were met elsewhere; number 43 of a list has
none.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from mmlearn.recipes import pairs

DIGITS = (
    *("zero", "one", "two", "three", "four"),
    *("five", "six", "seven", "eight", "nine"),
)
COLOURS = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
COLOURS |= {"yellow": (1, 1, 0), "magenta": (1, 0, 1), "cyan": (0, 1, 1)}
NAMES = tuple(f"{colour} {digit}" for digit in DIGITS for colour in COLOURS)
WITHHELD = {  # class numbers that no pair shows
    part: np.array([6 * digit + (digit + step) % 6 for digit in range(10)])
    for step, part in enumerate(("test", "validation"))
}
# On the ten classes withheld to validate, one seed: 64 to 256 hidden units and rates of
# 3e-3 and 1e-2 named 0.79 to 0.84 of the images rightly.
HIDDEN = 128


def name_vectors(composed=True):
    """The 60 names as vectors: one 1 for each word, or one 1 for the whole name.

    >>> name_vectors().shape, name_vectors(False).shape
    ((60, 16), (60, 60))
    """
    if not composed:
        return np.eye(len(NAMES), dtype=np.float32)
    words = [*DIGITS, *COLOURS]
    told = [[word in name.split() for word in words] for name in NAMES]
    return np.array(told, np.float32)


def load(profile, composed=True):
    """Images (B, 192) and names of the same class.

    Returns:
        dict part -> ({"image", "text"}, y (B,) class numbers). "train" pairs are of 40
        classes, images of "shown" of the same; "validation" and "test" images of the
        ten classes each that are withheld. All four are other images.
    """
    from mmlearn.datasets import load_digits

    names, splits = name_vectors(composed), {}
    digits = load_digits()
    x, y = digits.pop("test")
    digits |= {"test": (x[::2], y[::2]), "shown": (x[1::2], y[1::2])}
    for number, (part, (x, digit)) in enumerate(digits.items()):
        rng = np.random.default_rng(number)
        steps = rng.integers(2, 6, len(digit))
        if part in WITHHELD:
            steps[:] = list(WITHHELD).index(part)
        y = 6 * digit + (digit + steps) % 6
        ink = np.array(list(COLOURS.values()), np.float32)[y % 6]  # (B, 3)
        image = x / np.float32(16) * ink[:, None, None, :]
        splits[part] = {"image": image.reshape(len(y), -1), "text": names[y]}, y
    return splits


def build(seed):
    """Names are sums of word vectors, a linear map; images as in `pairs`."""
    import keras

    from mmlearn.models import DualEncoder

    glorot = keras.initializers.GlorotUniform(seed=1000 * seed + 5)
    words = keras.layers.Dense(pairs.UNITS, kernel_initializer=glorot, name="words")
    image = pairs.encoder("image", HIDDEN, pairs.UNITS, seed)
    encoders = {"image": image, "text": words}
    return DualEncoder(encoders, temperature=pairs.TEMPERATURE, name="dual_encoder")


def name_of(model, image, composed=True):
    """Class numbers of the names nearest to some images, of all 60.

    Args:
        model: DualEncoder of "image" and "text". image: (B, 192).
        composed: as of `name_vectors`.

    Returns:
        (B,) int64.
    """
    seen = np.asarray(model.embed("image", image))
    said = np.asarray(model.embed("text", name_vectors(composed)))
    return (seen @ said.T).argmax(axis=1)


def named_rightly(model, pair, composed=True):
    """Share of images whose name, of all 60, is the nearest."""
    x, y = pair
    return float((name_of(model, x["image"], composed) == y).mean())


COMPOSED = replace(
    pairs.PAIRS,
    name="zero_shot_names",
    description="coloured digits that no pair showed, by their names (lesson 17)",
    dataset="digits",
    load=load,
    build=build,
    epochs={"quick": 15, "full": 30},
    score=named_rightly,
    learning_rate=3e-3,
    expected=(0.58, 0.8),
)
ATOMIC = replace(  # no recipe of the catalogue: it cannot work
    COMPOSED,
    name="zero_shot_numbers",
    load=partial(load, composed=False),
    score=partial(named_rightly, composed=False),
)
