"""Frames and sound to video files that a browser (webm) or any player (mp4) shows."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np

from mmlearn.media.files import (
    MediaError,
    expect_rate,
    expect_sound,
    expect_suffix,
    replacing,
)

# suffix: container, video codec, its options, sound codec
_FORMATS = {
    ".webm": ("webm", "libvpx-vp9", {"deadline": "good", "cpu-used": "4"}, "libopus"),
    ".mp4": ("mp4", "mpeg4", {}, "aac"),
}
_AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_BITS_PER_PIXEL = 0.2
_LAYOUTS = {1: "mono", 2: "stereo"}


def write_video(
    path, frames, frame_rate, sound=None, sound_rate=None, *, bit_rate=None
):
    """Write a video: webm (vp9 + opus, which browsers play) or mp4 (mpeg4 + aac).

    Both codecs lose detail; opus always plays at 48 kHz.

    Args:
        path: where; `.webm` or `.mp4`.
        frames: (T, H, W, 3) uint8 RGB, or an iterable of such (H, W, 3).
        frame_rate: frames per second.
        sound: (S,) or (S, 2) floats between -1 and 1, or None; starts with frame 0.
        sound_rate: its samples per second, Hz.
        bit_rate: of the picture, bit/s; by default 0.2 bits a pixel.

    Raises:
        MediaError: for a wrong shape, dtype or level, NaN, no frames, or if it cannot
            be written; what stood at path before then still does.
    """
    suffix = expect_suffix("write_video", path, tuple(_FORMATS))
    if isinstance(frames, np.ndarray) and frames.ndim != 4:
        raise MediaError(
            f"write_video: frames are {frames.shape}; expected (T, H, W, 3)"
        )
    if not isinstance(frames, Iterable):
        kind = type(frames).__name__
        raise MediaError(f"write_video: frames is a {kind}; expected (T, H, W, 3)")
    number = isinstance(frame_rate, int | float | np.number | Fraction)
    if not (number and 0.1 <= frame_rate <= 1000):
        raise MediaError(
            f"write_video: frame_rate is {frame_rate!r}; expected 0.1 to 1000 frames/s"
        )
    samples = None if sound is None else _expect_track(sound, sound_rate)
    checked = _checked(frames)
    try:
        first = next(checked)
    except StopIteration:
        raise MediaError("write_video: no frames; expected at least one") from None
    rate = Fraction(frame_rate).limit_denominator(1001)
    # Given a Python file, FFmpeg's failed writes come back as Python's errors.
    with (
        replacing("write_video", path) as file,
        av.open(file, "w", format=_FORMATS[suffix][0]) as container,
    ):
        picture = _add_picture(container, suffix, first, rate, bit_rate)
        track = None
        if samples is not None:
            track = _Track(container, suffix, samples, int(sound_rate))
        _encode(container, picture, track, first, checked, rate)


def _encode(container, picture, track, first, rest, rate):
    """Frame by frame, with the sound up to its time: both stay together in the file."""
    for number, pixels in enumerate(_chain(first, rest)):
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts = number
        frame.time_base = 1 / rate
        container.mux(picture.encode(frame))
        if track is not None:
            track.advance(float((number + 1) / rate))
    container.mux(picture.encode(None))
    if track is not None:
        track.finish()


def _chain(first, rest):
    yield first
    yield from rest


def _add_picture(container, suffix, first, rate, bit_rate):
    _, codec, options, _ = _FORMATS[suffix]
    picture = container.add_stream(codec, rate=rate, options=options)
    picture.height, picture.width = first.shape[:2]
    picture.pix_fmt = "yuv420p"
    wanted = bit_rate or first.shape[0] * first.shape[1] * rate * _BITS_PER_PIXEL
    picture.bit_rate = max(50_000, int(wanted))
    return picture


class _Track:
    """A sound that is encoded piece by piece."""

    def __init__(self, container, suffix, samples, rate):
        codec = _FORMATS[suffix][3]
        direct = codec == "aac" and rate in _AAC_RATES
        self.container, self.samples, self.rate, self.at = container, samples, rate, 0
        self.layout = _LAYOUTS[samples.shape[1]]
        self.stream = container.add_stream(
            codec, rate=rate if direct else 48000, layout=self.layout
        )
        self.stream.bit_rate = 96_000 * samples.shape[1]
        self.resampler = av.AudioResampler(
            format=self.stream.format.name, layout=self.layout, rate=self.stream.rate
        )

    def advance(self, time):
        """Encode up to time, in seconds."""
        end = min(len(self.samples), int(time * self.rate))
        if end > self.at:
            piece = np.ascontiguousarray(self.samples[self.at : end].T, np.float32)
            frame = av.AudioFrame.from_ndarray(piece, "fltp", self.layout)
            frame.sample_rate, frame.pts = self.rate, self.at
            frame.time_base = Fraction(1, self.rate)
            self.at = end
            self._encode(self.resampler.resample(frame))

    def finish(self):
        """Encode what is left, and what the resampler and the encoder hold back."""
        self.advance(len(self.samples) / self.rate + 1)
        self._encode(self.resampler.resample(None))
        self.container.mux(self.stream.encode(None))

    def _encode(self, frames):
        for frame in frames:
            self.container.mux(self.stream.encode(frame))


def _checked(frames) -> Iterator[np.ndarray]:
    shape = None
    for number, frame in enumerate(frames):
        frame = np.asarray(frame)
        shape = shape or frame.shape
        if frame.ndim != 3 or frame.shape[2] != 3 or min(frame.shape) < 1:
            raise MediaError(
                f"write_video: frame {number} is {frame.shape}; expected (H, W, 3)"
            )
        if frame.dtype != np.uint8:
            raise MediaError(
                f"write_video: frame {number} is {frame.dtype}; expected uint8"
            )
        if frame.shape != shape:
            raise MediaError(
                f"write_video: frame {number} is {frame.shape}, frame 0 {shape}; "
                "expected one size"
            )
        yield np.ascontiguousarray(frame)


def _expect_track(sound, rate):
    samples = expect_sound("write_video", sound)
    if rate is None:
        raise MediaError("write_video: sound_rate is missing; expected Hz")
    expect_rate("write_video", rate)
    peak = float(np.abs(samples).max())
    if peak > 1:
        raise MediaError(
            f"write_video: sound reaches {peak:.3g}; expected -1 to 1: divide by that"
        )
    if samples.shape[1] not in _LAYOUTS:
        raise MediaError(
            f"write_video: sound is {samples.shape}; expected (S,), (S, 1) or (S, 2)"
        )
    return samples
