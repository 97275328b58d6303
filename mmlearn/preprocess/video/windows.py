"""Windows over a video while it is read: a file of any length, or a camera.

    for window in stream("film.mp4", 25, rate=25, size=(224, 224), sound_rate=16_000):
        logits = model(window.frames[None] / 255)

In memory are one window, and what of picture or sound waits for the other.
"""

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mmlearn.preprocess.images import resize

NEAR = 1e-6  # s: two times closer than this are the same
GAP = 0.01  # s: sound that comes so much early or late follows without a pause
SOUND_KEPT = 60.0  # s of sound that may run ahead of its picture


@dataclass(frozen=True, eq=False)
class Window:
    """Some seconds of a video.

    Attributes:
        frames: (T, H, W, 3) uint8, zeros where masked.
        times: (T,) s on the video's clock, evenly spaced.
        mask: (T,) bool, False past the video's end.
        sound: (S,) float32 from times[0] on, or None if none was asked for.
        sound_mask: (S,) bool, True on what was recorded, or None.
        ready: s on the video's clock: how far it had come when this was complete.
    """

    frames: np.ndarray
    times: np.ndarray
    mask: np.ndarray
    sound: np.ndarray | None
    sound_mask: np.ndarray | None
    ready: float

    @property
    def latency(self):
        """Seconds from the last frame's appearance until the window was complete.

        What waiting costs; computing comes on top. 0 at the video's own rate without
        sound, a frame or two with it.
        """
        return max(0.0, self.ready - float(self.times[self.mask][-1]))


def stream(source, frames, rate, *, hop=None, size=None, sound_rate=None, patience=1.0):
    """Yield windows of a video while it is read, in bounded memory.

    At each tick k / rate after the first frame, the frame then on display; so rates may
    vary. A window is given as soon as its last frame, and its sound, have come.

    Args:
        source: a file's path, or an iterable of ("frame", time, (H, W, 3) uint8) and
            ("sound", time, (s,) floats at sound_rate), like `media.camera()`.
        frames: T of a window. rate: frames per second wanted.
        hop: frames from one window to the next; by default T.
        size: (H, W) wanted, px.
        sound_rate: Hz wanted (one channel); None: no sound.
        patience: s that a window waits for its sound; what comes later is masked.

    Yields:
        `Window`; the last one is padded and masked. S = T sound_rate / rate, rounded.

    Raises:
        ValueError: for times that do not ascend, or sizes out of range.
        MediaError: where a file is damaged, after the windows before that place.

    >>> shown = (("frame", t / 10, np.full((4, 6, 3), t, np.uint8)) for t in range(7))
    >>> [w.frames[:, 0, 0, 0].tolist() for w in stream(shown, 4, rate=10)]
    [[0, 1, 2, 3], [4, 5, 6, 0]]
    """
    from mmlearn import media  # here: it brings the video decoder

    hop = frames if hop is None else hop
    if not (frames >= 1 and hop >= 1 and rate > 0 and patience >= 0):
        raise ValueError(
            f"stream: {frames} frames, hop {hop}, rate {rate}, patience {patience}; "
            "expected 1 or more, 1 or more, above 0, 0 or more"
        )
    silent = False
    if isinstance(source, str | Path):
        silent = sound_rate is not None and not media.probe(source).has_sound
        source = media.pieces(source, size=size, sound_rate=sound_rate)
    windows = _Windows(frames, rate, hop, sound_rate, patience)
    windows.sound_ended = silent
    for kind, time, array in source:
        if kind == "sound":
            windows.hear(time, array)
        else:
            small = size is None or tuple(size) == array.shape[:2]
            windows.see(time, array if small else resize(array, size))
        yield from windows.complete()
    windows.sound_ended = windows.ended = True
    yield from windows.complete()


