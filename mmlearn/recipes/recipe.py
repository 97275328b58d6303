"""A recipe, and what one run of it leaves behind.

The test set is read once a run, after training, and decides nothing: the schedule was
chosen on the validation set (`selection.py`), and every run uses its last epoch.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from mmlearn.recipes.goal import Goal
from mmlearn.recipes.measure import accuracy_of, count_of

PROFILES = ("quick", "full")
SCHEDULES = ("constant", "cosine")


class RecipeError(ValueError):
    """A recipe, a profile or a grid that does not exist."""


@dataclass(frozen=True)
class Result:
    """One run: its figures, its history, and the trained model to look into."""

    recipe: str
    seed: int
    validation_accuracy: float
    validation_loss: float  # NaN where nothing was trained
    test_accuracy: float  # NaN where the test set was not opened
    test_size: int
    seconds: float  # of training, wall time
    parameters: int
    history: Any = field(repr=False)
    model: Any = field(repr=False)


@dataclass(frozen=True)
class Recipe:
    """Data + model + schedule + protocol under one name.

    Attributes:
        name, description: what `mmlearn train` lists.
        dataset: name in `mmlearn.datasets`.
        load: profile -> {"train" | "validation" | "test": (x float32, y int64)}.
        build: seed -> uncompiled keras.Model with logits out.
        epochs: passes over the training set, by profile.
        batch_size: B.
        learning_rate: Adam's η; with a schedule, its largest.
        schedule: "constant", or "cosine": η rises from a tenth in the first tenth of
            the steps, then falls to 0 along half a cosine.
        global_clipnorm: the largest length of the whole gradient; None: any.
        jit_compile: XLA or not; None: as `train.fit` decides. Compiling costs seconds.
        expected: (low, high), the band that the mean test accuracy over seeds stays in,
            from five measured seeds.
        grid: schedules that `select` compared on the validation set to choose this one.
        goal: what others published for this, and what the course wants; None: nothing.
        seeds: how many its figure in the results table is the mean of.
        against: names of recipes with the same test samples, to be compared with.
        tried: what did not work, a sentence for the results table.
        graphs: what TensorFlow compiled for one seed serves the others (`train.fit`).
    """

    name: str
    description: str
    dataset: str
    load: Callable[..., Any]
    build: Callable[[int], Any]
    epochs: dict[str, int]
    batch_size: int
    learning_rate: float
    expected: tuple[float, float]
    grid: tuple[dict[str, Any], ...] = ()
    schedule: str = "constant"
    global_clipnorm: float | None = None
    jit_compile: bool | None = None
    goal: Goal | None = None
    seeds: int = 5
    against: tuple[str, ...] = ()
    tried: str = ""
    graphs: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    counted: ClassVar[str] = "metrics"  # compile's name for what counts every sample

    def data(self, profile=None):
        """The data, scaled: {"train" | "validation" | "test": (x, y)}."""
        return self.load(current_profile(profile))

    def closed(self, profile, seeds):
        """For each seed the data without its test set: what a choice may look at."""
        return [without_test(self.data(profile))] * len(tuple(seeds))

    def test_groups(self) -> np.ndarray | None:
        """(N,) whose each test sample is (a video's, say); None: each by itself."""
        return None

    def model_for(self, splits, seed, steps):
        """`model`, where a recipe's model follows its data."""
        return self.model(seed, steps)

    def model(self, seed=0, steps=None):
        """A new model with the seed's initial weights, compiled with the schedule.

        Args:
            seed: int.
            steps: optimizer steps of the whole run, for a schedule that needs them;
                None: the rate stays constant.
        """
        import keras

        model = self.build(seed)
        model.compile(
            optimizer=keras.optimizers.Adam(self._rate(steps)),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            **{self.counted: ["accuracy"]},
        )
        return model

    def _rate(self, steps):
        """The learning rate: a number, or Keras' schedule over so many steps."""
        import keras

        if self.schedule not in SCHEDULES:
            told = f"{self.name}: the schedule is {self.schedule!r}"
            raise RecipeError(f"{told}; expected {' or '.join(SCHEDULES)}")
        if self.schedule == "constant" or steps is None:
            return self.learning_rate
        warm = steps // 10
        return keras.optimizers.schedules.CosineDecay(
            self.learning_rate / 10,
            steps - warm,
            warmup_target=self.learning_rate,
            warmup_steps=warm,
        )

    def run(self, seed=0, profile=None, **how):
        """Train once on the recipe's own data, and measure: `run_on`, a Result."""
        return self.run_on(self.data(profile), seed, profile, **how)

    def run_on(
        self,
        splits,
        seed=0,
        profile=None,
        log_dir=None,
        progress=None,
        dry_run=False,
        callbacks=(),
        **given,
    ):
        """Train once and measure.

        Args:
            splits: as from `data`; what it lacks ("test", …) is not measured.
            seed: int, fixes initial weights and the order of the batches.
            profile: "quick" or "full"; by default $MMLEARN_PROFILE, else quick.
            log_dir: folder for TensorBoard.
            progress: True or False; None: in terminals and notebooks.
            dry_run: only print what would run, and return None.
            callbacks: of Keras, such as `watch.TensorBoard`.
            given: for this recipe's `prepared`.

        Returns:
            Result.
        """
        from mmlearn import train

        profile = current_profile(profile)
        splits = self.prepared(splits, seed, profile, **given)
        epochs = self.epochs[profile]
        batches = math.ceil(count_of(splits["train"][1]) / self.batch_size)
        model = self.model_for(splits, seed, epochs * batches)
        history = train.fit(
            model,
            splits["train"],
            epochs=epochs,
            batch_size=self.batch_size,
            validation_data=splits.get("validation"),
            seed=seed,
            callbacks=callbacks,
            log_dir=log_dir,
            progress=progress,
            dry_run=dry_run,
            global_clipnorm=self.global_clipnorm,
            jit_compile=self.jit_compile,
            graphs=self.graphs,
        )
        return None if dry_run else self._result(model, history, splits, seed)

    def prepared(self, splits, seed, profile):
        """What a run trains and is tested on, made of the data; here the same."""
        return splits

    def _result(self, model, history, splits, seed):
        test = splits.get("test")
        return Result(
            recipe=self.name,
            seed=seed,
            validation_accuracy=accuracy_of(model, splits.get("validation")),
            validation_loss=float(history.history.get("val_loss", [math.nan])[-1]),
            test_accuracy=math.nan if test is None else accuracy_of(model, test),
            test_size=0 if test is None else np.size(test[1]),
            seconds=history.seconds,
            parameters=model.count_params(),
            history=history,
            model=model,
        )

    def protocol(self, seeds=None, profile=None, log_dir=None, progress=None):
        """Run once for each seed on the same data; `RecipeSummary` of test accuracies.

        Without `seeds` they are 0 to `self.seeds` − 1. With `log_dir` each seed logs
        into its own folder below it, `seed_0`, ….
        """
        from mmlearn.evaluate import protocol
        from mmlearn.recipes.summary import RecipeSummary

        seeds = tuple(range(self.seeds) if seeds is None else seeds)
        splits = self.data(profile)
        results = []

        def run(seed):
            folder = None if log_dir is None else f"{log_dir}/seed_{seed}"
            results.append(self.run_on(splits, seed, profile, folder, progress))
            return results[-1].test_accuracy

        summary = protocol(run, seeds)
        return RecipeSummary(summary.values, summary.seeds, tuple(results))


def without_test(splits):
    """The data with its test set taken away."""
    return {name: part for name, part in splits.items() if name != "test"}


def current_profile(profile=None):
    """The profile asked for, else $MMLEARN_PROFILE, else "quick".

    >>> current_profile("full")
    'full'
    """
    chosen = profile or os.environ.get("MMLEARN_PROFILE") or "quick"
    if chosen not in PROFILES:
        raise RecipeError(f"the profile is {chosen!r}; expected quick or full")
    return chosen
