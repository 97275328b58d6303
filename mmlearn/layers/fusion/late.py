"""Late fusion: every modality has decided; average the decisions, or learn to weigh."""

import keras
from keras import ops

from mmlearn.axes import ShapeError
from mmlearn.layers.fusion.modalities import Modalities, where_there
from mmlearn.layers.graph.segments import widen
from mmlearn.layers.numeric import Numeric

METHODS = ("mean", "mean_logits", "stack")
NEVER = -1e30  # the logarithm of what a modality that is not there says


class Decisions(Modalities):
    """A fusion of logits: every modality has the same K classes. Mixed into a layer."""

    def note(self, inputs_shape):
        super().note(inputs_shape)
        self.classes = self.features[0]

    def expect(self, inputs_shape, available_shape=None):
        shapes = super().expect(inputs_shape, available_shape)
        sizes = {shape[-1] for shape in shapes.values()}
        if len(sizes) > 1:
            told = ", ".join(f"{shape[-1]} in {n!r}" for n, shape in shapes.items())
            raise ShapeError(
                f"{type(self).__name__}: K is {told}; expected logits of the same "
                "classes from all"
            )
        return shapes

    def output_size(self, shape):
        return shape[-1]

    def logits(self, inputs, available):
        """The logits in the dtype of sums, zeros where unavailable; and where not."""
        x, there = self.read(inputs, available)
        return {name: widen(x[name]) for name in self.names}, there

    def count(self, x, there):
        """How many modalities each sample has: (…, 1)."""
        ones = {name: ops.ones_like(x[name][..., :1]) for name in self.names}
        return sum(where_there(there[name], ones[name]) for name in self.names)


@keras.saving.register_keras_serializable("mmlearn")
class LateFusion(Decisions, Numeric):
    """Decisions put together: logits of each modality in, logits out.

    With p_m = softmax(x_m) and a = the modalities that are available in a sample:
    "mean"         y = log Σ_{m ∈ a} p_m / |a|, the mean of probabilities;
    "mean_logits"  y = Σ_{m ∈ a} x_m / |a|, their geometric mean, but for a constant;
    "stack"        y = [log p_1 ‖ … ‖ log p_M] W + b, learned; W begins so that y is the
    mean of the log p_m. Where none is available, the first two give equal logits, the
    third b.

    Args:
        method: "mean", "mean_logits" or "stack".

    Call: inputs, a dict of logits (B, K) or (B, T, K); available, a dict of (B,) or
    (B, T) booleans, or None: all are -> y, logits of the same shape.
    Weights of "stack": kernel (M K, K), bias (K,); the others have none.
    Parameters: M K² + K, or 0. Multiply-adds for a sample: M K², or M K.
    Raises KeySetError, ShapeError.

    Source of "stack": Wolpert (1992), Stacked generalization.

    >>> import numpy as np
    >>> x = {"image": np.log([[0.5, 0.5]]), "sound": np.log([[0.9, 0.1]])}
    >>> y = LateFusion(dtype="float64")(x)
    >>> np.exp(keras.ops.convert_to_numpy(y)).round(2).tolist()
    [[0.7, 0.3]]
    """

    def __init__(self, method="mean", **kwargs):
        super().__init__(**kwargs)
        if method not in METHODS:
            raise ValueError(
                f"LateFusion: method is {method!r}; expected {', '.join(METHODS)}"
            )
        self.method = method

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        if self.method != "stack":
            return
        modalities, classes = len(self.names), self.classes

        def averaging(shape, dtype=None):
            eye = ops.eye(classes, dtype=dtype)
            return ops.tile(eye, (modalities, 1)) / modalities

        shape = (modalities * classes, classes)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=averaging)
        self.bias = self.add_weight(name="bias", shape=(classes,), initializer="zeros")

    def call(self, inputs, available=None):
        x, there = self.logits(inputs, available)
        return ops.cast(getattr(self, f"_{self.method}")(x, there), self.compute_dtype)

    def _mean(self, x, there):
        logs = [ops.log_softmax(x[name]) for name in self.names]
        masks = [there[name] for name in self.names]
        logs = [where_there(a, p, NEVER) for a, p in zip(masks, logs, strict=True)]
        count = self.count(x, there)
        mean = ops.logsumexp(ops.stack(logs, axis=-1), axis=-1)
        mean = mean - ops.log(ops.maximum(count, 1))
        return ops.where(count > 0, mean, ops.zeros_like(mean))

    def _mean_logits(self, x, there):
        return sum(x.values()) / ops.maximum(self.count(x, there), 1)

    def _stack(self, x, there):
        logs = [where_there(there[n], ops.log_softmax(x[n])) for n in self.names]
        stacked = ops.cast(ops.concatenate(logs, axis=-1), self.compute_dtype)
        return ops.matmul(stacked, self.kernel) + self.bias

    def get_config(self):
        return super().get_config() | {"method": self.method}
