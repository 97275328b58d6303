import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mmlearn import watch
from mmlearn.watch.events import EventWriter, bucketed

PICTURE = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)


def written(folder):
    writer = EventWriter(folder)
    for step in range(3):
        writer.scalar("loss", 1 / (step + 1), step)
    writer.histogram("weights", np.arange(10.0), 0)
    writer.image("kernel", PICTURE, 2)
    writer.close()
    return folder


def test_what_is_written_is_read(tmp_path):
    found = watch.read(written(tmp_path / "run").parent)
    losses = found["scalars"]["run/loss"]
    assert [p.step for p in losses] == [0, 1, 2]
    np.testing.assert_allclose([p.value for p in losses], [1, 1 / 2, 1 / 3], rtol=1e-6)
    assert found["histograms"]["run/weights"][0].value[:, 2].sum() == 10
    step, picture = found["images"]["run/kernel"][0]
    assert step == 2
    np.testing.assert_array_equal(picture, PICTURE)


def test_tensorboards_own_reader_reads_it(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    reader = EventAccumulator(str(written(tmp_path)))
    reader.Reload()
    assert set(reader.Tags()["tensors"]) == {"loss", "weights", "kernel"}
    losses = [float(make_ndarray(e.tensor_proto)) for e in reader.Tensors("loss")]
    np.testing.assert_allclose(losses, [1, 1 / 2, 1 / 3], rtol=1e-6)
    assert reader.SummaryMetadata("kernel").plugin_data.plugin_name == "images"


@settings(max_examples=25, deadline=None)
@given(hnp.arrays(np.float64, st.integers(0, 40), elements=st.floats(-1e6, 1e6)))
def test_a_histogram_counts_every_value(values):
    left, right, counts = bucketed(values, 7).T
    assert counts.sum() == len(values)
    assert np.all(left <= right)
    if len(values):
        assert left[0] <= values.min()
        assert right[-1] >= values.max()


def test_a_histogram_leaves_out_what_is_not_finite():
    assert bucketed([1.0, np.nan, np.inf, 2.0])[:, 2].sum() == 2


@pytest.mark.parametrize("lost", [1, 5, 40])
def test_a_record_cut_short_loses_only_itself(tmp_path, lost):
    (file,) = written(tmp_path).iterdir()
    file.write_bytes(file.read_bytes()[:-lost])
    found = watch.read(tmp_path)
    assert len(found["scalars"]["loss"]) == 3
    assert found["images"] == {}


def test_several_writers_in_one_second_keep_apart(tmp_path):
    written(tmp_path)
    written(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_an_empty_or_missing_folder_says_what_to_do(tmp_path):
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(watch.LogError, match="holds no TensorBoard events yet"):
            watch.read(folder)


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        watch.LogError, match="cannot be written to .*folder of your own"
    ):
        EventWriter(tmp_path / "file" / "logs")
