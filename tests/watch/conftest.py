"""A log folder as a short run leaves it, made without any training."""

from types import SimpleNamespace

import numpy as np
import pytest

from mmlearn.watch.events import EventWriter
from mmlearn.watch.pictures import weight_picture


@pytest.fixture
def log_dir(tmp_path):
    folder = tmp_path / "run 1"
    train, validation = (
        EventWriter(folder / "train"),
        EventWriter(folder / "validation"),
    )
    noise = np.random.default_rng(0).normal(size=(3, 3, 1, 6))
    for step in range(5):
        kernel = noise * (step + 1)
        train.histogram("conv/kernel", kernel, step)
        train.image("conv/kernel_image", weight_picture(kernel), step)
        train.histogram("conv/bias", kernel[0], step)
        if step:
            train.scalar("epoch_loss", 2.0 / step, step)
            validation.scalar("epoch_loss", 2.5 / step, step)
    train.close()
    validation.close()
    return folder


@pytest.fixture
def inside_dir(tmp_path):
    """A log folder as a microscope leaves it, made without any training."""
    from mmlearn.watch.confusion import confusion_picture
    from mmlearn.watch.pictures import map_picture

    folder = tmp_path / "run 2"
    train, samples = EventWriter(folder / "train"), EventWriter(folder / "samples")
    rng = np.random.default_rng(0)
    for step in range(4):
        for layer, units in (("conv", 3), ("late", 5)):
            maps = rng.normal(size=(2, 4, 5, units)) * (step + 1)
            samples.image(f"{layer}/feature_maps", map_picture(maps), step)
            samples.histogram(f"{layer}/activation", maps, step)
            samples.histogram(f"{layer}/kernel_gradient", maps / 10, step)
            samples.scalar(f"dead_units/{layer}", step / 4, step)
            if step:
                train.scalar(f"update_ratio_log10/{layer}/kernel", -step, step)
                train.scalar(f"update_ratio_log10/{layer}/bias", -1, step)
        counts = np.diag([step, 2, 3])
        samples.image("confusion", confusion_picture(counts), step)
    samples.scalar("not_finite/late", 0.25, 3)
    train.close()
    samples.close()
    return folder


def _net():
    import keras

    keras.utils.set_random_seed(0)
    layers = [
        keras.Input((6, 7, 1)),
        keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
        keras.layers.Flatten(name="flatten"),
        keras.layers.Dropout(0.5, name="dropout"),
        keras.layers.Dense(5, activation="relu", name="hidden"),
        keras.layers.Dense(3, name="logits"),
    ]
    net = keras.Sequential(layers, name="net")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(0.02), loss, metrics=["accuracy"])
    return net


@pytest.fixture(scope="session")
def watched():
    """A small CNN with data, and two ways to train it, for whoever watches."""
    keras = pytest.importorskip("keras")
    x = np.random.default_rng(0).normal(size=(48, 6, 7, 1)).astype("float32")
    y = np.arange(48) % 3

    class Weights(keras.callbacks.Callback):
        """Keeps the weights before training and after every epoch."""

        def on_train_begin(self, logs=None):
            self.kept = [self.model.get_weights()]

        def on_epoch_end(self, epoch, logs=None):
            self.kept.append(self.model.get_weights())

    def by_keras(model, callbacks, epochs):
        options = {"callbacks": callbacks, "verbose": 0, "shuffle": False}
        return model.fit(x, y, epochs=epochs, **options).history

    def by_ours(model, callbacks, epochs, **options):
        from mmlearn import train

        given = {"callbacks": callbacks, "progress": False, **options}
        return train.fit(model, (x, y), epochs=epochs, **given).history

    names = {"x": x, "y": y, "model": _net, "weights": Weights}
    return SimpleNamespace(**names, by_keras=by_keras, by_ours=by_ours)
