"""Checkpoints are whole, say what they are, and refuse what they must not become."""

import json
import zipfile

import keras
import numpy as np
import pytest

from mmlearn import train
from mmlearn.train.checkpoint import Checkpoint, assign, expect_writable, read, write


@pytest.fixture
def variables():
    values = [np.arange(6.0).reshape(2, 3), np.float32(7), np.zeros((0, 2))]
    return [
        keras.Variable(v, dtype="float32", name=f"v{i}") for i, v in enumerate(values)
    ] + [
        keras.Variable(np.array([1, 2]), dtype="uint32", name="seed"),
        keras.Variable(np.array([[0.5], [3.0]]), dtype="bfloat16", name="half"),
        keras.Variable(1.5, dtype="bfloat16", name="scalar"),
    ]


def numbers(variables):
    return [keras.ops.convert_to_numpy(v.value).copy() for v in variables]


def test_what_was_saved_comes_back(tmp_path, variables):
    before = numbers(variables)
    checkpoint = Checkpoint(tmp_path, {"seed": 1})
    extra = [np.arange(3), np.array(2.5)]
    record = {"epoch": 2, "loss": 0.1 + 0.2, "none": None}
    checkpoint.save(variables, record, extra)
    for variable in variables:
        variable.assign(variable.value * 0)
    found, values, arrays = checkpoint.load(variables)
    assign(variables, values)
    after = numbers(variables)
    assert found == record
    assert all((a == b).all() for a, b in zip(arrays, extra, strict=True))
    assert all(
        (a == b).all() and a.dtype == b.dtype
        for a, b in zip(before, after, strict=True)
    )
    with zipfile.ZipFile(tmp_path / "last.npz") as file:
        assert file.testzip() is None


def test_no_pickle_is_inside(tmp_path, variables):
    Checkpoint(tmp_path, {}).save(variables, {})
    with np.load(tmp_path / "last.npz", allow_pickle=False) as file:
        assert json.loads(file["meta"].tobytes())["format"] == 1
        assert all(file[name].dtype != object for name in file.files)


def test_the_one_before_is_kept(tmp_path, variables):
    checkpoint = Checkpoint(tmp_path, {})
    for epoch in range(3):
        checkpoint.save(variables, {"epoch": epoch})
    assert checkpoint.load(variables)[0]["epoch"] == 2
    assert read(tmp_path / "previous.npz")[0]["record"]["epoch"] == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["last.npz", "previous.npz"]
    (tmp_path / "last.npz").unlink()  # killed between the two renames
    assert checkpoint.load(variables)[0]["epoch"] == 1


def test_an_empty_folder_holds_nothing(tmp_path, variables):
    assert Checkpoint(tmp_path / "new" / "run", {}).load(variables) is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_truncated(share, tmp_path, variables):
    checkpoint = Checkpoint(tmp_path, {})
    checkpoint.save(variables, {})
    checkpoint.save(variables, {})
    whole = (tmp_path / "last.npz").read_bytes()
    (tmp_path / "last.npz").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(
        train.CheckpointError, match=r"truncated, altered or .* rename previous.npz"
    ):
        checkpoint.load(variables)


def test_every_altered_byte_is_noticed(tmp_path, variables):
    Checkpoint(tmp_path, {}).save(variables, {"epoch": 3})
    path = tmp_path / "last.npz"
    expected, arrays = read(path)
    whole = path.read_bytes()
    for place in np.random.default_rng(0).integers(0, len(whole), 60):
        altered = bytearray(whole)
        altered[place] ^= 0x10
        path.write_bytes(altered)
        try:
            found, values = read(path)
        except train.CheckpointError:
            continue
        # A byte of the archive's own book-keeping: what is read is still the same.
        assert found == expected
        assert all((values[k] == arrays[k]).all() for k in arrays)


def test_an_exchanged_array_is_noticed(tmp_path, variables):
    Checkpoint(tmp_path, {}).save(variables, {})
    with np.load(tmp_path / "last.npz") as file:
        members = dict(file)
    members["variable_00000"] = members["variable_00000"] + 1
    np.savez(tmp_path / "last.npz", **members)  # a valid archive, other numbers
    with pytest.raises(train.CheckpointError, match="was altered: its hash"):
        read(tmp_path / "last.npz")


