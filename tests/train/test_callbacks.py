"""Keras' callbacks, honoured."""

import keras
import pytest

from mmlearn import train


class Seen(keras.callbacks.Callback):
    """Notes every hook that is called, with what it was told."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def on_train_begin(self, logs=None):
        self.calls.append(("train begin",))

    def on_epoch_begin(self, epoch, logs=None):
        self.calls.append(("epoch begin", epoch))

    def on_train_batch_begin(self, batch, logs=None):
        self.calls.append(("begin", batch))

    def on_train_batch_end(self, batch, logs=None):
        self.calls.append(("end", batch, sorted(logs)))

    def on_epoch_end(self, epoch, logs=None):
        self.calls.append(("epoch end", epoch, sorted(logs)))

    def on_train_end(self, logs=None):
        self.calls.append(("train end", sorted(logs)))


def test_hooks_are_called_at_chunks(digits, classifier, fit):
    seen = Seen()
    fit(
        classifier(),
        digits,
        epochs=1,
        batch_size=40,
        steps_per_chunk=2,
        callbacks=[seen],
        validation_data=digits,
    )
    logs = ["accuracy", "last_batch_loss", "loss"]
    whole = [*logs, "val_accuracy", "val_loss"]
    assert seen.calls == [
        ("train begin",),
        ("epoch begin", 0),
        ("begin", 0),
        ("end", 1, logs),
        ("begin", 2),
        ("end", 3, logs),
        ("begin", 4),
        ("end", 4, logs),
        ("epoch end", 0, whole),
        ("train end", whole),
    ]


def test_early_stopping_restores_the_best_weights(digits, classifier, fit):
    model = classifier(optimizer=keras.optimizers.SGD(5.0))  # far too large
    stop = keras.callbacks.EarlyStopping(
        monitor="loss", patience=1, restore_best_weights=True
    )
    found = fit(model, digits, epochs=30, callbacks=stop)
    assert found.epochs < 30
    assert all(
        (a == b).all()
        for a, b in zip(model.get_weights(), stop.best_weights, strict=True)
    )
    assert stop.best == min(found.history["loss"])


def test_learning_rate_callbacks_act_on_the_next_epoch(digits, classifier, fit):
    model = classifier()
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    found = fit(model, digits, epochs=3, callbacks=[schedule])
    assert found.history["learning_rate"] == pytest.approx([0.005, 0.0025, 0.00125])


def test_a_schedule_inside_the_optimizer(digits, classifier, same):
    def make():
        rate = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
        return classifier(optimizer=keras.optimizers.SGD(rate, momentum=0.9))

    ours, theirs = make(), make()
    train.fit(ours, train.ArraySource(*digits, shuffle=False), epochs=2)
    theirs.fit(*digits, batch_size=32, epochs=2, shuffle=False, verbose=0)
    assert same(ours, theirs, 1e-6)


def test_a_rate_set_at_a_batch_is_used_by_the_next(digits, classifier, fit):
    class Freeze(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.optimizer.learning_rate = 0.0
            self.weights = self.model.get_weights()

    freeze = Freeze()
    model = classifier()
    fit(model, digits, epochs=1, steps_per_chunk=1, callbacks=[freeze])
    assert (model.get_weights()[0] == freeze.weights[0]).all()
    assert (classifier().get_weights()[0] != freeze.weights[0]).any()


def test_model_checkpoint_and_csv_logger_write(digits, classifier, fit, tmp_path):
    best = tmp_path / "best.weights.h5"
    table = tmp_path / "log.csv"
    callbacks = [
        keras.callbacks.ModelCheckpoint(
            best, monitor="val_loss", save_best_only=True, save_weights_only=True
        ),
        keras.callbacks.CSVLogger(table),
    ]
    model = classifier()
    found = fit(model, digits, epochs=2, validation_data=digits, callbacks=callbacks)
    other = classifier()
    other.optimizer.build(other.trainable_variables)
    other.load_weights(best)
    assert (other.get_weights()[0] == model.get_weights()[0]).all()
    assert table.read_text().splitlines()[0].split(",")[0] == "epoch"
    assert len(found.history["val_loss"]) == 2


def test_stopping_inside_an_epoch_ends_it(digits, classifier, fit):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch >= 2

    found = fit(classifier(), digits, epochs=5, steps_per_chunk=1, callbacks=[Stop()])
    assert (found.epochs, found.steps) == (1, 3)


def test_averaged_weights_are_put_in_place_at_the_end(digits, classifier, same):
    def make():
        return classifier(optimizer=keras.optimizers.SGD(0.1, use_ema=True))

    ours, theirs = make(), make()
    train.fit(ours, train.ArraySource(*digits, shuffle=False), epochs=2)
    theirs.fit(*digits, batch_size=32, epochs=2, shuffle=False, verbose=0)
    assert same(ours, theirs, 1e-6)
