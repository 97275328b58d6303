"""The recipes of lesson 16: one fused model, trained with and without gaps.

Three simulated modalities with the same class in each, and noise that they share: a
microphone, a camera and a transcript in one shaking car. Whoever has all three can
subtract the noise of one from another; whoever has been trained on all three only,
goes on subtracting when there is nothing to subtract from. The best possible accuracy
is known for every subset (`datasets.simulate_modalities`).
"""

from functools import partial

from mmlearn.recipes.recipe import Recipe

CLASSES, FEATURES, HIDDEN = 4, 8, 32
NOISE, CORRELATION = {"audio": 1.0, "image": 0.7, "text": 1.8}, 0.6
SAMPLES = 10_000  # 4,000 to train, 1,000 to choose by, 5,000 to test
RATES = tuple({"learning_rate": rate} for rate in (1e-3, 3e-3, 1e-2))


def simulated():
    """All samples, with `.posterior` and `.bayes_accuracy` of every subset."""
    from mmlearn.datasets import simulate_modalities

    return simulate_modalities(
        SAMPLES,
        classes=CLASSES,
        features=FEATURES,
        noise=NOISE,
        correlation=CORRELATION,
        seed=16,
    )


def load(profile):
    """The samples' parts; both profiles see the same."""
    return simulated().splits(train=0.4, validation=0.1)


def build(seed, dropout=0.0):
    """Concatenate, one hidden layer, four logits; gaps in training, or none."""
    import keras

    from mmlearn import layers, models

    keras.utils.set_random_seed(seed)
    fusion = layers.DeepFusion(CLASSES, depths=(0,), hidden_units=HIDDEN)
    none = dict.fromkeys(NOISE)
    return models.MultimodalModel(
        none, fusion, None, modality_dropout=dropout, seed=seed
    )


def _recipe(name, description, dropout, expected):
    return Recipe(
        name=name,
        description=description,
        dataset="simulated_modalities",
        load=load,
        build=partial(build, dropout=dropout),
        epochs={"quick": 15, "full": 40},
        batch_size=50,
        learning_rate=3e-3,
        expected=expected,
        grid=RATES,
    )


RECIPES = (
    _recipe(
        "fusion_complete",
        "three modalities fused, all there in training (lesson 16)",
        0.0,
        (0.85, 0.88),
    ),
    _recipe(
        "fusion_gaps",
        "the same, trained with modality dropout (lesson 16)",
        0.4,
        (0.84, 0.88),
    ),
)
