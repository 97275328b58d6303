"""The arithmetic of training on TensorFlow: what one batch does to the weights.

Loss and gradients of a batch are in `gradients_tensorflow.py`; how many batches get
through a step in one graph call is in `chunk_tensorflow.py`.
"""

import re

import keras
import tensorflow as tf
from keras import tree

from mmlearn.train.chunk_tensorflow import Chunks
from mmlearn.train.gradients_tensorflow import Gradients
from mmlearn.train.graphs_tensorflow import Graph, exchange
from mmlearn.train.options import Options
from mmlearn.train.precision import loss_scale
from mmlearn.train.random_tensorflow import named_algorithm
from mmlearn.train.source import each, triple


class Step:
    """One model, on one device or under a strategy: `advance(state, feed, steps)`.

    The state is the list of the variables themselves: TensorFlow changes them in place.

    Args:
        model: compiled and built Keras model.
        options: the run's Options.
        jit_compile: True compiles the step with XLA.
    """

    def __init__(self, model, options=None, *, jit_compile=False):
        options = options or Options()
        self.model, self.optimizer = model, model.optimizer
        # Without a strategy this is the one that stands for a single device.
        self.strategy = options.strategy or tf.distribute.get_strategy()
        with self.strategy.scope():
            if not self.optimizer.built:
                self.optimizer.build(model.trainable_variables)
            self.scale = loss_scale(model, options.precision)
        self.mean_loss = keras.metrics.Mean(name="loss")
        replicas = self.strategy.num_replicas_in_sync
        # Keras' optimizers fail inside XLA under a strategy, and XLA's convolutions
        # are slow in loops: then only forward and backward pass are compiled.
        whole = replicas * options.gradient_accumulation_steps == 1
        self.jit, apart = jit_compile, jit_compile and not whole
        self.gradients_of = Gradients(model, options, self.scale, replicas, apart)
        jit = jit_compile and whole
        self.chunks = Chunks(self._step, model, self.mean_loss, jit, replicas)
        self._results, self._cleared = self._measured, self._clear
        if not model.run_eagerly:
            self._results = Graph(self._measured)
            if replicas == 1:  # one call instead of one for each number
                self._cleared = Graph(self._clear)

    def go_on_with(self, model, options):
        """Train another model by this one's graphs; False if they are not made alike.

        Without a strategy and a loss scale. The model before keeps its numbers.
        """
        old = self.variables
        self.model, self.optimizer = model, model.optimizer
        if not self.optimizer.built:
            self.optimizer.build(model.trainable_variables)
        jit = self.gradients_of.jit
        self.gradients_of = Gradients(model, options, None, 1, jit)
        self.chunks.go_on_with(model, self._step)
        graphs = [*self.chunks.graphs, self._results, self._cleared]
        return exchange(graphs, old, self.variables)

    # State: everything that a run must bring along to go on as if undisturbed.

    @property
    def variables(self):
        """Weights, dropout seeds, optimizer slots, metrics: all that a step changes."""
        parts = (self.model, self.optimizer, self.mean_loss)
        found = [v for part in parts for v in part.variables]
        scale = [] if self.scale is None else self.scale.variables
        return found + list(self.model.metrics_variables) + scale

    def read(self):
        """The state."""
        return self.variables

    def write(self, state):
        """Put a state into the model; here it is there already."""

    def reset(self, state):
        """The state with all metrics at zero."""
        self._cleared()
        return state

    def _clear(self):
        self.model.reset_metrics()
        self.mean_loss.reset_state()

    # Many steps.

    def open(self, source, epoch, start=0):
        """Open an epoch of a source at batch `start`."""
        return self.chunks.open(source, epoch, start)

    def advance(self, state, feed, steps, *, training=True):
        """Take up to `steps` steps.

        Returns:
            state, and logs: `loss` and the metrics, means over the epoch so far;
            `last_batch_loss`; `steps`, the number taken (fewer at the end of the data,
            or when the next one is not finite); `finite`, False in that last case.
        """
        try:
            taken, loss, finite = self.chunks.advance(feed, steps, training)
        except tf.errors.InvalidArgumentError as error:
            expect_labels(error, feed.position, steps)
            raise
        feed.position += int(taken)
        logs = {**self.results(state), "last_batch_loss": float(loss)}
        return state, {**logs, "steps": int(taken), "finite": bool(finite)}

    def results(self, state):
        """The epoch's means so far, as floats; vectors as lists."""
        return tree.map_structure(lambda v: v.numpy().tolist(), self._results())

    def _measured(self):
        metrics = self.model.get_metrics_result()
        found = {"loss": self.mean_loss.result()}
        if self.scale is not None:
            found["loss_scale"] = tf.convert_to_tensor(self.scale.scale)
        return found | {
            name: tf.convert_to_tensor(value)
            for name, value in metrics.items()
            if name != "loss"
        }

    # One step.

    def _step(self, x, y, sample_weight, *, training):
        """One batch: the loss, whether training can go on (so: it counted), rows."""
        with named_algorithm(self.jit):
            return self._one_batch(x, y, sample_weight, training)

    def _one_batch(self, x, y, sample_weight, training):
        rows = tf.shape(next(a for a in tree.flatten(x) if a is not None))[0]
        run, batch = self.strategy.run, (x, y, sample_weight)
        if not training:
            loss = self._first(run(self.gradients_of.loss, args=batch))
            return loss, tf.constant(True), rows
        # The forward pass moves batch norm's statistics, dropout's seeds and the
        # metrics: kept, to be put back if the step is not finite.
        kept = self.model.non_trainable_variables + self.model.metrics_variables
        before = run(lambda: [tf.convert_to_tensor(v.value) for v in kept])
        loss, gradients, finite = run(self.gradients_of.of, args=batch)
        loss, finite = self._first(loss), self._first(finite)

        def put_back():
            run(_assign, args=(kept, before))
            return 0

        going = self._apply_if(finite, loss, gradients, put_back)
        return loss, going, rows

    def _apply_if(self, finite, loss, gradients, put_back):
        """Update the weights if that is sound; whether training can go on."""
        scale, sound = self.scale, tf.math.is_finite(loss)
        applies = finite & sound
        # With a loss scale an infinite gradient is normal: one step without an update.
        going = applies if scale is None else applies | (sound & scale.may_halve())

        def apply():
            self.strategy.run(self.gradients_of.apply, args=(gradients,))
            if scale is not None:
                scale.update(True)
            return 0

        def skip():
            scale.update(False)
            return 0

        def refuse():
            return put_back() if scale is None else tf.cond(going, skip, put_back)

        tf.cond(applies, apply, refuse)
        return going

    def _first(self, values):
        """One replica's value, where all have the same."""
        return self.strategy.experimental_local_results(values)[0]

    # One step, eagerly, to look at.

    def loss(self, batch):
        """The training loss of one batch; dropout's seeds move on."""
        x, y, sample_weight = each(tf.convert_to_tensor, triple(batch))
        return self.gradients_of.forward(x, y, sample_weight, True)[0]

    def gradients(self, batch):
        """The gradients of that loss; None for a weight that it does not use."""
        with tf.GradientTape() as tape:
            loss = self.loss(batch)
            scaled = loss if self.scale is None else loss * self.scale.scale
        found = tape.gradient(scaled, self.model.trainable_variables)
        return [getattr(g, "values", g) for g in found]


def _assign(variables, values):
    """Put values back into variables."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def expect_labels(error, position, steps):
    """Say a label out of range in the user's terms: of `tf.data` it shows only here.

    Raises:
        ValueError: if that is what TensorFlow's error is about.
    """
    said = r"label value of (-?\d+) which is outside the valid range of \[0, (\d+)\)"
    found = re.search(said, error.message)
    if found:
        label, classes = map(int, found.groups())
        first, last = position + 1, position + steps
        where = f"batch {first}" if first == last else f"one of batches {first}–{last}"
        raise ValueError(
            f"train.fit: {where} of this epoch holds the label {label}; the model's "
            f"{classes} outputs expect 0 … {classes - 1}. Mend the labels; no batch "
            "from that one on was learned from"
        ) from None
