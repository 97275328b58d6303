import os
import subprocess
import sys
import warnings

import numpy as np
import pytest

from mmlearn import watch
from mmlearn.axes import ShapeError

keras = pytest.importorskip("keras")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(48, 6, 7, 1)).astype("float32")
Y = np.arange(48) % 3
TENSORFLOW = keras.backend.backend() == "tensorflow"


def small_model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((6, 7, 1)),
            keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dropout(0.5, name="dropout"),
            keras.layers.Dense(5, activation="relu", name="hidden"),
            keras.layers.Dense(3, name="logits"),
        ],
        name="net",
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss, metrics=["accuracy"])
    return model


def by_keras(model, callbacks, epochs):
    return model.fit(
        X, Y, epochs=epochs, callbacks=callbacks, verbose=0, shuffle=False
    ).history


def by_ours(model, callbacks, epochs, **options):
    from mmlearn import train

    given = {"callbacks": callbacks, "progress": False, **options}
    return train.fit(model, (X, Y), epochs=epochs, **given).history


class Weights(keras.callbacks.Callback):
    """Keeps the weights before training and after every epoch."""

    def on_train_begin(self, logs=None):
        self.kept = [self.model.get_weights()]

    def on_epoch_end(self, epoch, logs=None):
        self.kept.append(self.model.get_weights())


