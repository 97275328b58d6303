"""Transformers: every token reads every other in one step, through attention.

A mask is an input like the tokens themselves, or the ids say it (0 is padding), so that
it cannot be lost on the way; no padded token is ever looked at, nor counted.
"""

import keras
from keras import layers, ops

from mmlearn.axes import expect_mask
from mmlearn.layers.position import SinusoidalPositions
from mmlearn.models.audio import _convolved
from mmlearn.models.classifiers import _init
from mmlearn.models.sequence_model import SequenceModel


def transformer_block(
    h, mask=None, *, heads, hidden, causal=False, dropout=0.0, seed, number=1
):
    """One pre-norm block: h ← h + A(norm(h)), then h ← h + MLP(norm(h)).

    A is `keras.layers.MultiHeadAttention` with units of U / heads a head.

    Args:
        h: (B, L, U), a Keras tensor.
        mask: (B, L) of bool, False where no query may look, or None.
        heads: number of heads, a divisor of U.
        hidden: units of the ReLU layer inside the MLP.
        causal: True: no token looks at a later one.
        dropout: rate on attention weights and on what either part adds.
        seed: int, fixes weights and dropout.
        number: of the block; its layers are norm1a, attention1, norm1b, hidden1, ….

    Returns:
        (B, L, U).

    Raises:
        ValueError: for heads that do not divide U. ShapeError: for another mask.

    Source: A. Vaswani et al., *Attention is all you need*, NeurIPS 2017; the norm in
    front of each part: R. Xiong et al., *On layer normalization in the transformer
    architecture*, ICML 2020.
    """
    units = h.shape[-1]
    if units % heads:
        raise ValueError(
            f"transformer_block: {heads} heads on {units} units; expected a divisor"
        )
    if mask is not None:
        expect_mask("transformer_block", "mask", mask, "h", h)
    look = None if mask is None else mask[:, None, :]  # (B, 1, L): the same for all l
    start = 1000 * seed + 10 * number
    attention = layers.MultiHeadAttention(
        heads, units // heads, dropout=dropout, seed=start, name=f"attention{number}"
    )
    x = layers.LayerNormalization(name=f"norm{number}a")(h)
    x = attention(x, x, attention_mask=look, use_causal_mask=causal)
    _draw_kernels(attention, start)
    h = layers.Add(name=f"add{number}a")([h, _dropped(x, dropout, start + 5, number)])
    x = layers.LayerNormalization(name=f"norm{number}b")(h)
    init = _init(seed, 10 * number + 6, "he_normal")
    x = layers.Dense(hidden, "relu", name=f"hidden{number}", **init)(x)
    x = layers.Dense(units, name=f"back{number}", **_init(seed, 10 * number + 7))(x)
    return layers.Add(name=f"add{number}b")(
        [h, _dropped(x, dropout, start + 8, f"{number}b")]
    )


def transformer_encoder(
    units=32,
    *,
    vocabulary=None,
    features=None,
    name="sound",
    front=None,
    blocks=1,
    heads=2,
    hidden=None,
    positions=True,
    masked=True,
    causal=False,
    read="mean",
    dropout=0.0,
    seed,
):
    """Tokens to vectors: an embedding or a dense layer, positions, blocks, a norm.

    Args:
        units: U of every token.
        vocabulary: number of ids, for words: inputs are ids (B, L), where 0 is padding.
        features: F, for anything else: inputs are {name: (B, T, F), name_mask: (B, T)}.
        name: of the modality; only with `features`.
        front: what stands between input and tokens, a function (h, mask) -> (h, mask);
            only with `features`.
        blocks, heads, causal, dropout: of `transformer_block`.
        hidden: units inside each MLP; None: 4 U.
        positions: whether to add sines of the place; without them order is unseen.
        masked: False reads padding as if it were there: only to see what goes wrong.
        read: "mean" over the tokens that there are, (B, U), or "all", (B, L, U).
        seed: int, fixes weights and dropout.

    Returns:
        keras.Model, uncompiled.

    Raises:
        ValueError: unless exactly one of vocabulary and features is given; for `read`.

    >>> transformer_encoder(16, vocabulary=70, seed=0).output_shape
    (None, 16)
    """
    if (vocabulary is None) == (features is None) or read not in ("mean", "all"):
        raise ValueError(
            f"transformer_encoder: vocabulary is {vocabulary}, features {features}, "
            f"read {read!r}; expected one of the first two, and 'mean' or 'all'"
        )
    if vocabulary is not None:
        inputs, h, mask = _words(vocabulary, units, seed)
    else:
        inputs, h, mask = _frames(features, name, front, units, seed)
    mask = mask if masked else ops.ones_like(mask)
    if positions:
        h = SinusoidalPositions(name="positions")(h)
    for number in range(1, blocks + 1):
        how = {"heads": heads, "hidden": hidden or 4 * units, "causal": causal}
        h = transformer_block(h, mask, dropout=dropout, seed=seed, number=number, **how)
    h = layers.LayerNormalization(name="norm")(h)
    if read == "mean":
        counted = ops.cast(mask, h.dtype)[..., None]  # (B, L, 1)
        h = ops.sum(h * counted, axis=1) / ops.maximum(ops.sum(counted, axis=1), 1.0)
    return SequenceModel(inputs, h, name="transformer_encoder")


