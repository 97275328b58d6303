"""Messages on a drawn graph: choose a node, step, and see whose features arrived.

As with the other widgets the browser computes (`messages.js`), and Python keeps and
checks the state, computes the same numbers, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.axes import expect_edge_index
from mmlearn.show.figure import ACCENT, POSITIVE, new
from mmlearn.show.still import StillWidget, source

WEIGHTINGS = ("sum", "mean", "GCN")


class MessagesWidget(StillWidget):
    """How much of every node's features is in one node after some steps.

    A step is H ← P H. P counts the edges (sum), divides by what arrives (mean), or by
    the roots of both degrees, with loops (GCN). Row v of P^steps says what v has heard.

    Args:
        edge_index: (2, E): row 0 source nodes, row 1 target nodes.
        names: N names, by default 0 … N − 1.
        node: v, the one who listens.
        steps: how many, from 0 to 8.
        weighting: "sum", "mean" or "GCN".
        places: (N, 2) where nodes are drawn; by default by springs, the same each time.

    All but edge_index are traits; `arrived` is (N,), the row of P^steps.

    Raises:
        ShapeError, ValueError: for edges that do not fit. traitlets.TraitError: for a
        setting out of range.

    >>> path = np.array([[0, 1], [1, 2]])  # 0 → 1 → 2
    >>> MessagesWidget(path, node=2, steps=2, weighting="sum").arrived
    array([1., 0., 0.])
    """

    _esm = source("messages.js")
    _css = source("sliders.css", "messages.css")

    edges = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)  # E of u, v
    places = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    node = traitlets.Int(0, min=0).tag(sync=True)
    steps = traitlets.Int(1, min=0, max=8).tag(sync=True)
    weighting = traitlets.Enum(list(WEIGHTINGS), "sum").tag(sync=True)

    def __init__(self, edge_index, *, names=None, places=None, **settings):
        edges = np.asarray(edge_index)
        if names is None:
            names = range(int(edges.max(initial=0)) + 1)
        names = [str(name) for name in names]
        expect_edge_index("MessagesWidget", edges, len(names))
        if places is None:
            places = springs(edges, len(names))
        super().__init__(
            edges=edges.T.tolist(),
            names=names,
            places=np.asarray(places, float).tolist(),
            **settings,
        )

    @traitlets.validate("node")
    def _known(self, proposal):
        if proposal.value >= len(self.names):
            raise traitlets.TraitError(
                f"MessagesWidget: node is {proposal.value}; expected 0 to "
                f"{len(self.names) - 1}"
            )
        return proposal.value

    @property
    def matrix(self):
        """P (N, N) of one step: row v says what v hears."""
        return messages_matrix(
            np.reshape(self.edges, (-1, 2)).T, len(self.names), self.weighting
        )

    @property
    def arrived(self):
        """(N,) how much of each node's first features is in `node` after the steps."""
        return np.linalg.matrix_power(self.matrix, self.steps)[self.node]

    def still(self, title="", steps=(1, 2, 3)):
        """The same as a still figure, a panel for each number of steps."""
        powers = [np.linalg.matrix_power(self.matrix, k)[self.node] for k in steps]
        name = self.names[self.node]
        heard = [int((row > 0).sum()) for row in powers]
        told = ", ".join(f"{n} after {k}" for n, k in zip(heard, steps, strict=True))
        figure, axes = new(
            1,
            len(steps),
            size=(4.4 * len(steps), 4.0),
            title=title,
            alt=f"The graph with node {name} marked. It has heard of this many nodes, "
            f"by number of steps: {told}.",
        )
        for ax, row, k in zip(axes[0], powers, steps, strict=True):
            draw_messages(ax, self.edges, self.places, self.names, row, self.node)
            title = f"{k} step{'s' * (k > 1)}: {(row > 0).sum()} of {len(row)} heard"
            ax.set_title(title, loc="left")
        return figure


def messages_matrix(edge_index, nodes, weighting):
    """P (N, N) of one step of message passing.

    Args:
        edge_index: (2, E).
        nodes: N.
        weighting: "sum", "mean" or "GCN".

    >>> messages_matrix(np.array([[0, 1], [2, 2]]), 3, "mean")[2]
    array([0.5, 0.5, 0. ])
    """
    p = np.zeros((nodes, nodes))
    np.add.at(p, (edge_index[1], edge_index[0]), 1)
    if weighting == "mean":
        return p / np.maximum(p.sum(axis=1, keepdims=True), 1)
    if weighting == "GCN":
        np.fill_diagonal(p, 1)
        root = np.sqrt(p.sum(axis=1))
        return p / np.outer(root, root)
    return p


def springs(edge_index, nodes, seed=0):
    """(N, 2) places from 0 to 1: edges pull, nodes push; the same for the same seed."""
    import networkx as nx

    net = nx.Graph()
    net.add_nodes_from(range(nodes))
    net.add_edges_from(np.asarray(edge_index).T.tolist())
    found = nx.spring_layout(net, seed=seed)
    place = np.array([found[n] for n in range(nodes)])
    low, high = place.min(axis=0), place.max(axis=0)
    return (place - low) / np.where(high > low, high - low, 1)


def draw_messages(ax, edges, places, names, arrived, node=None):
    """Nodes with what arrived of each, in given axes.

    Args:
        ax: matplotlib axes.
        edges: (E, 2) pairs source, target; both directions are drawn as a plain line.
        places: (N, 2).
        names: N.
        arrived: (N,) numbers, the stronger the colour; written below each name from
            0.01 and a hundredth of the largest up.
        node: who listens; gets a ring. None: nobody.
    """
    places, arrived = np.asarray(places), np.asarray(arrived, float)
    few = len(places) <= 8
    reach = 20 if few else 8  # points, from a node's middle to its rim
    pairs = {tuple(edge) for edge in edges}
    for u, v in sorted(pairs):
        both = (v, u) in pairs
        if both and u > v:
            continue
        style = {"arrowstyle": "-" if both else "-|>", "color": "0.7", "lw": 1.2}
        style |= {"shrinkA": reach, "shrinkB": reach, "zorder": 0}
        ax.annotate("", places[v], places[u], arrowprops=style | {"mutation_scale": 14})
    top = arrived.max() or 1.0
    for n, (x, y) in enumerate(places):
        colour = _mix(arrived[n] / top)
        ring = (ACCENT, 3.0) if n == node else ("black", 0.6)
        ax.scatter(
            x,
            y,
            s=1400 if few else 230,
            color=[colour],
            ec=ring[0],
            lw=ring[1],
            zorder=2,
        )
        number = f"{arrived[n]:.2g}" if arrived[n] >= max(top, 1) / 100 else ""
        text = f"{names[n]}\n{number}" if few and number else names[n]
        ax.text(x, y, text, ha="center", va="center", fontsize=10 if few else 8)
        if number and not few:
            ax.annotate(
                number, (x, y), (0, -9), textcoords="offset points", fontsize=7,
                ha="center", va="top", zorder=3,
                bbox={"fc": "white", "ec": "none", "pad": 0.3, "alpha": 0.8},
            )  # fmt: skip
    ax.set(xlim=(-0.12, 1.12), ylim=(-0.14, 1.12))
    ax.grid(False)
    ax.set_axis_off()


def _mix(share):
    """White for 0, the house's orange for 1, light enough for black letters."""
    orange = [int(POSITIVE[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    strength = 0.15 + 0.75 * np.sqrt(share) if share else 0.0
    return [1 - strength * (1 - c) for c in orange]