def steps(points):
    return [point.step for point in points]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of two epochs, watched: its folder, model, weights by epoch."""
    folder = tmp_path_factory.mktemp("watched") / "run"
    model, weights = small_model(), Weights()
    scope = watch.Microscope(folder, X[:20], Y[:20], classes=["a", "b", "c"])
    by_ours(model, [scope, weights], epochs=2)
    return folder, model, weights.kept


def test_tensorboards_own_reader_finds_all_of_it(run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder, *_ = run
    kinds = {}
    for name in ("train", "samples"):
        reader = EventAccumulator(str(folder / name))
        reader.Reload()
        kinds |= {
            f"{name}/{tag}": reader.SummaryMetadata(tag).plugin_data.plugin_name
            for tag in reader.Tags()["tensors"]
        }
        for tag in reader.Tags()["tensors"]:
            found = [event.step for event in reader.Tensors(tag)]
            first = 1 if "update_ratio" in tag or "epoch_" in tag else 0
            first += "update_ratio" in tag and "bias" in tag  # the first is from zero
            assert found == list(range(first, 3)), tag
    layers = ("conv", "hidden", "logits")
    weights = [f"{layer}/{w}" for layer in layers for w in ("kernel", "bias")]
    expected = {f"samples/{layer}/activation": "histograms" for layer in layers}
    expected |= {f"samples/{w}_gradient": "histograms" for w in weights}
    expected |= {f"samples/dead_units/{n}": "scalars" for n in ("conv", "hidden")}
    expected |= {"samples/conv/feature_maps": "images", "samples/confusion": "images"}
    kernels = [f"train/update_ratio_log10/{layer}/kernel" for layer in layers]
    expected |= dict.fromkeys(kernels, "scalars")
    assert expected.items() <= kinds.items()
    assert not any("not_finite" in tag for tag in kinds)


def test_update_ratios_are_numpys(run):
    folder, model, (before, first, second) = run
    scalars = watch.read(folder)["scalars"]
    for k, variable in enumerate(model.trainable_variables):
        tag = f"train/update_ratio_log10/{variable.path.removeprefix('net/')}"
        points = {p.step: p.value for p in scalars.get(tag, [])}
        for step, (old, new) in enumerate([(before, first), (first, second)], 1):
            old, new = old[k].astype("float64"), new[k].astype("float64")
            if not old.any():  # a bias of zeros: there is no fraction of it
                assert step not in points
                continue
            ratio = np.linalg.norm(new - old) / np.linalg.norm(old)
            assert points[step] == pytest.approx(np.log10(ratio), abs=1e-5)


def test_gradients_and_activations_are_those_of_the_samples(run):
    folder, model, _ = run
    histograms = watch.read(folder)["histograms"]
    inside = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
    maps, *_, logits = (keras.ops.convert_to_numpy(a) for a in inside(X[:20]))
    last = histograms["samples/conv/activation"][-1].value
    assert last[-1, 1] == pytest.approx(maps.max(), rel=1e-5)
    assert last[:, 2].sum() == maps.size
    # The gradient of a mean cross-entropy with respect to the last bias: p − y.
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    expected = (p - np.eye(3)[Y[:20]]).mean(axis=0)
    found = histograms["samples/logits/bias_gradient"][-1].value
    assert found[0, 0] == pytest.approx(expected.min(), rel=1e-4)
    assert found[-1, 1] == pytest.approx(expected.max(), rel=1e-4)


def test_watching_changes_nothing(run, tmp_path):
    _, model, _ = run
    alone = small_model()
    by_ours(alone, [], epochs=2)
    for a, b in zip(alone.variables, model.variables, strict=True):
        np.testing.assert_array_equal(a, b)  # dropout's seeds among them


def test_vectors_before_and_after(run):
    folder, *_ = run
    found = watch.read_projector(folder)
    assert list(found) == ["before training", "after training"]
    for vectors, labels in found.values():
        assert vectors.shape == (20, 5)  # what the last dense layer is given
        assert labels == [("a", "b", "c")[k] for k in Y[:20]]


def dead_net():
    """Three of four hidden units are dead on positive inputs, two of two are alive."""
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(4, activation="relu", name="mostly_dead"),
            keras.layers.Dense(2, name="linear"),
            keras.layers.ReLU(name="alive"),
            keras.layers.Dense(1, name="out"),
        ]
    )
    kernel = np.array([[-1, -2, 1, 0], [-1, -2, 1, 0]], "float32")
    model.get_layer("mostly_dead").set_weights([kernel, np.zeros(4)])
    linear = np.zeros((4, 2), "float32")
    model.get_layer("linear").set_weights([linear, np.array([1.0, 0.5])])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    return model


def test_dead_units_of_a_net_made_by_hand(tmp_path):
    x = np.abs(RNG.normal(size=(300, 2))).astype("float32")  # three calls of the probe
    scope = watch.Microscope(tmp_path, x, np.zeros((300, 1)))
    dead_net().fit(x, np.zeros((300, 1)), callbacks=[scope], verbose=0)
    scalars = watch.read(tmp_path)["scalars"]
    assert [p.value for p in scalars["samples/dead_units/mostly_dead"]] == [0.75] * 2
    assert [p.value for p in scalars["samples/dead_units/alive"]] == [0, 0]
    assert "samples/dead_units/linear" not in scalars  # it may be zero and learn
    still = scalars["train/update_ratio_log10/out/kernel"]
    assert [p.value for p in still] == [-10]  # a learning rate of 0 moves nothing


def test_one_sample_that_wakes_a_unit_is_enough(tmp_path):
    x = np.ones((300, 2), "float32")
    x[299] = -1
    scope = watch.Microscope(tmp_path, x)
    dead_net().fit(x, np.zeros((300, 1)), callbacks=[scope], verbose=0)
    (first, _) = watch.read(tmp_path)["scalars"]["samples/dead_units/mostly_dead"]
    assert first.value == 0.25


def test_not_finite_activations_are_said(tmp_path):
    x = X[:8].copy()
    x[0, 0, 0] = np.nan  # a damaged sample: one of the 8 · 4 · 5 · 4 windows' corners
    scope = watch.Microscope(tmp_path, x, Y[:8], layers=["conv"])
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        by_keras(small_model(), [scope], epochs=1)
    found = watch.read(tmp_path)
    wrong = found["scalars"]["samples/not_finite/conv"]
    assert wrong[-1].value == pytest.approx(1 / (8 * 4 * 5))
    counted = found["histograms"]["samples/conv/activation"][-1].value[:, 2].sum()
    assert counted == 8 * 4 * 5 * 4 - 4
    assert not (tmp_path / "projector").exists()  # no place for such a point
    figure = watch.still_histograms(tmp_path)
    assert "conv is not finite in 1% of places" in figure.alt
    assert figure.axes[0].get_title() == "conv: 1% not finite"


def test_a_resumed_run_goes_on_counting(tmp_path):
    def scope():
        return watch.Microscope(tmp_path / "log", X[:8], Y[:8], graph=False)

    kept = {"checkpoint": tmp_path / "saved", "checkpoint_seconds": 0}
    by_ours(small_model(), [scope()], epochs=1, **kept)
    weights = Weights()
    by_ours(small_model(), [scope(), weights], epochs=3, **kept)
    found = watch.read(tmp_path / "log")
    assert steps(found["histograms"]["samples/conv/activation"]) == [0, 1, 2, 3]
    points = found["scalars"]["train/update_ratio_log10/conv/kernel"]
    assert steps(points) == [1, 2, 3]
    _, second, third = (kept[0] for kept in weights.kept)
    ratio = np.linalg.norm(third - second) / np.linalg.norm(second)
    assert points[-1].value == pytest.approx(np.log10(ratio), abs=1e-4)
    assert -4 < points[1].value < 0  # from the restored weights, not from fresh ones


def test_a_run_resumed_inside_an_epoch_leaves_that_ratio_out(tmp_path):
    scope = watch.Microscope(tmp_path, X[:8], Y[:8], graph=False)
    model = small_model()
    scope.set_model(model)
    scope.on_train_begin()
    scope.on_epoch_begin(1)
    scope.on_train_batch_begin(5)  # the first that it sees
    scope.on_epoch_end(1, {"loss": 1.0})
    scope.on_train_end()
    found = watch.read(tmp_path)
    assert steps(found["histograms"]["samples/conv/activation"]) == [2]
    assert not any("update_ratio" in tag for tag in found["scalars"])


def test_without_convolutions_labels_or_one_input(tmp_path):
    inputs = {"a": keras.Input((4,), name="a"), "b": keras.Input((3, 2), name="b")}
    states = keras.layers.LSTM(3, return_sequences=True, name="lstm")(inputs["b"])
    last = keras.layers.GlobalAveragePooling1D(name="mean")(states)
    joined = keras.layers.Concatenate(name="join")([inputs["a"], last])
    model = keras.Model(inputs, keras.layers.Dense(1, name="out")(joined))
    model.compile("sgd", "mse")
    x = {"a": np.ones((5, 4), "float32"), "b": np.ones((5, 3, 2), "float32")}
    scope = watch.Microscope(tmp_path, x, histogram_freq=2)
    model.fit(x, np.ones((5, 1)), epochs=2, callbacks=[scope], verbose=0)
    found = watch.read(tmp_path)
    assert list(found["images"]) == ["samples/lstm/feature_maps"]
    names = {t for t in found["histograms"] if t.startswith("samples/")}
    assert names == {"samples/lstm/activation", "samples/out/activation"}
    assert steps(found["histograms"]["samples/out/activation"]) == [0, 2]
    vectors, labels = watch.read_projector(tmp_path)["after training"]
    assert vectors.shape == (5, 7)
    assert labels is None


@pytest.mark.parametrize(
    ("samples", "labels", "message"),
    [
        (X[:4, :5], Y[:4], r"samples is \(4, 5, 7, 1\); expected \(B, 6, 7, 1\)"),
        (X[:4, ..., 0], Y[:4], r"samples is \(4, 6, 7\); expected \(B, 6, 7, 1\)"),
        (X[:4], Y[:3], "expected the same number of rows"),
        (X[:0], None, "expected the same number of rows"),
    ],
)
def test_samples_that_do_not_fit_stop_before_training(
    tmp_path, samples, labels, message
):
    model = small_model()
    with pytest.raises(ShapeError, match=message):
        by_keras(model, [watch.Microscope(tmp_path, samples, labels)], epochs=1)
    assert not int(model.optimizer.iterations)


def test_an_unknown_layer_lists_the_known_ones(tmp_path):
    scope = watch.Microscope(tmp_path, X, Y, layers=["conv7"])
    with pytest.raises(ValueError, match="no layer 'conv7' in 'net'.*conv, flatten"):
        by_keras(small_model(), [scope], epochs=1)


def test_a_folder_that_cannot_be_written_stops_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(watch.LogError, match="cannot be written to"):
        watch.Microscope(tmp_path / "file" / "logs", X, Y)


@pytest.mark.slow
@pytest.mark.backend
def test_on_jax_all_of_it_without_tensorflow(tmp_path):
    pytest.importorskip("jax")
    code = f"""
import sys
sys.modules["tensorflow"] = None  # as if it were not installed
import keras, numpy as np
from mmlearn import train, watch
layers = keras.layers
stack = [layers.Conv2D(2, 3, activation="relu"), layers.Flatten(), layers.Dense(2)]
model = keras.Sequential([keras.Input((6, 6, 1)), *stack])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("sgd", loss)
x, y = np.ones((4, 6, 6, 1), "float32"), np.arange(4) % 2
log = watch.Microscope({str(tmp_path)!r}, x, y)
train.fit(model, (x, y), epochs=1, callbacks=[log], progress=False)
found = watch.read({str(tmp_path)!r})
print(sorted(found["images"]), len(found["histograms"]), len(found["scalars"]))
try:
    watch.graph(model, {str(tmp_path)!r})
except watch.LogError as error:
    print("jax" in str(error))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    images, graph = done.stdout.strip().splitlines()
    assert images.startswith("['samples/confusion', 'samples/conv2d/feature_maps', ")
    assert graph == "True"
