"""What reads and what writes: classifiers of sentences, a model of the next letter.

Token 0 is padding. The mask is made from the ids inside the model, and handed to every
layer by name, so that it cannot be lost on the way.
"""

import keras
from keras import layers, ops

from mmlearn.axes import expect_mask
from mmlearn.models.classifiers import _init
from mmlearn.models.sequence_model import SequenceModel

RECURRENT = {"gru": layers.GRU, "lstm": layers.LSTM, "simple_rnn": layers.SimpleRNN}
PADDING = 0


def text_encoder(
    vocabulary,
    *,
    cell="gru",
    embedding=16,
    units=24,
    bidirectional=False,
    dropout=0.0,
    masked=True,
    seed,
):
    """Sentences to vectors: a row of numbers a word, then one vector a sentence.

    The vector is the recurrent layer's last state, which knows the order of the words,
    or (cell="mean") their mean and a ReLU layer, which does not.

    Args:
        vocabulary: V, how many tokens have a number, padding and unknown included.
        cell: "gru", "lstm", "simple_rnn" or "mean".
        embedding: F, numbers a word.
        units: U of the recurrent layer, in each direction, or of the ReLU layer.
        bidirectional: whether a second recurrent layer reads from the end.
        dropout: rate on the embedded words and on the sentence's vector.
        masked: False reads padding as if it were a word: only to see what goes wrong.
        seed: int, fixes initial weights and dropout.

    Returns:
        keras.Model: ids (B, L) int -> (B, U), or (B, 2 U). Layers: embedding, recurrent
        (or mean, hidden). A row of padding alone is allowed.

    Raises:
        ValueError: for an unknown cell, a vocabulary without words.

    >>> text_encoder(76, seed=0).output_shape
    (None, 24)
    """
    if cell != "mean" and cell not in RECURRENT:
        known = ", ".join([*RECURRENT, "mean"])
        raise ValueError(f"text_encoder: cell is {cell!r}; expected {known}")
    _expect_sizes("text_encoder", vocabulary, 1)
    ids, h, mask = _embedded(vocabulary, embedding, seed)  # (B, L, F), (B, L)
    mask = mask if masked else ops.ones_like(mask)
    h = _dropped(h, dropout, "dropout_words", seed, 93)
    if cell == "mean":
        h = masked_mean(h, mask)  # (B, F)
        relu = _init(seed, 1, "he_normal")
        h = layers.Dense(units, activation="relu", name="hidden", **relu)(h)
    else:
        layer = _recurrent(cell, units, seed, sequences=False)
        if bidirectional:
            layer = layers.Bidirectional(layer, name="recurrent")
        h = layer(h, mask=mask)  # (B, U)
    h = _dropped(h, dropout, "dropout", seed, 94)
    return SequenceModel(ids, h, name="text_encoder")


def text_classifier(vocabulary, classes, *, cell="gru", seed, **options):
    """The text encoder with one dense layer after it.

    Args:
        vocabulary, cell, options: of `text_encoder`.
        classes: K.
        seed: int, fixes initial weights and dropout.

    Returns:
        keras.Model: ids (B, L) int -> logits (B, K), uncompiled. Layers: embedding,
        recurrent (or mean, hidden), logits. A row of padding alone is allowed.

    Raises:
        ValueError: for an unknown cell, a vocabulary without words, no classes.

    >>> text_classifier(76, 2, seed=0).count_params()  # 76·16, 3·24·(16+24+2), 25·2
    4290
    """
    _expect_sizes("text_classifier", vocabulary, classes)
    encoder = text_encoder(vocabulary, cell=cell, seed=seed, **options)
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))
    name = f"{cell}_text"
    return SequenceModel(encoder.input, logits(encoder.output), name=name)


