"""mmlearn's side of bench_large_graph.py: `models.gcn`, `models.gat`, `train.fit`.

KERAS_BACKEND=… python large_graph_keras.py ARRAYS.npz gcn|gat jit|plain WARM
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from large_graph_turns import Turns, resident

from mmlearn import train
from mmlearn.datasets import Graph
from mmlearn.layers.graph import graph_dataset
from mmlearn.models.gat import gat
from mmlearn.models.gcn import gcn


class Asked(keras.callbacks.Callback):
    """Go on when the next step is asked for."""

    def __init__(self, turns):
        super().__init__()
        self.turns = turns

    def on_train_batch_end(self, batch, logs=None):
        if not self.turns.done(logs["last_batch_loss"]):
            self.model.stop_training = True


def fill(model, arrays, kind):
    """The weights that the other side has too; biases begin at zero."""
    kernels = [v for v in model.trainable_variables if v.name != "bias"]
    for i, kernel in enumerate(kernels):
        kernel.assign(arrays[f"{kind}_{i}"])


def one_thread():
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)


def main(path, kind, form, warm):
    one_thread()
    with np.load(path) as held:
        arrays = dict(held)
    before = resident()
    graph = Graph(arrays["x"], arrays["edges"], arrays["y"], ())
    features = graph.x.shape[1]
    if kind == "gcn":
        model = gcn(features, 40, hidden=128, seed=0)
    else:
        model = gat(features, 40, units=16, heads=8, seed=0)
    fill(model, arrays, kind)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    data = graph_dataset(graph, arrays["mask"], steps=10_000)
    train.fit(
        model,
        data,
        epochs=1,
        callbacks=Asked(Turns(before, warm)),
        progress=False,
        steps_per_chunk=1,
        jit_compile=form == "jit",
    )


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
