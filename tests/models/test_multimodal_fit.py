"""The whole model in the loop: several heads, what is missing, exact resume."""

import keras
import numpy as np
import pytest

from mmlearn import train
from mmlearn.layers.fusion import GatedFusion
from mmlearn.models import MultimodalModel, dense_head, vector_encoder

ROWS = 12


def data():
    """Two classes and a score; the image of every third sample is missing, NaN."""
    rng = np.random.default_rng(0)
    kind = rng.integers(2, size=ROWS)
    x = {"image": rng.normal(size=(ROWS, 3)) + kind[:, None]}
    x["image"] = x["image"].astype("float32")
    x["sound"] = (rng.normal(size=(ROWS, 5, 2)) - kind[:, None, None]).astype("float32")
    x["sound_mask"] = np.arange(5) < rng.integers(1, 6, size=ROWS)[:, None]
    x["image_available"] = np.arange(ROWS) % 3 > 0
    x["image"][~x["image_available"]] = np.nan
    return x, {"class": kind, "mood": (kind - 0.5).astype("float32")}


def make(modality_dropout=0.0, dropout=0.0, eager=True):
    encoders = {"image": vector_encoder(3, 4, dropout=dropout, seed=0)}
    last = {"data_format": "channels_last"}
    encoders["sound"] = keras.layers.GlobalAveragePooling1D(**last)
    heads = {"class": dense_head(2, seed=1), "mood": dense_head(1, seed=2)}
    rates = {"modality_dropout": modality_dropout, "seed": 3}
    drawn = keras.initializers.GlorotUniform(seed=5)
    fusion = GatedFusion(4, kernel_initializer=drawn)
    model = MultimodalModel(encoders, fusion, heads, **rates)
    several = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        keras.optimizers.Adam(0.02) if eager else "sgd",
        loss={"class": several, "mood": "mse"},
        loss_weights={"class": 1.0, "mood": 0.5},
        metrics={"class": ["accuracy"], "mood": ["mae"]} if eager else None,
        run_eagerly=eager,  # a few steps: no graph is worth its making
    )
    return model


def state(model):
    held = [*model.variables, *model.optimizer.variables]
    return [np.array(keras.ops.convert_to_numpy(v.value)) for v in held]


def test_several_heads_as_keras_would():
    """The same weights and figures as `Model.fit`, which knows no NaN check."""
    x, y = data()
    ours, theirs = make(), make()
    source = train.ArraySource(x, y, batch_size=8, shuffle=False)
    record = train.fit(ours, source, epochs=1, validation_data=(x, y))
    history = theirs.fit(
        x, y, batch_size=8, epochs=1, shuffle=False, verbose=0, validation_data=(x, y)
    )
    for a, b in zip(state(ours), state(theirs), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    for name in ("class_accuracy", "mood_mae", "loss", "val_class_accuracy"):
        expected = history.history[name]
        np.testing.assert_allclose(record.history[name], expected, atol=1e-4)


def test_a_run_goes_on_as_if_undisturbed(tmp_path):
    """Dropout's draws and those of the modalities are in the checkpoint."""
    settings = {"batch_size": 6, "seed": 1, "progress": False, "steps_per_chunk": 1}
    whole = make(0.5, 0.2)
    train.fit(whole, data(), epochs=2, **settings)
    folder = {"checkpoint": tmp_path / "run"}
    train.fit(make(0.5, 0.2), data(), epochs=1, **settings, **folder)
    second = make(0.5, 0.2)
    train.fit(second, data(), epochs=2, **settings, **folder)
    for a, b in zip(state(whole), state(second), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "how",
    [
        {"batch_size": 1, "jit_compile": True},
        {"precision": "mixed_bfloat16", "gradient_accumulation_steps": 2},
    ],
    ids=["jit", "mixed"],
)
def test_every_way_of_computing(how):
    x, y = data()
    cut = {name: a[:2] for name, a in x.items()}
    labels = {name: a[:2] for name, a in y.items()}
    model = make(0.3, eager="jit_compile" not in how)
    record = train.fit(model, (cut, labels), epochs=1, **{"batch_size": 2} | how)
    assert np.isfinite(record.history["loss"]).all()
    assert all(np.isfinite(v).all() for v in state(model))


def test_nan_in_what_is_there_is_refused():
    x, y = data()
    x["image"][4] = np.nan  # available
    told = r"x\['image'\] holds NaN or infinite values in 1 of 12 rows, .* row 4"
    with pytest.raises(ValueError, match=told):
        train.fit(make(), (x, y), epochs=1)


def test_labels_of_each_head():
    x, y = data()
    told = r"y\['class'\] holds labels from 0 to 5; the model's 2 outputs expect 0 … 1"
    with pytest.raises(ValueError, match=told):
        train.fit(make(), (x, y | {"class": y["class"] * 5}), epochs=1)
    with pytest.raises(ValueError, match=r"\['class'\] holds fractions"):
        train.fit(make(), (x, y | {"class": y["class"] + 0.5}), epochs=1)
    with pytest.raises(ValueError, match="the loss cannot compare y"):
        train.fit(make(), (x, {"class": y["class"]}), epochs=1)
