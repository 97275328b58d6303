"""A fusion kernel and its best copies of low rank: what is lost, what is saved?

As with the other widgets the browser computes (`rank.js`), and Python keeps and checks
the state, computes the same numbers, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.axes import expect_shape
from mmlearn.show.arrays import draw_numbers
from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

_MOST = 6  # modalities


class RankWidget(StillWidget):
    """Kernels between two modalities, each beside its best copy of rank R.

    A unit that multiplies [x; 1] with [s; 1] has a kernel (F + 1, F + 1). The copy is
    the sum of the R largest outer products of its singular value decomposition: no sum
    of R products is nearer (Eckart and Young, 1936).

    Args:
        kernels: dict, name of a relation -> square array, the same size for all.
        relation: the one shown at first.
        rank: R, from 1 to the kernel's size.
        modalities: M, 2 to 6, for the count of weights.

    Raises:
        ShapeError: for a kernel of another shape. TraitError: a setting out of range.

    >>> widget = RankWidget({"match": np.eye(3)}, rank=2)
    >>> round(widget.left_out, 3), widget.weights
    (0.333, {'tensor': 9, 'low rank': 12})
    """

    _esm = source("sliders.js", "rank.js")
    _css = source("sliders.css", "rank.css")

    factors = traitlets.Dict().tag(sync=True)
    relation = traitlets.Unicode().tag(sync=True)
    rank = traitlets.Int(1, min=1).tag(sync=True)
    modalities = traitlets.Int(2, min=2, max=_MOST).tag(sync=True)

    def __init__(self, kernels, relation=None, **settings):
        sizes: dict[str, int] = {}
        for name, kernel in kernels.items():
            hint = "one row and one column for each feature and for the 1"
            where = f"kernels[{name!r}]"
            sizes = expect_shape(
                "RankWidget", where, np.asarray(kernel), "F F", sizes=sizes, hint=hint
            )
        self.size = sizes["F"]
        first = next(iter(kernels))
        super().__init__(
            factors={name: _factors(kernel) for name, kernel in kernels.items()},
            relation=first if relation is None else relation,
            **settings,
        )

    @traitlets.validate("relation")
    def _known(self, proposal):
        if proposal["value"] not in self.factors:
            known = ", ".join(self.factors)
            raise traitlets.TraitError(
                f"RankWidget: relation is {proposal['value']!r}; expected {known}"
            )
        return proposal["value"]

    @traitlets.validate("rank")
    def _possible(self, proposal):
        if proposal["value"] > self.size:
            raise traitlets.TraitError(
                f"RankWidget: rank is {proposal['value']}; expected 1 … {self.size}"
            )
        return proposal["value"]

    def copy(self, rank=None):
        """The sum of the largest `rank` outer products; by default as the slider is."""
        rank = self.rank if rank is None else rank
        left, right = (
            np.array(self.factors[self.relation][n]) for n in ("left", "right")
        )
        return left[:rank].T @ right[:rank]

    @property
    def left_out(self):
        """The share of the kernel's squares that the copy leaves out."""
        whole = self.copy(self.size)
        return float(((whole - self.copy()) ** 2).sum() / max((whole**2).sum(), 1e-300))

    @property
    def weights(self):
        """Of one unit: the whole tensor's, and those at this rank."""
        low = self.rank * self.modalities * self.size
        return {"tensor": self.size**self.modalities, "low rank": low}

    def still(self, title=""):
        """The same as a still figure: kernel, copy, and both numbers of weights."""
        count = self.weights
        figure, axes = new(
            1,
            3,
            size=(12, 4),
            width_ratios=[3, 3, 2],
            title=title,
            alt=f"The kernel of {self.relation!r} and its best copy of rank "
            f"{self.rank}, which leaves out {self.left_out:.1%}. With "
            f"{self.modalities} modalities {count['tensor']:,} weights as a tensor, "
            f"{count['low rank']:,} at this rank.",
        )
        draw_numbers(axes[0, 0], self.copy(self.size).round(1), colours="diverging")
        axes[0, 0].set_title(f"{self.relation}: the kernel")
        draw_numbers(axes[0, 1], self.copy().round(1) + 0.0, colours="diverging")
        axes[0, 1].set_title(f"rank {self.rank}: {self.left_out:.1%} left out")
        drawn = axes[0, 2].barh(list(count), np.log10(list(count.values())))
        axes[0, 2].bar_label(drawn, [f" {n:,}" for n in count.values()])
        axes[0, 2].set(title=f"weights of a unit, M = {self.modalities}", xlim=(0, 7))
        axes[0, 2].set_xticks([0, 2, 4, 6], ["1", "100", "10⁴", "10⁶"])
        axes[0, 2].set_xlabel("weights")
        return figure


def _factors(kernel):
    """Outer products, the largest first: {"left", "right"}, a list of vectors each."""
    u, s, v = np.linalg.svd(np.asarray(kernel, float))
    return {"left": (u * s).T.tolist(), "right": v.tolist()}
