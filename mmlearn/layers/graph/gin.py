"""Graph isomorphism network: a sum that counts, then a small network."""

import keras
from keras import initializers, ops

from mmlearn.layers.graph.base import MessagePassing, positive
from mmlearn.layers.graph.messages import sum_messages
from mmlearn.layers.graph.segments import widen


@keras.saving.register_keras_serializable("mmlearn")
class GINConv(MessagePassing):
    """Graph isomorphism: y = σ(relu(((1 + ε) x + Σ neighbours) W₁ + b₁) W₂ + b₂).

    Node by node  s_v = (1 + ε) x_v + Σ_{u → v} x_u, y_v = σ(relu(s_v W₁ + b₁) W₂ + b₂);
    as matrices S = ((1 + ε) I + A) X. With a sum, and a network wide enough after it,
    different multisets of neighbours can be kept apart; with mean or maximum not.

    Args:
        units: features out, U.
        hidden_units: width of the network between, V; by default U.
        train_epsilon: whether ε is learned.
        epsilon_initializer: where ε starts; by default at 0.
        activation, kernel_initializer, …: as in Keras' Dense. Biases are always there.

    Call: x (N, F) or SparseFeatures, edge_index (2, E) -> y (N, U). Weights: epsilon
    (), kernel_1 (F, V), bias_1 (V,), kernel_2 (V, U), bias_2 (U,). Raises ShapeError
    or ValueError.

    Source: Xu, Hu, Leskovec and Jegelka (2019), How powerful are graph neural
    networks?, eq. 4.1.

    >>> import numpy as np
    >>> GINConv(5)(np.ones((3, 2)), np.array([[0, 1], [1, 2]])).shape == (3, 5)
    True
    """

    def __init__(
        self,
        units,
        activation=None,
        *,
        hidden_units=None,
        train_epsilon=True,
        epsilon_initializer="zeros",
        **kwargs,
    ):
        super().__init__(units, activation, **kwargs)
        if not self.use_bias:
            raise ValueError("GINConv: use_bias is False; its two biases are always on")
        if hidden_units is not None:
            hidden_units = positive(self, "hidden_units", hidden_units)
        self.hidden_units = hidden_units
        self.train_epsilon = train_epsilon
        self.epsilon_initializer = initializers.get(epsilon_initializer)

    def build(self, x_shape, edge_index_shape=None):
        features, hidden = self.features(x_shape), self.hidden_units or self.units
        self.epsilon = self.add_weight(
            name="epsilon",
            shape=(),
            initializer=self.epsilon_initializer,
            trainable=self.train_epsilon,
        )
        self.kernel_1 = self.add_kernel("kernel_1", (features, hidden))
        self.bias_1 = self.add_bias(hidden, "bias_1")
        self.kernel_2 = self.add_kernel("kernel_2", (hidden, self.units))
        self.bias_2 = self.add_bias(self.units, "bias_2")

    def call(self, x, edge_index):
        source, target, nodes = self.edges(x, edge_index)

        def spread(h):
            own = (1 + widen(ops.convert_to_tensor(self.epsilon))) * widen(h)
            return own + sum_messages(h, source, target, nodes)

        hidden = self.pass_messages(x, self.kernel_1, spread) + self.bias_1  # (N, V)
        y = ops.matmul(ops.relu(hidden), self.kernel_2) + self.bias_2  # (N, U)
        return self.activation(y)

    def get_config(self):
        return super().get_config() | {
            "hidden_units": self.hidden_units,
            "train_epsilon": self.train_epsilon,
            "epsilon_initializer": initializers.serialize(self.epsilon_initializer),
        }
