import numpy as np
import pytest

from mmlearn import watch

keras = pytest.importorskip("keras")


@pytest.fixture(scope="module")
def run(tmp_path_factory, watched):
    """A run of two epochs, watched: its folder, model, weights by epoch."""
    folder = tmp_path_factory.mktemp("watched") / "run"
    model, weights = watched.model(), watched.weights()
    x, y = watched.x[:20], watched.y[:20]
    scope = watch.Microscope(folder, x, y, classes=["a", "b", "c"])
    watched.by_ours(model, [scope, weights], epochs=2)
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


def test_gradients_and_activations_are_those_of_the_samples(run, watched):
    folder, model, _ = run
    histograms = watch.read(folder)["histograms"]
    inside = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
    maps, *_, logits = (keras.ops.convert_to_numpy(a) for a in inside(watched.x[:20]))
    last = histograms["samples/conv/activation"][-1].value
    assert last[-1, 1] == pytest.approx(maps.max(), rel=1e-5)
    assert last[:, 2].sum() == maps.size
    # The gradient of a mean cross-entropy with respect to the last bias: p − y.
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    expected = (p - np.eye(3)[watched.y[:20]]).mean(axis=0)
    found = histograms["samples/logits/bias_gradient"][-1].value
    assert found[0, 0] == pytest.approx(expected.min(), rel=1e-4)
    assert found[-1, 1] == pytest.approx(expected.max(), rel=1e-4)


def test_watching_changes_nothing(run, tmp_path, watched):
    _, model, _ = run
    alone = watched.model()
    watched.by_ours(alone, [], epochs=2)
    for a, b in zip(alone.variables, model.variables, strict=True):
        np.testing.assert_array_equal(a, b)  # dropout's seeds among them


def test_vectors_before_and_after(run, watched):
    folder, *_ = run
    found = watch.read_projector(folder)
    assert list(found) == ["before training", "after training"]
    for vectors, labels in found.values():
        assert vectors.shape == (20, 5)  # what the last dense layer is given
        assert labels == [("a", "b", "c")[k] for k in watched.y[:20]]


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
    x = np.random.default_rng(0).random((300, 2), "float32")  # three calls of the probe
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
