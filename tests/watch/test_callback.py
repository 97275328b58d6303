import errno
import os
import warnings

import numpy as np
import pytest

from mmlearn import watch

keras = pytest.importorskip("keras")

X = np.random.default_rng(0).random((32, 6, 6, 1)).astype("float32")
Y = np.arange(32) % 3


def small_model(dense_only=False):
    keras.utils.set_random_seed(0)
    conv = [] if dense_only else [keras.layers.Conv2D(4, 3, name="conv")]
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            *conv,
            keras.layers.Flatten(),
            keras.layers.Dense(3, name="dense"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.5), loss, metrics=["accuracy"])
    return model


def by_keras(model, callback, epochs):
    return model.fit(
        X, Y, epochs=epochs, validation_data=(X, Y), callbacks=[callback], verbose=0
    )


def by_ours(model, callback, epochs):
    from mmlearn import train

    return train.fit(
        model,
        (X, Y),
        epochs=epochs,
        validation_data=(X, Y),
        callbacks=[callback],
        progress=False,
    )


@pytest.mark.parametrize("fit", [by_keras, by_ours])
def test_scalars_histograms_and_pictures_of_a_run(tmp_path, fit):
    model, callback = small_model(), watch.TensorBoard(tmp_path)
    history = fit(model, callback, epochs=3).history
    found = watch.read(tmp_path)
    losses = found["scalars"]["train/epoch_loss"]
    assert [p.step for p in losses] == [1, 2, 3]
    np.testing.assert_allclose([p.value for p in losses], history["loss"], rtol=1e-5)
    validated = [p.value for p in found["scalars"]["validation/epoch_accuracy"]]
    np.testing.assert_allclose(validated, history["val_accuracy"], rtol=1e-5)
    rates = [p.value for p in found["scalars"]["train/epoch_learning_rate"]]
    np.testing.assert_allclose(rates, [0.5] * 3)
    names = {"conv/kernel", "conv/bias", "dense/kernel", "dense/bias"}
    assert set(found["histograms"]) == {f"train/{name}" for name in names}
    assert [p.step for p in found["images"]["train/conv/kernel_image"]] == [0, 1, 2, 3]
    last = found["histograms"]["train/conv/kernel"][-1].value
    kernel = model.get_layer("conv").kernel.numpy()
    assert last[0, 0] == pytest.approx(kernel.min())
    assert last[-1, 1] == pytest.approx(kernel.max())
    assert 0 < callback.share < 1


def test_softmax_weights_become_pictures(tmp_path):
    callback = watch.TensorBoard(tmp_path, image_shape=(6, 6), histogram_freq=2)
    by_keras(small_model(dense_only=True), callback, epochs=3)
    found = watch.read(tmp_path)
    assert [p.step for p in found["images"]["train/dense/kernel_image"]] == [0, 2]


def test_scalars_alone(tmp_path):
    by_keras(small_model(), watch.TensorBoard(tmp_path, histogram_freq=0), epochs=1)
    found = watch.read(tmp_path)
    assert found["histograms"] == found["images"] == {}
    assert "train/epoch_loss" in found["scalars"]


def test_the_graph_lies_in_a_folder_of_its_own(tmp_path):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("only TensorFlow has a graph")
    from tensorflow.core.framework.graph_pb2 import GraphDef

    from mmlearn.watch.events import events

    by_keras(small_model(), watch.TensorBoard(tmp_path), epochs=1)
    (file,) = (tmp_path / "graph").iterdir()
    graph = GraphDef.FromString(next(e.graph_def for e in events(file) if e.graph_def))
    assert {"Conv2D", "MatMul"} <= {node.op for node in graph.node}


def test_the_graph_of_a_model_with_a_dict_of_inputs():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("only TensorFlow has a graph")
    from mmlearn.watch.graphs import graph_definition

    inputs = {"a": keras.Input((2,), name="a"), "b": keras.Input((3,), name="b")}
    joined = keras.layers.Concatenate()([inputs["a"], inputs["b"]])
    model = keras.Model(inputs, keras.layers.Dense(1)(joined))
    assert b"ConcatV2" in graph_definition(model)


def test_a_folder_that_cannot_be_written_stops_before_training(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(watch.LogError, match="cannot be written to"):
        watch.TensorBoard(tmp_path / "file" / "logs")


def test_a_full_disk_is_said_once_and_the_training_goes_on(tmp_path, monkeypatch):
    callback = watch.TensorBoard(tmp_path)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("mmlearn.watch.events.EventWriter.scalar", full)
    with warnings.catch_warnings(record=True) as caught:  # Keras warns of its own too
        warnings.simplefilter("always")
        history = by_keras(small_model(), callback, epochs=3).history
    (said,) = [str(w.message) for w in caught if "TensorBoard" in str(w.message)]
    assert "No space left" in said
    assert "training goes on" in said
    assert len(history["loss"]) == 3


def test_what_a_full_disk_refuses_only_at_the_end_is_said_too(tmp_path, monkeypatch):
    def full(self):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    callback = watch.TensorBoard(tmp_path)
    monkeypatch.setattr("mmlearn.watch.events.EventWriter.close", full)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        by_keras(small_model(), callback, epochs=1)
    said = [str(w.message) for w in caught if "TensorBoard:" in str(w.message)]
    assert len(said) == 1  # not once for each file
    assert "(No space left on device); nothing more is logged" in said[0]
