"""Eight trainings that went wrong on purpose, lesson 06's patients, and their cures.

All train a small network on the digits. Seven of eight lines are right in each; which
one is wrong is for the reader of the curves to say.

>>> NAMES
('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

CAUSES = (
    "the learning rate is too high",
    "the learning rate is too low",
    "too few images, learned by heart",
    "the validation images were trained on",
    "the file was sorted by class, and its last part kept for validation",
    "the weights start too small",
    "the pixels were not scaled",
    "batch norm is measured with moving statistics that lag behind",
)


@dataclass(frozen=True)
class Patient:
    """What was changed in a healthy training, and why it goes wrong."""

    cause: int  # number in CAUSES, from 1
    line: str  # the line that is wrong
    cure: str
    settings: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One training's curves, and the accuracy on 360 images that nobody had touched."""

    history: dict[str, list[float]]
    test_accuracy: float
    model: Any = field(repr=False)


_SMALL = {"class_name": "RandomNormal", "config": {"stddev": 0.02}}

PATIENTS = {
    "A": Patient(
        8,
        "BatchNormalization(momentum=0.9999)",
        "momentum=0.9: no slower than the training",
        {"hidden": 3, "memory": 0.9999},
    ),
    "B": Patient(1, "Adam(0.1)", "Adam(0.001), from a range test", {"rate": 0.1}),
    "C": Patient(
        4,
        "validation = train[:100]",
        "split before anything else, and look for copies",
        {"images": 100, "validation": "trained on", "epochs": 40},
    ),
    "D": Patient(
        6,
        "RandomNormal(stddev=0.02), 8 layers",
        "he_normal",
        {"hidden": 8, "init": _SMALL},
    ),
    "E": Patient(
        3,
        "train[:100]",
        "more images; augmentation, dropout, early stopping",
        {"images": 100, "rate": 3e-3, "epochs": 70},
    ),
    "F": Patient(7, "x = 255 * pixels", "x = pixels in [0, 1]", {"scale": 255.0}),
    "G": Patient(2, "Adam(0.00001)", "Adam(0.001), from a range test", {"rate": 1e-5}),
    "H": Patient(
        5,
        "train, validation = file[:1155], file[1155:]",
        "shuffle, or split each class",
        {"validation": "the file's tail"},
    ),
}
NAMES = tuple(PATIENTS)


def run(name=None, seed=0, callbacks=(), graphs=None):
    """Train one patient, or with None the healthy network that all of them come from.

    Args:
        name: "A" to "H", or None.
        seed: int, fixes weights and the order of the batches.
        callbacks: of Keras, such as `watch.Microscope`.
        graphs: dict that keeps what was compiled for the next one (`train.fit`).

    Returns:
        Outcome.

    Raises:
        KeyError: for a name that nobody has.
    """
    return _train(seed, callbacks, graphs, **(PATIENTS[name].settings if name else {}))


def _train(
    seed,
    callbacks,
    graphs,
    *,
    rate=1e-3,
    epochs=20,
    images=None,
    scale=1.0,
    validation="split",
    hidden=2,
    init="he_normal",
    memory=None,
):
    import keras

    from mmlearn import train

    splits = _splits(images, scale, validation)
    model = _network(seed, hidden, init, memory)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    history = train.fit(
        model,
        splits["train"],
        epochs=epochs,
        batch_size=32,
        validation_data=splits["validation"],
        seed=seed,
        callbacks=callbacks,
        progress=False,
        graphs=graphs,
    ).history
    x, labels = splits["test"]
    logits = keras.ops.convert_to_numpy(model(x, training=False))
    right = float(np.mean(logits.argmax(axis=1) == labels))
    return Outcome(history, right, model)


def _splits(images, scale, validation):
    """The digits as rows of 64 numbers, with the patient's fault in them."""
    from mmlearn.datasets import load_digits
    from mmlearn.preprocess.images import scale as to_unit

    splits = {
        part: (scale * to_unit(x, top=16).reshape(-1, 64), labels)
        for part, (x, labels) in load_digits().items()
    }
    x, labels = splits["train"]
    if images is not None:
        splits["train"] = x[:images], labels[:images]
    if validation == "trained on":
        splits["validation"] = splits["train"]
    if validation == "the file's tail":
        pairs = [splits["train"], splits["validation"]]
        x, labels = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        order = np.argsort(labels, kind="stable")
        x, labels, cut = x[order], labels[order], 1155
        splits["train"] = x[:cut], labels[:cut]
        splits["validation"] = x[cut:], labels[cut:]
    return splits


def _network(seed, hidden, init, memory):
    """Layers of 64 units with ReLU; `memory` is the momentum of a batch norm."""
    import keras

    layers = keras.layers
    keras.utils.set_random_seed(seed)
    stack = [keras.Input((64,))]
    for i in range(1, hidden + 1):
        stack.append(layers.Dense(64, kernel_initializer=init, name=f"dense{i}"))
        if memory is not None:
            stack.append(layers.BatchNormalization(momentum=memory, name=f"norm{i}"))
        stack.append(layers.ReLU(name=f"relu{i}"))
    return keras.Sequential([*stack, layers.Dense(10, name="logits")])
