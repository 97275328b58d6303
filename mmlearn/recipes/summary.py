"""Several runs of one recipe, and the two different ± that belong to them."""

import math
from dataclasses import dataclass

from mmlearn.evaluate import Summary, accuracy_interval
from mmlearn.recipes.recipe import Result


@dataclass(frozen=True)
class RecipeSummary(Summary):
    """Test accuracies over seeds; `.results` has every run.

    The s.d. is what another seed changes; `.interval` is what another test set of the
    same size might have shown (Wilson, 95 %). Neither contains the other.
    """

    results: tuple[Result, ...] = ()

    @property
    def interval(self) -> tuple[float, float]:
        total = self.results[0].test_size
        return accuracy_interval(round(self.mean * total), total)

    @property
    def spread(self) -> Summary:
        """The figures whose ± and interval of the mean are told: those over seeds."""
        return self

    @property
    def validation(self) -> Summary:
        return Summary(tuple(r.validation_accuracy for r in self.results), self.seeds)

    @property
    def validation_text(self) -> str:
        """As text; a dash where all but the test samples trained."""
        return "–" if math.isnan(self.validation.mean) else self.validation.text

    @property
    def seconds(self) -> float:
        """Mean seconds of training for one seed."""
        return sum(r.seconds for r in self.results) / len(self.results)

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{self.text}; {self.results[0].test_size:,} test samples leave "
            f"{low:.3f} to {high:.3f}"
        )
