"""The video model built without one of its parts; and what each part was worth.

`python -m mmlearn.recipes.video_parts FILE` trains the whole model from five seeds, and
without each part and each modality from three, and writes the file as it grows.
"""

import json
import sys
from functools import cache
from importlib import resources
from pathlib import Path

from mmlearn.recipes import video_readers
from mmlearn.recipes.video_readings import TASKS, readings, world

SEEDS = {"whole": 5, "parts": 3}


def build(modalities, without, seed):
    """The model of readings: encoders, fusion, six heads; without a part, or "".

    Args:
        modalities: those it looks at. without: one of `video_model.PARTS`, or "".
        seed: int, fixes initial weights and hiding.

    Returns:
        MultimodalModel, built, uncompiled.
    """
    from mmlearn.models import storyboard
    from mmlearn.recipes import video_model as whole

    units, width = whole.UNITS, video_readers.FEATURES
    raw = [m for m in modalities if m in ("graph", "text")]
    made = storyboard.storyboard_encoders(raw, units, seed=seed) if raw else {}
    encoders = {m: made.get(m) for m in modalities}
    if "video" in encoders:
        over_time = mean_steps if without == "frame GRU" else storyboard.over_time
        encoders["video"] = over_time(width, units, seed=4 * seed + 3)
    if "graph" in encoders and without == "messages":
        encoders["graph"] = storyboard.graph_encoder(units, rounds=0, seed=4 * seed)
    if "text" in encoders and without == "word GRU":
        encoders["text"] = bag_of_words(units, seed=seed)
    model = storyboard.storyboard_model(
        modalities=modalities,
        fusion="concatenate" if without == "deep fusion" else "deep",
        units=whole.FUSED,
        encoders=encoders,
        modality_dropout=0.0 if without == "modality dropout" else whole.HIDDEN,
        seed=seed,
    )
    shapes = {
        **{"graph": (None, 5, 52), "sound": (None, video_readers.VECTOR)},
        **{"text": (None, 9), "text_mask": (None, 9), "video": (None, 12, width)},
    }
    known = tuple(modalities)
    model.build({name: s for name, s in shapes.items() if name.startswith(known)})
    return model


def mean_steps(features, units, *, seed):
    """Frames to a vector without their order: their mean, and a ReLU layer."""
    import keras

    x = keras.Input((12, features), name="steps")
    he = keras.initializers.HeNormal(seed=1000 * seed + 19)
    relu = keras.layers.Dense(units, "relu", kernel_initializer=he, name="features")
    return keras.Model(x, relu(keras.ops.mean(x, axis=1)), name="mean_steps")


def bag_of_words(units, *, seed):
    """Words to a vector without their order."""
    import keras

    from mmlearn.models import storyboard
    from mmlearn.models.text import text_encoder

    ids = keras.Input((None,), dtype="int32", name="text")
    mask = keras.Input((None,), dtype="bool", name="text_mask")
    how = {"cell": "mean", "units": units, "seed": 4 * seed + 2}
    read = text_encoder(storyboard.VOCABULARY, **how)
    h = read(keras.ops.where(mask, ids, 0))
    return keras.Model({"text": ids, "text_mask": mask}, h, name="bag_of_words")


def whole_model(readers, model):
    """Readers and a model of their readings as one model of clips.

    Args:
        readers: `video_readers.Readers`. model: MultimodalModel of all four, trained.

    Returns:
        MultimodalModel of what `recipes.storyboard.inputs` gives; parts are shared.
    """
    import keras

    from mmlearn import models

    encoders = dict(model.encoders) | {"sound": readers.sound}
    picture = readers.frame.input_shape[1:]
    film = keras.Input((12, *picture), name="video")
    said = readers.frame(keras.ops.reshape(film, (-1, *picture)))  # (B T, F)
    said = keras.ops.reshape(said, (-1, 12, video_readers.FEATURES))
    encoders["video"] = keras.Model(film, model.encoders["video"](said), name="film")
    return models.MultimodalModel(
        encoders, model.fusion, model.head, seed=model.seed, name="video_model"
    )


def variants():
    """Name -> recipe: the whole, without each part, without each modality."""
    from mmlearn.recipes import video_model as whole

    found = {"whole": whole.recipe("whole", "whole")}
    for part in whole.PARTS:
        name = f"without {part}"
        found[name] = whole.recipe(name, name, without=part)
    for gone in whole.MODALITIES:
        name = f"without {gone}"
        kept = tuple(m for m in whole.MODALITIES if m != gone)
        found[name] = whole.recipe(name, name, modalities=kept)
    return found


@cache
def measured():
    """Test accuracies found: dict name -> dict task -> list, one a seed."""
    file = resources.files("mmlearn.recipes").joinpath("video_parts.json")
    return json.loads(file.read_text(encoding="utf-8"))


def main(path):
    """Measure all variants in the quick profile; seed after seed, the file grows."""
    file = Path(path)
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    splits, readers = world("quick"), video_readers.shipped()
    read = {part: readings(readers, clips) for part, clips in splits.items()}
    for seed in range(SEEDS["whole"]):
        for name, one in variants().items():
            row = found.setdefault(name, {task: [] for task in TASKS})
            wanted = SEEDS["whole" if name == "whole" else "parts"]
            if len(row["class"]) != seed or seed >= wanted:
                continue
            result = one.run_on(splits, seed, "quick", progress=False, read=read)
            for task, accuracy in result.tasks.items():
                row[task].append(round(accuracy, 5))
            file.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
            print(seed, name, result.tasks, f"{result.seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
