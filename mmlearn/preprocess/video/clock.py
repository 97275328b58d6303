"""One clock for what is seen, heard and read: seconds, as the file's stamps say."""

from dataclasses import dataclass

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.preprocess.arrays import expect_numbers
from mmlearn.preprocess.audio import resample
from mmlearn.preprocess.images import resize
from mmlearn.preprocess.text import clean, tokenize


def one_clock(clip, captions=(), *, frame_rate=None, size=None, sound_rate=None):
    """Bring a clip to one format: frames, and what is heard and read meanwhile.

    Args:
        clip: `media.Clip`, its steps in time equal or not.
        captions: list of `media.Caption`; words past the end belong to no frame.
        frame_rate: frames per second wanted; by default each as it was recorded.
        size: (H, W) of the frames wanted, px; by default as they are.
        sound_rate: Hz wanted, then with one channel, the mean; by default as it is.

    Returns:
        frames: (T, H, W, 3); `Aligned`, whose sound is (T, 0) if the clip has none.

    >>> from mmlearn.media import Clip
    >>> shown = np.zeros((4, 6, 8, 3), np.uint8)
    >>> clip = Clip(shown, np.array([0, 0.1, 0.5, 0.6]), 5.0, np.ones((800, 2)), 1000)
    >>> frames, aligned = one_clock(clip, frame_rate=10, size=(3, 4), sound_rate=500)
    >>> frames.shape, aligned.sound.shape
    ((7, 3, 4, 3), (7, 50))
    """
    frames, times = clip.frames, clip.times
    if frame_rate is not None:
        frames, times = to_frame_rate(frames, times, frame_rate)
    if size is not None:
        frames = resize(frames, size)
    sound, rate = clip.sound, clip.sound_rate
    if sound is not None and sound_rate is not None:
        mono = sound.mean(axis=1) if sound.ndim == 2 else sound
        sound, rate = resample(mono, rate, sound_rate), sound_rate
    start = clip.sound_start
    return frames, align(times, sound, rate, captions, sound_start=start)


def to_frame_rate(frames, times, rate):
    """Bring frames to a constant rate: at each new time, the frame then on display.

    Args:
        frames: (T, ...); times: (T,) s, ascending, when each one appears.
        rate: frames per second wanted.

    Returns:
        frames: (T', ...), and their times (T',): times[0] + k / rate up to times[-1].

    >>> to_frame_rate(np.array([7, 8, 9]), np.array([0.0, 0.1, 0.4]), 5)
    (array([7, 8, 9]), array([0. , 0.2, 0.4]))
    """
    frames, times = np.asarray(frames), _expect_times("to_frame_rate", times)
    if len(frames) != len(times):
        raise ValueError(
            f"to_frame_rate: {len(frames)} frames and {len(times)} times; expected one "
            "time for each frame"
        )
    if not rate > 0:
        raise ValueError(
            f"to_frame_rate: rate is {rate}; expected frames per second > 0"
        )
    steps = int(np.floor((times[-1] - times[0]) * rate + 1e-6)) + 1
    clock = times[0] + np.arange(steps) / rate
    shown = np.searchsorted(times, clock + 1e-9, side="right") - 1
    return frames[shown], clock


@dataclass(frozen=True, eq=False)
class Aligned:
    """What is heard and read while each frame is shown.

    Attributes:
        times: (T,) s, when each frame appears.
        sound: (T, S) or (T, S, C), the samples during each frame, padded with zeros.
        sound_mask: (T, S) bool, True on samples.
        sound_span: (T, 2) int64, first sample and the one after the last.
        caption: (T,) int64, which caption is shown, -1 for none.
        caption_mask: (T,) bool, True where there is one.
        words: T lists of the words that begin during the frame.
    """

    times: np.ndarray
    sound: np.ndarray
    sound_mask: np.ndarray
    sound_span: np.ndarray
    caption: np.ndarray
    caption_mask: np.ndarray
    words: list[list[str]]


