"""The dry run tells what a training takes, and changes nothing."""

import keras
import numpy as np
import pytest

from mmlearn import train


def test_it_tells_shapes_parameters_memory_and_time(digits, classifier, capsys):
    model = classifier(dropout=0.5, batch_norm=True)
    train.fit(model, digits, epochs=1, batch_size=50)  # some optimizer state
    state = [*model.variables, *model.optimizer.variables]
    before = [np.array(keras.ops.convert_to_numpy(v)) for v in state]
    found = train.fit(model, digits, epochs=7, batch_size=50, dry_run=True)
    out = capsys.readouterr().out
    assert found.history == {}
    assert all(
        (b == keras.ops.convert_to_numpy(v)).all()
        for b, v in zip(before, state, strict=True)
    )
    lines = [line.split() for line in out.splitlines()]
    assert [line[0] for line in lines[2:6]] == [layer.name for layer in model.layers]
    assert [line[-1] for line in lines[2:6]] == ["780", "48", "0", "130"]
    assert lines[2][1:3] == ["(B,", "12)"]
    assert "958, of which 934 are trained" in out
    assert "data 0.0528" in out  # 200 × 64 float32 and 200 int64, in MB
    assert "7 epochs of 4 steps: about" in out


def test_it_writes_no_checkpoint(digits, classifier, tmp_path, capsys):
    train.fit(
        classifier(), digits, epochs=1, dry_run=True, checkpoint=tmp_path / "none"
    )
    assert not (tmp_path / "none").exists()


def test_dicts_and_unknown_lengths(capsys):
    tf = pytest.importorskip("tensorflow")
    inputs = {"a": keras.Input((3,), name="a"), "b": keras.Input((2,), name="b")}
    joint = keras.layers.Concatenate(name="joint")(list(inputs.values()))
    model = keras.Model(inputs, keras.layers.Dense(1)(joint))
    model.compile("sgd", "mse")
    x = {"a": np.zeros((20, 3), "float32"), "b": np.zeros((20, 2), "float32")}
    data = tf.data.Dataset.from_tensor_slices((x, np.zeros((20, 1)))).batch(4)
    train.fit(model, data.filter(lambda *_: True), epochs=2, dry_run=True)
    out = capsys.readouterr().out
    assert "joint" in out
    assert "(B, 5)" in out
    assert "2 epochs of an unknown number of steps" in out
