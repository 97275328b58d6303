"""Does the model wait for its files? Decoding and preparing beside a training step.

Clips of the storyboard are written as mp4 with sound and subtitles, 64×64, 8 frames a
second. Each is decoded, put on one clock, resized and turned into log-mel frames, by
one thread and by two; beside that a step of the whole video model of lesson 19, from
pixels on, all weights learning. Input stall is the share of time that the model waits
when its next batch is prepared meanwhile: max(0, 1 − t_model / t_file). In CPU seconds
for one worker and the model, so that other processes do not blur it; two workers halve
the file's share where there is a core for each.

That is a stream from files. Lessons, recipes and `mmlearn train` do not train so: they
decode once, keep arrays in memory, and gather each batch inside the graph. What the
model waits for then is the gathering: t_gather / (t_gather + t_model).

    python tests/benchmarks/bench_input.py

prints the table and keeps it in input.md beside this file.
Not a test: no figure here makes a build fail.
"""

import os
import platform
import tempfile
import time
from pathlib import Path

import numpy as np

from mmlearn import lesson

CLIPS, BATCH, STEPS = 64, 32, 6
HEAD = "# Input stall: files beside a training step"


def prepared(folder):
    """Frames and log-mel frames of every clip in a folder, one by one."""
    from mmlearn.datasets import storyboard
    from mmlearn.preprocess import video
    from mmlearn.recipes.storyboard import log_mels
    from mmlearn.recipes.storyboard_clips import SIZE

    for one in storyboard.read(folder):
        frames, aligned = video.one_clock(
            one.clip, frame_rate=8, size=(SIZE, SIZE), sound_rate=8000
        )
        sound = aligned.sound[aligned.sound_mask]
        yield frames, log_mels(sound[None, :12_000])


def of_files(folder):
    """CPU seconds from a file to arrays, a clip."""
    for _ in prepared(folder):  # what is read the first time only
        break
    began = time.process_time()
    count = sum(1 for _ in prepared(folder))
    return (time.process_time() - began) / count


def of_memory(batches=50):
    """CPU seconds to gather a batch of clips from memory in a graph, a clip."""
    import tensorflow as tf

    from mmlearn.datasets import storyboard
    from mmlearn.recipes.storyboard import inputs
    from mmlearn.recipes.storyboard_clips import SIZE

    x = inputs(storyboard.simulate(4 * BATCH, size=SIZE))
    arrays = {name: tf.constant(a) for name, a in x.items()}
    take = tf.function(lambda rows: {k: tf.gather(a, rows) for k, a in arrays.items()})
    order = tf.random.shuffle(tf.range(4 * BATCH), seed=1)
    take(order[:BATCH])
    began = time.process_time()
    for k in range(batches):
        take(order[k % 4 * BATCH : (k % 4 + 1) * BATCH])
    return (time.process_time() - began) / (batches * BATCH)


def of_model():
    """CPU seconds of a training step from pixels on, a clip; all weights learn."""
    import keras

    from mmlearn.datasets import storyboard
    from mmlearn.recipes import (
        shipped_readers,
        storyboard_readers,
        storyboard_whole,
        video_parts,
    )
    from mmlearn.recipes.storyboard import inputs
    from mmlearn.recipes.storyboard_clips import SIZE
    from mmlearn.recipes.storyboard_tasks import SINGLES, TASKS

    clips = storyboard.simulate(BATCH, size=SIZE)
    x = inputs(clips)
    y = {task: clips.labels[task] for task in TASKS}
    model = video_parts.build(SINGLES, "", 0)
    whole = storyboard_whole.whole(shipped_readers.shipped(), model)
    whole.compile(keras.optimizers.Adam(1e-3), storyboard_readers.losses(TASKS))
    whole.train_on_batch(x, y)
    began = time.process_time()
    for _ in range(STEPS):
        whole.train_on_batch(x, y)
    return (time.process_time() - began) / (STEPS * BATCH)


def main():
    lesson.import_keras_quietly()
    from mmlearn.datasets import storyboard

    with tempfile.TemporaryDirectory() as folder:
        storyboard.write(Path(folder) / "clips", CLIPS, seed=1, size=64)
        file = of_files(Path(folder) / "clips")
    model, memory = of_model(), of_memory()
    stalls = [max(0.0, 1 - n * model / file) for n in (1, 2)]
    lines = [
        HEAD,
        "",
        f"{platform.system()}, {os.cpu_count()} cores; Python "
        f"{platform.python_version()}; {CLIPS} clips of 1.5 s, batches of {BATCH}.",
        "",
        "| from file to arrays, ms a clip | training step, ms a clip | stall, 1 worker "
        "| stall, 2 workers | from memory, ms a clip | stall |",
        "|---|---|---|---|---|---|",
        f"| {1000 * file:.1f} | {1000 * model:.1f} | {np.round(stalls[0], 2)} "
        f"| {np.round(stalls[1], 2)} | {1000 * memory:.2f} "
        f"| {np.round(memory / (memory + model), 3)} |",
        "",
        "The last two columns are the default of lessons, recipes and `mmlearn train`: "
        "decoded once, then arrays in memory. From files beside the training it takes "
        "two workers, and a core for each.",
    ]
    section = "\n".join([*lines, ""])
    print(section)
    Path(__file__).with_name("input.md").write_text(section, encoding="utf-8")


if __name__ == "__main__":
    main()
