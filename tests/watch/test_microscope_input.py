import warnings

import numpy as np
import pytest

from mmlearn import watch
from mmlearn.axes import ShapeError

keras = pytest.importorskip("keras")


def steps(points):
    return [point.step for point in points]


def test_not_finite_activations_are_said(tmp_path, watched):
    x = watched.x[:8].copy()
    x[0, 0, 0] = np.nan  # a damaged sample: one of the 8 · 4 · 5 · 4 windows' corners
    scope = watch.Microscope(tmp_path, x, watched.y[:8], layers=["conv"])
    model = watched.model()
    for name in ("conv", "hidden"):  # ReLU, fused with a layer, may make 0 of NaN
        model.get_layer(name).activation = keras.activations.linear
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        watched.by_keras(model, [scope], epochs=1)
    found = watch.read(tmp_path)
    wrong = found["scalars"]["samples/not_finite/conv"]
    assert wrong[-1].value == pytest.approx(1 / (8 * 4 * 5))
    counted = found["histograms"]["samples/conv/activation"][-1].value[:, 2].sum()
    assert counted == 8 * 4 * 5 * 4 - 4
    assert not (tmp_path / "projector").exists()  # no place for such a point
    figure = watch.still_histograms(tmp_path)
    assert "conv is not finite in 1% of places" in figure.alt
    assert figure.axes[0].get_title() == "conv: 1% not finite"


def test_a_resumed_run_goes_on_counting(tmp_path, watched):
    def scope():
        samples = watched.x[:8], watched.y[:8]
        return watch.Microscope(tmp_path / "log", *samples, graph=False)

    kept = {"checkpoint": tmp_path / "saved", "checkpoint_seconds": 0}
    watched.by_ours(watched.model(), [scope()], epochs=1, **kept)
    weights = watched.weights()
    watched.by_ours(watched.model(), [scope(), weights], epochs=3, **kept)
    found = watch.read(tmp_path / "log")
    assert steps(found["histograms"]["samples/conv/activation"]) == [0, 1, 2, 3]
    points = found["scalars"]["train/update_ratio_log10/conv/kernel"]
    assert steps(points) == [1, 2, 3]
    _, second, third = (kept[0] for kept in weights.kept)
    ratio = np.linalg.norm(third - second) / np.linalg.norm(second)
    assert points[-1].value == pytest.approx(np.log10(ratio), abs=1e-4)
    assert -4 < points[1].value < 0  # from the restored weights, not from fresh ones


def test_a_run_resumed_inside_an_epoch_leaves_that_ratio_out(tmp_path, watched):
    scope = watch.Microscope(tmp_path, watched.x[:8], watched.y[:8], graph=False)
    model = watched.model()
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


X, Y = np.zeros((4, 6, 7, 1), "float32"), np.zeros(4, int)


@pytest.mark.parametrize(
    ("samples", "labels", "message"),
    [
        (X[:, :5], Y, r"samples is \(4, 5, 7, 1\); expected \(B, 6, 7, 1\)"),
        (X[..., 0], Y, r"samples is \(4, 6, 7\); expected \(B, 6, 7, 1\)"),
        (X, Y[:3], "expected the same number of rows"),
        (X[:0], None, "expected the same number of rows"),
    ],
)
def test_samples_that_do_not_fit_stop_before_training(
    tmp_path, watched, samples, labels, message
):
    model = watched.model()
    with pytest.raises(ShapeError, match=message):
        watched.by_keras(model, [watch.Microscope(tmp_path, samples, labels)], epochs=1)
    assert not int(model.optimizer.iterations)


def test_an_unknown_layer_lists_the_known_ones(tmp_path, watched):
    scope = watch.Microscope(tmp_path, watched.x, watched.y, layers=["conv7"])
    with pytest.raises(ValueError, match="no layer 'conv7' in 'net'.*conv, flatten"):
        watched.by_keras(watched.model(), [scope], epochs=1)


def test_a_folder_that_cannot_be_written_stops_at_once(tmp_path, watched):
    (tmp_path / "file").write_text("")
    with pytest.raises(watch.LogError, match="cannot be written to"):
        watch.Microscope(tmp_path / "file" / "logs", watched.x, watched.y)


def test_under_a_strategy(tmp_path, watched):
    tf = pytest.importorskip("tensorflow")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("only TensorFlow has strategies")
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        model = watched.model()
    scope = watch.Microscope(tmp_path, watched.x[:8], watched.y[:8], graph=False)
    watched.by_keras(model, [scope], epochs=1)
    found = watch.read(tmp_path)
    assert steps(found["histograms"]["samples/conv/kernel_gradient"]) == [0, 1]
    assert steps(found["scalars"]["train/update_ratio_log10/conv/kernel"]) == [1]
