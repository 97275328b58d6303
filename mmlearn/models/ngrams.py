"""One layer over the runs of words of a text, which starts as naive Bayes."""

import keras
from keras import layers, ops


def ngram_classifier(size, *, start=1.0, dropout=0.0, seed):
    """Logistic regression on what naive Bayes says of each run of words (NBSVM).

    z = Σ_l w_{g_l} r_l, the logits of against and for are −z/2 and z/2, so that
    P(for) = σ(z): g_l are the runs of the text, r_l their log ratios. With every weight
    w equal to `start` it answers as naive Bayes does; training moves each weight from
    there, the faster the larger its ratio.

    Args:
        size: numbers that a run may have, padding's 0 included.
        start: every weight before training; below 1 tames naive Bayes, which counts
            what depends on each other as if it did not, and is far too sure.
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
    w = layers.Embedding(size, 1, embeddings_initializer=constant, name="weight")
    r = layers.Dropout(dropout, seed=1000 * seed + 90, name="dropout")(ratio)
    z = ops.sum(w(ngram)[:, :, 0] * r, axis=1, keepdims=True)  # (B, 1)
    logits = layers.Concatenate(name="logits")([-0.5 * z, 0.5 * z])
    inputs = {"ngram": ngram, "ratio": ratio}
    return keras.Model(inputs, logits, name="ngram_classifier")
