"""The arithmetic of training on TensorFlow: many steps inside one graph call.

Arrays in memory are gathered inside the graph, batch by batch, in a `tf.while_loop`:
between two steps nothing returns to Python. A `tf.data` pipeline is pulled inside the
loop too; a source written in Python costs one graph call per batch.
"""

import inspect
from dataclasses import dataclass
from functools import partial

import keras
import tensorflow as tf
from keras import tree

from mmlearn.train.source import ArraySource, DatasetSource, each, triple


@dataclass
class Feed:
    """One epoch of a source, and how far into it we are."""

    source: object
    items: object  # (N,) order of the rows, a tf.data iterator, or a Python iterator
    position: int


class Step:
    """One model on one device: `advance(state, batches, steps) → state, logs`.

    The state is the list of the variables themselves: TensorFlow changes them in place.

    Args:
        model: compiled and built Keras model.
        jit_compile: True compiles the step with XLA.
    """

    def __init__(self, model, *, jit_compile=False):
        self.model, self.optimizer = model, model.optimizer
        self.optimizer.build(model.trainable_variables)
        self.mean_loss = keras.metrics.Mean(name="loss")
        self.trains = "training" in inspect.signature(model.call).parameters
        self._tensors = {}
        if model.run_eagerly:
            self._one, self._rows, self._pulled = self._step, None, None
            return
        # As a partial each graph is its own to TensorFlow, which would else warn on
        # stderr that one method is traced again and again, for every new model.
        options = {"reduce_retracing": True, "autograph": False}
        self._inner = tf.function(
            partial(self._step), jit_compile=jit_compile, **options
        )
        self._one = self._inner
        self._rows = tf.function(partial(self._run_rows), autograph=False)
        self._pulled = tf.function(partial(self._run_pulled), **options)

    # State: everything that a run must bring along to go on as if undisturbed.

    @property
    def variables(self):
        """Weights, dropout seeds, optimizer slots, metrics: all that a step changes."""
        parts = (self.model, self.optimizer, self.mean_loss)
        found = [v for part in parts for v in part.variables]
        return found + list(self.model.metrics_variables)

    def read(self):
        """The state."""
        return self.variables

    def write(self, state):
        """Put a state into the model; here it is there already."""

    def reset(self, state):
        """The state with all metrics at zero."""
        self.model.reset_metrics()
        self.mean_loss.reset_state()
        return state

    # Data.

    def open(self, source, epoch, start=0):
        """Open an epoch of a source at batch `start`."""
        if isinstance(source, DatasetSource):
            return Feed(source, iter(source.dataset.skip(start)), start)
        if isinstance(source, ArraySource) and self._rows is not None:
            if id(source) not in self._tensors:
                tensors = each(self._tensor, source.arrays)
                self._tensors[id(source)] = tensors
            return Feed(source, tf.constant(source.order(epoch)), start)
        return Feed(source, iter(source.batches(epoch, start)), start)

    def _tensor(self, array):
        """Doubles become floats, as in Keras, except for a model of doubles."""
        if array.dtype == "float64" and self.model.compute_dtype != "float64":
            array = array.astype(keras.config.floatx())
        return tf.convert_to_tensor(array)

    # Steps.

    def advance(self, state, feed, steps, *, training=True):
        """Take up to `steps` steps.

        Returns:
            state, and logs: `loss` and the metrics, means over the epoch so far;
            `last_batch_loss`; `steps`, the number taken (fewer at the end of the data,
            or when the next one is not finite); `finite`, False in that last case.
        """
        if isinstance(feed.source, ArraySource) and self._rows is not None:
            taken, loss, finite = self._advance_rows(feed, steps, training)
        elif isinstance(feed.source, DatasetSource) and self._pulled is not None:
            taken, loss, finite = self._pulled(
                feed.items, tf.constant(steps), training=training
            )
        else:
            taken, loss, finite = self._advance_stream(feed, steps, training)
        feed.position += int(taken)
        logs = {**self.results(), "last_batch_loss": float(loss)}
        return state, {**logs, "steps": int(taken), "finite": bool(finite)}

    def results(self):
        """The epoch's means so far, as floats."""
        found = {**self.model.get_metrics_result(), "loss": self.mean_loss.result()}
        return {name: float(value) for name, value in found.items()}

    def _advance_rows(self, feed, steps, training):
        """Full batches in one call, the smaller last one in another: static shapes."""
        source, first = feed.source, feed.position
        stop = min(first + steps, source.steps_per_epoch)
        full = min(stop, source.samples // source.batch_size)
        spans = [(first, full, source.batch_size)]
        spans += [(full, stop, source.samples % source.batch_size)]
        arrays, taken = self._tensors[id(source)], 0
        loss, finite = float("nan"), True
        for begin, end, size in spans:
            begin = max(begin, first)
            if end <= begin or not finite:
                continue
            done, loss, finite = self._rows(
                arrays,
                feed.items,
                tf.constant(begin),
                tf.constant(end),
                stride=source.batch_size,
                size=size,
                training=training,
            )
            taken += int(done)
        return taken, loss, finite

    def _advance_stream(self, feed, steps, training):
        taken, loss, finite = 0, float("nan"), True
        while taken < steps and finite:
            batch = next(feed.items, None)
            if batch is None:
                break
            batch = triple(each(tf.convert_to_tensor, batch))
            batch_loss, finite, rows = self._one(*batch, training=training)
            if finite:
                loss, taken = batch_loss, taken + 1
                self.mean_loss.update_state(loss, sample_weight=rows)
        return taken, loss, finite

    # Graphs.

    def _run_rows(self, arrays, order, first, last, *, stride, size, training):
        def body(i, loss, finite, total, count):
            rows = tf.slice(order, [i * stride], [size])
            batch = each(lambda a: tf.gather(a, rows), arrays)
            return self._loop_body(triple(batch), i, loss, total, count, training)

        return self._loop(body, first, last)

    def _run_pulled(self, iterator, steps, *, training):
        def body(i, loss, finite, total, count):
            batch = iterator.get_next_as_optional()

            def step():
                values = triple(batch.get_value())
                return self._loop_body(values, i, loss, total, count, training)

            def end():
                return -i - 1, loss, finite, total, count

            return tf.cond(batch.has_value(), step, end)

        taken, loss, finite = self._loop(body, tf.constant(0), steps)
        return tf.where(taken < 0, -taken - 1, taken), loss, finite

    def _loop(self, body, first, last):
        """Run body(i, …) for first ≤ i < last, while it is finite and has data."""
        start = (
            first,
            tf.constant(float("nan")),
            tf.constant(True),
            tf.convert_to_tensor(self.mean_loss.total.value),
            tf.convert_to_tensor(self.mean_loss.count.value),
        )
        i, loss, finite, total, count = tf.while_loop(
            lambda i, loss, finite, *_: (i >= 0) & (i < last) & finite, body, start
        )
        self.mean_loss.total.assign(total)
        self.mean_loss.count.assign(count)
        return tf.where(i < 0, i, i - first), loss, finite

    def _loop_body(self, batch, i, loss, total, count, training):
        batch_loss, finite, rows = self._inner(*batch, training=training)
        n = tf.cast(rows, total.dtype)
        value = tf.cast(batch_loss, total.dtype)
        total = tf.where(finite, total + value * n, total)
        count = tf.where(finite, count + n, count)
        loss = tf.where(finite, value, loss)
        return i + tf.cast(finite, i.dtype), loss, finite, total, count

    def _step(self, x, y, sample_weight, *, training):
        """One batch: the loss, whether the step was finite (so: applied), rows."""
        rows = tf.shape(next(a for a in tree.flatten(x) if a is not None))[0]
        if not training:
            loss, prediction = self._loss(x, y, sample_weight, False)
            self.model.compute_metrics(x, y, prediction, sample_weight)
            return tf.cast(loss, "float32"), tf.constant(True), rows
        kept = self.model.non_trainable_variables + self.model.metrics_variables
        before = [tf.convert_to_tensor(v.value) for v in kept]
        weights = self.model.trainable_variables
        with tf.GradientTape() as tape:
            loss, prediction = self._loss(x, y, sample_weight, True)
            scaled = self.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, weights)

        def apply():
            self.optimizer.apply(gradients, weights)
            self.model.compute_metrics(x, y, prediction, sample_weight)
            return 0

        def put_back():
            for variable, value in zip(kept, before, strict=True):
                variable.assign(value)
            return 0

        finite = _all_finite(loss, gradients)
        tf.cond(finite, apply, put_back)
        return tf.cast(loss, "float32"), finite, rows

    def loss(self, batch):
        """The training loss of one batch, eagerly; dropout's seeds move on."""
        return self._loss(*each(tf.convert_to_tensor, triple(batch)), True)[0]

    def gradients(self, batch):
        """The gradients of that loss; None for a weight that it does not use."""
        with tf.GradientTape() as tape:
            loss = self.loss(batch)
        found = tape.gradient(loss, self.model.trainable_variables)
        return [getattr(g, "values", g) for g in found]

    def _loss(self, x, y, sample_weight, training):
        flag = {"training": training} if self.trains else {}
        prediction = self.model(x, **flag)
        loss = self.model.compute_loss(
            x=x, y=y, y_pred=prediction, sample_weight=sample_weight, training=training
        )
        return loss, prediction


def _all_finite(loss, gradients):
    """A sum is finite only if every term is: one pass, nothing stored."""
    sums = [tf.cast(loss, "float32")]
    for gradient in gradients:
        if gradient is not None:
            values = getattr(gradient, "values", gradient)  # sparse: its rows
            sums.append(tf.reduce_sum(tf.cast(values, "float32")))
    return tf.math.is_finite(tf.add_n(sums))
