"""Still twins of TensorBoard's graph and projector."""

from pathlib import Path

import numpy as np

from mmlearn.show.figure import new
from mmlearn.watch.embedding import read_projector
from mmlearn.watch.events import GRAPH, LogError, events

_QUIET = {"Const", "Identity", "Placeholder", "ReadVariableOp", "NoOp", "Cast"}
_SHAPING = {"Reshape", "Squeeze", "Shape", "ExpandDims", "StridedSlice"}
_OPS = 3  # operations named in a layer's box


def still_graph(log_dir, *, title="", alt=""):
    """A network's graph, a box per layer with its operations, data flowing down.

    Args:
        log_dir: the folder given to `watch.graph`, or to a callback that draws one.
        title: the figure's finding.
        alt: in words; by default all layers in order.

    Returns:
        the Figure.

    Raises:
        LogError: no graph was logged.
    """
    operations, edges = _layers(_definition(log_dir))
    depth = _depths(operations, edges)
    rows: dict = {}
    for name in sorted(operations, key=lambda n: depth[n]):
        rows.setdefault(depth[name], []).append(name)
    wide = max(map(len, rows.values()))
    size = (3.2 * wide + 0.8, 0.62 * len(rows) + 0.5)
    alt = alt or f"A graph of {len(operations)} boxes, in order: {', '.join(depth)}."
    figure, axes = new(size=size, title=title, alt=alt)
    ax, at = axes[0, 0], {}
    for row, names in rows.items():
        for k, name in enumerate(names):
            at[name] = (k + 0.5) * wide / len(names), -row
            found = operations[name]
            ops = ", ".join(([o for o in found if o not in _SHAPING] or found)[:_OPS])
            text = f"{name}\n{ops}" if ops else name
            box = {"boxstyle": "round", "facecolor": "white", "edgecolor": "C0"}
            ax.text(*at[name], text, ha="center", va="center", fontsize=9, bbox=box)
    for source, target in edges:
        skips = depth[target] - depth[source] > 1
        bend = "arc3,rad=-0.5" if skips else "arc3"
        arrow: dict = {"arrowstyle": "->", "color": "gray", "connectionstyle": bend}
        arrow |= {"shrinkA": 13, "shrinkB": 13}
        ax.annotate("", at[target], at[source], arrowprops=arrow, zorder=0)
    ax.set(xlim=(0, wide), ylim=(-len(rows) + 0.4, 0.6))
    ax.set_axis_off()
    return figure


def still_projector(log_dir, *, title="", alt=""):
    """The projector's vectors on their two principal components, a panel per name.

    Args:
        log_dir: the folder given to `watch.projector` or `watch.Microscope`.
        title: the figure's finding.
        alt: in words; by default how many vectors, and what the plane shows of them.

    Returns:
        the Figure: a point is its label, and coloured by it.

    Raises:
        LogError: no vectors were logged.
    """
    found = read_projector(log_dir)
    planes = {name: principal(vectors) for name, (vectors, _) in found.items()}
    told = [
        f"{name}: {len(points)} vectors, of whose variance the plane shows {share:.0%}"
        for name, (points, share) in planes.items()
    ]
    size = (4.4 * len(found), 4.0)
    figure, axes = new(
        1, len(found), size=size, title=title, alt=alt or f"{'; '.join(told)}."
    )
    for ax, (name, (points, share)) in zip(axes[0], planes.items(), strict=True):
        labels = found[name][1] or ["•"] * len(points)
        kinds = sorted(set(labels))
        for (x, y), label in zip(points, labels, strict=True):
            colour = f"C{kinds.index(label) % 10}"
            ax.text(x, y, label[:8], color=colour, ha="center", va="center", fontsize=8)
        ax.update_datalim(points)
        ax.autoscale_view()
        ax.set(xlabel="component 1", ylabel="component 2")
        ax.set_title(f"{name} ({share:.0%} of the variance)")
    return figure


def principal(vectors):
    """(N, 2) coordinates along the two directions of most variance, and its share."""
    centred = vectors - vectors.mean(axis=0)
    u, s, _ = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    points = np.zeros((len(vectors), 2))
    plane = (u * s)[:, :2]
    points[:, : plane.shape[1]] = plane
    return points, float((s[:2] ** 2).sum() / max((s**2).sum(), 1e-300))


def _definition(log_dir):
    from tensorboard.compat.proto.graph_pb2 import GraphDef

    for path in sorted((Path(log_dir) / GRAPH).glob("*tfevents*")):
        for event in events(path):
            if event.graph_def:
                return GraphDef.FromString(event.graph_def)
    raise LogError(
        f"still_graph: no graph in {Path(log_dir).name}; write one with "
        "watch.graph(model, log_dir)"
    )


def _layers(definition):
    """Layer to its operations, and the edges (from, to) between layers."""
    operations: dict = {}
    edges = []
    for node in definition.node:
        name = node.name.split("/")[0]
        ops = operations.setdefault(name, [])
        if node.op not in _QUIET and node.op not in ops:
            ops.append(node.op)
        for edge in node.input:
            source = edge.lstrip("^").split(":")[0].split("/")[0]
            if source != name and (source, name) not in edges:
                edges.append((source, name))
    return operations, edges


def _depths(operations, edges):
    """Layer to the length of the longest way to it, in the order of the data."""
    depth = dict.fromkeys(operations, 0)
    for _ in operations:  # as many rounds as the longest way can have steps
        before = dict(depth)
        for source, target in edges:
            depth[target] = max(depth[target], min(depth[source] + 1, len(depth)))
        if depth == before:
            break
    return dict(sorted(depth.items(), key=lambda item: item[1]))
