"""One layer over the runs of words of a text, which starts as naive Bayes."""

import keras
from keras import layers, ops

from mmlearn.models.sequence_model import SequenceModel


def ngram_classifier(size, *, start=1.0, l2=0.0, dropout=0.0, seed):
    """Logistic regression on what naive Bayes says of each run of words (NBSVM).

    z = Σ_l w_{g_l} r_l, the logits of against and for are −z/2 and z/2, so that
    P(for) = σ(z): g_l are the runs of the text, r_l their log ratios. With all weights
    w equal it answers as naive Bayes does; training tells them apart.

    Args:
        size: numbers that a run may have, padding's 0 included.
        start: every weight before training. Naive Bayes has 1, and is far too sure: it
            counts runs that come together as if each were news.
        l2: the loss grows by l2 Σ w²: a weight has to earn its size.
        dropout: rate on the runs of a text, in training.
        seed: int, fixes the dropout; the initial weights are all equal.

    Returns:
        keras.Model: {"ngram": (B, L) int, "ratio": (B, L) float, 0 for padding} ->
        logits (B, 2), uncompiled. Layers: weight, dropout, z, logits.

    Raises:
        ValueError: for a size without runs.

    Source: S. Wang, C. Manning (2012), Baselines and bigrams, ACL (there with an SVM).

    >>> ngram_classifier(100, seed=0).count_params()
    100
    """
    if size < 2:
        raise ValueError(
            f"ngram_classifier: size is {size}; expected 2 or more, padding and runs"
        )
    ngram = keras.Input((None,), dtype="int32", name="ngram")
    ratio = keras.Input((None,), name="ratio")
    constant = keras.initializers.Constant(start)
    small = keras.regularizers.L2(l2) if l2 else None
    how = {"embeddings_initializer": constant, "embeddings_regularizer": small}
    w = layers.Embedding(size, 1, name="weight", **how)
    r = layers.Dropout(dropout, seed=1000 * seed + 90, name="dropout")(ratio)
    z = ops.sum(w(ngram)[:, :, 0] * r, axis=1, keepdims=True)  # (B, 1)
    logits = layers.Concatenate(name="logits")([-0.5 * z, 0.5 * z])
    inputs = {"ngram": ngram, "ratio": ratio}
    return SequenceModel(inputs, logits, name="ngram_classifier")
