"""What reads and what writes: masks, parameters, order, empty rows, refusals."""

import keras
import numpy as np
import pytest
from keras import ops

from mmlearn import models, reference

IDS = np.array([[2, 5, 3, 0, 0], [4, 2, 6, 3, 5], [1, 0, 0, 0, 0]])
SMALL = {"embedding": 3, "units": 4, "seed": 1}


def logits(model, ids):
    return ops.convert_to_numpy(model(ids))


def reader(cell, **changes):
    return models.text_classifier(7, 2, cell=cell, **SMALL | changes)


@pytest.fixture(scope="module")
def gru():
    return reader("gru")


@pytest.fixture(scope="module")
def mean():
    return reader("mean")


def test_more_padding_changes_nothing_unless_it_is_read(gru, mean):
    longer = np.pad(IDS, ((0, 0), (0, 6)))
    for model in (gru, mean):
        expected = logits(model, IDS)
        np.testing.assert_allclose(logits(model, longer), expected, atol=1e-6)
    table = {"embedding": np.linspace(-2, 2, 21).reshape(7, 3)}
    reading = reader("mean", masked=False)
    reading.get_layer("embedding").set_weights(list(table.values()))
    moved = np.abs(logits(reading, longer) - logits(reading, IDS))
    assert moved.max() > 1e-2


def test_the_gru_is_the_reference_read_to_the_last_word(gru):
    weights = [np.asarray(w) for w in gru.trainable_variables]
    x, _ = reference.embedding(weights[0], ids=IDS)
    h, _ = reference.gru(x, *weights[1:4], mask=IDS != 0)
    np.testing.assert_allclose(logits(gru, IDS), h @ weights[4] + weights[5], atol=1e-5)


def test_the_mean_knows_no_order_and_the_gru_does(gru, mean):
    turned = IDS[1:2, ::-1]
    same = logits(mean, turned) - logits(mean, IDS[1:2])
    np.testing.assert_allclose(same, 0, atol=1e-6)
    assert np.abs(logits(gru, turned) - logits(gru, IDS[1:2])).max() > 1e-5


def test_a_row_of_padding_alone_has_an_answer(gru, mean):
    empty = np.zeros((1, 4), int)
    np.testing.assert_array_equal(logits(gru, empty), [[0, 0]])  # a fresh bias
    assert np.isfinite(logits(mean, empty)).all()


def test_parameters_counted_by_hand_and_matched():
    lstm = reader("lstm", bidirectional=True, dropout=0.5)
    assert lstm.count_params() == 7 * 3 + 2 * 4 * 4 * (3 + 4 + 1) + (2 * 4 + 1) * 2
    units = models.mean_units(7, 2, 3, lstm.count_params())
    matched = reader("mean", units=units).count_params()
    assert abs(matched - lstm.count_params()) <= (3 + 1 + 2) / 2
    names = [layer.name for layer in lstm.layers]
    assert {"embedding", "recurrent", "logits", "dropout", "dropout_words"} <= set(
        names
    )


def test_a_letter_to_come_is_not_read(tmp_path):
    writer = models.character_model(7, **SMALL)
    assert writer.output_shape == (None, None, 7)
    before = logits(writer, IDS[1:2])
    changed = IDS[1:2].copy()
    changed[0, 3] = 1
    after = logits(writer, changed)
    np.testing.assert_array_equal(after[0, :3], before[0, :3])
    assert np.abs(after[0, 3:] - before[0, 3:]).max() > 1e-6
    writer.save(tmp_path / "writer.keras")
    again = keras.models.load_model(tmp_path / "writer.keras")
    np.testing.assert_array_equal(logits(again, IDS), logits(writer, IDS))


def test_what_is_refused():
    with pytest.raises(ValueError, match="cell is 'tcn'; expected gru, .*mean"):
        reader("tcn")
    with pytest.raises(ValueError, match="cell is 'mean'; expected gru, lstm"):
        models.character_model(7, cell="mean", seed=0)
    with pytest.raises(ValueError, match=r"vocabulary is 2; .*len\(vocabulary\)"):
        models.text_classifier(2, 2, seed=0)
    with pytest.raises(ValueError, match="classes is 0"):
        models.text_classifier(7, 0, seed=0)
