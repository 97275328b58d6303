"""What does not fit is refused before anything is trained, in one sentence."""

import keras
import numpy as np
import pytest

from mmlearn import axes, train


def refused(told, model, data, error=ValueError, **settings):
    with pytest.raises(error, match=told) as caught:
        train.fit(model, data, epochs=1, **settings)
    assert "train.fit" in str(caught.value)
    return str(caught.value)


def test_models_that_cannot_be_trained(digits, classifier):
    plain = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10)])
    refused(r"is not compiled; write first, for example, model\.compile", plain, digits)
    refused("model is a str; expected a keras.Model", "model", digits)
    frozen = classifier()
    frozen.trainable = False
    refused("has no trainable weights", frozen, digits)

    class Own(keras.Model):
        def train_step(self, data):
            return {}

    own = Own()
    own.compile("sgd", "mse")
    refused("Own has its own train_step", own, digits)


def test_settings(digits, classifier):
    with pytest.raises(ValueError, match="epochs is 1.5; expected an int"):
        train.fit(classifier(), digits, epochs=1.5)
    with pytest.raises(ValueError, match="epochs is -1; expected at least 0"):
        train.fit(classifier(), digits, epochs=-1)


def test_empty_and_unequal_data(digits, classifier):
    x, y = digits
    refused("x is empty", classifier(), (x[:0], y[:0]))
    refused("x has 200, y has 199 rows", classifier(), (x, y[:199]))
    refused("data is a ndarray", classifier(), x)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nonfinite_inputs_are_counted(value, digits, classifier):
    x = digits[0].copy()
    x[[40, 90], 3] = value
    model, y = classifier(), digits[1]
    refused("x holds NaN or infinite values in 2 of 200 rows, .* row 40", model, (x, y))
    refused("validation_data: x holds NaN", model, digits, validation_data=(x, y))


def test_large_values_are_finite(digits, classifier):
    """A float32 sum of these overflows; the check must not mind."""
    x = np.full((3, 64), 3e38, "float32")
    with pytest.raises(train.NonFiniteError):
        train.fit(classifier(), (x, np.zeros(3)), epochs=1)


def test_shapes(digits, classifier):
    x, y = digits
    told = refused(
        r"data: x is \(200, 63\); expected \(B, 64\): the model's input 'pixels'",
        classifier(),
        (x[:, 1:], y),
        axes.ShapeError,
    )
    assert told.count("\n") == 0
    refused(
        "the loss cannot compare y", classifier(loss="mse"), (x, np.zeros((200, 7)))
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda y: y.astype(str), "y holds <U.* values; expected numbers"),
        (lambda y: y + 0.5, r"y holds fractions \(0.5\)"),
        (lambda y: y - 1, r"y holds labels from -1 to 8; the model's 10 .* 0 … 9"),
        (lambda y: y + 1, "y holds labels from 1 to 10"),
        (lambda y: np.where(y == 4, np.nan, y), "y holds NaN or infinite"),
        (lambda y: np.eye(10)[y], r"y is \(200, 10\), .* class numbers: y.argmax"),
    ],
)
def test_labels(change, told, digits, classifier):
    x, y = digits
    refused(told, classifier(), (x, change(y)))


def test_whole_numbers_may_be_floats(digits, classifier):
    x, y = digits
    assert train.fit(classifier(), (x, y.astype("float64")), epochs=1).epochs == 1


@pytest.fixture
def two_inputs():
    image, sound = keras.Input((6,), name="image"), keras.Input((4,), name="sound")
    joint = keras.layers.Concatenate()([image, sound])
    model = keras.Model({"image": image, "sound": sound}, keras.layers.Dense(1)(joint))
    model.compile("sgd", "mse")
    return model


