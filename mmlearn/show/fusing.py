"""Three noisy modalities of one bit, and which way of fusing them survives.

As with the other widgets the browser computes (`fusing.js`), and Python keeps and
checks the state, computes the same numbers by SciPy, and draws the still twin.
"""

import numpy as np
import traitlets
from scipy.special import expit, logit, ndtr

from mmlearn.show.figure import NEGATIVE, POSITIVE, new
from mmlearn.show.still import StillWidget, source

_FILES = ("sliders.js", "fusing.js")
FUSIONS = (
    "best alone",
    "majority vote",
    "sum of features",
    "mean of probabilities",
    "product of experts",
    "best possible",
)


class FusingWidget(StillWidget):
    """One bit y = ±1, three modalities x_m = y + σ_m · noise, six ways to decide.

    An expert who sees x_m alone says p_m = sigmoid(2 x_m / σ_m²), rightly calibrated.
    The noises of any two modalities have a correlation ρ that no expert knows of; the
    best possible fusion knows it.

    Args:
        noise: (3,) σ of audio, image and text, each from 0.3 to 5.
        correlation: ρ, from 0 to 0.95.

    Both are traits; `accuracies` (a dict) and `confidence`, the product of experts' own
    mean confidence, follow from them.

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> widget = FusingWidget([1, 1, 1])
    >>> [round(value, 3) for value in widget.accuracies.values()]
    [0.841, 0.932, 0.958, 0.954, 0.958, 0.958]
    """

    _esm = source(*_FILES)
    _css = source("sliders.css")

    noise = traitlets.List(
        traitlets.Float(min=0.3, max=5), [1.0, 1.0, 1.0], minlen=3, maxlen=3
    ).tag(sync=True)
    correlation = traitlets.Float(0.0, min=0, max=0.95).tag(sync=True)

    def __init__(self, noise=(1, 1, 1), correlation=0.0):
        super().__init__(
            noise=[float(s) for s in noise], correlation=float(correlation)
        )

    @property
    def covariance(self):
        """(3, 3) of the noise."""
        s = np.array(self.noise)
        mixed = self.correlation * np.ones((3, 3)) + (1 - self.correlation) * np.eye(3)
        return s[:, None] * mixed * s

    @property
    def accuracies(self):
        """How often each fusion is right: dict, name to accuracy."""
        s, c = np.array(self.noise), self.covariance
        w = 1 / s**2
        values = (
            ndtr(1 / s.min()),
            _vote(s, self.correlation),
            ndtr(3 / np.sqrt(c.sum())),
            _average(s, self.correlation),
            ndtr(w.sum() / np.sqrt(w @ c @ w)),
            ndtr(np.sqrt(np.linalg.solve(c, np.ones(3)).sum())),
        )
        return dict(zip(FUSIONS, map(float, values), strict=True))

    @property
    def confidence(self):
        """The mean of the larger probability that the product of experts gives."""
        w = 1 / np.array(self.noise) ** 2
        z, weight = _normal(961)
        logits = 2 * (w.sum() + np.sqrt(w @ self.covariance @ w) * z)
        return float(weight @ expit(np.abs(logits)))

    def still(self, title=""):
        """The same as a still figure: a bar for each fusion."""
        found = self.accuracies
        told = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
        noises = ", ".join(f"{s:.1f}" for s in self.noise)
        figure, axes = new(
            size=(8.4, 3),
            title=title,
            alt=f"How often each fusion is right, noises {noises}, shared "
            f"{self.correlation:.2f}: {told}. The product of experts says "
            f"{self.confidence:.3f}.",
        )
        ax, alone = axes[0, 0], found["best alone"]
        for k, (name, value) in enumerate(found.items()):
            under = value < alone - 5e-4
            ends = name in (FUSIONS[0], FUSIONS[-1])
            ax.barh(
                k,
                max(value - 0.5, 0),
                left=0.5,
                color=NEGATIVE if ends else POSITIVE,
                alpha=0.45 if under else 1,
            )
            mark = "  ✗ below the best alone" if under else ""
            ax.text(1.01, k, f"{value:.3f}{mark}", va="center")
        ax.axvline(alone, color="black", linestyle="--", linewidth=1)
        ax.set(xlim=(0.5, 1.25), xlabel="accuracy", xticks=np.linspace(0.5, 1, 6))
        ax.set_yticks(range(len(found)), list(found))
        ax.invert_yaxis()
        return figure


def _normal(points):
    """Places of a standard normal from −6 to 6, and their weights."""
    z = np.linspace(-6, 6, points)
    weight = np.exp(-(z**2) / 2)
    return z, weight / weight.sum()


def _vote(s, rho):
    """Majority of three: given the noise they share, they are independent."""
    z, weight = _normal(481)
    shared = np.sqrt(rho) * z[:, None]
    a, b, c = ndtr((1 / s + shared) / np.sqrt(1 - rho)).T
    return weight @ (a * b + a * c + b * c - 2 * a * b * c)


def _average(s, rho):
    """Mean of three probabilities > 1/2: two are drawn, the third must pass."""
    z, weight = _normal(241)
    first, second = z[:, None], rho * z[:, None] + np.sqrt(1 - rho**2) * z
    p = [expit(2 * (1 + s[m] * n) / s[m] ** 2) for m, n in enumerate((first, second))]
    least = np.clip(1.5 - p[0] - p[1], 0, 1)  # of the third's probability
    with np.errstate(all="ignore"):
        x = s[2] ** 2 / 2 * logit(least)  # −∞ and ∞ where nothing is left to decide
    middle = rho * (first + second) / (1 + rho)
    spread = np.sqrt(1 - 2 * rho**2 / (1 + rho))
    return weight @ ndtr(((1 - x) / s[2] + middle) / spread) @ weight