def align(times, sound, rate, captions=(), *, sound_start=0.0):
    """Put frames, sound and captions on one clock.

    Frame t is shown from times[t] to times[t+1], the last one for a median step. Sample
    s sounds at sound_start + s / rate. Of a caption's n words the k-th is taken to
    begin at start + k (end - start) / n: an estimate, subtitles do not say.

    Args:
        times: (T,) s, ascending.
        sound: (S,) or (S, C) floats, or None; rate: its rate, Hz.
        captions: (start, end, text) triples, s (`media.Caption`).
        sound_start: when sample 0 sounds, s (`Clip.sound_start`).

    Returns:
        `Aligned`. Every sample and word during the video belongs to exactly one frame.

    >>> a = align([0.0, 0.5], np.arange(8.0), 8, [(0.5, 0.9, "a bell")])
    >>> a.sound.tolist(), a.words
    ([[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]], [[], ['a', 'bell']])
    """
    times = _expect_times("align", times)
    edges = np.append(times, times[-1] + _step(times))  # (T + 1,)
    sound, mask, span = _sound_of_frames(edges, sound, rate, sound_start)
    caption, words = _captions_of_frames(edges, captions)
    return Aligned(times, sound, mask, span, caption, caption >= 0, words)


def _sound_of_frames(edges, sound, rate, start):
    count = len(edges) - 1
    if sound is None:
        none = np.zeros((count, 0), np.float32)
        return none, none.astype(bool), np.zeros((count, 2), np.int64)
    sound = expect_numbers("align", "sound", sound)
    if sound.ndim not in (1, 2):
        raise ValueError(f"align: sound is {sound.shape}; expected (S,) or (S, C)")
    if rate is None or not rate > 0:
        raise ValueError(f"align: rate is {rate}; expected Hz")
    # The first sample at or after each edge; the tolerance is for edges like 0.1 + 0.2.
    cuts = np.ceil((edges - start) * rate - 1e-6).astype(np.int64)
    cuts = np.clip(cuts, 0, len(sound))
    span = np.stack([cuts[:-1], cuts[1:]], axis=1)  # (T, 2)
    lengths = span[:, 1] - span[:, 0]
    mask = np.arange(lengths.max()) < lengths[:, None]  # (T, S)
    padded = np.zeros((*mask.shape, *sound.shape[1:]), sound.dtype)
    padded[mask] = sound[cuts[0] : cuts[-1]]
    return padded, mask, span


def _captions_of_frames(edges, captions):
    count = len(edges) - 1
    shown = np.full(count, -1, np.int64)
    words: list[list[str]] = [[] for _ in range(count)]
    for number, caption in enumerate(captions):
        if not (isinstance(caption, tuple | list) and len(caption) == 3):
            raise ValueError(
                f"align: caption {number} is {caption!r}; expected (start, end, text)"
            )
        start, end, text = caption
        if not start <= end:
            raise ValueError(
                f"align: caption {number} lasts from {start} to {end} s; expected "
                "start <= end"
            )
        shown[(edges[:-1] < end) & (edges[1:] > start)] = number  # the latest wins
        found = tokenize(clean(text, lower=False))
        for k, word in enumerate(found):
            begins = start + k * (end - start) / len(found)
            frame = int(np.searchsorted(edges, begins + 1e-9, side="right")) - 1
            if 0 <= frame < count:
                words[frame].append(word)
    return shown, words


def _step(times):
    return float(np.median(np.diff(times))) if len(times) > 1 else 1.0


def _expect_times(where, times):
    times = expect_numbers(where, "times", times).astype(np.float64)
    expect_shape(where, "times", times, "T", hint="one time a frame, s")
    if (np.diff(times) <= 0).any():
        at = int(np.argmax(np.diff(times) <= 0))
        raise ValueError(
            f"{where}: times go from {times[at]:g} to {times[at + 1]:g} s at frame "
            f"{at + 1}; expected ascending times"
        )
    return times
