"""Clips as batched arrays: what is seen, heard, written and related, and the truth."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from mmlearn.datasets.speech import RATE
from mmlearn.datasets.storyboard import relations as graphs
from mmlearn.datasets.storyboard import words
from mmlearn.datasets.storyboard.dials import Dials
from mmlearn.datasets.storyboard.picture import VISITOR, digit_boxes, visitor_path
from mmlearn.datasets.storyboard.script import FRAME_RATE, FRAMES, VARIABLES, Script


class OneClip(NamedTuple):
    """One clip, as `show.storyboard` draws it and `write` writes it.

    Args:
        frames: (T, H, W, 3) uint8. frame_rate: per second.
        sound: (S,) float32. sound_rate: Hz.
        caption: text.
        node_names: N names; node_places: (N, 2) x and y, 0 to 1, y down.
        edges: list of (source, target, name of the relation).
        events: list of dicts: what, start and end in s; of what is seen, box.
        labels: task → its value, in words or numbers.
    """

    frames: np.ndarray
    frame_rate: float
    sound: np.ndarray
    sound_rate: int
    caption: str
    node_names: list[str]
    node_places: np.ndarray
    edges: list[tuple[int, int, str]]
    events: list[dict]
    labels: dict


@dataclass(frozen=True)
class Clips:
    """B clips in all their modalities, their labels and the truth about them.

    What a clip lacks is zeros, no words, no edges, and said in `available`.

    Args:
        frames: (B, T, H, W, 3) uint8, 8 a second.
        sound: (B, S) float32 at 8 kHz.
        captions: (B,) texts.
        nodes: (B, N, F) float32; relations: (B, R, N, N) bool: the scene graph.
        labels: task → (B,) int64; the sentiment's are float32 scores from -1 to 1.
        available: modality → (B,) bool.
        spoken: (B, 2) s, when the voice begins and ends.
        script: `Script`, the truth.
        dials: `Dials`.
    """

    frames: np.ndarray
    sound: np.ndarray
    captions: np.ndarray
    nodes: np.ndarray
    relations: np.ndarray
    labels: dict[str, np.ndarray]
    available: dict[str, np.ndarray]
    spoken: np.ndarray
    script: Script
    dials: Dials

    def __len__(self):
        return len(self.frames)

    def __getitem__(self, i):
        """The i-th clip alone, as `OneClip`."""
        names, places, links = graphs.named(self.nodes[i], self.relations[i])
        return OneClip(
            self.frames[i],
            FRAME_RATE,
            self.sound[i],
            RATE,
            str(self.captions[i]),
            names,
            places,
            links,
            self.events(i),
            {task: value[i].item() for task, value in self.labels.items()},
        )

    def select(self, chosen):
        """Some of the clips, by indices or a mask (B,) bool."""
        return Clips(
            self.frames[chosen],
            self.sound[chosen],
            self.captions[chosen],
            self.nodes[chosen],
            self.relations[chosen],
            {task: y[chosen] for task, y in self.labels.items()},
            {m: there[chosen] for m, there in self.available.items()},
            self.spoken[chosen],
            self.script.select(chosen),
            self.dials,
        )

    def edges(self):
        """edge_index (2, E) and edge_type (E,) of all graphs as one: for graph layers.

        Node n of clip b is b N + n; `nodes.reshape(-1, F)` are its features.
        """
        return graphs.edges(self.relations)

    def until(self, seen):
        """What is known after so many frames: for "next", against the time left.

        Later frames and sound are zeros; where the digit had not turned yet, caption
        and graph leave open where it heads.

        Args:
            seen: frames, 1 to T.

        Returns:
            `Clips`; `ceiling(dials, "next", modalities, seen=seen)` is its bound.
        """
        frames, sound = self.frames.copy(), self.sound.copy()
        frames[:, seen:] = 0
        sound[:, seen * RATE // FRAME_RATE :] = 0
        open_yet = self.script.turn >= seen - 1
        hidden = [
            words.without_target(c) if early else c
            for c, early in zip(self.captions, open_yet, strict=True)
        ]
        return replace(
            self,
            frames=frames,
            sound=sound,
            captions=np.array(hidden, object),
            relations=graphs.without_target(self.relations, open_yet),
        )

    def events(self, i):
        """What can be seen and heard of clip i, and when: a list of dicts.

        Each has "what", "modality", "start" and "end" in s; what is seen at a place has
        a "box" besides: left, top, right, bottom in the last frame, 0 to 1.
        """
        one = self.script.select([i])
        told = one.copies
        end, turn = FRAMES / FRAME_RATE, float(one.turn[0] / FRAME_RATE)
        landing = float(one.landing[0] / FRAME_RATE)
        knock = landing + self.dials.offset
        first, last = self.spoken[i].tolist()
        middle = visitor_path(one)[0, -1]
        lies = np.concatenate([middle - VISITOR, middle + VISITOR])
        digits, shapes = VARIABLES["digit"].values, VARIABLES["target"].values
        seen, heard = {k: v[0] for k, v in told["video"].items()}, told["sound"]
        return [
            _event("video", digits[seen["digit"]], 0.0, end, digit_boxes(one)[0, -1]),
            _event("video", "heads for the " + shapes[seen["target"]], turn, end),
            _event("video", ("stone", "bell")[seen["fit"]], landing, end, lies),
            _event("sound", digits[heard["digit"][0]], first, last),
            _event("sound", ("thud", "ping")[heard["fit"][0]], knock, knock + 0.25),
        ]


def _event(modality, what, start, end, box=None):
    event = {"what": what, "modality": modality, "start": start, "end": end}
    return event if box is None else event | {"box": box.round(3).tolist()}
