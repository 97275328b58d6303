"""`fit`: the same numbers as Keras' own loop, for every kind of data."""

import keras
import numpy as np
import pytest

from mmlearn import train
from mmlearn.train.loop import make_step
from mmlearn.train.options import Options

KINDS = (
    "arrays",
    "arrays, a long epoch",
    "own source",
    "tf.data",
    "tf.data of unknown length",
)


# Not Adam: it makes whole steps of the rounding errors of a gradient that is zero, as
# that of a bias before batch norm is.
NORMED = {"batch_norm": True, "weighted_metrics": ["accuracy"], "metrics": None}
ROWS = 170  # the last batch has 20; the other 30 validate


def momentum():
    return keras.optimizers.SGD(0.1, momentum=0.9)


@pytest.fixture(scope="module", params=[False, True])
def by_keras(request, digits, classifier):
    """Arrays, and what Keras' own loop makes of them: the model, its history."""
    x, y = (a[:ROWS] for a in digits)
    weights = np.linspace(0.1, 2, ROWS, dtype="float32") if request.param else None
    theirs = classifier(optimizer=momentum(), **NORMED)
    expected = theirs.fit(
        x,
        y,
        sample_weight=weights,
        batch_size=30,
        epochs=2,
        shuffle=False,
        validation_data=tuple(a[ROWS:] for a in digits),
        verbose=0,
    )
    return (x, y, weights)[: 3 if request.param else 2], theirs, expected.history


@pytest.mark.parametrize("kind", KINDS)
def test_same_weights_and_history_as_keras(
    kind, kinds, by_keras, digits, classifier, same, capsys
):
    arrays, theirs, expected = by_keras
    validation = tuple(a[ROWS:] for a in digits)
    ours = classifier(optimizer=momentum(), **NORMED)
    found = train.fit(ours, kinds[kind](*arrays), epochs=2, validation_data=validation)
    assert same(ours, theirs, 1e-5)
    for name, values in expected.items():
        assert found.history[name] == pytest.approx(values, abs=1e-5), name
    assert set(found.history) - set(expected) == {"last_batch_loss"}
    assert (found.epochs, found.steps) == (2, 12)
    assert capsys.readouterr().out == ""


def test_last_batch_loss_is_of_the_last_batch_before_its_update(digits, classifier):
    x, y = digits
    model = classifier(optimizer=keras.optimizers.SGD(0.0))
    source = train.ArraySource(x, y, batch_size=30, shuffle=False)
    found = train.fit(model, source, epochs=1).history
    assert found["last_batch_loss"][0] == pytest.approx(
        model.evaluate(x[180:], y[180:], verbose=0)[0], abs=1e-5
    )
    assert found["loss"][0] == pytest.approx(
        model.evaluate(x, y, verbose=0)[0], abs=1e-5
    )


def two_headed():
    image = keras.Input((6,), name="image")
    sound = keras.Input((4,), name="sound")
    joint = keras.layers.Concatenate()([image, sound])
    init = keras.initializers.GlorotUniform(seed=1)
    outputs = {
        "digit": keras.layers.Dense(3, name="digit", kernel_initializer=init)(joint),
        "pitch": keras.layers.Dense(1, name="pitch", kernel_initializer=init)(joint),
    }
    model = keras.Model({"image": image, "sound": sound}, outputs)
    model.compile(
        "sgd",
        loss={
            "digit": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "pitch": "mse",
        },
        metrics={"digit": ["accuracy"], "pitch": ["mae"]},
    )
    return model


def test_dicts_of_inputs_and_outputs(same):
    rng = np.random.default_rng(0)
    x = {"image": rng.normal(size=(50, 6)), "sound": rng.normal(size=(50, 4))}
    y = {"digit": rng.integers(0, 3, 50), "pitch": rng.normal(size=(50, 1))}
    ours, theirs = two_headed(), two_headed()
    source = train.ArraySource(x, y, batch_size=25, shuffle=False)
    found = train.fit(ours, source, epochs=2)
    expected = theirs.fit(x, y, batch_size=25, epochs=2, shuffle=False, verbose=0)
    assert same(ours, theirs, 1e-5)
    for name, values in expected.history.items():
        assert found.history[name] == pytest.approx(values, abs=1e-5), name
    # Without learning, and with a last batch of 2: means over samples, for every output
    # (Keras' own loop gives means over batches there).
    ours.optimizer.learning_rate = 0.0
    found = train.fit(ours, (x, y), epochs=1, batch_size=16)
    expected = ours.evaluate(x, y, batch_size=50, verbose=0, return_dict=True)
    for name, value in expected.items():
        assert found.history[name] == pytest.approx([value], abs=1e-5), name


