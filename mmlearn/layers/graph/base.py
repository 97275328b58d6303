"""What all graph layers share: settings as Keras' Dense has them, weights, checks."""

import keras
from keras import activations, constraints, initializers, ops, regularizers

from mmlearn.layers.graph import check
from mmlearn.layers.graph.features import (
    count_nodes,
    expect_sparse,
    is_sparse,
    project,
    shape_of,
)
from mmlearn.layers.numeric import Numeric


class KernelLayer(Numeric):
    """Kernels, a bias, an activation: what Keras' Dense has, for several kernels.

    Args:
        units: features out, U.
        activation: applied at the end; by default none.
        use_bias: whether b is added, once for each node.
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        activity_regularizer, kernel_constraint, bias_constraint: as in Keras' Dense;
            what is said of the kernel holds for each kernel of the layer.
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units = positive(self, "units", units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias = None
        self._kernels = 0

    def add_kernel(self, name, shape, drawn=None):
        """Add a trainable kernel.

        Args:
            name: as in the reference operator.
            shape: as in the reference operator.
            drawn: draw(initializer, dtype) of a kernel that is more than one matrix,
                whose fans Keras would read off wrongly.
        """
        own = apart(self.kernel_initializer, self._kernels)
        self._kernels += 1

        def draw(shape, dtype=None):
            return own(shape, dtype=dtype) if drawn is None else drawn(own, dtype)

        return self.add_weight(
            name=name,
            shape=shape,
            initializer=draw,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )

    def add_bias(self, size=None, name="bias"):
        """Add a trainable bias (U,)."""
        return self.add_weight(
            name=name,
            shape=(size or self.units,),
            initializer=self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )

    def finish(self, y):
        """σ(y + b) in the layer's own precision."""
        y = ops.cast(y, self.compute_dtype)
        if self.bias is not None:
            y = y + self.bias
        return self.activation(y)

    def get_config(self):
        return super().get_config() | {
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
        }


class MessagePassing(KernelLayer):
    """A layer on (x, edge_index) -> (N, U). Subclasses say `build` and `call`."""

    def features(self, x_shape):
        """F, from the shape of dense or sparse features."""
        return check.expect_features(type(self).__name__, shape_of(x_shape))

    def edges(self, x, edge_index):
        """The rows of edge_index: source (E,), target (E,); and N. Checked."""
        where, nodes = type(self).__name__, count_nodes(x)
        if is_sparse(x):
            expect_sparse(where, x)
        check.expect_edges(where, edge_index, nodes)
        return edge_index[0], edge_index[1], nodes

    def pass_messages(self, x, kernel, spread):
        """spread(x W), or the same as spread(x) W where x is not wider.

        Of features that are data, spread(x) needs no gradient: then this way round
        nothing travels back.

        Args:
            x: (N, F) or sparse features.
            kernel: (F, U).
            spread: linear map along the edges, (N, …) -> (N, …).
        """
        narrow = not is_sparse(x) and x.shape[-1] <= kernel.shape[-1]
        y = project(spread(x), kernel) if narrow else spread(project(x, kernel))
        return ops.cast(y, self.compute_dtype)  # (N, U)

    def compute_output_shape(self, x_shape, edge_index_shape=None):
        return (shape_of(x_shape)[0], self.units)

    def compute_output_spec(self, x, edge_index, *args, **kwargs):
        check.expect_edges(type(self).__name__, edge_index)
        shape = self.compute_output_shape(tuple(shape_of(x)))
        return keras.KerasTensor(shape, dtype=self.compute_dtype)


def apart(initializer, number):
    """An initializer of its own for kernel `number` of a layer.

    One Keras initializer draws the same numbers at every call: two kernels of one shape
    would start equal, and a layer could not tell a node from its neighbours.
    """
    if number == 0 or not isinstance(initializer, initializers.Initializer):
        return initializer
    config = initializer.get_config()
    if isinstance(config.get("seed"), int):
        config["seed"] += number
    return type(initializer).from_config(config)


def positive(layer, name, value):
    """The value as an int, if it is a positive one."""
    if isinstance(value, bool) or int(value) != value or value < 1:
        raise ValueError(
            f"{type(layer).__name__}: {name} is {value!r}; expected a positive integer"
        )
    return int(value)
