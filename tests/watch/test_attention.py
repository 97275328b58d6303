"""Attention maps in the log: pictures, how widely a head looks, and the still."""

import numpy as np
import pytest

from mmlearn import watch
from mmlearn.axes import ShapeError
from mmlearn.watch.events import read

keras = pytest.importorskip("keras")
SHARP = np.stack([np.eye(4), np.full((4, 4), 0.25)])  # one token each, and all alike


def learn(log_dir, maps, epochs=2):
    """What Keras calls while a model learns, without the learning."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="dense")])
    model.compile("sgd", "mse")
    callback = watch.AttentionMaps(log_dir, maps, graph=False)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch in range(epochs):
        callback.on_epoch_begin(epoch)
        callback.on_train_batch_begin(0)
        callback.on_epoch_end(epoch, {"loss": 1.0})
    callback.on_train_end()


@pytest.fixture
def logged(tmp_path):
    shown = iter([SHARP[::-1], SHARP, SHARP])  # before, and after each epoch
    learn(tmp_path / "run", lambda model: next(shown))
    return tmp_path / "run"


def test_a_picture_and_a_number_for_each_head_and_epoch(logged):
    found = read(logged)
    pictures = found["images"]["attention/map/head_1"]
    assert [point.step for point in pictures] == [0, 1, 2]
    picture = pictures[1].value
    square = picture.shape[0] // 4
    inks = picture[square // 2 :: square, square // 2 :: square].sum(axis=-1)
    np.testing.assert_array_equal(inks < 300, np.eye(4, dtype=bool))  # dark where 1
    spread = found["scalars"]["attention/tokens_read/head_1"]
    assert [point.value for point in spread] == pytest.approx([4.0, 1.0, 1.0])
    assert "train/epoch_loss" in found["scalars"]
    assert "train/dense/kernel" in found["histograms"]


def test_the_still_has_a_column_for_each_head(logged):
    figure = watch.still_attention(logged, list("abcd"), moments=2)
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[0] == "head 1, epoch 0\n4.0 tokens"
    assert titles[1] == "head 2, epoch 0\n1.0 tokens"
    assert titles[3] == "head 2, epoch 2\n4.0 tokens"
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == list("abcd")
    assert "head 1 from 4.0 to 1.0" in figure.alt


def test_rows_that_read_nothing_do_not_count():
    assert watch.tokens_read(np.zeros((2, 2))) == 0
    half = np.array([[0.0, 0.0], [0.5, 0.5]])
    assert watch.tokens_read(half) == pytest.approx(2)


def test_what_is_no_map_and_what_is_no_log(tmp_path, log_dir):
    with pytest.raises(ShapeError, match="heads, L, S"):
        learn(tmp_path / "other", lambda model: np.eye(3))
    with pytest.raises(watch.LogError, match="no attention maps were logged"):
        watch.still_attention(log_dir)
