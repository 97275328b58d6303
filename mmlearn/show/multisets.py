"""Two neighbourhoods as bags of numbers, and what mean, max and sum see of them.

As with the other widgets the browser computes (`multisets.js`), and Python keeps and
checks the state, computes the same numbers, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import NEGATIVE, POSITIVE, new
from mmlearn.show.still import StillWidget, source

READOUTS = ("mean", "max", "sum", "sum of squares")
_VALUES, _MOST = (1, 2, 3), 4


class MultisetWidget(StillWidget):
    """Two nodes A and B whose neighbours are 1s, 2s and 3s: which read-outs differ?

    The read-outs are the mean, the largest, the sum, and the sum of squares: a sum of
    what a layer before it may have made. An empty neighbourhood reads 0.

    Args:
        first, second: how many 1s, 2s and 3s A and B hear, each from 0 to 4.

    Both are traits; `read` gives the numbers, `apart` those that differ.

    Raises:
        traitlets.TraitError: for a count out of range.

    >>> MultisetWidget(first=(1, 0, 1), second=(2, 0, 2)).apart
    ['sum', 'sum of squares']
    """

    _esm = source("multisets.js")
    _css = source("sliders.css", "multisets.css")

    first = traitlets.List(
        traitlets.Int(min=0, max=_MOST), [1, 0, 1], minlen=3, maxlen=3
    ).tag(sync=True)
    second = traitlets.List(
        traitlets.Int(min=0, max=_MOST), [0, 2, 0], minlen=3, maxlen=3
    ).tag(sync=True)

    def __init__(self, **settings):
        counts = {n: list(v) for n, v in settings.items() if n in ("first", "second")}
        super().__init__(**settings | counts)

    @property
    def read(self):
        """A dict, read-out to its two numbers, A's and B's."""
        bags = [np.repeat(_VALUES, counts) for counts in (self.first, self.second)]
        found = [
            (bag.mean(), bag.max(), bag.sum(), (bag**2).sum()) if bag.size else (0,) * 4
            for bag in bags
        ]
        return {
            name: (float(a), float(b))
            for name, a, b in zip(READOUTS, *found, strict=True)
        }

    @property
    def apart(self):
        """The read-outs that tell A from B."""
        return [name for name, (a, b) in self.read.items() if abs(a - b) > 1e-9]

    def still(self, title=""):
        """The same as a still figure: both stars, and the read-outs as bars."""
        told = "; ".join(f"{n} {a:.3g} and {b:.3g}" for n, (a, b) in self.read.items())
        figure, axes = new(
            1,
            3,
            size=(11, 3.2),
            width_ratios=[1, 1, 2],
            title=title,
            alt=f"Two nodes with {sum(self.first)} and {sum(self.second)} neighbours. "
            f"Read-outs of A and B: {told}.",
        )
        for ax, name, counts in zip(
            axes[0], "AB", (self.first, self.second), strict=False
        ):
            draw_star(ax, np.repeat(_VALUES, counts), name)
        _bars(axes[0, 2], self.read, self.apart)
        return figure


def draw_star(ax, values, name=""):
    """A node and the numbers that it hears, in given axes.

    Args:
        ax: matplotlib axes.
        values: the neighbours' numbers, in any order.
        name: written into the node.
    """
    angles = 2 * np.pi * np.arange(len(values)) / max(len(values), 1) + np.pi / 2
    for value, angle in zip(values, angles, strict=True):
        x, y = np.cos(angle), np.sin(angle)
        ax.plot((0, x), (0, y), color="0.6", zorder=0)
        ax.scatter(x, y, s=380, color="#f8cfa4", ec="black", lw=0.6, zorder=2)
        ax.text(x, y, f"{value:g}", ha="center", va="center", zorder=3)
    ax.scatter(0, 0, s=520, color="#bcd2ea", ec="black", lw=1.8, zorder=2)
    ax.text(0, 0, name, ha="center", va="center", weight="bold", zorder=3)
    ax.set(xlim=(-1.45, 1.45), ylim=(-1.45, 1.45), aspect="equal")
    ax.grid(False)
    ax.set_axis_off()


def _bars(ax, read, apart):
    """Two bars a read-out; hatched for B, and a word says whether they differ."""
    place = np.arange(len(read))
    a, b = np.array(list(read.values())).T
    ax.barh(place - 0.19, a, 0.36, color=NEGATIVE, alpha=0.7, label="A")
    ax.barh(place + 0.19, b, 0.36, color=POSITIVE, alpha=0.7, label="B", hatch="//")
    for row, (name, pair) in enumerate(read.items()):
        word = "told apart" if name in apart else "the same"
        ax.text(max(pair) * 1.02 + 0.1, row, word, va="center", fontsize=10)
    ax.set_yticks(place, list(read))
    ax.set(xlabel="read-out", xlim=(0, 1.35 * max(a.max(), b.max(), 1)))
    ax.invert_yaxis()
    ax.legend(loc="upper right")
