"""Product of experts: probabilities multiply where modalities err independently."""

import keras
import numpy as np
from keras import ops

from mmlearn.axes import ShapeError
from mmlearn.layers.fusion.late import Decisions
from mmlearn.layers.fusion.modalities import where_there
from mmlearn.layers.numeric import Numeric


@keras.saving.register_keras_serializable("mmlearn")
class ProductOfExperts(Decisions, Numeric):
    """log p(y | x_1 … x_M) = Σ_m log p(y | x_m) − (M − 1) log p(y) − log Z.

    By Bayes' rule p(y | x_m) ∝ p(x_m | y) p(y). Where the modalities are independent
    given the class, p(x_1 … x_M | y) = Π_m p(x_m | y), so the posterior is the product
    of the experts with the prior, which stands in each of them, counted once: no fusion
    can do better. M counts the modalities available in a sample; where none is, y is
    the prior.

    Args:
        log_prior: K numbers log p(y), or anything that differs from them by a constant;
            None: all classes are equally likely.

    Call: inputs, a dict of logits (B, K) or (B, T, K), trained each on its own against
    the class; available, a dict of (B,) or (B, T) booleans, or None: all are ->
    y = log p, of the same shape. No weights. Multiply-adds for a sample: M K.
    Raises KeySetError, ShapeError, ValueError.

    Source: Hinton (2002), Training products of experts by minimizing contrastive
    divergence, eq. 1; with the prior as Bayes' rule has it.

    >>> import numpy as np
    >>> x = {"image": np.log([[0.8, 0.2]]), "sound": np.log([[0.8, 0.2]])}
    >>> y = ProductOfExperts(dtype="float64")(x)
    >>> np.exp(keras.ops.convert_to_numpy(y)).round(3).tolist()
    [[0.941, 0.059]]
    """

    def __init__(self, log_prior=None, **kwargs):
        super().__init__(**kwargs)
        if log_prior is not None:
            log_prior = np.asarray(log_prior, "float64")
            if log_prior.ndim != 1 or not np.isfinite(log_prior).all():
                raise ValueError(
                    f"ProductOfExperts: log_prior is {log_prior.shape}; expected (K,) "
                    "finite numbers, the logarithm of each class's probability"
                )
            log_prior = log_prior.tolist()
        self.log_prior = log_prior

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        if self.log_prior is not None and len(self.log_prior) != self.classes:
            raise ShapeError(
                f"ProductOfExperts: log_prior has {len(self.log_prior)} classes; "
                f"expected K = {self.classes}, as the logits have"
            )

    def call(self, inputs, available=None):
        x, there = self.logits(inputs, available)
        logs = {n: where_there(there[n], ops.log_softmax(x[n])) for n in self.names}
        y = sum(logs.values())
        if self.log_prior is not None:
            prior = ops.convert_to_tensor(self.log_prior, y.dtype)
            y = y - (self.count(x, there) - 1) * ops.log_softmax(prior)
        return ops.cast(ops.log_softmax(y), self.compute_dtype)

    def get_config(self):
        return super().get_config() | {"log_prior": self.log_prior}
