"""A model that is called says what does not fit as `train.fit` does: in one sentence.

test_backends.py runs this file on the other Keras backends.
"""

import keras
import numpy as np
import pytest

from mmlearn import layers, models
from mmlearn.axes import ShapeError, expect_mask

B, T, F, V = 2, 4, 8, 7
SOUND = np.ones((B, T, F), "float32")
MASK = np.ones((B, T), bool)
IDS = np.array([[2, 3, 4, 0], [5, 6, 0, 0]])
SMALL = {"units": 4, "seed": 0}
LONG, SHORT, FEW = np.ones((B, T + 1)), np.ones((B, T - 2), bool), MASK[:1]


def in_an_encoder(encoder):
    encoders = {"image": None, "sound": encoder}
    fusion = layers.ConcatenateFusion(2)
    return models.MultimodalModel(encoders, fusion, None, seed=0, name="both")


LISTENERS = {  # {"sound", "sound_mask"} in
    "audio_encoder": lambda: models.audio_encoder(F, filters=(2,), **SMALL),
    "spoken_digits": lambda: models.spoken_digit_classifier(
        F, filters=(2,), strided=True, **SMALL
    ),
    "mean_over_time": lambda: models.mean_over_time(F, seed=0),
    "transformer": lambda: models.transformer_classifier(2, features=F, **SMALL),
    "transformer_encoder": lambda: models.transformer_encoder(
        features=F, front=models.spectrogram_front((2,), seed=0), **SMALL
    ),
}
READERS = {  # ids in
    "gru_text": lambda: models.text_classifier(V, 2, **SMALL),
    "mean_text": lambda: models.text_classifier(V, 2, cell="mean", **SMALL),
    "text_encoder": lambda: models.text_encoder(V, cell="lstm", **SMALL),
    "lstm_characters": lambda: models.character_model(V, cell="lstm", **SMALL),
    "transformer": lambda: models.transformer_classifier(2, vocabulary=V, **SMALL),
}
OTHERS = {  # (B, T, F) in
    "gru_classifier": lambda: models.recurrent_classifier(
        (T, F), 2, 3, cell="gru", read="last", seed=0
    ),
    "lstm_classifier": lambda: models.recurrent_classifier(
        (T, F), 2, 3, cell="lstm", bidirectional=True, seed=0
    ),
    "attention_of_frames": lambda: models.frame_classifier(
        (T, F), 2, 3, read="attention", seed=0
    ),
}


@pytest.mark.parametrize("name", LISTENERS)
def test_masks_of_another_length(name):
    model = LISTENERS[name]()
    assert model.name == name
    for mask in (LONG, SHORT, FEW):
        told = rf"^{name}: sound_mask is \({mask.shape[0]}, {mask.shape[1]}\); expected"
        told += r" \(B, T\) = \(2, 4\), as sound is \(2, 4, 8\): True where a step coun"
        with pytest.raises(ShapeError, match=told):
            model({"sound": SOUND, "sound_mask": mask})
    told = rf"{name}: sound is \(2, 0, 8\); expected one step or more"
    with pytest.raises(ShapeError, match=told):
        model({"sound": SOUND[:, :0], "sound_mask": MASK[:, :0]})
    with pytest.raises(ValueError, match=rf"{name}: inputs\['sound'\] holds text"):
        model({"sound": ["a.wav", "b.wav"], "sound_mask": MASK})


@pytest.mark.parametrize("name", READERS)
def test_text_in_place_of_ids(name):
    model = READERS[name]()
    assert model.name == name
    texts = ["a good film", "a bad one"]
    told = rf"^{name}: inputs holds text.*; expected numbers: vocabulary.encode\(texts"
    for given in (texts, texts[0], np.array(texts), np.array([[t] for t in texts])):
        with pytest.raises(ValueError, match=told):
            model(given)
    with pytest.raises(ValueError, match=told):
        model.predict(texts, verbose=0)
    with pytest.raises(ValueError, match=f"{name}: inputs is a list; expected an arr"):
        model(IDS.tolist())
    told = rf"{name}: inputs is \(4,\); expected \(B, \*\): one sequence is a b"
    with pytest.raises(ShapeError, match=told):
        model(IDS[0])
    with pytest.raises(ShapeError, match=rf"{name}: inputs is \(2, 0\); expected one"):
        model(IDS[:, :0])
    told = rf"{name}: inputs holds 0 … 7; expected ids 0 … 6: encode with the voc"
    with pytest.raises(ValueError, match=told):
        model(np.where(IDS == 6, V, IDS))
    with pytest.raises(ShapeError, match=rf"{name}: mask is \(2, 5\); expected \(B, T"):
        model(IDS, mask=LONG)


@pytest.mark.parametrize("name", OTHERS)
def test_keras_own_mask_of_another_length(name):
    model = OTHERS[name]()
    assert model.name == name
    for mask in (LONG, SHORT, FEW):
        with pytest.raises(ShapeError, match=rf"{name}: mask is .*as inputs is \(2, 4"):
            model(SOUND, mask=mask)
    with pytest.raises(ValueError, match=f"{name}: inputs holds text"):
        model(np.array([["a"]]))