def test_missing_and_extra_keys(two_inputs):
    y = np.zeros(8)
    image, sound = np.zeros((8, 6)), np.zeros((8, 4))
    refused(r"\['image'\]; .*'sound' missing", two_inputs, ({"image": image}, y))
    extra = {"image": image, "sound": sound, "text": sound}
    refused("'text' too many", two_inputs, (extra, y))
    wrong = {"image": image, "sounds": sound}
    refused("'sound' missing; 'sounds' too many", two_inputs, (wrong, y))
    swapped = {"image": sound, "sound": image}
    refused(r"x\['image'\] is \(8, 4\)", two_inputs, (swapped, y), axes.ShapeError)


def test_a_source_is_asked_for_its_first_batch(two_inputs):
    class Own:
        steps_per_epoch = 1
        given = ()

        def batches(self, epoch, start):
            yield from self.given

    refused("data gave no batch for epoch 0", two_inputs, Own())
    Own.given = [({"image": np.zeros((8, 6))}, np.zeros(8))]
    refused("'sound' missing", two_inputs, Own())


def test_every_batch_of_a_source_is_held_against_the_model(digits, classifier):
    x, y = digits

    class Own:
        steps_per_epoch = 2

        def __init__(self, second):
            self.second = second

        def batches(self, epoch, start):
            return [(x[:8], y[:8]), self.second][start:]

    refused(r"epoch 1, batch 2: x is \(8, 9\)", classifier(), Own((x[:8, :9], y[:8])))
    refused("epoch 1, batch 2: y holds labels", classifier(), Own((x[:8], y[:8] + 9)))
    refused("epoch 1, batch 2 is empty; leave it", classifier(), Own((x[:0], y[:0])))
    keys = Own(({"pixels": x[:8], "sound": x[:8]}, y[:8]))
    refused("batch 2: x has the keys .* 'sound' too many", classifier(), keys)

    class Forgot(Own):
        def batches(self, epoch, start):
            pass

    refused("returned a NoneType; .* does it `yield`", classifier(), Forgot(None))


def test_what_is_no_callback_or_no_array_is_named(digits, classifier):
    x, y = digits
    refused(
        "callbacks holds a str; expected Keras", classifier(), digits, callbacks=["a"]
    )
    refused("x is None; expected arrays", classifier(), (None, y))
    refused(r"is a single number; .* np\.array", classifier(), ([1.0, 2.0], [0, 1]))


def test_other_backends_are_named(digits, classifier, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    refused("Keras runs on torch; .* set KERAS_BACKEND", classifier(), digits)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="of tf.data")
def test_a_label_out_of_range_deep_in_a_pipeline(digits, classifier):
    """TensorFlow told it in four pages of its own stack."""
    tf = pytest.importorskip("tensorflow")
    x, y = digits[0][:64], np.array(digits[1][:64])
    y[50] = 17
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)
    with pytest.raises(ValueError, match="holds the label 17; the model's 10 outputs"):
        train.fit(classifier(), data, epochs=1)
    with pytest.raises(ValueError, match="batch 7 of this epoch holds the label 17"):
        train.fit(classifier(), data, epochs=1, steps_per_chunk=1)


def test_sequences_without_a_step_and_masks_of_another_length():
    shapes = {"sound": (None, 3), "sound_mask": (None,)}
    inputs = {name: keras.Input(shape, name=name) for name, shape in shapes.items()}
    h = keras.layers.GRU(2)(inputs["sound"], mask=inputs["sound_mask"] > 0)
    model = keras.Model(inputs, keras.layers.Dense(2)(h))
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y = {"sound": np.ones((4, 5, 3)), "sound_mask": np.ones((4, 5))}, np.zeros(4)
    none = {"sound": x["sound"][:, :0], "sound_mask": x["sound_mask"][:, :0]}
    told = r"x\['sound'\] is \(4, 0, 3\); expected one step or more"
    refused(told, model, (none, y))
    other = x | {"sound_mask": np.ones((4, 6))}
    told = r"'sound_mask'\] is \(4, 6\); expected \(B, T\) = \(4, 5\), as x\['sound'\]"
    refused(told, model, (other, y))
    refused("validation_data: x", model, (x, y), validation_data=(other, y))
