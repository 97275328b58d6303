"""Loss and gradient of a batch on JAX: pure functions, part by part.

The state is a dict of lists of arrays, one list for each group of variables.
"""

import inspect

import jax
import jax.numpy as jnp
import keras

from mmlearn.train.parts import expect_no_mask, offset, spans
from mmlearn.train.source import count, each


class Gradients:
    """∇L of a batch as the weighted sum over its parts, clipped to a global norm.

    Args:
        model: compiled and built Keras model.
        groups: dict, name → Keras variables: which variables a state stands for.
        options: the run's Options.
        scale: LossScale or None.
        loops: whether parts of one size run in a compiled loop.
    """

    def __init__(self, model, groups, options, scale, loops):
        self.model, self.groups, self.scale, self.loops = model, groups, scale, loops
        self.parts, self.clipnorm = (
            options.gradient_accumulation_steps,
            options.global_clipnorm,
        )
        self.trains = "training" in inspect.signature(model.call).parameters

    def of(self, state, batch, training=True):
        """The loss, the gradients (none without training), the state after the pass."""
        rows = count(batch[0])
        loss, gradients = jnp.float32(0), None
        for begin, end, size in spans(rows, 0, self.parts, self.parts):

            def one(carry, start, size=size):
                before, state = carry
                cut = each(
                    lambda a: jax.lax.dynamic_slice_in_dim(a, start, size), batch
                )
                part = batch if self.parts == 1 else cut
                *found, state = self._part(state, part, size / rows, training)
                return (_add(before, found), state), None

            starts = [offset(p, rows, self.parts) for p in range(begin, end)]
            if gradients is None:  # the first part says what there is to add up
                first = starts.pop(0)
                ((loss, gradients), state), _ = one((None, state), first)
            carry = ((loss, gradients), state)
            if self.loops and len(starts) > 1:
                carry, _ = jax.lax.scan(one, carry, jnp.array(starts))
            else:
                for start in starts:
                    carry, _ = one(carry, start)
            (loss, gradients), state = carry
        return loss, self._clipped(gradients), state

    def _clipped(self, gradients):
        if not self.clipnorm:
            return gradients
        # Scaled by the largest entry, so that no square overflows.
        values = [g.astype("float32") for g in gradients]
        largest = jnp.max(jnp.array([jnp.max(jnp.abs(v)) for v in values]))
        largest = jnp.maximum(largest, 1e-30)
        norm = largest * jnp.sqrt(sum(jnp.sum((v / largest) ** 2) for v in values))
        factor = self.clipnorm / jnp.maximum(norm, self.clipnorm)
        return [g * factor.astype(g.dtype) for g in gradients]

    def _part(self, state, part, weight, training):
        """weight · L of some rows and its gradients; the metrics count the rows."""
        if training:
            differentiate = jax.value_and_grad(self.loss, has_aux=True)
            (_, (loss, *after)), gradients = differentiate(
                state["trainable"], state, part, weight
            )
            if self.scale is not None:
                factor = 1.0 / state["scale"][0]
                gradients = [g * factor.astype(g.dtype) for g in gradients]
        else:
            args = (state["trainable"], state, part, weight)
            gradients, (_, (loss, *after)) = [], self.loss(*args, training=False)
        state = {**state, "metrics": self._measure(state, part, *after)}
        if training:  # measuring moves no seed and no statistics
            state["other"] = after[1]
        return jnp.float32(loss) * jnp.float32(weight), gradients, state

    def loss(self, weights, state, part, weight=1.0, *, training=True):
        """The scaled loss; then (loss, prediction, other, metrics) after the pass."""
        x, y, sample_weight = part
        flag = {"training": training} if self.trains else {}
        with self.scope({**state, "trainable": weights}) as scope:
            prediction = self.model(x, **flag)
            loss = self.model.compute_loss(
                x=x,
                y=y,
                y_pred=prediction,
                sample_weight=sample_weight,
                training=training,
            )
        if self.parts > 1:
            expect_no_mask(prediction)
        optimizer = self.model.optimizer
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        scaled = optimizer.scale_loss(loss) if training else loss
        scaled = scaled if self.parts == 1 else scaled * weight
        scaled = scaled if self.scale is None else scaled * state["scale"][0]
        other, metrics = (self.values(scope, name) for name in ("other", "metrics"))
        return scaled, (loss, prediction, other, metrics)

    def _measure(self, state, part, prediction, other, metrics):
        x, y, sample_weight = part
        with self.scope({**state, "other": other, "metrics": metrics}) as scope:
            self.model.compute_metrics(x, y, prediction, sample_weight)
        return self.values(scope, "metrics")

    def scope(self, state):
        """Inside, the variables hold what the state says, and keep what is assigned."""
        pairs = [
            pair
            for name, group in self.groups.items()
            for pair in zip(group, state[name], strict=True)
        ]
        return keras.StatelessScope(pairs, collect_losses=True)

    def values(self, scope, name):
        """What a group of variables holds in a scope."""
        return [scope.get_current_value(v) for v in self.groups[name]]


def _add(before, found):
    """Sums of (loss, gradients), term by term; the first are their own sums."""
    return (
        tuple(found) if before is None else jax.tree.map(jnp.add, before, tuple(found))
    )
