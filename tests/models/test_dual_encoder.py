"""The dual encoder: one space, a loss of its own, heads beside; in a file, in `fit`."""

import keras
import numpy as np
import pytest

from mmlearn import reference, train
from mmlearn.models import DualEncoder, audio_encoder, side_by_side
from mmlearn.samples import KeySetError

RNG = np.random.default_rng(0)
X = {
    "image": RNG.standard_normal((20, 5)).astype("float32"),
    "text": RNG.standard_normal((20, 3)).astype("float32"),
}


def dual(heads=None, **how):
    encoders = {n: keras.layers.Dense(4, name=n) for n in X}
    return DualEncoder(encoders, heads, **how)


@pytest.fixture(scope="module")
def joint():
    heads = {"image": keras.layers.Dense(3, name="classes")}
    model = dual(heads, temperature=0.3, weight=0.5)
    cross = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), {"image": cross})
    return model


def test_vectors_of_length_one_and_the_loss_of_the_reference():
    model = dual(temperature=0.3)
    for _ in "again":  # the loss of the last call alone
        units = {n: np.asarray(v) for n, v in model(X).items()}
        assert len(model.losses) == 1
    for name, v in units.items():
        np.testing.assert_allclose(np.linalg.norm(v, axis=1), 1, rtol=1e-5)
        np.testing.assert_allclose(v, model.embed(name, X[name]), rtol=1e-5)
    expected, _ = reference.info_nce(units["image"], units["text"], temperature=0.3)
    np.testing.assert_allclose(model.losses[0], expected, rtol=1e-5)


def test_it_learns_pairs_without_any_label():
    keras.utils.set_random_seed(0)
    model = dual(temperature=0.2)
    model.compile("adam")
    labels = np.zeros(20)  # read by nobody
    history = train.fit(model, (X, labels), epochs=15, batch_size=10)
    losses = history.history["loss"]
    assert losses[-1] < losses[0]


def test_heads_are_learned_beside_and_weights_say_who_has_labels(joint):
    y = {"image": RNG.integers(0, 3, 20)}
    weights = {"image": np.r_[np.ones(5), np.zeros(15)].astype("float32")}
    history = train.fit(joint, (X, y, weights), epochs=1, batch_size=20)
    loss = joint.compute_loss(
        x=X, y=y, y_pred=joint(X), sample_weight=weights, training=False
    )
    logits = np.asarray(joint(X)["image"], "float64")
    cross, _ = reference.softmax_cross_entropy(logits[:5], labels=y["image"][:5])
    contrast = float(joint.losses[0])
    assert float(loss) == pytest.approx(cross * 5 / 20 + contrast, rel=1e-4)
    assert np.isfinite(history.history["loss"][0])


def test_in_a_file(joint, tmp_path):
    joint(X)
    joint.save(tmp_path / "joint.keras")
    again = keras.models.load_model(tmp_path / "joint.keras")
    np.testing.assert_allclose(again(X)["image"], joint(X)["image"], rtol=1e-5)
    np.testing.assert_allclose(again.losses[0], joint.losses[0], rtol=1e-5)


def test_a_sequence_brings_its_mask():
    encoders = {
        "image": keras.layers.Dense(8),
        "sound": audio_encoder(4, 8, (2,), seed=0),
    }
    model = DualEncoder(encoders)
    mask = np.arange(6) < np.array([[6], [3]])
    x = {"image": X["image"][:2], "sound": RNG.standard_normal((2, 6, 4))}
    before = model(x | {"sound_mask": mask})["sound"]
    x["sound"][1, 4:] = 99  # one step behind the mask is still a convolution's edge
    after = model(x | {"sound_mask": mask})["sound"]
    np.testing.assert_allclose(before, after, rtol=1e-5)


def test_it_refuses():
    with pytest.raises(ValueError, match="encoders are image; expected two"):
        DualEncoder({"image": keras.layers.Dense(2)})
    with pytest.raises(ValueError, match="heads are for sound"):
        dual({"sound": keras.layers.Dense(2)})
    with pytest.raises(KeySetError):
        dual()({"image": X["image"]})


def test_side_by_side_is_each_by_itself():
    rng = np.random.default_rng(1)
    shapes = [(3, 5, 4), (3, 4), (3, 4, 2), (3, 2)]
    stacks = [rng.standard_normal(s).astype("float32") for s in shapes]
    model = side_by_side(stacks, 6)
    head = [rng.standard_normal((3, 2, 6)), rng.standard_normal((3, 6))]
    model.get_layer("logits").set_weights(head)
    x = rng.standard_normal((7, 3, 5)).astype("float32")
    found = np.asarray(model(x))
    for r in range(3):
        h = np.maximum(x[:, r] @ stacks[0][r] + stacks[1][r], 0)
        h = h @ stacks[2][r] + stacks[3][r]
        np.testing.assert_allclose(found[:, r], h @ head[0][r] + head[1][r], rtol=1e-4)
    assert len(side_by_side(stacks, 6, frozen=True).trainable_weights) == 2
