"""The arithmetic of training on JAX, one device: state in, state out.

A step is a pure function of (state, batch); for arrays in memory many of them run
inside one compiled `lax.while_loop`, which gathers its own batches. Only between chunks
do the values go back into Keras' variables, where callbacks and checkpoints find them.
"""

import functools

import jax
import jax.numpy as jnp
import keras
import numpy as np

from mmlearn.train.gradients_jax import Gradients
from mmlearn.train.inputs import stream
from mmlearn.train.options import Options
from mmlearn.train.precision import LEAST_SCALE, loss_scale, own_optimizer
from mmlearn.train.source import ArraySource, Feed, count, each, triple
from mmlearn.train.watched import layers_of


class Step:
    """One model on one device: `advance(state, batches, steps) → state, logs`.

    The state is a dict of lists of arrays: trainable, other, optimizer, metrics, scale.

    Args:
        model: compiled and built Keras model.
        options: the run's Options.
        jit_compile: False runs op by op, which is slow, for debugging.
    """

    def __init__(self, model, options=None, *, jit_compile=True):
        options = options or Options()
        self.model, self.optimizer = model, own_optimizer(model)
        if not model.optimizer.built:
            model.optimizer.build(model.trainable_variables)
        self.mean_loss = keras.metrics.Mean(name="loss")
        self.scale = loss_scale(model, options.precision)
        held = [] if self.scale is None else [self.scale.scale, self.scale.steps]
        self.groups = {
            "trainable": list(model.trainable_variables),
            "other": list(model.non_trainable_variables),
            "optimizer": list(self.optimizer.variables),
            "metrics": [*model.metrics_variables, *self.mean_loss.variables],
            "scale": held,
        }
        self._arrays: dict = {}
        self.jit = jit_compile and not model.run_eagerly
        one = functools.partial(jax.jit, static_argnames="training")
        many = functools.partial(
            jax.jit, static_argnames=("stride", "size", "training")
        )
        self._one = one(self._step) if self.jit else self._step
        self._rows, self._row = many(self._run_rows), many(self._run_row)
        # XLA's convolutions are 5 times slower inside a loop on a CPU: there, one call
        # a step.
        on_cpu = jax.default_backend() == "cpu"
        convolves = any("Conv" in type(layer).__name__ for layer in layers_of(model))
        self._loops = not (on_cpu and convolves)
        self.gradients_of = Gradients(
            model, self.groups, options, self.scale, self._loops and self.jit
        )

    # State.

    @property
    def variables(self):
        """Weights, dropout seeds, optimizer slots, metrics: all that a step changes."""
        return [v for group in self.groups.values() for v in group]

    def read(self):
        """The state, as Keras' variables hold it now."""
        return {k: [v.value for v in group] for k, group in self.groups.items()}

    def write(self, state):
        """Put a state into Keras' variables."""
        for name, group in self.groups.items():
            for variable, value in zip(group, state[name], strict=True):
                variable.assign(value)

    def reset(self, state):
        """The state with all metrics at zero."""
        self.model.reset_metrics()
        self.mean_loss.reset_state()
        return {**state, "metrics": [v.value for v in self.groups["metrics"]]}

    # Data.

    def open(self, source, epoch, start=0):
        """Open an epoch of a source at batch `start`."""
        if isinstance(source, ArraySource) and self.jit:
            if id(source) not in self._arrays:
                self._arrays[id(source)] = each(jnp.asarray, source.arrays)
            return Feed(source, jnp.asarray(source.order(epoch)), start)
        return Feed(source, stream(self.model, source, epoch, start), start)

    # Steps.

    def advance(self, state, feed, steps, *, training=True):
        """Take up to `steps` steps.

        Returns:
            state, and logs: `loss` and the metrics, means over the epoch so far;
            `last_batch_loss`; `steps`, the number taken (fewer at the end of the data,
            or when the next one is not finite); `finite`, False in that last case.
        """
        rows = isinstance(feed.source, ArraySource) and self.jit
        run = self._advance_rows if rows else self._advance_stream
        state, taken, loss, finite = run(state, feed, steps, training)
        feed.position += taken
        logs = {**self.results(state), "last_batch_loss": float(loss)}
        return state, {**logs, "steps": taken, "finite": bool(finite)}

    def results(self, state):
        """The epoch's means so far, as floats."""
        with self.gradients_of.scope(state):
            found = self.model.get_metrics_result()
            found = {**found, "loss": self.mean_loss.result()}
        if self.scale is not None:
            found["loss_scale"] = state["scale"][0]
        return {k: np.asarray(v).tolist() for k, v in found.items()}

    def _advance_rows(self, state, feed, steps, training):
        """Full batches in one call, the smaller last one in another: static shapes."""
        source, first = feed.source, feed.position
        stop = min(first + steps, source.steps_per_epoch)
        full = min(stop, source.samples // source.batch_size)
        rest = source.samples % source.batch_size
        taken, loss, finite = 0, float("nan"), True
        for begin, end, size in (
            (first, full, source.batch_size),
            (max(first, full), stop, rest),
        ):
            if end <= begin or not finite:
                continue
            data = (self._arrays[id(source)], feed.items)
            static = {"stride": source.batch_size, "size": size, "training": training}
            if self._loops:
                state, done, loss, finite = self._rows(
                    state, *data, begin, end, **static
                )
                taken += int(done)
                continue
            for i in range(begin, end):
                state, loss, finite = self._row(state, *data, i, **static)
                taken += bool(finite)
                if not finite:
                    break
        return state, taken, loss, finite

    def _advance_stream(self, state, feed, steps, training):
        taken, loss, finite = 0, float("nan"), True
        while taken < steps and finite:
            batch = next(feed.items, None)
            if batch is None:
                break
            batch = each(jnp.asarray, triple(batch))
            state, loss, finite = self._one(state, batch, training=training)
            taken += bool(finite)
        return state, taken, loss, finite

    # Pure functions.

    def _run_rows(self, state, arrays, order, first, last, *, stride, size, training):
        def going(carry):
            i, _, _, finite = carry
            return (i < last) & finite

        def body(carry):
            i, state, _, _ = carry
            static = {"stride": stride, "size": size, "training": training}
            state, loss, finite = self._run_row(state, arrays, order, i, **static)
            return i + finite, state, loss, finite

        start = (jnp.int32(first), state, jnp.float32(jnp.nan), jnp.bool_(True))
        i, state, loss, finite = jax.lax.while_loop(going, body, start)
        return state, i - first, loss, finite

    def _run_row(self, state, arrays, order, i, *, stride, size, training):
        rows = jax.lax.dynamic_slice(order, (i * stride,), (size,))
        batch = each(lambda a: jnp.take(a, rows, axis=0), arrays)
        return self._step(state, batch, training=training)

    def _step(self, state, batch, *, training):
        """One batch: the new state, the loss, whether training can go on."""
        loss, gradients, after = self.gradients_of.of(state, batch, training)
        with self.gradients_of.scope(after) as scope:
            self.mean_loss.update_state(loss, sample_weight=count(batch[0]))
        after = {**after, "metrics": self.gradients_of.values(scope, "metrics")}
        if not training:
            return after, loss, jnp.bool_(True)
        # A sum is finite only if every term is: one pass, nothing stored.
        sums = [jnp.sum(g, dtype="float32") for g in gradients]
        sound, finite = jnp.isfinite(loss), jnp.isfinite(sum(sums, loss))

        def apply():
            weights, slots = self.optimizer.stateless_apply(
                state["optimizer"], gradients, state["trainable"]
            )
            return {**after, "trainable": list(weights), "optimizer": list(slots)}

        if self.scale is None:
            return jax.lax.cond(finite, apply, lambda: state), loss, finite
        # With a loss scale an infinite gradient is normal: one step without an update.
        going = finite | (sound & (state["scale"][0] >= LEAST_SCALE))
        new = jax.lax.cond(finite, apply, lambda: after)
        with self.gradients_of.scope(state) as scope:
            self.scale.update(finite)
        new = {**new, "scale": self.gradients_of.values(scope, "scale")}
        return jax.lax.cond(going, lambda: new, lambda: state), loss, going

    # One step, eagerly, to look at: no state is kept.

    def loss(self, batch):
        """The training loss of one batch."""
        state, batch = self.read(), each(jnp.asarray, triple(batch))
        return self.gradients_of.loss(state["trainable"], state, batch)[1][0]

    def gradients(self, batch):
        """The gradients of that loss, in the order of the trainable variables."""
        state, batch = self.read(), each(jnp.asarray, triple(batch))
        differentiate = jax.grad(self.gradients_of.loss, has_aux=True)
        return differentiate(state["trainable"], state, batch)[0]
