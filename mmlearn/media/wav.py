"""Sound files: PCM and float wav to float32 arrays and back."""

import io

import numpy as np

from mmlearn.media.files import (
    MediaError,
    existing,
    expect_rate,
    expect_sound,
    expect_suffix,
    replacing,
)

_SUBTYPES = {16: "PCM_16", 24: "PCM_24", 32: "PCM_32", "float": "FLOAT"}
_STREAMED = 0x7FFFFFFF - 0xFFFF  # sizes that programs write when they cannot know


def read_wav(path):
    """Read a sound file as floats: an integer sample n of b bits becomes n / 2^(b-1).

    Args:
        path: a wav file of 8, 16, 24, 32 bits or floats (flac and ogg are read too).

    Returns:
        samples: float32 (S,) if mono, else (S, channels); 1.0 is full scale.
        rate: samples per second, int, Hz.

    Raises:
        MediaError: if the file is missing, empty, truncated or no sound.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "beep.wav")
    >>> write_wav(path, np.array([0.0, 0.5, -1.0]), 8000)
    >>> read_wav(path)
    (array([ 0. ,  0.5, -1. ], dtype=float32), 8000)
    """
    import soundfile

    path = existing("read_wav", path)
    _expect_whole(path)
    try:
        samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, OverflowError) as error:
        raise MediaError(
            f"read_wav: {path} is not a sound file that can be decoded; expected wav"
        ) from error
    if len(samples) == 0:
        raise MediaError(f"read_wav: {path} holds no samples")
    if not np.isfinite(samples).all():
        raise MediaError(f"read_wav: {path} holds NaN or infinity; it is damaged")
    return (samples[:, 0] if samples.shape[1] == 1 else samples), int(rate)


def write_wav(path, samples, rate, *, bits=16):
    """Write a wav file: a sample x becomes the integer nearest to x 2^(b-1).

    Args:
        path: where; its suffix is `.wav`.
        samples: (S,) or (S, channels) floats between -1 and 1.
        rate: samples per second, a whole number of Hz.
        bits: 16, 24, 32, or "float" (32-bit floats, which may exceed 1).

    Raises:
        MediaError: for a wrong shape, dtype or level, NaN, or if it cannot be written.
    """
    import soundfile

    expect_suffix("write_wav", path, (".wav",))
    samples = expect_sound("write_wav", samples)
    rate = expect_rate("write_wav", rate)
    if bits not in _SUBTYPES:
        raise MediaError(f"write_wav: bits is {bits!r}; expected 16, 24, 32 or 'float'")
    data = samples.astype(np.float32) if bits == "float" else _integers(samples, bits)
    # Encoded in memory: then only Python writes to the disk, and says when it is full.
    buffer = io.BytesIO()
    soundfile.write(buffer, data, rate, subtype=_SUBTYPES[bits], format="WAV")
    with replacing("write_wav", path) as file:
        file.write(buffer.getvalue())


def _integers(samples, bits):
    peak = float(np.abs(samples).max())
    if peak > 1:
        raise MediaError(
            f"write_wav: samples reach {peak:.3g}; {bits} bits hold -1 to 1: "
            "divide by the peak, or write bits='float'"
        )
    full = 2.0 ** (bits - 1)
    whole = np.clip(np.rint(samples.astype(np.float64) * full), -full, full - 1)
    if bits == 16:
        return whole.astype(np.int16)
    return whole.astype(np.int64).astype(np.int32) << (32 - bits)  # left-aligned


def _expect_whole(path):
    """Compare what a wav's header promises with the file: libsndfile does not say."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return  # another container: its decoder judges
        while len(chunk := file.read(8)) == 8:
            length = int.from_bytes(chunk[4:], "little")
            end = file.tell() + length
            if chunk[:4] == b"data" and length >= _STREAMED:
                return
            if end > size:
                raise MediaError(
                    f"read_wav: {path} is truncated: its header promises {end} bytes, "
                    f"the file has {size}; fetch it again"
                )
            if chunk[:4] == b"data":
                return
            file.seek(end + length % 2)
    raise MediaError(f"read_wav: {path} is truncated: it ends before its samples")
