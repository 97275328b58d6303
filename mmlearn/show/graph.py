"""A graph as a picture: the same layout every time, classes by colour and by shape."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.show.figure import ACCENT, new

_SHAPES = "os^DvPX*<>"  # a class is told by its marker too, not by its colour alone


def graph(
    edge_index,
    *,
    y=None,
    node_names=None,
    label_names=None,
    highlight=(),
    directed=False,
    seed=0,
    title="",
    alt="",
    size=(6.0, 5.0),
):
    """Nodes and edges, laid out by springs from a fixed seed.

    Args:
        edge_index: (2, E): row 0 source nodes, row 1 target nodes.
        y: (N,) class of each node, or None.
        node_names: N names, written into the nodes; by default their numbers where
            there are at most 50.
        label_names: names of the classes, for the legend.
        highlight: nodes to circle.
        directed: draw arrows (an edge in both directions is drawn once otherwise).
        seed: of the layout.
        title: the figure's finding.
        alt: in words; by default the counts.
        size: width and height in inches.

    Returns:
        the Figure. Its axes have no ticks: a layout's coordinates mean nothing.
    """
    import networkx as nx

    edges = np.asarray(edge_index)
    hint = "row 0 source nodes, row 1 target nodes"
    expect_shape("graph", "edge_index", edges, "2 E", hint=hint)
    count = _count(edges, y, node_names)
    classes = np.zeros(count, int) if y is None else np.asarray(y)
    net = nx.DiGraph() if directed else nx.Graph()
    net.add_nodes_from(range(count))
    net.add_edges_from(edges.T.tolist())
    kinds = f" in {len(np.unique(classes))} classes" if y is not None else ""
    arcs = "directed edges" if directed else "edges"
    alt = alt or f"A graph of {count} nodes{kinds} and {net.number_of_edges()} {arcs}."
    figure, axes = new(size=size, title=title, alt=alt)
    ax = axes[0, 0]
    place = nx.spring_layout(net, seed=seed)
    _nodes(ax, net, place, classes, label_names, highlight)
    nx.draw_networkx_edges(net, place, ax=ax, alpha=0.4, node_size=220)
    names = range(count) if node_names is None and count <= 50 else node_names
    if names is not None:
        labels = dict(enumerate(names))
        nx.draw_networkx_labels(net, place, labels, ax=ax, font_size=8)
    if y is not None:
        ax.legend(loc="best", markerscale=0.6)  # so that no mark passes for a node
    ax.grid(False)
    ax.set_axis_off()
    return figure


def _count(edges, y, node_names):
    """How many nodes: those that edges name, or as many as y and names have."""
    named = [len(a) for a in (y, node_names) if a is not None]
    used = int(edges.max()) + 1 if edges.size else 0
    if edges.size and edges.min() < 0:
        raise ValueError(f"graph: edge_index holds {edges.min()}; nodes count from 0")
    if named and used > min(named):
        raise ValueError(
            f"graph: edge_index names node {used - 1}, but y or node_names has "
            f"{min(named)} nodes"
        )
    return max([used, *named])


def _nodes(ax, net, place, classes, label_names, highlight):
    import networkx as nx

    ring = {int(n) for n in highlight}
    for k, label in enumerate(np.unique(classes)):
        members = np.flatnonzero(classes == label).tolist()
        nx.draw_networkx_nodes(
            net,
            place,
            ax=ax,
            nodelist=members,
            node_size=220,
            node_shape=_SHAPES[k % len(_SHAPES)],
            node_color=_light(k),
            edgecolors=[ACCENT if n in ring else "black" for n in members],
            linewidths=[3.0 if n in ring else 0.5 for n in members],
            label=str(label if label_names is None else label_names[label]),
        )


def _light(k):
    """The k-th colour of the house, light enough for black letters on it."""
    import seaborn

    colours = seaborn.color_palette("colorblind")
    red, green, blue = colours[k % len(colours)]
    return [(0.45 + 0.55 * red, 0.45 + 0.55 * green, 0.45 + 0.55 * blue)]
