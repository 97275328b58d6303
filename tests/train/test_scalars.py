"""`log_dir`: what TensorBoard reads back is what the history holds."""

import keras
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def scalars(folder):
    events = EventAccumulator(str(folder))
    events.Reload()
    return {
        tag: [(e.step, e.value) for e in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }


def test_every_epoch_is_there(digits, classifier, fit, tmp_path):
    found = fit(
        classifier(), digits, epochs=3, validation_data=digits, log_dir=tmp_path
    )
    learned, validated = scalars(tmp_path / "train"), scalars(tmp_path / "validation")
    assert set(learned) == {"epoch_loss", "epoch_last_batch_loss", "epoch_accuracy"}
    assert set(validated) == {"epoch_loss", "epoch_accuracy"}
    for tag, points in learned.items():
        values = found.history[tag.removeprefix("epoch_")]
        assert points == [(i, pytest.approx(v)) for i, v in enumerate(values)]
    for tag, points in validated.items():
        values = found.history[tag.replace("epoch_", "val_")]
        assert points == [(i, pytest.approx(v)) for i, v in enumerate(values)]


def test_a_disk_that_fills_up_is_said_once_and_the_training_goes_on(
    digits, classifier, fit, tmp_path, full_disk
):
    class Fill(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                full_disk(100)

    told = r"log_dir=.* cannot be written to .*the training goes on. Make room"
    with pytest.warns(UserWarning, match=told) as caught:
        found = fit(
            classifier(), digits, epochs=4, log_dir=tmp_path, callbacks=[Fill()]
        )
    assert len(caught) == 1
    assert found.epochs == 4
    assert scalars(tmp_path / "train")["epoch_loss"][0][0] == 0  # what was there stays