def test_foreign_and_newer_files(tmp_path):
    path = tmp_path / "last.npz"
    np.savez(path, weights=np.zeros(3))
    with pytest.raises(train.CheckpointError, match="no checkpoint of train.fit"):
        read(path)
    path.write_text("not an archive")
    with pytest.raises(train.CheckpointError, match="no checkpoint of train.fit"):
        read(path)
    write(path, {"format": 99}, {})
    with pytest.raises(train.CheckpointError, match=r"newer mmlearn \(format 99"):
        read(path)


def test_another_run_or_model_is_refused_by_name(tmp_path, variables):
    Checkpoint(tmp_path, {"seed": 1, "batch_size": 4}).save(variables, {})
    with pytest.raises(train.CheckpointError, match="seed = 1; this one has 2"):
        Checkpoint(tmp_path, {"seed": 2, "batch_size": 4}).load(variables)
    same = Checkpoint(tmp_path, {"seed": 1, "batch_size": 4})
    with pytest.raises(train.CheckpointError, match="holds 6 variables, this .* has 5"):
        same.load(variables[:5])
    other = [keras.Variable(np.zeros((3, 2)), dtype="float32", name="v0")]
    with pytest.raises(
        train.CheckpointError, match=r"holds v0 \(2, 3\) float32 .* v0 \(3, 2\)"
    ):
        same.load(other + variables[1:])


def test_fit_refuses_another_models_checkpoint(digits, classifier, tmp_path):
    train.fit(classifier(), digits, epochs=1, checkpoint=tmp_path)
    saved = (tmp_path / "last.npz").read_bytes()
    for settings, told in [
        ({"seed": 3}, "seed = 0"),
        ({"batch_size": 8}, "batch_size = 32"),
    ]:
        with pytest.raises(train.CheckpointError, match=told):
            train.fit(classifier(), digits, epochs=2, checkpoint=tmp_path, **settings)
    with pytest.raises(train.CheckpointError, match=r"of another model: .*adam"):
        other = classifier(optimizer=keras.optimizers.RMSprop())
        train.fit(other, digits, epochs=2, checkpoint=tmp_path)
    assert (tmp_path / "last.npz").read_bytes() == saved


@pytest.mark.parametrize("name", ["checkpoint", "log_dir"])
def test_a_folder_that_cannot_be_written_stops_before_training(
    name, digits, classifier, same, tmp_path
):
    (tmp_path / "file").write_text("in the way")
    model = classifier()
    with pytest.raises(train.CheckpointError, match=f"{name}=.* cannot be written to"):
        train.fit(model, digits, epochs=1, **{name: tmp_path / "file" / "folder"})
    assert (model.get_weights()[0] == classifier().get_weights()[0]).all()


def test_expect_writable_leaves_nothing(tmp_path):
    assert list(expect_writable(tmp_path / "a", "checkpoint").iterdir()) == []


def test_a_full_disk_ends_training_and_keeps_the_one_before(
    digits, classifier, same, tmp_path, full_disk
):
    class Fill(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                full_disk(2000)

    with pytest.raises(
        train.CheckpointError, match=r"cannot be written .* last.npz, is whole"
    ):
        train.fit(
            classifier(),
            digits,
            epochs=4,
            checkpoint=tmp_path,
            checkpoint_seconds=0,
            callbacks=[Fill()],
        )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["last.npz", "previous.npz"]
    meta, _ = read(tmp_path / "last.npz")
    assert (meta["record"]["epoch"], meta["record"]["position"]) == (1, 7)


def test_no_space_left_is_told_in_its_own_words(tmp_path, variables, monkeypatch):
    def no_space(*_, **__):
        raise OSError(28, "No space left on device")

    checkpoint = Checkpoint(tmp_path, {})
    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(train.CheckpointError, match=r"No space left .* no earlier one"):
        checkpoint.save(variables, {})
    assert list(tmp_path.iterdir()) == []
