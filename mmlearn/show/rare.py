"""A rare class and a threshold to move: which metric tells the truth?

As with the other widgets the browser computes (`rare.js`), and Python keeps and checks
the state, computes the same figures, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

LOW, HIGH, STEPS = -3.0, 7.0, 200  # thresholds that are drawn
METRICS = {"accuracy": "-", "balanced": "--", "f1": ":"}
LABELS = {"accuracy": "accuracy", "balanced": "balanced accuracy", "f1": "macro F1"}


class RareClassWidget(StillWidget):
    """Two classes on one score, N(0, 1) and N(distance, 1), and a threshold.

    What lies above the threshold is called rare.

    Args:
        share: of the rare class, from 0.005 to 0.5.
        distance: of the two means, in standard deviations, from 0 to 4.
        threshold: from −3 to 7.

    All are traits; `metrics` has what becomes of them, `best` the best thresholds.

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> widget = RareClassWidget(share=0.02, distance=2, threshold=7)
    >>> {name: round(float(v), 2) for name, v in widget.metrics.items()}
    {'accuracy': 0.98, 'balanced': 0.5, 'f1': 0.49}
    """

    _esm = source("sliders.js", "rare.js")
    _css = source("sliders.css", "rare.css")

    share = traitlets.Float(0.05, min=0.005, max=0.5).tag(sync=True)
    distance = traitlets.Float(2.0, min=0, max=4).tag(sync=True)
    threshold = traitlets.Float(1.0, min=LOW, max=HIGH).tag(sync=True)

    @property
    def metrics(self):
        """{"accuracy", "balanced", "f1"} at the threshold."""
        return _judge(self.share, self.distance, self.threshold)

    @property
    def curves(self):
        """Thresholds (201,), and each metric at them."""
        at = np.linspace(LOW, HIGH, STEPS + 1)
        return at, _judge(self.share, self.distance, at)

    @property
    def best(self):
        """Metric → the threshold at which it is largest."""
        at, curves = self.curves
        first = {name: np.argmax(v > v.max() - 1e-9) for name, v in curves.items()}
        return {name: float(at[place]) for name, place in first.items()}

    def still(self, title=""):
        """The same as a still figure: the classes above, the metrics below."""
        at, curves = self.curves
        told = ", ".join(f"{LABELS[n]} {v:.3f}" for n, v in self.metrics.items())
        figure, axes = new(
            2,
            1,
            size=(9, 4.6),
            height_ratios=[2, 3],
            sharex=True,
            title=title,
            alt=f"Two bells, the rare one with {self.share:.3g} of all samples, and a "
            f"threshold at {self.threshold:.2f}, where: {told}.",
        )
        above, below = axes[:, 0]
        bell = np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)
        moved = np.exp(-((at - self.distance) ** 2) / 2) / np.sqrt(2 * np.pi)
        above.plot(at, (1 - self.share) * bell, label="frequent")
        above.plot(at, self.share * moved, "--", label="rare")
        above.set(ylabel="density\n(per s.d.)")
        above.legend(loc="upper left", bbox_to_anchor=(1, 1))
        for name, line in METRICS.items():
            (drawn,) = below.plot(at, curves[name], line, label=LABELS[name])
            best = self.best[name]
            value = _judge(self.share, self.distance, best)[name]
            below.plot(best, value, "o", color=drawn.get_color())
        for axis in (above, below):
            axis.axvline(self.threshold, color="black", linewidth=1.2)
        below.set(xlabel="score, and threshold (s.d.)", ylabel="metric", ylim=(0, 1.03))
        below.legend(loc="upper left", bbox_to_anchor=(1, 1), title="dot: its best")
        return figure


def _judge(share, distance, threshold):
    """The three metrics at one threshold or many."""
    from scipy.special import ndtr

    found = share * ndtr(distance - np.asarray(threshold))
    quiet = (1 - share) * ndtr(threshold)
    missed, alarms = share - found, 1 - share - quiet
    scores = [2 * hits / (2 * hits + missed + alarms) for hits in (found, quiet)]
    return {
        "accuracy": found + quiet,
        "balanced": (found / share + quiet / (1 - share)) / 2,
        "f1": sum(scores) / 2,
    }
