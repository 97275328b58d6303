"""The record of a run."""

import keras

from mmlearn import train


def test_a_latecomers_list_is_filled_up():
    record = train.History()
    record.on_epoch_end(0, {"loss": 1.0})
    record.on_epoch_end(1, {"loss": 0.5, "learning_rate": 0.1})
    record.on_epoch_end(2, {"loss": 0.25})
    assert record.history == {
        "loss": [1.0, 0.5, 0.25],
        "learning_rate": [None, 0.1, None],
    }
    assert record.epochs == 3
    assert "3 epochs" in repr(record)
    assert "loss 0.25" in repr(record)


def test_it_is_where_keras_users_look_for_it(digits, classifier, fit):
    model = classifier()
    found = fit(model, digits, epochs=1)
    assert isinstance(found, keras.callbacks.History)
    assert model.history is found
    assert found.seconds > 0
