"""Loss and gradient of a batch on TensorFlow: part by part, replica by replica.

Runs in replica context, where `tf.distribute` makes one call of every replica; with no
strategy there is one replica, and with no accumulation one part, and nothing is cut.
"""

import inspect
from functools import partial
from typing import Any

import tensorflow as tf
from keras import tree

from mmlearn.train.adam_tensorflow import one_kernel
from mmlearn.train.parts import expect_no_mask, offset, spans
from mmlearn.train.precision import own_optimizer
from mmlearn.train.source import each


class Gradients:
    """∇L of a batch as the weighted sum over its parts, clipped to a global norm.

    Args:
        model: compiled and built Keras model.
        options: the run's Options.
        scale: LossScale or None.
        replicas: their number R; the batch has R · accumulation parts.
        jit_compile: True compiles forward and backward pass of one part with XLA.
    """

    def __init__(self, model, options, scale, replicas, jit_compile):
        self.model, self.scale, self.replicas = model, scale, replicas
        self.clipnorm = options.global_clipnorm
        self.each, self.parts = options.gradient_accumulation_steps, 0
        self.parts = self.each * replicas
        self._trains = "training" in inspect.signature(model.call).parameters
        self.jit = jit_compile
        self._compiled: dict[int, Any] = {}

    def of(self, x, y, sample_weight):
        """The loss, the gradients to apply, and whether these are finite."""
        loss, gradients = self._total((x, y, sample_weight), training=True)
        if self.parts > 1 or self.clipnorm:
            gradients = _known(_dense, gradients)
        context = tf.distribute.get_replica_context()
        reduce = partial(context.all_reduce, tf.distribute.ReduceOp.SUM)
        if self.replicas > 1 and self.clipnorm:
            gradients = _known_together(reduce, gradients)
        total = _sum(gradients)
        if self.replicas > 1:
            loss, total = reduce([loss, total])
        if self.clipnorm:
            # The norm is of all replicas' gradient, and `apply` adds them up: 1/R each.
            factor = self.clipnorm / tf.maximum(_norm(gradients), self.clipnorm)
            factor /= self.replicas
            gradients = _known(lambda g: g * tf.cast(factor, g.dtype), gradients)
        return loss, gradients, tf.math.is_finite(total)

    def loss(self, x, y, sample_weight):
        """The loss alone, of a batch that nothing is learned from."""
        loss, _ = self._total((x, y, sample_weight), training=False)
        if self.replicas > 1:
            context = tf.distribute.get_replica_context()
            loss = context.all_reduce(tf.distribute.ReduceOp.SUM, loss)
        return loss

    # Parts.

    def _total(self, batch, training):
        """Σ over this replica's parts; before any replica knows of another's."""
        if self.parts == 1:
            return self._part(*batch, 1.0, training=training)
        array = next(a for a in tree.flatten(batch[0]) if a is not None)
        rows, total = array.shape[0], tf.shape(array)[0]
        found = spans(rows, _replica() * self.each, self.each, self.parts)
        if not found:  # fewer rows than replicas: one of another's, with no weight
            first = each(lambda a: a[:1], batch)
            return self._part(*first, 0.0, training=training, counts=False)
        sums = [self._run(batch, total, span, training) for span in found]
        loss = tf.add_n([loss for loss, _ in sums])
        gradients = zip(*(g for _, g in sums), strict=True)
        return loss, [None if g[0] is None else tf.add_n(g) for g in gradients]

    def _run(self, batch, total, span, training):
        """Σ over parts of one size, one after another: the memory is that of one."""
        begin, end, size = span
        weights = self.model.trainable_variables if training else []
        unused: set = set()

        def body(p, loss, sums):
            start = offset(p, total, self.parts, tf.minimum)
            n = offset(p + 1, total, self.parts, tf.minimum) - start
            weight = tf.cast(n, "float32") / tf.cast(total, "float32")
            if size is None:  # a part may be empty: another's row then, without weight
                start, n = tf.minimum(start, total - 1), tf.maximum(n, 1)
            part = each(lambda a: _rows(a, start, n, size), batch)
            counts = True if size is not None else weight > 0
            one, found = self._part(*part, weight, training=training, counts=counts)
            unused.update(i for i, g in enumerate(found) if g is None)
            pairs = zip(sums, found, strict=True)
            return (
                p + 1,
                loss + one,
                [s if g is None else s + _dense(g) for s, g in pairs],
            )

        zeros = [tf.zeros(v.shape, v.dtype) for v in weights]
        _, loss, sums = tf.while_loop(
            lambda p, *_: p < end,
            body,
            (tf.constant(begin), tf.constant(0.0), zeros),
            parallel_iterations=1,
        )
        return loss, [None if i in unused else s for i, s in enumerate(sums)]

    def _part(self, *args, **kwargs):
        """One part, compiled if asked; a graph holds the weights of its replica."""
        if not self.jit:
            return self._one_part(*args, **kwargs)
        if _replica() not in self._compiled:
            self._compiled[_replica()] = tf.function(
                partial(self._one_part), jit_compile=True, autograph=False
            )
        return self._compiled[_replica()](*args, **kwargs)

    def _one_part(self, x, y, sample_weight, weight, *, training, counts=True):
        """weight · L of some rows and its gradients; the metrics count the rows."""
        gradients = []
        if training:
            variables = self.model.trainable_variables
            with tf.GradientTape() as tape:
                loss, prediction = self.forward(x, y, sample_weight, True)
                scaled = loss if self.parts == 1 else loss * weight
                scaled = scaled if self.scale is None else scaled * self.scale.scale
            gradients = tape.gradient(scaled, variables)
            if self.scale is not None:
                unscale = 1.0 / tf.convert_to_tensor(self.scale.scale)
                gradients = _known(lambda g: g * tf.cast(unscale, g.dtype), gradients)
        else:
            loss, prediction = self.forward(x, y, sample_weight, False)
        if self.parts > 1:
            expect_no_mask(prediction)

        def measure():
            self.model.compute_metrics(x, y, prediction, sample_weight)
            return 0

        if counts is True:
            measure()
        elif counts is not False:
            tf.cond(counts, measure, lambda: 0)
        return tf.cast(loss, "float32") * weight, gradients

    def forward(self, x, y, sample_weight, training):
        """The mean loss of some rows, and the predictions."""
        flag = {"training": training} if self._trains else {}
        prediction = self.model(x, **flag)
        loss = self.model.compute_loss(
            x=x, y=y, y_pred=prediction, sample_weight=sample_weight, training=training
        )
        return loss * self.replicas if self.replicas > 1 else loss, prediction

    def apply(self, gradients):
        """Update the weights; under a strategy Keras adds up what replicas give."""
        optimizer = own_optimizer(self.model)
        if optimizer.loss_scale_factor:  # it divides by it
            gradients = _known(optimizer.scale_loss, gradients)
        with one_kernel(optimizer):
            optimizer.apply(gradients, self.model.trainable_variables)


