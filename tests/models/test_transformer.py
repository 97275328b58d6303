"""Transformers: masks, order, causality, sizes by hand, maps, seeds, refusals."""

import keras
import numpy as np
import pytest
from keras import ops

from mmlearn import models, reference

IDS = np.array([[3, 4, 5, 6, 2], [7, 2, 3, 0, 0]])


def small(**changes):
    settings = {"vocabulary": 9, "hidden": 7, "seed": 1} | changes
    return models.transformer_classifier(3, 8, **settings)


def logits(model, inputs):
    return ops.convert_to_numpy(model(inputs, training=False))


@pytest.fixture(scope="module")
def model():
    return small()


def test_parameters_counted_by_hand(model):
    block = 4 * (8 * 8 + 8) + 8 * 7 + 7 + 7 * 8 + 8 + 2 * 2 * 8
    assert model.count_params() == 9 * 8 + block + 2 * 8 + (8 + 1) * 3


def test_more_padding_changes_nothing(model):
    longer = np.pad(IDS, ((0, 0), (0, 4)))
    np.testing.assert_allclose(logits(model, longer), logits(model, IDS), atol=1e-6)
    forgot = small(masked=False)
    apart = logits(forgot, longer) - logits(forgot, IDS)
    assert np.abs(apart).max() > 1e-3
    assert np.isfinite(logits(model, np.zeros((1, 3), int))).all()  # not one word


def test_order_is_seen_by_positions_alone(model):
    turned = IDS[:, [2, 0, 1, 3, 4]]
    unplaced = small(positions=False)
    np.testing.assert_allclose(
        logits(unplaced, turned), logits(unplaced, IDS), atol=1e-6
    )
    assert np.abs(logits(model, turned) - logits(model, IDS)).max() > 1e-3


def test_a_causal_encoder_does_not_look_ahead():
    options = {"vocabulary": 9, "blocks": 2, "causal": True, "read": "all", "seed": 0}
    model = models.transformer_encoder(8, **options)
    other = IDS.copy()
    other[0, 3] = 1
    before, after = logits(model, IDS), logits(model, other)
    np.testing.assert_allclose(before[0, :3], after[0, :3], atol=1e-6)
    assert np.abs(before[0, 3:] - after[0, 3:]).max(axis=1).min() > 1e-4
    maps = models.attention_maps(model, IDS, number=2)
    np.testing.assert_array_equal(maps[0, 0] > 0, np.tri(5, dtype=bool))


def test_the_maps_are_the_reference_operators(model):
    h = keras.Model(model.input, model.get_layer("norm1a").output)(IDS)
    weights = model.get_layer("attention1").get_weights()
    expected = reference.multi_head_weights(
        *[ops.convert_to_numpy(h)] * 2,
        *weights[:4],
        attention_mask=(IDS != 0)[:, None, :],
    )
    maps = models.attention_maps(model, IDS)
    np.testing.assert_allclose(maps, expected, atol=1e-6)
    assert not maps[1, :, :, 3:].any()


def test_query_key_and_value_begin_apart(model):
    # Keras clones one initializer for all: with a seed they begin equal
    kernels = model.get_layer("attention1").get_weights()[:6:2]
    for first, second in zip(kernels, kernels[1:] + kernels[:1], strict=True):
        assert np.abs(first - second).max() > 0.1
    again, other = small(), small(seed=2)
    np.testing.assert_array_equal(logits(model, IDS), logits(again, IDS))
    assert np.abs(logits(model, IDS) - logits(other, IDS)).max() > 1e-3


def test_features_with_something_in_front_saved_and_loaded(tmp_path):
    def halve(h, mask):
        return h[:, ::2], mask[:, ::2]

    options = {"features": 5, "name": "pose", "front": halve, "dropout": 0.1}
    model = models.transformer_classifier(3, 8, blocks=2, seed=0, **options)
    rng = np.random.default_rng(0)
    x = {"pose": rng.normal(size=(2, 6, 5)).astype("float32"),
         "pose_mask": np.arange(6) < np.array([[6], [4]])}  # fmt: skip
    hidden = x["pose"].copy()
    hidden[1, 4:] = 9
    np.testing.assert_allclose(
        logits(model, x), logits(model, x | {"pose": hidden}), atol=1e-6
    )
    assert models.attention_maps(model, x, 2).shape == (2, 2, 3, 3)
    model.save(tmp_path / "reader.keras")
    again = keras.models.load_model(tmp_path / "reader.keras")
    np.testing.assert_array_equal(logits(model, x), logits(again, x))
    maps = [models.attention_maps(m, x) for m in (model, again)]
    np.testing.assert_array_equal(*maps)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"heads": 3}, "3 heads on 8 units"),
        ({"features": 4}, "expected one of the first two"),
        ({"read": "last"}, "'mean' or 'all'"),
    ],
)
def test_what_it_refuses(changes, told):
    with pytest.raises(ValueError, match=told):
        small(**changes)
