"""The storyboard's model on readings, and put together with the readers."""

from mmlearn.recipes import storyboard_readers

UNITS = 48  # of every encoder


def build(modalities, seed, encoders=None, **settings):
    """Encoders of readings, a fusion, six heads.

    Args:
        modalities: those it looks at. seed: int.
        encoders: dict, modality -> another encoder than its own.
        settings: of `models.storyboard_model`.

    Returns:
        MultimodalModel, built, uncompiled.
    """
    from mmlearn.models import storyboard

    made = _encoders(modalities, seed) | (encoders or {})
    model = storyboard.storyboard_model(
        modalities=modalities,
        encoders={name: made[name] for name in modalities},
        seed=seed,
        **settings,
    )
    frame, sound = (storyboard_readers.width(name) for name in ("frame", "sound"))
    shapes = {
        **{"graph": (None, 5, 52), "sound": (None, sound), "text": (None, 9)},
        **{"text_mask": (None, 9), "video": (None, 12, frame)},
    }
    known = tuple(modalities)
    model.build({name: s for name, s in shapes.items() if name.startswith(known)})
    return model


def _encoders(modalities, seed):
    """Messages in the graph, the words' mean, a GRU over frames; sound as it is."""
    from mmlearn.models import storyboard

    raw = [m for m in modalities if m in ("graph", "text")]
    how = {"cell": "mean", "seed": seed}
    made = storyboard.storyboard_encoders(raw, UNITS, **how) if raw else {}
    frame = storyboard_readers.width("frame")
    order = {"both_ways": True, "seed": 4 * seed + 3}
    if "video" in modalities:
        made["video"] = storyboard.over_time(frame, UNITS, **order)
    return made | {"sound": None}


def whole(readers, model):
    """Readers and what was trained on their readings, as one model of clips.

    Args:
        readers: `Readers`, `storyboard_readers.trained(profile, seed)`.
        model: MultimodalModel of readings, trained: a result's.

    Returns:
        MultimodalModel of what `storyboard.inputs` gives; the parts are shared.
    """
    from mmlearn import models
    from mmlearn.models import storyboard

    encoders = dict(model.encoders)
    if "sound" in encoders:
        encoders["sound"] = _after(readers.sound, encoders["sound"])
    if "video" in encoders:
        order = encoders["video"]
        encoders["video"] = storyboard.video_encoder(readers.frame, order=order)
    return models.MultimodalModel(
        encoders, model.fusion, model.head, seed=model.seed, name="storyboard"
    )


def _after(reader, encoder):
    """A reader of sound, and what is made of its readings, as one model."""
    import keras

    if encoder is None:
        return reader
    return keras.Model(reader.input, encoder(reader.output), name="sound_encoder")