def _replica():
    """The number of the replica that is being traced."""
    context = tf.distribute.get_replica_context()
    return int(tf.get_static_value(context.replica_id_in_sync_group))


def _rows(array, start, n, size):
    """Rows start … start + n − 1, of a size that the graph knows if we do."""
    part = array[start : start + n]
    part.set_shape([size, *array.shape[1:]])
    return part


def _known(function, gradients):
    """The function of every gradient that there is; None for a weight without one."""
    return [None if g is None else function(g) for g in gradients]


def _known_together(function, gradients):
    """The same for a function of the whole list."""
    found = iter(function([g for g in gradients if g is not None]))
    return [None if g is None else next(found) for g in gradients]


def _dense(gradient):
    """Rows of an embedding that occur twice are one entry in the norm, and in sums."""
    return tf.convert_to_tensor(gradient)


def _sum(gradients):
    """Finite only if every entry is: one pass, nothing stored."""
    values = [getattr(g, "values", g) for g in gradients if g is not None]
    return tf.add_n([tf.reduce_sum(tf.cast(v, "float32")) for v in values])


def _norm(gradients):
    """√(Σ g²) over all entries, scaled by the largest so that no square overflows."""
    values = [tf.cast(g, "float32") for g in gradients if g is not None]
    largest = tf.reduce_max([tf.reduce_max(tf.abs(v), axis=None) for v in values])
    largest = tf.maximum(largest, 1e-30)
    return largest * tf.sqrt(
        tf.add_n([tf.reduce_sum(tf.square(v / largest)) for v in values])
    )
