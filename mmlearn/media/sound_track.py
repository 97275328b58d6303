"""The sound of a video: decoded, placed by its time stamps, padding removed."""

import math

import av
import numpy as np

from mmlearn.media.files import MediaError

_GAP = 0.01  # s: a longer pause between packets becomes silence


def read_sound(container, path, start=None, stop=None):
    """Decode a container's first sound track.

    Args:
        container: an open `av` container, at its beginning.
        path: its file, for the error.
        start, stop: keep start <= t < stop, seconds; None for no bound.

    Returns:
        sound (S, channels) float32, its rate in Hz, and the time of sample 0 in s;
        (None, None, 0.0) if there is no sound (there).

    Raises:
        MediaError: if it cannot be decoded.
    """
    if not container.streams.audio:
        return None, None, 0.0
    stream = container.streams.audio[0]
    try:
        pieces, first, rate = _pieces(container, stream, stop)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise MediaError(
            f"read_video: the sound of {path} cannot be decoded: it is damaged"
        ) from error
    if not pieces:
        return None, None, 0.0
    sound = np.concatenate(pieces)  # (S, channels)
    sound = sound[: _stated_length(container, stream, rate)]
    # Sample s sounds at first + s / rate; the part keeps start <= t < stop.
    begin = 0 if start is None else max(0, math.ceil((start - first) * rate - 1e-6))
    end = len(sound) if stop is None else math.ceil((stop - first) * rate - 1e-6)
    sound = sound[begin : max(0, end)]
    if len(sound) == 0:
        return None, None, 0.0
    return np.ascontiguousarray(sound), rate, first + begin / rate


def _pieces(container, stream, stop):
    """Arrays (s, channels) that follow each other without a gap."""
    pieces: list[np.ndarray] = []
    to_float = av.AudioResampler(format="fltp")
    first, clock, rate = 0.0, 0.0, stream.rate
    for decoded in container.decode(stream):
        for frame in to_float.resample(decoded):
            rate = frame.sample_rate
            time = clock if frame.time is None else frame.time
            if not pieces:
                first = clock = time
            array = frame.to_ndarray().T  # (s, channels)
            if time - clock > _GAP:
                silence = round((time - clock) * rate)
                pieces.append(np.zeros((silence, array.shape[1]), np.float32))
                clock += silence / rate
            pieces.append(array)
            clock += len(array) / rate
        if stop is not None and clock >= stop:
            break
    return pieces, first, rate


def _stated_length(container, stream, rate):
    """Samples that an mp4 says it holds: aac fills its last packet up with silence.

    Opus in webm states it packet by packet, and the decoder has removed it already.
    """
    if container.format.name.startswith("mov") and stream.duration:
        return round(float(stream.duration * stream.time_base) * rate)
    return None
