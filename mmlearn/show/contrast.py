"""Which strangers push? A query, its key, and the other keys of the batch on a circle.

As with the other widgets the browser computes (`contrast.js`), and Python keeps and
checks the state, computes the same figures, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import NEGATIVE, POSITIVE, new
from mmlearn.show.still import StillWidget, source

GOLDEN = (np.sqrt(5) - 1) / 2


class ContrastWidget(StillWidget):
    """InfoNCE of one query: p_j = softmax_j(cos(q, k_j) / τ), and who pushes it.

    The query's own key lies at 0°. Doubles, keys that mean the same as the own one, lie
    within a few degrees of it; strangers between 40° and 320°. The gradient pulls the
    query to its key and pushes it from each other key with weight p_j.

    Args:
        temperature: τ, from 0.02 to 2.
        batch: keys in all, 2 to 64.
        doubles: how many of the others mean the same, 0 to 8.
        query: the query's angle, 0° to 90°.

    All are traits; `figures` has what follows: "loss" and "bound" (ln B − loss) in
    nats, "pushing" (how many others push, as e to the entropy of their shares) and
    "doubled" (the share of the push that comes from doubles).

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> figures = ContrastWidget(temperature=2, batch=2, query=0).figures
    >>> {name: round(value, 2) for name, value in figures.items()}
    {'loss': 0.34, 'bound': 0.36, 'pushing': 1.0, 'doubled': 0.0}
    """

    _esm = source("sliders.js", "contrast.js")
    _css = source("sliders.css", "contrast.css")

    temperature = traitlets.Float(0.2, min=0.02, max=2).tag(sync=True)
    batch = traitlets.Int(32, min=2, max=64).tag(sync=True)
    doubles = traitlets.Int(0, min=0, max=8).tag(sync=True)
    query = traitlets.Float(30.0, min=0, max=90).tag(sync=True)

    @property
    def angles(self):
        """(B,) degrees of the keys: the own one, the doubles, the strangers."""
        same = min(self.doubles, self.batch - 1)
        n = np.arange(1, same + 1)
        near = np.where(n % 2, 1, -1) * 5.0 * ((n + 1) // 2)
        far = 40 + 280 * ((np.arange(1, self.batch - same) * GOLDEN) % 1)
        return np.concatenate([[0.0], near, far])

    @property
    def chances(self):
        """(B,) p: the softmax over the keys."""
        s = np.cos(np.deg2rad(self.angles - self.query)) / self.temperature
        e = np.exp(s - s.max())
        return e / e.sum()

    @property
    def figures(self):
        """{"loss", "bound", "pushing", "doubled"}."""
        s = np.cos(np.deg2rad(self.angles - self.query)) / self.temperature
        loss = np.logaddexp.reduce(s) - s[0]
        others = self.chances[1:] / self.chances[1:].sum()
        entropy = -(others * np.log(np.maximum(others, 1e-300))).sum()
        same = min(self.doubles, self.batch - 1)
        return {
            "loss": float(loss),
            "bound": float(np.log(self.batch) - loss),
            "pushing": float(np.exp(entropy)),
            "doubled": float(others[:same].sum()),
        }

    def still(self, title=""):
        """A still figure: the circle, and each key's share of the push."""
        told = self.figures
        title = title or (
            f"τ = {self.temperature:.2f}: about {told['pushing']:.0f} of "
            f"{self.batch - 1} other keys push, doubles have {told['doubled']:.0%}"
        )
        figure, axes = new(
            1,
            2,
            size=(9, 4.2),
            width_ratios=[1, 1.2],
            title=title,
            alt=f"A query at {self.query:.0f}° and {self.batch} keys on a circle at a "
            f"temperature of {self.temperature:.2f}: loss {told['loss']:.2f} nats, "
            f"about {told['pushing']:.1f} keys push, {told['doubled']:.0%} of the push "
            "from doubles.",
        )
        share = self.chances[1:] / self.chances[1:].sum()
        circle, bars = axes[0]
        self._draw_circle(circle, share)
        same = min(self.doubles, self.batch - 1)
        order = np.argsort(-share)[:16]
        colours = [POSITIVE if n < same else NEGATIVE for n in order]
        hatch = ["//" if n < same else "" for n in order]
        bars.bar(range(len(order)), share[order], color=colours, hatch=hatch)
        bars.set(ylabel="share of the push", ylim=(0, 1))
        bars.set_xlabel("other keys, the nearest first (hatched: doubles)")
        return figure

    def _draw_circle(self, circle, share):
        """The keys and the query, and a line for each push."""
        angles, same = self.angles, min(self.doubles, self.batch - 1)
        x, y = np.cos(np.deg2rad(angles)), np.sin(np.deg2rad(angles))
        q = np.cos(np.deg2rad(self.query)), np.sin(np.deg2rad(self.query))
        for n, weight in enumerate(share, start=1):
            line = {"color": NEGATIVE, "linewidth": 8 * weight**0.5, "alpha": 0.5}
            circle.plot([q[0], x[n]], [q[1], y[n]], **line)
        circle.plot(x[1 + same :], y[1 + same :], "o", color="gray", label="stranger")
        circle.plot(x[1 : 1 + same], y[1 : 1 + same], "s", color=POSITIVE)
        circle.plot(x[0], y[0], "*", color=POSITIVE, markersize=16, label="own key")
        circle.plot(*q, "^", color="black", markersize=10, label="query")
        if same:
            circle.plot([], [], "s", color=POSITIVE, label="double")
        circle.set(aspect="equal", xlim=(-1.2, 1.2), ylim=(-1.2, 1.2))
        circle.axis("off")
        circle.legend(loc="center")
