"""Training on the dials: many runs in one training, and the whole table.

A step of a small network is quicker than its tracing. So the runs of a fusion on a dial
are trained one after another in one training, as in `rounds.py`: after a run's last
epoch its accuracy is taken, and weights, optimizer and rate begin again.

`python -m mmlearn.recipes.fusion_table FILE` makes the whole table anew.
"""

import json
import sys
from functools import cache
from importlib import resources
from pathlib import Path

from mmlearn.recipes.measure import accuracy_of
from mmlearn.recipes.richer_fusion import (
    BATCH,
    DIALS,
    FUSIONS,
    RATES,
    SIZES,
    build,
    dial_data,
)

SEEDS = tuple(range(5))
CHOOSING = 10  # the seed with which the rates were compared


@cache
def measured():
    """What was found: dict dial -> dict fusion -> {"rate": one, "test": five}.

    The rate is that of `RATES` with the highest validation accuracy, one seed; the test
    accuracies are those of `SEEDS`.
    """
    file = resources.files("mmlearn.recipes").joinpath("fusion_table.json")
    return json.loads(file.read_text(encoding="utf-8"))


def run(dial, name, seeds=SEEDS, *, watched=()):
    """Train a fusion on a dial from several seeds, with the rate that was chosen.

    Args:
        dial: name in `DIALS`. name: one in `FUSIONS`.
        seeds: integers, of the weights; the samples are the same. The first seeds the
            order of the batches too, and later runs go on in that order: a run's
            figures depend a little on its place in the list.
        watched: more callbacks.

    Returns:
        list of test accuracies, one a seed; and the model as the last seed left it.
    """
    rate = measured()[dial][name]["rate"]
    return train_all(dial, name, [(seed, rate) for seed in seeds], "test", watched)


def choose(dial, name):
    """The rate with the highest validation accuracy."""
    runs = [(CHOOSING, rate) for rate in RATES]
    found, _ = train_all(dial, name, runs, "validation")
    return max(zip(found, RATES, strict=True))[1]


def train_all(dial, name, runs, part, watched=()):
    """Runs one after another.

    Args:
        dial: name in `DIALS`. name: one in `FUSIONS`.
        runs: list of (seed, learning rate). Weights begin from the run's seed; the
            order of the batches from the first run's, and goes on from run to run.
        part: "validation" or "test": where the accuracy is taken.
        watched: more callbacks.

    Returns:
        list of accuracies, one a run; and the model as the last run left it.
    """
    import keras

    from mmlearn import train

    epochs, data = DIALS[dial].epochs, dial_data(dial)
    rate = keras.Variable(runs[0][1], dtype="float32", trainable=False)
    model = build(dial, name, runs[0][0])
    steps = epochs * -(-SIZES["train"] // BATCH)
    model.compile(
        keras.optimizers.Adam(make_cosine(steps, rate)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.optimizer.build(model.trainable_variables)
    restart = make_restart(dial, name, runs, rate, data[part])
    train.fit(
        model,
        data["train"],
        epochs=epochs * len(runs),
        batch_size=BATCH,
        seed=runs[0][0],
        callbacks=[restart, *watched],
        progress=False,
        jit_compile=False,
    )
    return restart.figures, model


def make_cosine(steps, rate):
    """Up from a tenth of a rate that may change, then along half a cosine to 0."""
    import keras

    warm = steps // 10
    one = keras.optimizers.schedules.CosineDecay(
        0.1, steps - warm, warmup_target=1.0, warmup_steps=warm
    )

    class Scaled(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return rate * one(step)

    return Scaled()


def make_restart(dial, name, runs, rate, pair):
    """A callback that ends one run and begins the next."""
    import keras

    epochs = DIALS[dial].epochs

    class Restart(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.figures = []
            self.start = [v.numpy() for v in self.model.optimizer.variables]

        def on_epoch_end(self, epoch, logs=None):
            if (epoch + 1) % epochs:
                return
            self.figures.append(accuracy_of(self.model, pair, rows=len(pair[1])))
            if len(self.figures) < len(runs):
                self._begin(*runs[len(self.figures)])

        def _begin(self, seed, next_rate):
            rate.assign(next_rate)
            fresh = build(dial, name, seed)
            for old, new in zip(self.model.variables, fresh.variables, strict=True):
                old.assign(new)
            optimizer = self.model.optimizer.variables
            for old, new in zip(optimizer, self.start, strict=True):
                old.assign(new)

    return Restart()


def main(path):
    """Choose and test every fusion on every dial; write the file as it grows."""
    file = Path(path)
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    for dial in DIALS:
        for name in FUSIONS:
            if name in found.setdefault(dial, {}):
                continue
            rate = choose(dial, name)
            figures, _ = train_all(dial, name, [(s, rate) for s in SEEDS], "test")
            rounded = [round(a, 5) for a in figures]
            found[dial][name] = {"rate": rate, "test": rounded}
            file.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
            print(dial, name, rate, rounded, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
