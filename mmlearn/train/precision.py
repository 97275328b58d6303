"""Mixed precision: layers that compute in 16 bits, weights that stay in 32.

float16 knows nothing below 6·10⁻⁸, and gradients are often smaller: so the loss is
multiplied by a large number before the gradient is taken, and the gradient divided by
it afterwards (loss scaling: Micikevicius et al., 2018, "Mixed precision training",
section 3.2). bfloat16 has float32's range and needs no scale.
"""

import contextlib

import keras
from keras import ops

from mmlearn.train.watched import layers_of

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
FIRST_SCALE, GROWTH_STEPS = 2.0**15, 2000  # Keras' own
LEAST_SCALE = 2.0**-14  # below it the gradients overflow for a reason of their own


@contextlib.contextmanager
def computing_in(model, precision):
    """Inside, every layer with float32 weights computes in `precision`.

    A layer's dtype policy decides in what it computes when it is called, not what its
    weights are, so a model that was built in float32 is trained in mixed precision by
    setting the policies for the run, and computes in float32 again after it.

    Args:
        model: keras.Model.
        precision: one of PRECISIONS; None leaves the model as it was built.
    """
    before = []
    for layer in [model, *layers_of(model)] if precision else []:
        policy = layer.dtype_policy
        plain = type(policy) is keras.DTypePolicy
        if plain and policy.variable_dtype == "float32" and policy.name != precision:
            before.append((layer, policy))
            layer.dtype_policy = precision
    try:
        yield
    finally:
        for layer, policy in before:
            layer.dtype_policy = policy
        if before:  # graphs traced by `predict` in a callback compute in 16 bits
            model.train_function = model.test_function = None
            model.predict_function = None


def loss_scale(model, precision):
    """The scale that this run needs; None where there is no float16."""
    optimizer = model.optimizer
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return LossScale(optimizer)
    name = precision or model.dtype_policy.name
    return LossScale() if name == "mixed_float16" else None


class LossScale:
    """Dynamic loss scaling: halved at an infinite gradient, doubled after 2,000 good.

    Args:
        optimizer: a built keras LossScaleOptimizer whose variables and settings are
            used (Keras makes one when a mixed_float16 model is compiled), or None.
    """

    def __init__(self, optimizer=None):
        if optimizer is not None:
            self.scale, self.steps = optimizer.dynamic_scale, optimizer.step_counter
            self.growth = optimizer.dynamic_growth_steps
            self.variables = []  # the optimizer has them among its own
            return
        self.scale = keras.Variable(
            FIRST_SCALE, dtype="float32", trainable=False, name="loss_scale"
        )
        self.steps = keras.Variable(
            0, dtype="int32", trainable=False, name="loss_scale_steps"
        )
        self.growth, self.variables = GROWTH_STEPS, [self.scale, self.steps]

    def may_halve(self):
        """Whether an infinite gradient is normal: the scale can still become less."""
        return self.scale >= LEAST_SCALE

    def update(self, finite):
        """Learn from a step whose gradients were finite, or not."""
        steps = self.steps + 1
        grown = ops.where(steps >= self.growth, 2.0, 1.0)
        factor = ops.where(finite, grown, 0.5)
        again = ops.logical_or(steps >= self.growth, ops.logical_not(finite))
        self.scale.assign(self.scale * ops.cast(factor, "float32"))
        self.steps.assign(ops.where(again, ops.zeros_like(steps), steps))


def own_optimizer(model):
    """The optimizer that updates the weights, without Keras' loss scaling around it."""
    return getattr(model.optimizer, "inner_optimizer", model.optimizer)
