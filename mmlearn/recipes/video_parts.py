"""The video model built without one of its parts; and what each part was worth.

`python -m mmlearn.recipes.video_parts FILE` trains the whole model, and without each
part and each modality, from five seeds, and writes the file as it grows.
"""

import json
import sys
from functools import cache
from importlib import resources
from pathlib import Path

from mmlearn.recipes import shipped_readers, storyboard_readers, storyboard_whole
from mmlearn.recipes.storyboard_tasks import SINGLES, TASKS
from mmlearn.recipes.video_readings import readings, world

SEEDS = 5
EMBEDDING = 16  # numbers a word
DOUBT = 0.05  # that a reader, or what it reads, is wrong


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

    units, doubt = storyboard_whole.UNITS, 0.0 if without == "doubt" else DOUBT
    order = {name: without != f"{name} GRU" for name in ("frame", "word")}
    encoders = {
        "sound": doubting("sound", doubt),
        "text": words(units, order=order["word"], seed=seed),
        "video": frames(units, order=order["frame"], doubt=doubt, seed=seed),
    }
    if without == "messages":
        encoders["graph"] = storyboard.graph_encoder(units, rounds=0, seed=4 * seed)
    return storyboard_whole.build(
        modalities,
        seed,
        encoders,
        fusion="concatenate",
        units=whole.FUSED,
        hidden=None if without == "hidden layer" else whole.HIDDEN,
        modality_dropout=0.0 if without == "modality dropout" else whole.HIDE,
    )


def doubting(name, doubt, steps=()):
    """What a reader says, log p, as one would who knows that it may be wrong.

    log p becomes log(p + doubt): however sure a witness is, others can overrule it.

    Args:
        name: "frame" or "sound". doubt: 0 or more. steps: (T,) of frames, or ().

    Returns:
        keras.Model: (B, …, F) -> (B, …, F).
    """
    import keras
    from keras import ops

    x = keras.Input((*steps, storyboard_readers.width(name)), name=f"{name}_said")
    parts, places = [], storyboard_readers.places(name)
    for what, place in places.items():
        sure = what in ("features", *storyboard_readers.SCORES) or not doubt
        z = x[..., place]
        parts.append(z if sure else ops.log(ops.exp(z) + doubt))
    return keras.Model(x, ops.concatenate(parts, axis=-1), name=f"doubting_{name}")


def frames(units, *, order=True, doubt=DOUBT, seed):
    """Readings of frames to a vector: their order, and beside it their mean answers.

    Args:
        units: U. order: False: no GRU, the mean alone. doubt: of `doubting`.
        seed: int, fixes the initial weights.

    Returns:
        keras.Model: (B, T, F) -> (B, U + K).
    """
    import keras

    from mmlearn.models.storyboard import over_time

    width, steps = storyboard_readers.width("frame"), (12,)
    x = keras.Input((*steps, width), name="frames")
    h = doubting("frame", doubt, steps)(x)
    mean = keras.ops.mean(h, axis=1)
    if order:
        z = over_time(width, units, both_ways=True, seed=4 * seed + 3)(h)
    else:
        he = keras.initializers.HeNormal(seed=1000 * seed + 19)
        z = keras.layers.Dense(units, "relu", kernel_initializer=he)(mean)
    answers = mean[:, storyboard_readers.FEATURES :]
    return keras.Model(x, keras.ops.concatenate([z, answers], axis=-1), name="frames")


def words(units, *, order=True, seed):
    """Words to a vector: a GRU's last state beside their mean, as for frames.

    Args:
        units: U. order: False: the mean alone. seed: int, fixes the initial weights.

    Returns:
        keras.Model: {"text", "text_mask"} (B, L) -> (B, U).
    """
    import keras

    from mmlearn.models.storyboard import VOCABULARY
    from mmlearn.models.text import masked_mean, text_encoder

    ids = keras.Input((None,), dtype="int32", name="text")
    mask = keras.Input((None,), dtype="bool", name="text_mask")
    known = keras.ops.where(mask, ids, 0)
    how = {"embedding": EMBEDDING, "units": units, "seed": 4 * seed + 2}
    table = keras.layers.Embedding(
        VOCABULARY,
        EMBEDDING,
        embeddings_initializer=keras.initializers.RandomUniform(seed=4000 * seed + 2),
        name="embedding",
    )
    h = masked_mean(table(known), mask)
    if order:
        reader = text_encoder(VOCABULARY, **how)
        h = keras.ops.concatenate([reader(known), h], axis=-1)
    he = keras.initializers.HeNormal(seed=1000 * seed + 23)
    relu = keras.layers.Dense(units, "relu", kernel_initializer=he, name="features")
    return keras.Model({"text": ids, "text_mask": mask}, relu(h), name="words")


def variants():
    """Name -> recipe: the whole, without each part, without each modality."""
    from mmlearn.recipes import video_model as whole

    found = {"whole": whole.recipe("whole", "whole")}
    for part in whole.PARTS:
        name = f"without {part}"
        found[name] = whole.recipe(name, name, without=part)
    for gone in SINGLES:
        name = f"without {gone}"
        kept = tuple(m for m in SINGLES if m != gone)
        found[name] = whole.recipe(name, name, modalities=kept)
    return found


@cache
def measured():
    """Test accuracies found: dict name -> dict task -> list, one a seed."""
    file = resources.files("mmlearn.recipes").joinpath("video_parts.json")
    return json.loads(file.read_text(encoding="utf-8"))


def without_validation(splits):
    """The clips to train and to test."""
    return {part: splits[part] for part in ("train", "test")}


def main(path):
    """Measure all variants in the quick profile; seed after seed, the file grows."""
    file = Path(path)
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    splits, readers = without_validation(world("quick")), shipped_readers.shipped()
    known = variants()  # made once: what was traced for one seed serves the others
    read = {part: readings(readers, clips) for part, clips in splits.items()}
    for seed in range(SEEDS):
        for name, one in known.items():
            row = found.setdefault(name, {task: [] for task in TASKS})
            if len(row["class"]) != seed:
                continue
            result = one.run_on(splits, seed, "quick", progress=False, read=read)
            for task, accuracy in result.tasks.items():
                row[task].append(round(accuracy, 5))
            file.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
            print(seed, name, result.tasks, f"{result.seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
