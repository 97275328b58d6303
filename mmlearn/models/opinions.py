"""What is said and how it sounds: runs of words and a voice, to one opinion."""

import keras
from keras import layers

from mmlearn.layers.fusion import LateFusion, ProductOfExperts
from mmlearn.models.classifiers import _init
from mmlearn.models.ngrams import ngram_classifier
from mmlearn.models.sequence_model import SequenceModel


def feature_classifier(features, classes, hidden=0, *, dropout=0.0, l2=0.0, seed):
    """A vector of features to logits: logistic regression, or a hidden layer between.

    Args:
        features: F.
        classes: K.
        hidden: units of the ReLU layer; 0: none.
        dropout: rate on the features, in training.
        l2: the loss grows by l2 times the sum of all squared weights.
        seed: int, fixes initial weights and dropout.

    Returns:
        keras.Model: (B, F) -> logits (B, K), uncompiled. Layers: hide, hidden, logits.

    >>> feature_classifier(73, 2, seed=0).count_params()
    148
    """
    x = keras.Input((features,), name="features")
    small = {"kernel_regularizer": keras.regularizers.L2(l2)} if l2 else {}
    h = layers.Dropout(dropout, seed=1000 * seed + 80, name="hide")(x)
    if hidden:
        he = _init(seed, 81, "he_normal")
        h = layers.Dense(hidden, "relu", name="hidden", **he, **small)(h)
    logits = layers.Dense(classes, name="logits", **_init(seed, 82), **small)(h)
    return keras.Model(x, logits, name="feature_classifier")


def opinion_classifier(size, features, *, method="product", text, voice, seed):
    """Words and voice each to logits, put together, and trained as one.

    Args:
        size: numbers that a run of words may have (`ngram_classifier`).
        features: F of the sound.
        method: "product" (`layers.fusion.ProductOfExperts`), or one of `LateFusion`.
        text, voice: dicts of arguments of `ngram_classifier`, `feature_classifier`.
        seed: int, fixes initial weights and dropout.

    Returns:
        keras.Model: {"audio": (B, F), "ngram": (B, L) int, "ratio": (B, L)} -> logits
        (B, 2), uncompiled. Layers: ngram_classifier, feature_classifier, fusion.

    >>> opinion_classifier(100, 73, text={}, voice={}, seed=0).count_params()
    248
    """
    read = ngram_classifier(size, seed=seed, **text)
    heard = feature_classifier(features, 2, seed=seed, **voice)
    inputs = {
        "audio": keras.Input((features,), name="audio"),
        "ngram": keras.Input((None,), dtype="int32", name="ngram"),
        "ratio": keras.Input((None,), name="ratio"),
    }
    words = read({name: inputs[name] for name in ("ngram", "ratio")})
    sound = heard(inputs["audio"])
    if method == "product":
        fuse = ProductOfExperts(name="fusion")
    else:
        fuse = LateFusion(method, name="fusion")
    logits = fuse({"audio": sound, "text": words})
    return SequenceModel(inputs, logits, name="opinion_classifier")
