"""From nodes to graphs: the sum, mean or maximum over the nodes of each graph."""

import keras
from keras import ops

from mmlearn.axes import expect_shape
from mmlearn.layers.graph import check
from mmlearn.layers.graph.base import positive
from mmlearn.layers.graph.segments import segment_max, segment_mean, segment_sum
from mmlearn.layers.numeric import Numeric


class GraphPool(Numeric):
    """(x, graph_index) -> one row for each graph. Subclasses say `pool`."""

    def __init__(self, num_graphs=None, **kwargs):
        super().__init__(**kwargs)
        if num_graphs is not None:
            num_graphs = positive(self, "num_graphs", num_graphs)
        self.num_graphs = num_graphs

    def build(self, x_shape, graph_index_shape=None):
        pass

    def call(self, x, graph_index):
        where = type(self).__name__
        self._expect(x, graph_index)
        check.expect_below(where, "graph_index", graph_index, self.num_graphs, "graphs")
        graphs = self.num_graphs
        if graphs is None:
            graphs = self._count(graph_index)
        return ops.cast(self.pool(x, graph_index, graphs), self.compute_dtype)

    def _count(self, graph_index):
        seen = check.values_of(graph_index)
        if seen is not None:
            return int(seen.max(initial=-1)) + 1
        if keras.backend.backend() == "jax":
            raise ValueError(
                f"{type(self).__name__}: the number of graphs is not known under jit; "
                f"say it: {type(self).__name__}(num_graphs=…)"
            )
        return ops.max(graph_index) + 1

    def _expect(self, x, graph_index):
        where = type(self).__name__
        nodes = expect_shape(where, "x", x, "N F")["N"]
        hint = "the number of each node's graph"
        check.expect_index(where, "graph_index", graph_index, "N", hint)
        if None not in (nodes, graph_index.shape[0]):
            sizes = {"N": nodes}
            expect_shape(where, "graph_index", graph_index, "N", sizes=sizes, hint=hint)

    def compute_output_shape(self, x_shape, graph_index_shape=None):
        return (self.num_graphs, x_shape[-1])

    def compute_output_spec(self, x, graph_index):
        self._expect(x, graph_index)
        shape = self.compute_output_shape(x.shape)
        return keras.KerasTensor(shape, dtype=self.compute_dtype)

    def get_config(self):
        return super().get_config() | {"num_graphs": self.num_graphs}


@keras.saving.register_keras_serializable("mmlearn")
class GraphSumPool(GraphPool):
    """Sum over the nodes of each graph: y_g = Σ_{v in g} x_v; as matrices Y = Pᵀ X.

    Args:
        num_graphs: G; None counts to the largest graph_index, which jit cannot.

    Call: x (N, F), graph_index (N,) integers 0 … G − 1 -> y (G, F); a graph without
    nodes gets zero. Raises ShapeError or ValueError.

    >>> import numpy as np
    >>> y = GraphSumPool()(np.array([[1.0], [2.0], [5.0]]), np.array([0, 0, 1]))
    >>> keras.ops.convert_to_numpy(y).ravel().tolist()
    [3.0, 5.0]
    """

    def pool(self, x, graph_index, graphs):
        return segment_sum(x, graph_index, graphs)


@keras.saving.register_keras_serializable("mmlearn")
class GraphMeanPool(GraphPool):
    """Mean over the nodes of each graph: y_g = Σ_{v in g} x_v / n_g; Y = D^{-1} Pᵀ X.

    Args:
        num_graphs: G; None counts to the largest graph_index, which jit cannot.

    Call: x (N, F), graph_index (N,) integers 0 … G − 1 -> y (G, F); a graph without
    nodes gets zero. Raises ShapeError or ValueError.

    >>> import numpy as np
    >>> y = GraphMeanPool()(np.array([[1.0], [2.0], [5.0]]), np.array([0, 0, 1]))
    >>> keras.ops.convert_to_numpy(y).ravel().tolist()
    [1.5, 5.0]
    """

    def pool(self, x, graph_index, graphs):
        return segment_mean(x, graph_index, graphs)


@keras.saving.register_keras_serializable("mmlearn")
class GraphMaxPool(GraphPool):
    """Largest over the nodes of each graph: y_gf = max_{v in g} x_vf.

    Args:
        num_graphs: G; None counts to the largest graph_index, which jit cannot.

    Call: x (N, F), graph_index (N,) integers 0 … G − 1 -> y (G, F); a graph without
    nodes gets zero. Raises ShapeError or ValueError.

    >>> import numpy as np
    >>> y = GraphMaxPool()(np.array([[1.0], [2.0], [5.0]]), np.array([0, 0, 1]))
    >>> keras.ops.convert_to_numpy(y).ravel().tolist()
    [2.0, 5.0]
    """

    def pool(self, x, graph_index, graphs):
        return segment_max(x, graph_index, graphs)
