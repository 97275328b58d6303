"""The training loop: neutral Python around a step that takes many batches in one call.

Between two chunks (about a quarter second of steps each) stands all that needs Python:
callbacks, the progress bar, signals, checkpoints (`run.py`). What a batch does to the
weights is in `step_tensorflow.py` and `step_jax.py`.
"""

import contextlib
import importlib
from typing import Any, NamedTuple

import keras

from mmlearn.train import inputs
from mmlearn.train.checkpoint import Checkpoint
from mmlearn.train.history import History
from mmlearn.train.options import Options
from mmlearn.train.plan import print_plan
from mmlearn.train.precision import computing_in
from mmlearn.train.processes import processes_of
from mmlearn.train.progress import make_progress
from mmlearn.train.run import Chunk, Run
from mmlearn.train.scalars import Scalars
from mmlearn.train.source import ArraySource, as_source, expect_int, identity
from mmlearn.train.watched import layers_of


def fit(
    model,
    data,
    *,
    epochs,
    batch_size=32,
    validation_data=None,
    seed=0,
    callbacks=(),
    log_dir=None,
    checkpoint=None,
    checkpoint_seconds=30.0,
    resume=True,
    progress=None,
    dry_run=False,
    precision=None,
    gradient_accumulation_steps=1,
    global_clipnorm=None,
    jit_compile=None,
    strategy=None,
    steps_per_chunk=None,
    graphs=None,
):
    """Train a compiled Keras model: w ← w − update(∇L(w; batch)), batch after batch.

    Args:
        model: keras.Model; `model.compile(optimizer, loss, metrics)` was called.
        data: (x, y) or (x, y, sample_weight) arrays, x and y arrays or dicts of them;
            or a source (see `mmlearn.train.source`); or a tf.data.Dataset.
        epochs: passes over the data, those before a resume included.
        batch_size: B, for arrays; the last batch of an epoch may be smaller.
        validation_data: like data; measured after every epoch.
        seed: with the epoch, decides the order of arrays.
        callbacks: Keras callbacks; batch hooks are called once a chunk.
        log_dir: folder for TensorBoard's scalars.
        checkpoint: folder, written to every `checkpoint_seconds` and at ends of epochs
            (at most once a second). If it holds a checkpoint, the run goes on from
            there, to the weights it would have had; `resume=False` starts anew.
        progress: True or False; None: in terminals and notebooks.
        dry_run: only print shapes, parameters, memory and an estimate of the time.
        precision: "float32", "mixed_bfloat16" or "mixed_float16" (with loss scaling:
            a step with an infinite gradient is skipped), for this run; weights stay
            float32. None: as the model was built.
        gradient_accumulation_steps: each batch is computed in so many parts, one after
            another: the same numbers (but for batch norm) in less memory. A step stays
            one batch and one update.
        global_clipnorm: the largest length of the gradient of all weights together.
        jit_compile: XLA or not; None: as the model was compiled, and recurrent ones.
        strategy: tf.distribute strategy in whose scope the model was made and compiled;
            `batch_size` is that of all replicas together.
        steps_per_chunk: fixes the chunk; 1 calls batch hooks at every batch.
        graphs: a dict of yours that keeps the compiled step for the next model that is
            built by the same code, of another seed: it saves the seconds of compiling,
            and gives the same numbers (on TensorFlow; JAX compiles anew).

    Returns:
        History, with `.history`, `.epochs`, `.steps`, `.seconds`.

    Raises:
        ValueError: the data does not fit the model. NonFiniteError: a loss or gradient
        is NaN or infinite. CheckpointError: a folder cannot be written or read.
        KeyboardInterrupt: Ctrl-C, after the chunk, with a checkpoint written.

    >>> import numpy as np
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> model.compile("sgd", "mse")
    >>> fit(model, (np.ones((8, 3)), np.zeros((8, 2))), epochs=2, batch_size=4).steps
    4
    """
    expect_int("epochs", epochs, least=0)
    options = Options(
        precision, gradient_accumulation_steps, global_clipnorm, jit_compile, strategy
    )
    found = _checked(model, data, validation_data, batch_size, seed, options)
    made = _step(model, found.source, options, graphs)
    with computing_in(model, precision), made as step:
        if dry_run:
            print_plan(step, found.source, epochs, found.batch)
            return History()
        seen = _seen(callbacks, log_dir, progress, epochs, found)
        kept = _kept(checkpoint, checkpoint_seconds, resume, found)
        chunk = Chunk(steps_per_chunk)
        return _run(step, found, epochs=epochs, chunk=chunk, **seen, **kept).train()


