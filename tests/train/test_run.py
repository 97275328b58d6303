"""A run that was stopped anywhere goes on to the same weights, bit for bit."""

import os
import signal

import keras
import pytest
import tensorflow as tf

from mmlearn import train
from mmlearn.train.run import Chunk


class Interrupt(keras.callbacks.Callback):
    """Presses Ctrl-C after so many chunks."""

    def __init__(self, after, number=signal.SIGINT):
        super().__init__()
        self.chunks, self.number = iter(range(1, after)), number  # no counter to save

    def on_train_batch_end(self, batch, logs=None):
        if next(self.chunks, None) is None:
            os.kill(os.getpid(), self.number)


def watchers():
    """Callbacks with counters that decide what happens next."""
    return [
        keras.callbacks.ReduceLROnPlateau(
            monitor="val_loss", patience=1, min_delta=0.3, factor=0.5
        ),
        keras.callbacks.EarlyStopping(
            monitor="val_loss", patience=4, restore_best_weights=True
        ),
    ]


@pytest.fixture(scope="module")
def run(digits, classifier):
    """Runs alike: those that end share what TensorFlow compiled for the first."""
    kept = {}

    def make(callbacks=(), graphs=kept, **settings):
        model = classifier(dropout=0.3, batch_norm=True)
        options = {"epochs": 4, "batch_size": 48, "validation_data": digits, **settings}
        options |= {"callbacks": [*watchers(), *callbacks], "graphs": graphs}
        return model, train.fit(model, digits, seed=5, **options)

    return make


@pytest.fixture(scope="module")
def undisturbed(run):
    """One whole run, compiled for itself alone."""
    return run(graphs=None)


@pytest.mark.parametrize("after", [1, 5, 12, 20])
def test_interrupted_anywhere_goes_on_bit_for_bit(
    after, run, undisturbed, same, tmp_path
):
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt, match="the same call goes on from"):
        run([Interrupt(after)], checkpoint=folder, steps_per_chunk=1)
    resumed, found = run(checkpoint=folder)
    model, expected = undisturbed
    assert same(resumed, model)
    assert found.history == expected.history
    assert (found.epochs, found.steps) == (expected.epochs, expected.steps)


def test_a_finished_run_is_not_trained_again(run, undisturbed, same, tmp_path):
    run(checkpoint=tmp_path)
    resumed, found = run([Interrupt(1)], checkpoint=tmp_path)  # no chunk, no Ctrl-C
    assert same(resumed, undisturbed[0])
    assert found.history == undisturbed[1].history


def test_more_epochs_go_on_from_the_end(run, undisturbed, same, tmp_path):
    run(checkpoint=tmp_path, epochs=2)
    resumed, found = run(checkpoint=tmp_path, epochs=4)
    assert same(resumed, undisturbed[0])
    assert found.epochs == 4


def test_early_stopping_stays_stopped(digits, classifier, same, tmp_path):
    def go(epochs):
        model = classifier(optimizer=keras.optimizers.SGD(5.0))
        stop = keras.callbacks.EarlyStopping("loss", restore_best_weights=True)
        found = train.fit(
            model, digits, epochs=epochs, callbacks=[stop], checkpoint=tmp_path
        )
        return model, found.epochs

    first, again = go(30), go(30)
    assert first[1] == again[1] < 30
    assert same(first[0], again[0])


def test_resume_false_starts_anew(run, undisturbed, same, tmp_path):
    run(checkpoint=tmp_path, epochs=2)
    model, found = run(checkpoint=tmp_path, resume=False)
    assert found.history == undisturbed[1].history
    assert same(model, undisturbed[0])


def test_sigterm_saves_and_exits(run, tmp_path):
    with pytest.raises(SystemExit, match="stopped by SIGTERM .* goes on from"):
        run([Interrupt(3, signal.SIGTERM)], checkpoint=tmp_path, steps_per_chunk=1)
    assert (tmp_path / "last.npz").exists()


def test_without_a_checkpoint_the_model_keeps_its_weights(digits, classifier):
    model = classifier()
    before = model.get_weights()
    handler = signal.getsignal(signal.SIGINT)  # a background job's shell ignores it
    with pytest.raises(KeyboardInterrupt, match="epoch 1 after step 2; no checkpoint="):
        train.fit(model, digits, epochs=3, steps_per_chunk=1, callbacks=[Interrupt(2)])
    assert (model.get_weights()[0] != before[0]).any()
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_dataset_goes_on_from_the_end_of_an_epoch(digits, classifier, same, tmp_path):
    data = tf.data.Dataset.from_tensor_slices(digits).batch(50)
    settings = {"epochs": 3, "steps_per_chunk": 1}
    whole, resumed = classifier(dropout=0.2), classifier(dropout=0.2)
    train.fit(whole, data, **settings)
    with pytest.raises(KeyboardInterrupt):
        train.fit(
            classifier(dropout=0.2),
            data,
            checkpoint=tmp_path,
            checkpoint_seconds=0,
            callbacks=[Interrupt(6)],
            **settings,
        )
    found = train.fit(resumed, data, checkpoint=tmp_path, **settings)
    assert same(resumed, whole)
    assert found.steps == 12


def test_a_source_that_ends_early_is_named(classifier, digits):
    class Short:
        steps_per_epoch = 5

        def batches(self, epoch, start):
            yield digits

    with pytest.raises(
        ValueError, match="ended after 1 batches in epoch 1; expected 5"
    ):
        train.fit(classifier(), Short(), epochs=1)


def test_chunks_grow_to_a_quarter_second():
    chunk = Chunk()
    for _ in range(12):
        chunk.measured(chunk.steps, chunk.steps * 0.001)  # a millisecond a step
    assert chunk.steps == 250
    chunk.measured(250, 10.0)  # the machine got busy
    assert chunk.steps == 6
    assert Chunk(7).steps == 7
    fixed = Chunk(7)
    fixed.measured(7, 1e-9)
    assert fixed.steps == 7
