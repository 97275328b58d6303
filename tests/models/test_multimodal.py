"""The whole model: values by hand, keys, what is missing, heads, files, the table."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from mmlearn.axes import ShapeError
from mmlearn.models import (
    MultimodalModel,
    audio_encoder,
    dense_head,
    text_encoder,
    vector_encoder,
)
from mmlearn.samples import KeySetError

RNG = np.random.default_rng(0)


@keras.saving.register_keras_serializable("tests")
class SumFusion(layers.Layer):
    """Σ_m x_m W_m over what is available; of a sequence the sum over its steps."""

    def build(self, inputs_shape, available_shape=None):
        self.kernels = {
            name: self.add_weight(shape=(shape[-1], 3), name=name)
            for name, shape in sorted(inputs_shape.items())
        }

    def call(self, inputs, available=None):
        total = 0.0
        for name, h in inputs.items():
            if available is not None:
                there = ops.expand_dims(available[name], -1)
                h = ops.where(there, h, ops.zeros_like(h))
            y = ops.matmul(h, self.kernels[name])
            total = total + (y if len(y.shape) == 2 else ops.sum(y, axis=1))
        return total


def batch(samples=5):
    rng = np.random.default_rng(1)
    lengths = rng.integers(2, 7, size=samples)
    return {
        "image": rng.normal(size=(samples, 4)).astype("float32"),
        "sound": rng.normal(size=(samples, 6, 8)).astype("float32"),
        "sound_mask": np.arange(6) < lengths[:, None],
        "text": rng.integers(1, 9, size=(samples, 3)),
    }


def make(**changes):
    """Three encoders of this house, two heads."""
    encoders = {
        "text": text_encoder(9, embedding=3, units=4, seed=0),
        "sound": audio_encoder(8, 4, (2,), seed=1),
        "image": vector_encoder(4, 5, seed=2),
    }
    heads = {"class": dense_head(3, hidden=6, seed=3), "mood": dense_head(1, seed=4)}
    keras.utils.set_random_seed(0)
    settings = {"encoders": encoders, "fusion": SumFusion(), "head": heads, "seed": 7}
    return MultimodalModel(**settings | changes)


def numbers(outputs):
    return keras.tree.map_structure(ops.convert_to_numpy, outputs)


@pytest.fixture(scope="module")
def model():
    made = make(modality_dropout=0.5)
    made(batch())
    return made


@pytest.fixture(scope="module")
def plain():
    """No encoders: the features as they come; sequences stay sequences."""
    made = MultimodalModel({"b": None, "a": None}, SumFusion(), None, seed=0)
    made({"a": np.ones((2, 4), "f"), "b": np.ones((2, 3, 5), "f")})
    return made


def test_the_sum_by_hand(plain):
    a, b = RNG.normal(size=(2, 4)), RNG.normal(size=(2, 3, 5))
    mask = np.array([[True, True, False], [True, False, False]])
    there = np.array([True, False])
    found = numbers(plain({"a": a, "b": b, "b_mask": mask, "a_available": there}))
    kernels = {name: numbers(k.value) for name, k in plain.fusion.kernels.items()}
    expected = (a * there[:, None]) @ kernels["a"]
    expected += (b * mask[..., None]).sum(axis=1) @ kernels["b"]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_it_is_its_parts_one_after_another(model):
    x = batch()
    sound = {name: x[name] for name in ("sound", "sound_mask")}
    features = {"text": model.encoders["text"](x["text"])}
    features["sound"] = model.encoders["sound"](sound)
    features["image"] = model.encoders["image"](x["image"])
    fused = model.fusion(features)
    for task, found in numbers(model(x)).items():
        expected = numbers(model.head[task](fused))
        np.testing.assert_allclose(found, expected, atol=1e-6)
    assert model.output_shape == {"class": (None, 3), "mood": (None, 1)}
    one = numbers(model({name: a[:1] for name, a in x.items()}))
    np.testing.assert_allclose(one["class"], numbers(model(x))["class"][:1], atol=1e-6)


def test_a_mask_is_handed_on_and_without_one_all_is_read(model):
    x = batch()
    longer = x | {"sound": np.pad(x["sound"], ((0, 0), (0, 4), (0, 0)))}
    longer["sound_mask"] = np.pad(x["sound_mask"], ((0, 0), (0, 4)))
    found, expected = numbers(model(longer)), numbers(model(x))
    np.testing.assert_allclose(found["class"], expected["class"], atol=1e-5)
    whole = {name: a for name, a in x.items() if name != "sound_mask"}
    all_true = x | {"sound_mask": np.ones((5, 6), bool)}
    np.testing.assert_allclose(
        numbers(model(whole))["mood"], numbers(model(all_true))["mood"], atol=1e-6
    )


@pytest.mark.parametrize("junk", [np.nan, 7.0])
def test_what_stands_in_a_missing_modality_does_not_matter(model, junk):
    x = batch()
    x["image_available"] = np.array([True, False, True, False, True])
    x["sound_available"] = ~x["image_available"]
    expected = numbers(model(x))
    full = numbers(model({k: a for k, a in x.items() if "avail" not in k}))
    assert np.abs(full["class"] - expected["class"]).min(axis=1).max() > 1e-4
    x["image"][1], x["sound"][0] = junk, junk
    x["sound_mask"][2] = False
    found = numbers(model(x))
    for task in found:
        np.testing.assert_array_equal(found[task], expected[task])


def test_nothing_at_all_is_what_the_fusion_makes_of_nothing(model):
    x = batch(2)
    for name in ("image", "sound", "text"):
        x[name + "_available"] = np.array([True, False])
    x["image"][1] = np.nan
    found = numbers(model(x))
    nothing = model.head["class"](np.zeros((1, 3)))
    np.testing.assert_allclose(found["class"][1:], numbers(nothing), atol=1e-6)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"image": None}, "'image' is missing; expected exactly image, sound"),
        ({"video": 1}, "'video' is not known; expected exactly image"),
        ({"video_available": 1}, "'video_available' is not known"),
        ({"image_mask": np.ones((5, 4), bool)}, "'image' has a mask, but its encoder"),
        ({"sound_mask": np.ones(5, bool)}, r"sound_mask is \(5,\); expected \(B, T\)"),
        (
            {"image_available": np.ones((5, 1))},
            r"image_available is \(5, 1\); .*\(B,\)",
        ),
    ],
)
def test_keys_and_masks_that_do_not_fit(model, change, told):
    x = batch() | change
    x = {name: np.ones(5) if isinstance(a, int) else a for name, a in x.items()}
    x = {name: a for name, a in x.items() if a is not None}
    with pytest.raises((KeySetError, ValueError, ShapeError), match=told):
        model(x)
    with pytest.raises(TypeError, match="expected a dict, modality to array"):
        model(batch()["image"])


def test_modality_dropout_hides_in_training_only(model):
    x = batch(60)
    expected = numbers(model(x))["class"]
    hidden = numbers(model(x, training=True))["class"]
    moved = np.abs(hidden - expected).max(axis=1) > 1e-6  # (B,)
    assert 30 < moved.sum() < 60  # of each sample 7/8 hide something
    assert not np.array_equal(numbers(model(x, training=True))["class"], hidden)
    assert any(v is model.hide.draws.state for v in model.variables)
    np.testing.assert_array_equal(numbers(model(x, training=False))["class"], expected)


def test_saved_and_loaded(model, tmp_path):
    x = batch() | {"image_available": np.array([True, False] * 2 + [True])}
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    for task, expected in numbers(model(x)).items():
        np.testing.assert_allclose(numbers(again(x))[task], expected, atol=1e-6)
    assert again.hide.rate == 0.5
    assert again.seed == 7
    assert [v.shape for v in again.variables] == [v.shape for v in model.variables]
    assert again.describe() == model.describe()


def test_the_table(model):
    told = model.describe().splitlines()
    assert told[0] == (
        f"{model.name}: 3 modalities, modality dropout 0.5, "
        f"{model.count_params():,} parameters"
    )
    rows = {line.split()[0]: line for line in told[2:]}
    assert "audio_encoder" in rows["sound"]
    assert "(B, T 6, F 8) + mask" in rows["sound"]
    assert "(B, U 4)" in rows["sound"]
    assert rows["text"].split()[-1] == str(model.encoders["text"].count_params())
    assert "SumFusion" in rows["fusion"]
    assert "head class  class" not in told
    assert sum(line.startswith("head ") for line in told) == 2
    assert "(B, K 3)" in next(line for line in told if line.startswith("head class"))
    with pytest.raises(ValueError, match="is not built, and has no shapes yet"):
        make().describe()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"encoders": {}}, "encoders is empty; expected a dict"),
        ({"encoders": [None]}, "encoders is a .*; expected a dict"),
        ({"encoders": {"a_mask": None}}, "a modality is called 'a_mask'"),
        (
            {"encoders": {"a": len}},
            "encoder of 'a' is a builtin.*; expected a Keras layer",
        ),
        ({"fusion": None}, "fusion is a NoneType; expected a Keras layer"),
        ({"head": {"class": 3}}, "head 'class' is a int; expected a Keras layer"),
        ({"head": {}}, "head is empty"),
        ({"modality_dropout": 1.5}, "rate is 1.5; expected 0 to 1"),
    ],
)
def test_parts_that_are_none(change, told):
    with pytest.raises(ValueError, match=told):
        make(**change)