def mean_units(vocabulary, classes, embedding, parameters):
    """Units of the `text_classifier(cell="mean")` nearest to a number of parameters.

    P = V F + (F + 1) U + (U + 1) K, so U = (P − V F − K) / (F + 1 + K), rounded.

    Args:
        vocabulary, classes, embedding: V, K, F of the classifier.
        parameters: P, `gru.count_params()` for instance.

    Returns:
        int, at least 1.

    >>> mean_units(76, 2, 16, parameters=4290)
    162
    """
    left = parameters - vocabulary * embedding - classes
    return max(1, round(left / (embedding + 1 + classes)))


def masked_mean(x, mask):
    """Mean over the steps that count: Σ_l m_bl x_bl / max(Σ_l m_bl, 1).

    Args:
        x: (B, L, F). mask: (B, L) bool, True where a token stands.

    Returns:
        (B, F); zeros for a row of padding alone.

    >>> x, mask = ops.array([[[2.0], [4.0], [9.0]]]), ops.array([[True, True, False]])
    >>> ops.convert_to_numpy(masked_mean(x, mask)).tolist()
    [[3.0]]
    """
    expect_mask("masked_mean", "mask", mask, "x", x)
    mask = ops.cast(mask, x.dtype)[:, :, None]  # (B, L, 1)
    counted = ops.maximum(ops.sum(mask, axis=1), 1.0)  # (B, 1)
    return ops.sum(x * mask, axis=1) / counted


def character_model(
    vocabulary, *, embedding=24, units=96, cell="gru", dropout=0.0, seed
):
    """What comes next, at every place of a text: a language model.

    The state at place l has read the tokens 0 … l and no other; a dense layer turns it
    into V logits for token l + 1.

    Args:
        vocabulary: V, padding and unknown included.
        embedding: F, numbers a token.
        units: U of the recurrent layer.
        cell: "gru", "lstm" or "simple_rnn".
        dropout: rate on the states.
        seed: int, fixes initial weights and dropout.

    Returns:
        keras.Model: ids (B, L) int -> logits (B, L, V), uncompiled. Layers: embedding,
        recurrent, logits.

    Raises:
        ValueError: for an unknown cell, a vocabulary without tokens.

    >>> character_model(63, seed=0).output_shape
    (None, None, 63)
    """
    if cell not in RECURRENT:
        known = ", ".join(RECURRENT)
        raise ValueError(f"character_model: cell is {cell!r}; expected {known}")
    _expect_sizes("character_model", vocabulary, 1)
    ids, h, mask = _embedded(vocabulary, embedding, seed)
    h = _recurrent(cell, units, seed, sequences=True)(h, mask=mask)  # (B, L, U)
    h = _dropped(h, dropout, "dropout", seed, 94)
    logits = layers.Dense(vocabulary, name="logits", **_init(seed, 0))(h)
    return SequenceModel(ids, logits, name=f"{cell}_characters")


def _embedded(vocabulary, embedding, seed):
    """The input, its rows of numbers, and where tokens stand."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    table = layers.Embedding(
        vocabulary,
        embedding,
        embeddings_initializer=keras.initializers.RandomUniform(
            -0.05, 0.05, seed=1000 * seed + 91
        ),
        name="embedding",
    )
    return ids, table(ids), ops.not_equal(ids, PADDING)


def _recurrent(cell, units, seed, sequences):
    return RECURRENT[cell](
        units,
        return_sequences=sequences,
        recurrent_initializer=keras.initializers.Orthogonal(seed=1000 * seed + 92),
        name="recurrent",
        **_init(seed, 90),
    )


def _dropped(h, rate, name, seed, stream):
    if not rate:
        return h
    return layers.Dropout(rate, seed=1000 * seed + stream, name=name)(h)


def _expect_sizes(where, vocabulary, classes):
    if not isinstance(vocabulary, int) or vocabulary < 3:
        raise ValueError(
            f"{where}: vocabulary is {vocabulary!r}; expected how many tokens have a "
            "number, 3 or more: len(vocabulary) of a fitted Vocabulary"
        )
    if classes < 1:
        raise ValueError(f"{where}: classes is {classes}; expected 1 or more")
