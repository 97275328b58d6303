import numpy as np
import pytest

from mmlearn import watch
from mmlearn.watch.events import EventWriter
from mmlearn.watch.pictures import weight_picture


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
    assert first.get_xlabel().startswith("weights after 0 epochs (colours: ±")
    assert last.get_xlabel().startswith("weights after 4 epochs (colours: ±")
    written = watch.read(log_dir)["images"]["train/conv/kernel_image"]
    np.testing.assert_array_equal(last.get_images()[0].get_array(), written[-1].value)
    assert "training loss goes from 2 to 0.5 in 4 epochs" in figure.alt
    assert figure.png().startswith(b"\x89PNG")


def test_first_and_last_weights_share_one_colour_scale(log_dir):
    from mmlearn.show.figure import DIVERGING

    *_, first, last = watch.still(log_dir).axes
    noise = np.random.default_rng(0).normal(size=(3, 3, 1, 6))  # as in conftest
    most = 5 * np.abs(noise).max()  # the last kernel is 5 times the first
    assert all(f"(colours: ±{most:.2g})" in ax.get_xlabel() for ax in (first, last))
    corner = first.get_images()[0].get_array()[3, 3]
    expected = DIVERGING(noise[0, 0, 0, 0] / most / 2 + 0.5, bytes=True)[:3]
    np.testing.assert_allclose(corner.astype(int), np.array(expected, int), atol=2)


def test_without_histograms_each_picture_keeps_its_own_scale(tmp_path):
    writer = EventWriter(tmp_path / "train")
    pictures = [weight_picture(np.full((2, 2, 1, 2), w)) for w in (1.0, 7.0)]
    for step, picture in enumerate(pictures):
        writer.image("conv/kernel_image", picture, step)
        writer.scalar("epoch_loss", 1.0, step)
    writer.close()
    *_, first, last = watch.still(tmp_path).axes
    assert first.get_xlabel() == "weights after 0 epochs"
    np.testing.assert_array_equal(first.get_images()[0].get_array(), pictures[0])


def test_pictures_alone_and_nothing_at_all(tmp_path):
    writer = EventWriter(tmp_path / "train")
    writer.flush()
    with pytest.raises(watch.LogError, match="hold no scalars, histograms or pictures"):
        watch.still(tmp_path)
    writer.image("conv/kernel_image", weight_picture(np.ones((2, 2, 1, 2))), 3)
    writer.close()
    first, last = watch.still(tmp_path).axes
    assert first.get_xlabel() == last.get_xlabel() == "weights after 3 epochs"


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