def test_words_in_place_of_runs_and_of_modalities():
    runs = models.ngram_classifier(9, seed=0)
    with pytest.raises(
        ValueError, match=r"ngram_classifier: inputs\['ngram'\] holds t"
    ):
        runs({"ngram": np.array([["good film"]]), "ratio": np.ones((1, 1))})
    whole = models.opinion_classifier(9, 3, text={}, voice={}, seed=0)
    with pytest.raises(ValueError, match=r"opinion_classifier: inputs\['ratio'\] hol"):
        whole({"audio": np.ones((1, 3)), "ngram": IDS[:1], "ratio": "good"})
    image = np.ones((B, 3))
    for make in (in_an_encoder, lambda e: models.DualEncoder({"image": e, "sound": e})):
        model = make(keras.layers.Dense(2))
        with pytest.raises(ValueError, match=r"inputs\['sound'\] holds text \('a'\)"):
            model({"image": image, "sound": ["a", "b"]})


@pytest.mark.parametrize(
    "encoder",
    [
        lambda: models.audio_encoder(F, filters=(2,), **SMALL),
        lambda: keras.layers.GRU(3),  # Keras' own: what stands before it looks
        lambda: None,
    ],
)
def test_masks_in_a_model_of_several_modalities(encoder):
    part = encoder()
    model = in_an_encoder(part)
    batch = {"image": np.ones((B, 3)), "sound": SOUND}
    told = r"MultimodalModel 'both': sound_mask is \(None, 5\); expected .* \(None, 4\)"
    with pytest.raises(ShapeError, match=told):
        model(batch | {"sound_mask": LONG})
    if part is not None:
        pair = models.DualEncoder({"image": keras.layers.Dense(4), "sound": part})
        with pytest.raises(ShapeError, match=r"DualEncoder: sound_mask is .*, 5"):
            pair(batch | {"sound_mask": LONG})


def test_masks_where_the_storyboards_words_are_read():
    reads = models.storyboard_encoders(["text"], 4, seed=0)["text"]
    with pytest.raises(ShapeError, match=r"text_mask is \(2, 2\); .*as text is \(2, 4"):
        reads({"text": IDS, "text_mask": SHORT})


def test_functions_that_take_a_mask():
    with pytest.raises(ShapeError, match=r"masked_mean: mask is \(2, 2\); expected"):
        models.masked_mean(SOUND, SHORT)
    h = keras.Input((T, F))
    with pytest.raises(ShapeError, match=r"transformer_block: mask is \(None, 5\)"):
        models.transformer_block(h, keras.Input((5,)), heads=2, hidden=4, seed=0)
    with pytest.raises(ShapeError, match=r"RandomVoice: sound_mask is \(2, 5\)"):
        layers.RandomVoice(warp=0.1)(SOUND, LONG, training=True)


def test_what_fits_passes_and_predict_asks_too():
    model = LISTENERS["mean_over_time"]()
    y = model({"sound": SOUND, "sound_mask": MASK})
    again = model({"sound": SOUND, "sound_mask": MASK[..., None]})
    np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (y, again)))
    with pytest.raises(ValueError, match=r"mean_over_time: sound_mask is \(\S+, 5\)"):
        model.predict({"sound": SOUND, "sound_mask": LONG}, verbose=0)
    gru = OTHERS["gru_classifier"]()
    with pytest.warns(UserWarning, match="does not support masking"):  # the output's
        assert gru(SOUND, mask=MASK).shape == (B, 2)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="of its graphs")
def test_nothing_of_it_is_in_the_graph():
    import tensorflow as tf

    model = LISTENERS["mean_over_time"]()
    plain = keras.Model(model.inputs, model.outputs)
    given = {"sound": SOUND, "sound_mask": MASK}
    sizes = {
        len(tf.function(m).get_concrete_function(given).graph.get_operations())
        for m in (model, plain)
    }
    assert len(sizes) == 1


def test_keras_own_layers_called_by_themselves():
    """As `sequence_model.py` says: another length is refused, one row is all rows'."""
    x = np.linspace(-1, 1, B * T * 3, dtype="float32").reshape(B, T, 3)
    row = np.array([[True, True, False, False]])
    gru, attention = keras.layers.GRU(3), keras.layers.MultiHeadAttention(1, 2)
    for mask in (np.ones((B, T + 1), bool), SHORT):
        with pytest.raises(Exception, match=r"GRU\.call"):
            gru(x, mask=mask)
        with pytest.raises(ShapeError, match="gru: mask is .*as x is"):
            expect_mask("gru", "mask", mask, "x", x)
    pairs = [
        (gru(x, mask=row), gru(x, mask=row.repeat(B, 0))),
        (
            attention(x, x, attention_mask=row[:, None]),
            attention(x, x, attention_mask=row[:, None].repeat(B, 0)),
        ),
    ]
    for one, every in pairs:
        same = map(keras.ops.convert_to_numpy, (one, every))
        np.testing.assert_allclose(*same, atol=1e-6)
    with pytest.raises(Exception, match="(?i)string"):
        keras.layers.Embedding(V, 2)(np.array([["good"]]))
