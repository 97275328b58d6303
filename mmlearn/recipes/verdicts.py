"""From a file to verdicts with times: windows while it is read, each judged at once."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mmlearn.recipes.judges import Answer


@dataclass(frozen=True)
class Verdict:
    """What a judge says of some seconds.

    Attributes:
        start, end: s on the film's clock, of the window.
        said: task -> Answer.
        heard: whether there was sound. caption: what was written meanwhile.
        latency: s that the window waited for its sound, by the film's clock.
        prepared, judged: s of wall time: decoding and resizing, and the judge.
    """

    start: float
    end: float
    said: dict[str, Answer]
    heard: bool
    caption: str
    latency: float
    prepared: float
    judged: float


def verdicts(path, judge, captions=()):
    """Judge a film window by window, while it is read, in bounded memory.

    Args:
        path: a file, or pieces as of `media.camera`.
        judge: `judges.Judge`.
        captions: list of `media.Caption`.

    Yields:
        `Verdict`, in the order of time; windows overlap if the judge's hop is shorter.
        What is less than half of a window is judged only if it is all there is.

    Raises:
        MediaError: where a file is damaged, after the verdicts before that place.
    """
    from mmlearn.preprocess import video

    how: dict[str, Any] = {"hop": judge.hop, "size": judge.size}
    windows = video.stream(
        path, judge.frames, judge.rate, sound_rate=judge.sound_rate, **how
    )
    began, first = time.perf_counter(), True
    for window in windows:
        ready = time.perf_counter()
        if first or window.mask.mean() >= 0.5:
            start = float(window.times[0])
            end = float(window.times[window.mask][-1] + 1 / judge.rate)
            text = _shown(captions, start, end)
            said = judge.answers(window, text)
            done = time.perf_counter()
            heard = window.sound is not None and bool(window.sound_mask.mean() > 0.5)
            spent = ready - began, done - ready
            yield Verdict(start, end, said, heard, text, window.latency, *spent)
        first, began = False, time.perf_counter()


def alarms(found, task, label, *, on=0.65, off=0.5, end=None):
    """Stretches of time in which a label is believed, with two thresholds.

    Args:
        found: list of `Verdict`. task, label: what to watch for.
        on, off: it begins where p ≥ on, and ends where p < off.
        end: s, where the film ends; by default the last verdict's.

    Returns:
        (A, 2) s, beginning and end of each.
    """
    spans: list[tuple[float, float]] = []
    since = None
    for verdict in found:
        answer = verdict.said.get(task)
        if answer is None or np.isnan(answer.probability):
            continue
        p = answer.probability
        p = p if answer.label == label else 1 - p
        if since is None and p >= on:
            since = verdict.start
        elif since is not None and p < off:
            spans.append((since, verdict.start))
            since = None
    if since is not None:
        spans.append((since, found[-1].end if end is None else end))
    return np.array(spans, float).reshape(-1, 2)


def overall(found):
    """One answer for each task of a whole film: the label with most probability in sum.

    Args:
        found: list of `Verdict`.

    Returns:
        dict, task -> Answer; its probability is the mean over the windows that say
        that label; of a score the mean of all.
    """
    weights: dict[str, dict[str, list[float]]] = {}
    for verdict in found:
        for task, answer in verdict.said.items():
            some = weights.setdefault(task, {}).setdefault(answer.label, [])
            some.append(answer.probability)
    said = {}
    for task, labels in weights.items():
        if all(np.isnan(p) for ps in labels.values() for p in ps):
            scores = [float(label) for label, ps in labels.items() for _ in ps]
            said[task] = Answer(f"{np.mean(scores):+.2f}", float("nan"))
            continue
        best = max(labels, key=lambda label: sum(labels[label]))
        said[task] = Answer(best, float(np.mean(labels[best])))
    return said


def subtitles_of(path):
    """Captions from a .srt or .vtt beside a file, of the same name; [] if none."""
    from mmlearn import media

    for suffix in (".srt", ".vtt"):
        beside = Path(path).with_suffix(suffix)
        if beside.is_file():
            return media.read_subtitles(beside)
    return []


def _shown(captions, start, end):
    """The text of the caption that is longest on display, or ""."""
    shares = [(min(end, c[1]) - max(start, c[0]), c[2]) for c in captions]
    most = max(shares, default=(0.0, ""))
    return " ".join(str(most[1]).split()) if most[0] > 0 else ""
