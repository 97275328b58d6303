"""From nodes to graphs: the sum, mean or maximum of each graph's nodes.

Several graphs make one batch when their nodes are laid one behind the other, with no
edge between them; `graph_index` remembers which graph a node came from.
"""

import numbers

from mmlearn.axes import expect_shape
from mmlearn.reference.graph.check import expect_indices, expect_nodes
from mmlearn.reference.graph.segments import segment_max, segment_mean, segment_sum
from mmlearn.reference.upstream import upstream


def graph_sum_pool(x, *, graph_index, num_graphs):
    """Sum over the nodes of each graph: y_g = Σ_{v in g} x_v. Counts what it sees.

    Args:
        x: (N, F) features of the nodes of all graphs.
        graph_index: (N,) integers from 0 to G − 1, the graph of each node.
        num_graphs: G; a graph without nodes gives 0.

    Returns:
        y: (G, F), and its pullback: dy (G, F) -> (dx,).

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> import numpy as np
    >>> x = np.array([[1.0], [2.0], [4.0]])
    >>> graph_sum_pool(x, graph_index=np.array([0, 0, 1]), num_graphs=2)[0].ravel()
    array([3., 4.])
    """
    return _pool("graph_sum_pool", segment_sum, x, graph_index, num_graphs)


def graph_mean_pool(x, *, graph_index, num_graphs):
    """Mean over the nodes of each graph: y_g = 1/n_g Σ_{v in g} x_v.

    Args, Returns, Raises: as for `graph_sum_pool`; a graph without nodes gives 0.

    >>> import numpy as np
    >>> x = np.array([[1.0], [2.0], [4.0]])
    >>> graph_mean_pool(x, graph_index=np.array([0, 0, 1]), num_graphs=2)[0].ravel()
    array([1.5, 4. ])
    """
    return _pool("graph_mean_pool", segment_mean, x, graph_index, num_graphs)


def graph_max_pool(x, *, graph_index, num_graphs):
    """Largest over the nodes of each graph, feature by feature: y_g = max_{v in g} x_v.

    Nodes that share a maximum share its gradient equally, as in TensorFlow.

    Args, Returns, Raises: as for `graph_sum_pool`; a graph without nodes gives 0.

    >>> import numpy as np
    >>> x = np.array([[1.0], [2.0], [4.0]])
    >>> graph_max_pool(x, graph_index=np.array([0, 0, 1]), num_graphs=2)[0].ravel()
    array([2., 4.])
    """
    return _pool("graph_max_pool", segment_max, x, graph_index, num_graphs)


def _pool(where, segment_pool, x, graph_index, num_graphs):
    whole = isinstance(num_graphs, numbers.Integral)
    if not whole or isinstance(num_graphs, bool) or num_graphs < 1:
        raise ValueError(
            f"{where}: num_graphs is {num_graphs!r}; expected a positive integer"
        )
    x, sizes = expect_nodes(where, x)
    expect_shape(where, "graph_index", graph_index, "N", sizes=sizes)
    what = f"graphs 0 to {num_graphs - 1}, as num_graphs is {num_graphs}"
    graph_index = expect_indices(where, "graph_index", graph_index, num_graphs, what)
    y, pullback = segment_pool(x, segment=graph_index, segments=int(num_graphs))
    return y, lambda dy: pullback(upstream(where, dy, y))
