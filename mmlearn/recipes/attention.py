"""The recipes of attention: the tasks of lessons 08 and 09, read by a transformer.

Each has as many parameters as the GRU it is compared with, to within one hidden unit
of its MLP, and reads the same data. Heads and rate were chosen by the validation loss
of two seeds; 0.02 is the highest rate of the grid, and higher ones were not searched.
Five seeds on reviews: 0.879 ± 0.021 after 12 passes (the GRU after 15: 0.99). More
passes help, and are not enough: of the validation reviews seeds 0 and 1 have 0.94 and
0.89 after 15, 0.95 and 0.90 after 30 (40 with dropout: 0.93). Digits of a voice left
out, six voices: 0.867 ± 0.100, the GRU 0.913 ± 0.041: they are not told apart.
"""

from functools import cache

from mmlearn.recipes import speech, text
from mmlearn.recipes.recipe import Recipe

UNITS, HEADS = 16, 4  # of the transformer on words
SOUND_UNITS, SOUND_HEADS = 24, 4
RATES = tuple({"learning_rate": rate} for rate in (3e-3, 1e-2, 2e-2))


def build_reviews(seed, **changes):
    """The transformer of `transformer_reviews`, as large as the GRU of lesson 09.

    Args:
        seed: int.
        changes: to `models.transformer_classifier`: `positions=False`, `masked=False`.
    """
    from mmlearn import models

    how = {"vocabulary": len(text.review_vocabulary()), "heads": HEADS} | changes
    how |= {"hidden": _hidden_for_reviews(), "seed": seed}
    return models.transformer_classifier(text.CLASSES, UNITS, **how)


def build_spoken_digits(seed):
    """The convolution of lesson 08's GRU, and attention in the place of the GRU."""
    return _digits(seed, _hidden_for_digits())


def matched_hidden(rival, one, units, blocks=1):
    """Hidden units of each MLP with which a transformer is as large as its rival.

    Each costs 2 U + 1 parameters a block: one row in, one column out, one bias.

    Args:
        rival: number of parameters to come near to.
        one: parameters of the transformer with a single hidden unit in each MLP.
        units: U of its tokens.
        blocks: how many.

    Returns:
        int, at least 1.

    >>> matched_hidden(rival=4290, one=2483, units=16)
    56
    """
    return max(1, 1 + round((rival - one) / (blocks * (2 * units + 1))))


@cache
def _hidden_for_reviews():
    from mmlearn import models

    how = {"vocabulary": len(text.review_vocabulary()), "heads": HEADS}
    one = models.transformer_classifier(text.CLASSES, UNITS, hidden=1, seed=0, **how)
    rival = _parameters(text.RECIPES, "gru_reviews")
    return matched_hidden(rival, one.count_params(), UNITS)


@cache
def _hidden_for_digits():
    rival = _parameters(speech.RECIPES, "gru_spoken_digits")
    return matched_hidden(rival, _digits(0, 1).count_params(), SOUND_UNITS)


def _digits(seed, hidden):
    from mmlearn import models

    return models.transformer_classifier(
        speech.CLASSES,
        SOUND_UNITS,
        features=speech.BANDS,
        front=models.spectrogram_front((8,), seed=seed),
        heads=SOUND_HEADS,
        hidden=hidden,
        seed=seed,
    )


def _parameters(recipes, name):
    return next(r for r in recipes if r.name == name).build(0).count_params()


RECIPES = (
    Recipe(
        name="transformer_reviews",
        description="one block of attention on the shipped reviews (lesson 10)",
        dataset="reviews",
        load=text.load_review_ids,
        build=build_reviews,
        epochs={"quick": 12, "full": 12},
        batch_size=40,
        learning_rate=2e-2,
        schedule="cosine",
        global_clipnorm=1.0,
        expected=(0.84, 0.93),
        grid=RATES,
    ),
    Recipe(
        name="transformer_spoken_digits",
        description="one block of attention on the shipped spoken digits (lesson 10)",
        dataset="spoken_digits",
        load=speech.RECIPES[0].load,
        build=build_spoken_digits,
        epochs={"quick": 10, "full": 30},
        batch_size=40,
        learning_rate=2e-2,
        schedule="cosine",
        global_clipnorm=1.0,
        expected=(0.97, 1.0),
        grid=RATES,
    ),
)
