"""The storyboard's model on readings, and put together with the readers."""

from mmlearn.recipes import storyboard_readers

UNITS = 48  # of every encoder


def build(modalities, seed, **settings):
    """Encoders of readings, a fusion, six heads.

    Args:
        modalities: those it looks at. seed: int.
        settings: of `models.storyboard_model`.

    Returns:
        MultimodalModel, built, uncompiled.
    """
    from mmlearn.models import storyboard

    raw = [m for m in modalities if m in ("graph", "text")]
    encoders = (
        storyboard.storyboard_encoders(raw, UNITS, cell="mean", seed=seed)
        if raw
        else {}
    )
    if "sound" in modalities:
        encoders["sound"] = None
    frame, sound = (storyboard_readers.width(name) for name in ("frame", "sound"))
    if "video" in modalities:
        encoders["video"] = storyboard.over_time(
            frame, UNITS, both_ways=True, seed=4 * seed + 3
        )
    model = storyboard.storyboard_model(
        modalities=modalities, encoders=encoders, seed=seed, **settings
    )
    shapes = {
        **{"graph": (None, 5, 52), "sound": (None, sound), "text": (None, 9)},
        **{"text_mask": (None, 9), "video": (None, 12, frame)},
    }
    known = tuple(modalities)
    model.build({name: s for name, s in shapes.items() if name.startswith(known)})
    return model


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
        encoders["sound"] = readers.sound
    if "video" in encoders:
        order = encoders["video"]
        encoders["video"] = storyboard.video_encoder(readers.frame, order=order)
    return models.MultimodalModel(
        encoders, model.fusion, model.head, seed=model.seed, name="storyboard"
    )
