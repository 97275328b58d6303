"""Clips as real files: mp4 with sound, srt, and tables; one at a time, both ways."""

import csv
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.storyboard.dials import MODALITIES, Dials
from mmlearn.datasets.storyboard.script import FRAME_RATE, FRAMES, TASKS
from mmlearn.datasets.storyboard.world import stream

LABELS, DIALS, GRAPHS = "labels.csv", "dials.json", "graphs.csv"
BIT_RATE = 400_000  # of the picture, bit/s


class Recorded(NamedTuple):
    """One clip as it was read from files.

    Args:
        name: of its files, "00007".
        clip: `media.Clip`: frames (T, H, W, 3), times, sound (S, 1); None without
            picture and sound.
        caption: text, "" where there is none.
        nodes: (N, F) float32. edges: (E, 3) int64: source, type, target.
        labels: task → int, of the sentiment float.
        available: modality → bool.
    """

    name: str
    clip: object
    caption: str
    nodes: np.ndarray
    edges: np.ndarray
    labels: dict
    available: dict


def write(
    folder, samples, dials=None, *, seed=0, part="test", size=64, overwrite=False
):
    """Write clips as files: 00000.mp4, 00000.srt, …, and three tables beside them.

    The codecs (mpeg4, aac) lose detail; labels, words and graphs come back exactly. A
    clip without sound is a silent film; without picture, a black one.

    Args:
        folder: where; made if it is not there.
        samples, dials, seed, part, size: as of `simulate`; any number in little memory.
        overwrite: whether a folder that has such files may get these instead.

    Returns:
        the folder's `Path`.

    Raises:
        DataError: if the folder holds clips already.
    """
    from mmlearn import media  # here: it brings the video encoder

    folder = Path(folder)
    if (folder / LABELS).exists() and not overwrite:
        raise DataError(
            f"storyboard.write: {folder} holds clips already; give another folder, or"
            " overwrite=True"
        )
    folder.mkdir(parents=True, exist_ok=True)
    dials = Dials() if dials is None else dials
    about = {"seed": seed, "part": part, "size": size, "dials": dials.as_dict()}
    (folder / DIALS).write_text(json.dumps(about, indent=1), "utf-8")
    number = 0
    with (
        (folder / LABELS).open("w", newline="", encoding="utf-8") as labels_file,
        (folder / GRAPHS).open("w", newline="", encoding="utf-8") as graphs_file,
    ):
        labels, graphs = csv.writer(labels_file), csv.writer(graphs_file)
        labels.writerow(["name", *TASKS, *MODALITIES])
        graphs.writerow(["name", "nodes", "edges"])
        for clips in stream(samples, dials, seed=seed, part=part, size=size):
            for i in range(len(clips)):
                name, there = (
                    f"{number:05d}",
                    {m: clips.available[m][i] for m in MODALITIES},
                )
                _write_clip(media, folder / name, clips[i], there)
                labels.writerow(_row(name, clips[i].labels, there))
                graphs.writerow([name, *_graph(clips.nodes[i], clips.relations[i])])
                number += 1
    return folder


def read(folder):
    """Read what `write` wrote, clip by clip.

    Args:
        folder: of `write`.

    Yields:
        `Recorded`, in the order of their names.

    Raises:
        DataError: if a table or a file is missing or damaged.
    """
    folder = Path(folder)
    try:
        with (
            (folder / LABELS).open(newline="", encoding="utf-8") as labels,
            (folder / GRAPHS).open(newline="", encoding="utf-8") as graphs,
        ):
            rows = zip(csv.DictReader(labels), csv.DictReader(graphs), strict=True)
            for row, graph in rows:
                yield _read_clip(folder, row, graph)
    except (OSError, KeyError, ValueError) as error:
        raise DataError(
            f"storyboard.read: {folder} cannot be read ({error}); expected what"
            " storyboard.write writes"
        ) from None


def _write_clip(media, path, clip, there):
    sound = (clip.sound, clip.sound_rate) if there["sound"] else (None, None)
    media.write_video(
        path.with_suffix(".mp4"), clip.frames, FRAME_RATE, *sound, bit_rate=BIT_RATE
    )
    if there["text"]:
        caption = media.Caption(0.0, FRAMES / FRAME_RATE, clip.caption)
        media.write_subtitles(path.with_suffix(".srt"), [caption])


def _row(name, labels, there):
    return [
        name,
        *(f"{labels[t]:.3g}" for t in TASKS),
        *(int(there[m]) for m in MODALITIES),
    ]


def _graph(nodes, relations):
    """Nodes and edges as two cells of a table."""
    kind, source, target = np.nonzero(relations)
    edges = np.stack([source, kind, target], axis=1).tolist()
    return json.dumps(nodes.round(6).tolist()), json.dumps(edges)


def _read_clip(folder, row, graph):
    from mmlearn import media

    path = folder / row["name"]
    there = {m: row[m] == "1" for m in MODALITIES}
    try:
        clip = media.read_video(path.with_suffix(".mp4"))
        caption = ""
        if there["text"]:
            caption = media.read_subtitles(path.with_suffix(".srt"))[0].text
    except media.MediaError as error:
        raise DataError(f"storyboard.read: {error}") from None
    labels = {t: float(row[t]) if t == "sentiment" else int(row[t]) for t in TASKS}
    nodes = np.array(json.loads(graph["nodes"]), np.float32)
    edges = np.array(json.loads(graph["edges"]), np.int64).reshape(-1, 3)
    return Recorded(row["name"], clip, caption, nodes, edges, labels, there)
