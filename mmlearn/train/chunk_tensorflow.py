"""Many steps in one graph call: how batches get to TensorFlow's step.

Arrays in memory are gathered inside the graph, batch by batch, in a `tf.while_loop`:
between two steps nothing returns to Python. A `tf.data` pipeline is pulled inside the
loop too; a source written in Python costs one graph call per batch.
"""

from functools import partial

import keras
import tensorflow as tf

from mmlearn.train.graphs_tensorflow import Graph
from mmlearn.train.inputs import stream
from mmlearn.train.source import ArraySource, DatasetSource, Feed, each, triple

SHORT = 64  # steps in an epoch: up to here one graph serves all batch sizes


class Chunks:
    """Runs a step over the batches of a feed.

    Args:
        step: step(x, y, sample_weight, training) → loss, finite, rows.
        model: for its precision, and whether it wants to run eagerly.
        mean_loss: keras.metrics.Mean that follows the loss.
        jit_compile: True compiles the step with XLA; the loop around it stays outside,
            because XLA's convolutions are slow in loops on CPUs.
        replicas: with more than one, a pipeline is pulled in Python: TensorFlow fails
            on replicas inside a condition inside a loop.
    """

    def __init__(self, step, model, mean_loss, jit_compile, replicas=1):
        self.model, self.mean_loss = model, mean_loss
        self.outputs = len(getattr(model, "outputs", None) or ())  # 0: not known
        self.jit, self.eager = bool(jit_compile), model.run_eagerly
        self.pulls = replicas == 1 and not self.eager
        self._tensors: dict = {}
        if self.eager:
            self._one, self._counted = step, self._count
            return
        self.go_on_with(model, step)
        self._rows = Graph(self._run_rows)
        options = {"reduce_retracing": True}
        self._counted = Graph(self._count, **options)
        self._pulled = Graph(self._run_pulled, **options)
        self._known = Graph(self._run_known, **options)
        self.graphs = [self._rows, self._counted, self._pulled, self._known]

    def go_on_with(self, model, step):
        """What is traced from now on is traced for this model."""
        self.model = model
        self._one = step
        if self.jit:  # else it is a part of the graph around it: one less to trace
            options = {"jit_compile": True, "autograph": False}
            self._one = tf.function(partial(step), **options)

    def forget_data(self):
        """Keep the graphs alone."""
        self._tensors = {}

    def open(self, source, epoch, start):
        """Open an epoch of a source at batch `start`."""
        if isinstance(source, DatasetSource):
            dataset = source.dataset.skip(start) if start else source.dataset
            return Feed(source, iter(dataset), start)
        if isinstance(source, ArraySource) and not self.eager:
            if id(source) not in self._tensors:
                self._tensors[id(source)] = each(self._tensor, source.arrays)
            return Feed(source, tf.constant(source.order(epoch)), start)
        return Feed(source, stream(self.model, source, epoch, start), start)

    def _tensor(self, array):
        """Doubles become floats, as in Keras, except for a model of doubles."""
        if array.dtype == "float64" and self.model.compute_dtype != "float64":
            array = array.astype(keras.config.floatx())
        return tf.convert_to_tensor(array)

    def advance(self, feed, steps, training):
        """Take up to `steps` steps: how many were, the last loss, whether finite."""
        if isinstance(feed.source, ArraySource) and not self.eager:
            return self._advance_rows(feed, steps, training)
        if isinstance(feed.source, DatasetSource) and self.pulls:
            total, pull = feed.source.steps_per_epoch, self._pulled
            if total is not None:  # then no batch need be asked whether it is the last
                steps, pull = min(steps, total - feed.position), self._known
            return pull(feed.items, tf.constant(steps), training=training)
        return self._advance_stream(feed, steps, training)

    def _advance_rows(self, feed, steps, training):
        """Full batches in one call, the smaller last one in another: static shapes.

        A short epoch gets one graph for both: a second would cost more than it saves.
        (Not with several outputs: see `_any_batch`.)
        """
        source, first = feed.source, feed.position
        stop = min(first + steps, source.steps_per_epoch)
        full = min(stop, source.samples // source.batch_size)
        rest = source.samples % source.batch_size
        taken, loss, finite = 0, float("nan"), True
        spans = [(first, full, source.batch_size), (max(first, full), stop, rest)]
        if rest and source.steps_per_epoch <= SHORT and self.outputs == 1:
            spans = [(first, stop, None)]
        for begin, end, size in spans:
            if end <= begin or not finite:
                continue
            done, loss, finite = self._rows(
                self._tensors[id(source)],
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
            last, finite = self._counted(*batch, training=training)
            if finite:
                loss, taken = last, taken + 1
        return taken, loss, finite

    # Graphs.

    def _count(self, x, y, sample_weight, *, training):
        """One step, and its loss in the mean; one that is not finite weighs nothing."""
        x, y, sample_weight = each(_any_batch, (x, y, sample_weight))
        loss, finite, rows = self._one(x, y, sample_weight, training=training)
        self.mean_loss.update_state(
            tf.where(finite, loss, 0.0), sample_weight=tf.where(finite, rows, 0)
        )
        return loss, finite

    def _run_rows(self, arrays, order, first, last, *, stride, size, training):
        def body(i, loss, finite, total, count):
            end = (i + 1) * stride if size is None else i * stride + size
            rows = order[i * stride : end]
            if size is not None:
                rows.set_shape([size])
            batch = each(lambda a: tf.gather(a, rows), arrays)
            return self._take(batch, i, loss, total, count, training)

        return self._loop(body, first, last)

    def _run_known(self, iterator, steps, *, training):
        def body(i, loss, finite, total, count):
            return self._take(triple(next(iterator)), i, loss, total, count, training)

        return self._loop(body, tf.constant(0), steps)

    def _run_pulled(self, iterator, steps, *, training):
        def body(i, loss, finite, total, count):
            batch = iterator.get_next_as_optional()

            def step():
                values = triple(batch.get_value())
                return self._take(values, i, loss, total, count, training)

            def end():
                return -i - 1, loss, finite, total, count  # a negative i ends the loop

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

    def _take(self, batch, i, loss, total, count, training):
        """One step inside a loop; one that is not finite counts for nothing."""
        last, finite, rows = self._one(*batch, training=training)
        n, value = tf.cast(rows, total.dtype), tf.cast(last, total.dtype)
        total = tf.where(finite, total + value * n, total)
        count = tf.where(finite, count + n, count)
        loss = tf.where(finite, last, loss)
        return i + tf.cast(finite, i.dtype), loss, finite, total, count


def _any_batch(array):
    """The same values, B unknown to the graph, which then fits every batch.

    (Keras weighs the losses of single outputs by B where it knows it and by 1 where it
    does not: known for some batches only, their mean would be neither.)
    """
    return tf.raw_ops.PlaceholderWithDefault(
        input=array, shape=[None, *array.shape[1:]]
    )
