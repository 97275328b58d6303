"""The dry run: what a training would take, from one forward pass and a few steps."""

import time

import numpy as np
from keras import ops, tree

from mmlearn.train.source import ArraySource, count
from mmlearn.train.watched import undisturbed, watched

TIMED_STEPS = 8
MB = 1e6


def print_plan(step, source, epochs, batch):
    """Print shapes per layer, parameters, memory and an estimate of the time.

    Weights, optimizer, metrics and random states are left as they were.

    Args:
        step: the backend's step.
        source: the training data.
        epochs: number of epochs planned.
        batch: (x, y, sample_weight), a first batch.
    """
    model = step.model
    rows, per_sample = _shapes(step, batch)
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    print(f"dry run of {model.name}: nothing is trained")
    for name, shape, parameters in rows:
        print(f"  {name:<{widths[0]}}  {shape:<{widths[1]}}  {parameters:>{widths[2]}}")
    weights = sum(_bytes(v) for v in model.variables)
    gradients = sum(_bytes(v) for v in model.trainable_variables)
    slots = sum(_bytes(v) for v in model.optimizer.variables)
    samples = source.batch_size if isinstance(source, ArraySource) else count(batch[0])
    held = per_sample * samples
    trained = sum(int(np.prod(v.shape)) for v in model.trainable_variables)
    print(f"parameters   {model.count_params():,}, of which {trained:,} are trained")
    parts = [("weights", weights), ("gradients", gradients), ("optimizer", slots)]
    parts += [(f"layer outputs for a batch of {samples}", held)]
    if isinstance(source, ArraySource):
        data = sum(a.nbytes for a in tree.flatten(source.arrays) if a is not None)
        parts += [("data", data)]
    told = " + ".join(f"{name} {size / MB:.3g}" for name, size in parts)
    print(f"memory       about {sum(s for _, s in parts) / MB:.3g} MB: {told}")
    _print_time(step, source, epochs)


def _shapes(step, batch):
    """Rows (layer, shape, parameters), and bytes of layer outputs per sample."""
    rows, total = [("layer", "output", "parameters")], 0

    def see(layer, outputs):
        nonlocal total
        for output in outputs:
            if output is not None:
                total += _bytes(output)
        shape = ", ".join(_shape(o) for o in outputs if o is not None)
        parameters = sum(int(np.prod(v.shape)) for v in layer.weights)
        rows.append((layer.name, shape, f"{parameters:,}"))

    with undisturbed(step.variables), watched(step.model, see):
        step.model(batch[0])
    return rows, total // count(batch[0])


def _print_time(step, source, epochs):
    steps = source.steps_per_epoch
    with undisturbed(step.variables):
        state = step.reset(step.read())
        feed = step.open(source, 0)
        began = time.perf_counter()
        state, _ = step.advance(state, feed, 1)
        first = time.perf_counter() - began
        began = time.perf_counter()
        state, logs = step.advance(state, feed, min(TIMED_STEPS, (steps or 9) - 1))
        seconds = (time.perf_counter() - began) / max(logs["steps"], 1)
        step.write(state)
    if not logs["steps"]:
        seconds = first
    total = (
        ""
        if steps is None
        else f": about {_duration(first + epochs * steps * seconds)}"
    )
    counted = "an unknown number of" if steps is None else f"{steps:,}"
    print(
        f"time         first step {first:.2g} s, then {1000 * seconds:.2g} ms a step; "
        f"{epochs} epochs of {counted} steps{total}, validation and callbacks apart"
    )


def _bytes(value):
    return int(np.prod(value.shape)) * np.dtype(_numpy_name(value.dtype)).itemsize


def _numpy_name(dtype):
    name = getattr(dtype, "name", str(dtype))
    return "uint16" if name == "bfloat16" else name


def _shape(output):
    return f"({', '.join(['B', *map(str, ops.shape(output)[1:])])})"


def _duration(seconds):
    if seconds < 120:
        return f"{seconds:.2g} s"
    return f"{seconds / 60:.2g} min" if seconds < 7200 else f"{seconds / 3600:.2g} h"
