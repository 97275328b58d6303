"""What a recipe is measured against: what others published, what the course wants."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """Figures declared beside a recipe, before it is measured.

    Attributes:
        published: test accuracy that others report for this protocol; None: none found.
        source: who, when, where: "Kipf and Welling (2017), table 2".
        deviation: the standard deviation they give with it, or None.
        least: what the course promises.
        aim: what it hopes for.

    >>> Goal(published=0.83, source="Veličković et al. (2018)", deviation=0.007).text
    '0.830 ± 0.007 (Veličković et al. (2018))'
    """

    published: float | None = None
    source: str = ""
    deviation: float | None = None
    least: float | None = None
    aim: float | None = None

    def __post_init__(self):
        if self.published is not None and not self.source:
            raise ValueError(
                f"Goal: {self.published} is published; expected source=, by whom"
            )
        figures = (self.published, self.deviation, self.least, self.aim)
        if any(f is not None and not 0 <= f <= 1 for f in figures):
            raise ValueError(
                f"Goal: figures are {figures}; expected 0 to 1, not per cent"
            )

    @property
    def text(self) -> str:
        """The published figure and its source, or a dash."""
        if self.published is None:
            return "–"
        spread = "" if self.deviation is None else f" ± {self.deviation:.3f}"
        return f"{self.published:.3f}{spread} ({self.source})"
