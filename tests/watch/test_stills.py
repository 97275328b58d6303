import numpy as np
import pytest

from mmlearn import watch


def test_curves_weights_and_histograms_in_one_figure(log_dir):
    figure = watch.still(log_dir, title="The loss falls")
    loss, spread, first, last = figure.axes
    assert figure.get_suptitle() == "The loss falls"
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("epochs over", "loss")
    training, validation = loss.lines
    np.testing.assert_allclose(training.get_ydata(), [2, 1, 2 / 3, 0.5], rtol=1e-6)
    assert validation.get_label() == "validation"
    assert (spread.get_xlabel(), spread.get_ylabel()) == ("weight", "epochs over")
    assert [t.get_text() for t in spread.get_yticklabels()] == list("01234")
    assert first.get_xlabel() == "weights after 0 epochs"
    assert last.get_xlabel() == "weights after 4 epochs"
    written = watch.read(log_dir)["images"]["train/conv/kernel_image"]
    np.testing.assert_array_equal(last.get_images()[0].get_array(), written[-1].value)
    assert "training loss goes from 2 to 0.5 in 4 epochs" in figure.alt
    assert figure.png().startswith(b"\x89PNG")


def test_a_named_weight_without_pictures(log_dir):
    figure = watch.still(log_dir, weight="conv/bias")
    assert len(figure.axes) == 2


def test_an_unknown_weight_lists_the_known_ones(log_dir):
    with pytest.raises(watch.LogError, match="there are: conv/bias, conv/kernel"):
        watch.still(log_dir, weight="dense/kernel")


def test_scalars_of_train_fit_alone(tmp_path):
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.record_writer import RecordWriter

    (tmp_path / "train").mkdir()
    with (tmp_path / "train" / "events.out.tfevents.0").open("wb") as file:
        for step, loss in enumerate([2.0, 1.0]):
            value = Summary.Value(tag="epoch_loss", simple_value=loss)
            event = Event(step=step, summary=Summary(value=[value]))
            RecordWriter(file).write(event.SerializeToString())
    (ax,) = watch.still(tmp_path).axes
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [2.0, 1.0])


def test_an_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(watch.LogError, match="holds no TensorBoard events yet"):
        watch.still(tmp_path)