class _Windows:
    """What has come in and is not given out yet."""

    def __init__(self, frames, rate, hop, sound_rate, patience):
        self.count, self.rate, self.hop = frames, rate, hop
        self.sound_rate, self.patience = sound_rate, patience
        self.start: Any = None  # s, of the first frame
        self.last = -np.inf  # s, of the newest one
        self.since, self.shown = -np.inf, None  # the frame on display
        self.arrived: deque = deque()  # (time, frame) whose ticks are still to come
        self.held: deque = deque()  # a frame for each tick of the next window
        self.first = self.tick = self.given = 0  # ticks: of the window, next, given out
        self.sound: deque = deque()  # (number of its first sample, samples)
        self.heard = None  # number of the sample that comes next
        self.sound_ended = self.ended = False

    def see(self, time, frame):
        """Take a frame in."""
        if not time > self.last:
            raise ValueError(
                f"stream: a frame at {time:g} s after one at {self.last:g} s; expected "
                "ascending times"
            )
        if self.start is None:
            self.start = time
        self.last = time
        self.arrived.append((time, frame))

    def hear(self, time, samples):
        """Take sound in; what leaves no more than a breath follows without a pause."""
        if self.sound_rate is None or len(samples) == 0:
            return
        number = round(time * self.sound_rate)
        if self.heard is not None:
            near = abs(number - self.heard) <= GAP * self.sound_rate
            number = self.heard if near else number
        self.sound.append((number, np.asarray(samples, np.float32)))
        self.heard = number + len(samples)
        while self.heard - self.sound[0][0] > SOUND_KEPT * self.sound_rate:
            self.sound.popleft()

    def complete(self):
        """Yield the windows that nothing is missing from."""
        while self._filled() and self._sounded():
            yield self._give()
        if self.ended and self.tick > max(self.first, self.given):
            yield self._give()

    def _filled(self):
        """Put frames on their ticks until a window is full; False if they run out."""
        while self.start is not None and self.tick < self.first + self.count:
            now = self.start + self.tick / self.rate
            while self.arrived and self.arrived[0][0] <= now + NEAR:
                self.since, self.shown = self.arrived.popleft()
            if not self.arrived and self.since < now - NEAR:
                return False  # the next frame may be the one on display by then
            if self.tick >= self.first:
                self.held.append(self.shown)
            self.tick += 1
        return self.start is not None

    def _sounded(self):
        if self.sound_rate is None or self.sound_ended:
            return True
        begin, length = self._samples(self.start + self.first / self.rate)
        whole = self.heard is not None and self.heard >= begin + length
        return whole or self.last - (begin + length) / self.sound_rate > self.patience

    def _samples(self, time):
        """Of a window that begins at a time: its first sample, and how many."""
        length = round(self.count * self.sound_rate / self.rate)
        return round(time * self.sound_rate), length

    def _give(self):
        found = list(self.held)[: self.count]
        frames = np.zeros((self.count, *found[0].shape), found[0].dtype)
        frames[: len(found)] = found
        times = self.start + (self.first + np.arange(self.count)) / self.rate
        sound, sound_mask = self._sound_from(times[0])
        heard = -np.inf if self.heard is None else self.heard / self.sound_rate
        end = times[-1] + 1 / self.rate
        ready = max(self.last, min(heard, end)) if self.sound_rate else self.last
        mask = np.arange(self.count) < len(found)
        self.given, self.first = self.first + len(found), self.first + self.hop
        for _ in range(min(self.hop, len(self.held))):
            self.held.popleft()
        return Window(frames, times, mask, sound, sound_mask, float(ready))

    def _sound_from(self, time):
        """(S,) samples from a time on, and where there are some; forget older ones."""
        if self.sound_rate is None:
            return None, None
        begin, length = self._samples(time)
        sound, mask = np.zeros(length, np.float32), np.zeros(length, bool)
        for number, samples in self.sound:
            low = max(0, number - begin)
            high = min(length, number + len(samples) - begin)
            if low < high:
                sound[low:high] = samples[low + begin - number : high + begin - number]
                mask[low:high] = True
        keep = begin + round(self.hop * self.sound_rate / self.rate) - 1
        while self.sound and self.sound[0][0] + len(self.sound[0][1]) < keep:
            self.sound.popleft()
        return sound, mask
