"""Recipes measured by cross-validation: a run is as many trainings as there are folds.

    recipe = recipes.get("ngram_polarity")
    result = recipe.run(seed=0)      # ten trainings: .test_accuracy is their mean
    result.over_folds.text           # mean ± s.d. over the folds
    recipe.run_fold(3)               # one of them, with its model

The folds are the same for every seed, so that a seed changes the network alone.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mmlearn.evaluate import Summary, cross_validation
from mmlearn.recipes.recipe import Recipe, Result, current_profile, without_test
from mmlearn.recipes.summary import RecipeSummary


@dataclass(frozen=True)
class FoldResult(Result):
    """One run over all folds: accuracies are means of the folds', sizes their sums."""

    folds: tuple[Result, ...]
    names: tuple[Hashable, ...]
    unit: str

    @property
    def over_folds(self) -> Summary:
        """Test accuracy of each fold."""
        return Summary(
            tuple(r.test_accuracy for r in self.folds), self.names, unit=self.unit
        )


@dataclass(frozen=True)
class FoldSummary(RecipeSummary):
    """Test accuracies over folds, each fold's the mean of its seeds'."""

    results: tuple[FoldResult, ...] = ()

    @property
    def over_folds(self) -> Summary:
        values = np.mean([r.over_folds.values for r in self.results], axis=0)
        first = self.results[0].over_folds
        return Summary(tuple(map(float, values)), first.seeds, unit=first.unit)

    @property
    def spread(self) -> Summary:
        return self.over_folds

    @property
    def text(self) -> str:
        seeds = len(self.results)
        each = f", {seeds} seeds each)" if seeds > 1 else ")"
        return self.over_folds.text.removesuffix(")") + each


@dataclass(frozen=True)
class FoldRecipe(Recipe):
    """A recipe that every sample tests once, by a network that never saw its fold.

    Attributes:
        load: (profile, fold) -> {"train" | "validation" | "test": (x, y)}.
        folds: their names: numbers, or the speakers who are left out.
        unit: what one fold is called.
        choose: (profile, fold) -> data to choose a schedule by, without the test set,
            where the validation set of `load` is not fit for it; None: it is.

    The others are those of `Recipe`.
    """

    folds: tuple[Hashable, ...] = tuple(range(10))
    unit: str = "fold"
    choose: Callable[..., Any] | None = None
    seeds: int = 1

    def data(self, profile=None, seed=0):
        """The data of the fold whose turn it is: number `seed`, counted round."""
        return self.load(current_profile(profile), self.folds[seed % len(self.folds)])

    def closed(self, profile, seeds):
        """For each seed the data of another fold, without its test set."""
        for seed in seeds:
            if self.choose is None:
                yield without_test(self.data(profile, seed))
            else:
                fold = self.folds[seed % len(self.folds)]
                yield without_test(self.choose(current_profile(profile), fold))

    def run_fold(self, fold, seed=0, profile=None, **how):
        """Train without one fold, and test on it.

        Args:
            fold: one of `folds`.
            seed, profile, how: as in `run`.

        Returns:
            Result.
        """
        splits = self.load(current_profile(profile), fold)
        return self.run_on(splits, seed, profile, **how)

    def run(self, seed=0, profile=None, *, log_dir=None, dry_run=False, **how):
        """Train once for each fold and measure: a FoldResult.

        Its `model` and `history` are None: there are as many as folds (`run_fold`).
        Callbacks see all trainings, one after another; with `log_dir` each fold logs
        into its own folder below it.
        """
        if dry_run:
            return self.run_fold(self.folds[0], seed, profile, dry_run=True, **how)
        results = []

        def run(fold):
            folder = log_dir and f"{log_dir}/{self.unit}_{fold}"
            result = self.run_fold(fold, seed, profile, log_dir=folder, **how)
            results.append(replace(result, model=None, history=None))
            return result.test_accuracy

        summary = cross_validation(run, self.folds)
        return self._together(summary.mean, results, seed)

    def _together(self, mean, results, seed):
        def average(name):
            return float(np.mean([getattr(r, name) for r in results]))

        return FoldResult(
            recipe=self.name,
            seed=seed,
            validation_accuracy=average("validation_accuracy"),
            validation_loss=average("validation_loss"),
            test_accuracy=mean,
            test_size=sum(r.test_size for r in results),
            seconds=math.fsum(r.seconds for r in results),
            parameters=results[0].parameters,
            history=None,
            model=None,
            folds=tuple(results),
            names=self.folds,
            unit=self.unit,
        )

    def protocol(self, seeds=None, profile=None, log_dir=None, progress=None):
        """Run over all folds once for each seed: a FoldSummary."""
        from mmlearn.evaluate import protocol

        results = []

        def run(seed):
            folder = log_dir and f"{log_dir}/seed_{seed}"
            results.append(self.run(seed, profile, log_dir=folder, progress=progress))
            return results[-1].test_accuracy

        summary = protocol(run, range(self.seeds) if seeds is None else seeds)
        return FoldSummary(summary.values, summary.seeds, tuple(results))
