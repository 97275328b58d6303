"""The storyboard's encoders: what they take, what must not matter, save and load."""

import keras
import numpy as np
import pytest

from mmlearn.models import storyboard, storyboard_encoders, storyboard_model


def batch(rng, rows=3):
    links = rng.random((rows, 5, 45)) < 0.2
    nodes = rng.normal(size=(rows, 5, 7))
    return {
        "graph": np.concatenate([nodes, links], axis=2).astype("float32"),
        "sound": rng.normal(size=(rows, 12, 8)).astype("float32"),
        "sound_mask": np.ones((rows, 12), bool),
        "text": rng.integers(1, 33, (rows, 9)).astype("int32"),
        "text_mask": np.arange(9) < rng.integers(3, 10, (rows, 1)),
        "video": rng.random((rows, 3, 8, 8, 3)).astype("float32"),
    }


@pytest.fixture(scope="module")
def model():
    frame = storyboard.frame_encoder(8, 6, (4,), seed=0)
    return storyboard_model(
        encoders=storyboard_encoders(units=4, frames=3, bands=8, frame=frame, seed=0),
        units=5,
        seed=0,
    )


def answers(model, x):
    return {t: keras.ops.convert_to_numpy(y) for t, y in model(x).items()}


def test_a_head_for_every_task_and_what_must_not_matter(model, tmp_path):
    rng = np.random.default_rng(0)
    x = batch(rng)
    y = answers(model, x)
    assert {t: a.shape for t, a in y.items()} == {
        task: (3, k) for task, k in storyboard.HEADS.items()
    }
    hidden = x | {"text": np.where(x["text_mask"], x["text"], 7).astype("int32")}
    hidden |= {f"{m}_available": np.array([1, 0, 1], bool) for m in ("video", "sound")}
    hidden["video"] = x["video"].copy()
    hidden["video"][1] = np.nan
    other = answers(model, hidden)
    for task, one in y.items():
        np.testing.assert_allclose(one[[0, 2]], other[task][[0, 2]], atol=1e-6)
        assert np.isfinite(other[task]).all()
    model.save(tmp_path / "m.keras")
    again = answers(keras.saving.load_model(tmp_path / "m.keras"), x)
    for task, one in y.items():
        np.testing.assert_allclose(one, again[task], atol=1e-6)


def test_messages_are_those_of_a_loop_over_edges_whatever_the_nodes_order():
    encoder = storyboard.graph_encoder(4, seed=3)
    rng = np.random.default_rng(1)
    x = batch(rng, 2)["graph"]
    kernel, bias = (keras.ops.convert_to_numpy(w) for w in encoder.weights)
    nodes, edges = x[..., :7], x[..., 7:].reshape(2, 5, 9, 5)
    expected = np.zeros((2, 4))
    for b in range(2):
        for i in range(5):
            h = nodes[b, i] @ kernel[:7] + bias
            for r, j in np.argwhere(edges[b, i]):
                h = h + nodes[b, j] @ kernel[7 + 7 * r : 14 + 7 * r]
            expected[b] += np.maximum(h, 0)
    np.testing.assert_allclose(np.asarray(encoder(x)), expected, rtol=1e-5, atol=1e-5)
    order = rng.permutation(5)
    turned = edges[:, order][..., order].reshape(2, 5, 45)
    moved = np.concatenate([nodes[:, order], turned], axis=2).astype("float32")
    np.testing.assert_allclose(np.asarray(encoder(moved)), expected, atol=1e-5)


def test_order_in_time_counts():
    video = storyboard.over_time(2, 4, frames=3, seed=0)
    x = np.random.default_rng(2).normal(size=(1, 3, 2)).astype("float32")
    assert np.abs(np.asarray(video(x)) - np.asarray(video(x[:, ::-1]))).max() > 1e-3


def test_what_there_is_not():
    with pytest.raises(ValueError, match="modalities are.*'smell'.*graph, sound"):
        storyboard_encoders(["smell"], seed=0)
    with pytest.raises(ValueError, match="tasks are 'class'; expected some of action"):
        storyboard_model("class", seed=0)