def test_shuffled_arrays_take_the_order_of_the_source(digits, classifier, same):
    """The hand loop: Keras' own train_on_batch over the batches of the source."""
    ours, theirs = classifier(), classifier()
    train.fit(ours, digits, epochs=2, batch_size=64, seed=7)
    for epoch in range(2):
        for x, y in train.ArraySource(*digits, batch_size=64, seed=7).batches(epoch):
            theirs.train_on_batch(x, y)
    assert same(ours, theirs, 1e-5)


@pytest.mark.parametrize("seed", [0, 3])
def test_a_run_is_reproducible(seed, digits, classifier, same):
    models = [classifier(dropout=0.3) for _ in range(2)]
    for model, steps in zip(models, (None, 3), strict=True):
        train.fit(model, digits, epochs=2, seed=seed, steps_per_chunk=steps)
    assert same(*models)  # whatever the chunks: bit for bit
    other = classifier(dropout=0.3)
    train.fit(other, digits, epochs=2, seed=seed + 1)
    assert not same(models[0], other)


@pytest.mark.parametrize("settings", [{"jit_compile": True}, {"run_eagerly": True}])
def test_compiled_and_eager_steps_agree(settings, digits, classifier, same):
    ours, theirs = classifier(), classifier()
    ours.compile(
        ours.optimizer,
        ours.loss,
        metrics=["accuracy"],
        run_eagerly=settings.get("run_eagerly", False),
    )
    found = train.fit(ours, digits, epochs=1, jit_compile=settings.get("jit_compile"))
    expected = train.fit(theirs, digits, epochs=1)
    assert same(ours, theirs, 1e-5)
    assert found.history["loss"] == pytest.approx(expected.history["loss"], abs=1e-5)


def test_a_subclassed_model_without_a_training_argument(digits, same):
    class Scores(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(10, kernel_initializer="zeros")

        def call(self, x):
            return self.dense(x)

    models = [Scores(), Scores()]
    for model in models:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile("sgd", loss)
    train.fit(
        models[0], train.ArraySource(*digits, shuffle=False), epochs=1, batch_size=32
    )
    models[1].fit(*digits, batch_size=32, shuffle=False, verbose=0)
    assert same(*models, 1e-6)


def test_no_epoch_trains_nothing(digits, classifier, same):
    model = classifier()
    assert train.fit(model, digits, epochs=0).history == {}
    fresh = classifier()
    fresh.optimizer.build(fresh.trainable_variables)
    assert same(model, fresh)


def test_masked_recurrent_models_on_xla(same, kinds):
    """Recurrent models on arrays are compiled without being asked; the numbers stay."""

    def make():
        init = keras.initializers.GlorotUniform(seed=1)
        model = keras.Sequential(
            [
                keras.Input((6, 3)),
                keras.layers.Masking(),
                keras.layers.GRU(
                    4, kernel_initializer=init, recurrent_initializer=init, seed=0
                ),
                keras.layers.Dense(1, kernel_initializer=init),
            ]
        )
        model.compile(keras.optimizers.SGD(0.1), "mse")
        return model

    x = np.random.default_rng(0).normal(size=(40, 6, 3)).astype("float32")
    x[::2, 4:] = 0
    source = train.ArraySource(x, x.sum((1, 2)), batch_size=16, shuffle=False)
    ours, theirs = make(), make()
    assert make_step(ours, source, Options()).chunks.jit
    assert not make_step(ours, kinds["own source"](x), Options()).chunks.jit
    train.fit(ours, source, epochs=2)
    theirs.fit(*source.arrays[:2], batch_size=16, epochs=2, shuffle=False, verbose=0)
    assert same(ours, theirs, 1e-5)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="XLA is an option")
def test_xla_is_left_out_by_default_where_it_would_be_slow_or_refuse():
    """A convolution in a recurrent model ran at a fifth of its speed; a random shift
    stopped with "unsupported operations"."""
    layers = keras.layers

    def jitted(*stack):
        model = keras.Sequential([keras.Input((6, 4)), *stack, layers.LSTM(3)])
        model.compile("sgd", "mse")
        source = train.ArraySource(np.ones((4, 6, 4)), np.ones((4, 3)), batch_size=2)
        return make_step(model, source, Options()).chunks.jit

    image = layers.Reshape((6, 4, 1)), layers.RandomTranslation(0.1, 0.1)
    assert jitted()
    assert not jitted(layers.Conv1D(4, 2))
    assert not jitted(*image, layers.Reshape((6, 4)))
