"""The recipes that there are, each with the schedule that `select` chose."""

from mmlearn.recipes import (
    attention,
    av_fusion,
    colours,
    few_labels,
    fights,
    fsdd,
    fusion,
    graphs,
    messages,
    missing,
    mnist1d,
    mosi,
    moves,
    pairs,
    polarity,
    skeletons,
    speech,
    storyboard_tasks,
    storyboard_xor,
    text,
    ucf101,
    video_model,
)
from mmlearn.recipes.recipe import Recipe, RecipeError

DIGITS, MNIST = (8, 8, 1), (28, 28, 1)  # (H, W, C)
CLASSES = 10
RATES = tuple({"learning_rate": rate} for rate in (3e-4, 1e-3, 3e-3, 1e-2, 3e-2))


def names():
    """Names of all recipes, in the order of the course.

    >>> names()[:4]
    ['softmax_digits', 'softmax_mnist', 'dense_digits', 'cnn_digits']
    """
    return list(_RECIPES)


def get(name):
    """The recipe of that name.

    Raises:
        RecipeError: naming the recipes that there are.

    >>> get("softmax_digits").dataset
    'digits'
    """
    if name not in _RECIPES:
        raise RecipeError(f"no recipe {name!r}; there are {', '.join(names())}")
    return _RECIPES[name]


def _load_digits(profile):
    from mmlearn.datasets import load_digits

    return _scaled(load_digits(), top=16)


def _load_mnist(profile):
    from mmlearn.datasets import load_mnist

    return _scaled(load_mnist(), top=255)


def _scaled(splits, top):
    from mmlearn.preprocess import images

    return {name: (images.scale(x, top=top), y) for name, (x, y) in splits.items()}


def _softmax(shape):
    def build(seed):
        from mmlearn import models

        return models.softmax_regression(shape, CLASSES, seed=seed)

    return build


def _build_cnn(seed):
    from mmlearn import models

    return models.small_cnn(DIGITS, CLASSES, seed=seed)


def _build_dense(seed):
    """The CNN's baseline: as many parameters, to within one hidden unit."""
    from mmlearn import models

    hidden = models.hidden_units(DIGITS, CLASSES, _build_cnn(0).count_params())
    return models.dense_classifier(DIGITS, CLASSES, hidden, seed=seed)


def _build_conv_lstm_digits(seed):
    from mmlearn import models

    return models.conv_lstm(
        DIGITS, CLASSES, (16, 32), 32, pools=1, dropout=0.2, unroll=True, seed=seed
    )


def _build_conv_lstm_mnist(seed):
    from mmlearn import models

    return models.conv_lstm(
        MNIST, CLASSES, (16, 32, 64), 64, dropout=0.2, shift=0.07, seed=seed
    )


_ALL = (
    Recipe(
        name="softmax_digits",
        description="softmax regression on scikit-learn's 8×8 digits (lesson 02)",
        dataset="digits",
        load=_load_digits,
        build=_softmax(DIGITS),
        epochs={"quick": 40, "full": 40},
        batch_size=32,
        learning_rate=3e-2,
        expected=(0.95, 0.975),
        grid=(*RATES, {"learning_rate": 1e-1}),  # the best of RATES lay at its edge
    ),
    Recipe(
        name="softmax_mnist",
        description="softmax regression on MNIST's 70,000 images (lesson 02)",
        dataset="mnist",
        load=_load_mnist,
        build=_softmax(MNIST),
        epochs={"quick": 10, "full": 30},
        batch_size=256,
        learning_rate=3e-3,
        expected=(0.92, 0.93),
        grid=RATES,
    ),
    Recipe(
        name="dense_digits",
        description="one hidden layer on the digits: cnn_digits' baseline (lesson 03)",
        dataset="digits",
        load=_load_digits,
        build=_build_dense,
        epochs={"quick": 40, "full": 40},
        batch_size=32,
        learning_rate=3e-3,
        expected=(0.96, 0.985),
        grid=RATES,
    ),
    Recipe(
        name="cnn_digits",
        description="a small CNN on the digits (lesson 03)",
        dataset="digits",
        load=_load_digits,
        build=_build_cnn,
        epochs={"quick": 20, "full": 40},
        batch_size=32,
        learning_rate=1e-2,
        expected=(0.975, 0.995),
        grid=RATES,
    ),
    Recipe(
        name="conv_lstm_digits",
        description="convolutions, then an LSTM over rows, on the digits (lesson 05)",
        dataset="digits",
        load=_load_digits,
        build=_build_conv_lstm_digits,
        epochs={"quick": 15, "full": 30},
        batch_size=32,
        learning_rate=1e-2,
        schedule="cosine",
        expected=(0.97, 0.998),
        grid=RATES,
    ),
    Recipe(
        # Of 29 settings (widths, units, rate, shift, rotation, zoom, dropout, epochs),
        # two or three seeds each, the cheapest whose validation accuracy, 0.9951, was
        # the best one's; with (32, 64, 64) kernels the loss was 0.0134, not 0.0146.
        name="conv_lstm_mnist",
        description="the repaired blueprint on MNIST's 70,000 images (lesson 05)",
        dataset="mnist",
        load=_load_mnist,
        build=_build_conv_lstm_mnist,
        epochs={"quick": 1, "full": 12},
        batch_size=128,
        learning_rate=2e-3,
        schedule="cosine",
        expected=(0.994, 0.997),
        grid=tuple({"learning_rate": rate} for rate in (2e-3, 4e-3)),
    ),
)
_RECIPES = {
    recipe.name: recipe
    for recipe in (
        *_ALL,
        *mnist1d.RECIPES,
        *speech.RECIPES,
        *fsdd.RECIPES,
        *polarity.RECIPES,
        *graphs.RECIPES,
        *messages.RECIPES,
        *skeletons.RECIPES,
        *text.RECIPES,
        *attention.RECIPES,
        *missing.RECIPES,
        *fusion.RECIPES,
        *mosi.RECIPES,
        *ucf101.RECIPES,
        *moves.RECIPES,
        *fights.RECIPES,
        *av_fusion.RECIPES,
        pairs.PAIRS,
        colours.COMPOSED,
        *few_labels.RECIPES,
        *storyboard_tasks.RECIPES,
        *storyboard_xor.RECIPES,
        *video_model.RECIPES,
    )
}
