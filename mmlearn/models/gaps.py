"""A classifier of several modalities that may be trained with gaps: lesson 16's."""

import keras

from mmlearn.layers import DeepFusion
from mmlearn.models.multimodal import MultimodalModel


def gap_classifier(names, classes, hidden=32, *, encoders=(), dropout=0.0, seed):
    """Concatenate, one hidden layer, logits; trained with modality dropout.

    Args:
        names: of the modalities, vectors all.
        classes: K.
        hidden: units of the hidden layer, and of each encoder.
        encoders: names of those that get one dense layer with ReLU of their own.
        dropout: probability with which a modality is hidden from a sample in training;
            never all.
        seed: int, fixes weights and gaps.

    Returns:
        MultimodalModel, uncompiled: a dict of arrays, `name_available` beside those
        that may be missing -> logits (B, K).

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 4)), "sound": np.ones((2, 3))}
    >>> x["sound_available"] = np.array([True, False])
    >>> gap_classifier(["image", "sound"], 5, seed=0)(x).shape == (2, 5)
    True
    """
    keras.utils.set_random_seed(seed)
    parts = dict.fromkeys(sorted(names))
    for name in sorted(encoders):
        parts[name] = keras.layers.Dense(hidden, "relu", name=name)
    fusion = DeepFusion(classes, depths=(0,), hidden_units=hidden)
    return MultimodalModel(parts, fusion, None, modality_dropout=dropout, seed=seed)