def transformer_classifier(classes, units=32, **options):
    """The encoder with one dense layer after it.

    Args:
        classes: K.
        units, options: of `transformer_encoder`; `seed=` is required.

    Returns:
        keras.Model: ids (B, L), or {name: (B, T, F), name_mask: (B, T)} -> logits
        (B, K), uncompiled. Layers: those of the encoder, and logits.

    >>> model = transformer_classifier(2, 16, vocabulary=70, hidden=32, seed=0)
    >>> model.count_params()  # 70·16, 4·(16·16 + 16), 16·32 + 32 + 32·16 + 16, 6·16, 34
    3410
    """
    encoder = transformer_encoder(units, **options)
    dense = layers.Dense(classes, name="logits", **_init(options["seed"], 0))
    return SequenceModel(encoder.input, dense(encoder.output), name="transformer")


def spectrogram_front(filters=(8,), *, seed):
    """What `audio_encoder` does before its recurrent layer, as a `front`.

    Args:
        filters: kernels of each 3×3 convolution; the first halves time and bands, the
            others halve the bands.
        seed: int, fixes the initial weights: those of the audio encoder.

    Returns:
        a function: frames (B, T, F), mask (B, T) -> (B, T / 2, features), (B, T / 2).

    >>> front = spectrogram_front((8,), seed=0)
    >>> transformer_encoder(24, features=40, front=front, seed=0).output_shape
    (None, 24)
    """

    def front(h, mask):
        h = layers.Reshape((-1, h.shape[-1], 1), name="picture")(h)
        for i, kernels in enumerate(filters, start=1):
            how = {"smaller": (2 if i == 1 else 1, 2), "strided": False}
            h, mask = _convolved(h, mask, i, kernels, normalize=False, seed=seed, **how)
        features = h.shape[2] * h.shape[3]
        return layers.Reshape((-1, features), name="steps")(h), mask

    return front


def attention_maps(model, inputs, number=1):
    """Where each head of one block looks.

    Args:
        model: one of the two above.
        inputs: as the model takes them, NumPy arrays.
        number: of the block, from 1.

    Returns:
        weights (B, heads, L, L): row l is what token l reads; 0 for padded keys.

    >>> model = transformer_classifier(2, 16, vocabulary=70, seed=0)
    >>> maps = attention_maps(model, ops.ones((1, 5), dtype="int32"))
    >>> maps.shape, float(maps.sum(axis=-1).max().round(3))
    ((1, 2, 5, 5), 1.0)
    """
    layer = model.get_layer(f"attention{number}")
    node = layer._inbound_nodes[0].arguments  # what the layer was called with
    look = node.kwargs.get("attention_mask")
    outputs = [node.args[0]] if look is None else [node.args[0], look]
    h, *look = SequenceModel(model.input, outputs)(inputs, training=False)
    causal = node.kwargs.get("use_causal_mask", False)
    how = {"use_causal_mask": causal, "return_attention_scores": True}
    _, weights = layer(h, h, attention_mask=look[0] if look else None, **how)
    return ops.convert_to_numpy(weights)


def _words(vocabulary, units, seed):
    """ids, their vectors (B, L, U), and which are words."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    # as long as a place's pattern, so that neither drowns the other
    normal = keras.initializers.RandomNormal(stddev=0.7, seed=1000 * seed + 1)
    embedding = layers.Embedding(
        vocabulary, units, embeddings_initializer=normal, name="embedding"
    )
    return ids, embedding(ids), ops.not_equal(ids, 0)


def _frames(features, name, front, units, seed):
    """Inputs, tokens (B, L, U), and which were recorded."""
    x = keras.Input((None, features), name=name)
    mask = keras.Input((None,), dtype="bool", name=f"{name}_mask")
    h, there = (x, mask) if front is None else front(x, mask)
    tokens = layers.Dense(units, name="tokens", **_init(seed, 1))(h)
    return {name: x, f"{name}_mask": mask}, tokens, there


def _draw_kernels(attention, start):
    """Glorot's limits for each map as a matrix, and each its own draw.

    Keras clones one initializer for the four kernels: with a seed, query, key and value
    would begin equal. And it takes (F, heads, U) for taps: too small by far.
    """
    kernels = [w for w in attention.trainable_variables if w.name == "kernel"]
    for i, kernel in enumerate(kernels, start=1):
        last = kernel.shape[-1]
        rows = kernel.shape[0] if i < 4 else kernel.shape[0] * kernel.shape[1]
        columns = last * kernel.shape[1] if i < 4 else last
        draw = keras.initializers.GlorotUniform(seed=start + i)
        kernel.assign(ops.reshape(draw((rows, columns)), kernel.shape))


def _dropped(x, rate, seed, name):
    return layers.Dropout(rate, seed=seed, name=f"dropout{name}")(x) if rate else x