class Found(NamedTuple):
    """What a run learns from, checked: sources, a first batch, the options with it."""

    source: Any
    validation: Any
    batch: Any
    options: Options
    together: Any  # the processes of the strategy


def _checked(model, data, validation_data, batch_size, seed, options):
    """Everything that can be refused before anything is trained."""
    inputs.expect_model(model)
    source = as_source(data, batch_size=batch_size, seed=seed)
    validation = _validation(model, validation_data, batch_size)
    batch = inputs.expect_data(model, source)
    options.expect_suited(model, batch)
    with options.scope():
        inputs.build(model, batch, source)
    if isinstance(validation, ArraySource):
        inputs.expect_labels("validation_data", validation.arrays[1], model)
    together = processes_of(options.strategy)
    return Found(source, validation, batch, options, together)


def _seen(callbacks, log_dir, progress, epochs, found):
    """Who watches the run; of several processes only the chief shows and writes."""
    chief = found.together.chief
    shown = progress if chief else False
    return {
        "callbacks": _listed(callbacks, log_dir if chief else None),
        "progress": make_progress(shown, epochs, found.source.steps_per_epoch),
    }


def _kept(checkpoint, checkpoint_seconds, resume, found):
    """What the run saves, and whether it goes on from there."""
    same = identity(found.source) | found.options.identity
    chief = found.together.chief
    return {
        "checkpoint": Checkpoint(checkpoint, same, writes=chief)
        if checkpoint
        else None,
        "checkpoint_seconds": checkpoint_seconds,
        "resume": resume,
    }


def _run(step, found, **parts):
    return Run(step, found.source, found.validation, together=found.together, **parts)


def _listed(callbacks, log_dir):
    """All callbacks in a list, the one that writes to `log_dir` included."""
    one = isinstance(callbacks, keras.callbacks.Callback)
    found = [callbacks] if one else list(callbacks or ())
    for other in found:
        if not isinstance(other, keras.callbacks.Callback):
            kind = type(other).__name__
            raise ValueError(
                f"train.fit: callbacks holds a {kind}; expected Keras callbacks"
            )
    return found if log_dir is None else [*found, Scalars(log_dir)]


def _validation(model, data, batch_size):
    """The validation data as a source, checked; None where there is none."""
    if data is None:
        return None
    size = max(batch_size, 256)  # nothing is learned here: as large as is quick
    name = "validation_data"
    source = as_source(data, batch_size=size, seed=0, shuffle=False, name=name)
    inputs.expect_data(model, source, name)
    return source


@contextlib.contextmanager
def _step(model, source, options, graphs):
    """A step for this model; inside computing_in, and then kept in `graphs`."""
    if graphs is None or keras.backend.backend() != "tensorflow":
        yield make_step(model, source, options)
        return
    from mmlearn.train.graphs_tensorflow import kept_step

    with kept_step(graphs, model, source, options, make_step) as step:
        yield step


def make_step(model, source, options):
    """The step of the backend that Keras runs on.

    Left open, XLA is used where the model asks for it, and for recurrent models on
    arrays: there it is 2–4 times as fast on a CPU. (A source may bring a new length
    with every batch, and each would be compiled anew.)
    """
    backend = keras.backend.backend()
    if backend not in ("tensorflow", "jax"):
        raise ValueError(
            f"train.fit: Keras runs on {backend}; this loop has steps for tensorflow "
            "and jax: set KERAS_BACKEND to one of them before importing keras"
        )
    jit = options.jit_compile
    if jit is None:
        recurrent = isinstance(source, ArraySource) and _gains_from_xla(model)
        jit = model.jit_compile or (recurrent and not model.run_eagerly)
    room = importlib.import_module(f"mmlearn.train.step_{backend}")
    return room.Step(model, options, jit_compile=bool(jit))


def _gains_from_xla(model):
    """Recurrent models do, but for what XLA does slowly (convolutions: a fifth of the
    speed) or refuses (Keras' random moves of images)."""
    found = list(layers_of(model))
    names = [type(layer).__name__ for layer in found]
    hindered = any("Conv" in name or name.startswith("Random") for name in names)
    return not hindered and any(isinstance(x, keras.layers.RNN) for x in found)
