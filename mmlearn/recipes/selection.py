"""How a recipe's schedule is chosen: on the validation set, without the test set."""

from dataclasses import dataclass, replace
from typing import Any

from mmlearn.evaluate import Summary
from mmlearn.recipes.recipe import RecipeError


@dataclass(frozen=True)
class Selection:
    """Schedules that were compared, with their validation loss and accuracy.

    Attributes:
        settings: fields of the recipe that were replaced, one dict a candidate.
        losses, accuracies: Summary over seeds for each candidate.
        best: index of the candidate with the lowest mean validation loss.
    """

    recipe: str
    settings: tuple[dict[str, Any], ...]
    losses: tuple[Summary, ...]
    accuracies: tuple[Summary, ...]

    @property
    def best(self) -> int:
        means = [loss.mean for loss in self.losses]
        return means.index(min(means))

    @property
    def setting(self) -> dict[str, Any]:
        return self.settings[self.best]

    def __str__(self) -> str:
        lines = [
            f"{self.recipe}: validation loss and accuracy (the test set is closed)"
        ]
        rows = zip(self.settings, self.losses, self.accuracies, strict=True)
        for i, (setting, loss, accuracy) in enumerate(rows):
            words = ", ".join(f"{name}={value}" for name, value in setting.items())
            mark = "  ← chosen" if i == self.best else ""
            lines.append(f"  {words:<24} {loss.mean:.4f}  {accuracy.text}{mark}")
        return "\n".join(lines)


def select(recipe, grid=None, seeds=range(3), profile=None, progress=False):
    """Compare schedules by their mean validation loss over seeds.

    The loss rather than the accuracy: on 360 images a single one moves the accuracy by
    0.003, the loss uses how sure each answer was. The test set is taken away before the
    first run, so that nothing here can depend on it. Of a recipe with folds each seed
    is another fold.

    Args:
        recipe: Recipe.
        grid: dicts of fields to replace; by default the recipe's own.
        seeds: integers, not fewer than two for a fair comparison.
        profile: "quick" or "full".
        progress: as in `train.fit`.

    Returns:
        Selection; `.setting` is the chosen dict.

    Raises:
        RecipeError: for an empty grid.
    """
    grid = tuple(recipe.grid if grid is None else grid)
    if not grid:
        raise RecipeError(f"select: {recipe.name} has no grid; give a list of settings")
    seeds = tuple(seeds)
    losses, accuracies = [], []
    closed = tuple(recipe.closed(profile, seeds))
    for setting in grid:
        candidate = replace(recipe, **setting)
        runs = [
            candidate.run_on(splits, seed, profile, progress=progress)
            for splits, seed in zip(closed, seeds, strict=True)
        ]
        losses.append(Summary(tuple(r.validation_loss for r in runs), seeds))
        accuracies.append(Summary(tuple(r.validation_accuracy for r in runs), seeds))
    return Selection(recipe.name, grid, tuple(losses), tuple(accuracies))
