"""Sound in TensorBoard: recordings with a player, in its *Audio* tab."""

import io
import wave

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.watch.events import EventWriter, expect_writable


def sound(log_dir, samples, rate, *, name="sound", caption="", step=0):
    """Write a recording for TensorBoard's *Audio* tab.

    Args:
        log_dir: the log folder; the sound goes into `sounds/` in it.
        samples: (S,) floats, full scale 1; louder is clipped.
        rate: Hz.
        name: its title there.
        caption: what is said below the player.
        step: of training, for a slider over several.

    Returns:
        the folder, a pathlib.Path.

    Raises:
        ShapeError: if samples is not (S,).
        LogError: the folder cannot be written to.
    """
    samples = np.asarray(samples, float)
    expect_shape("sound", "samples", samples, "S", hint="mono samples")
    folder = expect_writable(log_dir) / "sounds"
    writer = EventWriter(folder)
    writer.audio(name, _wav(samples, rate), caption, step)
    writer.close()
    return folder


def _wav(samples, rate):
    """16-bit wav as bytes."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(round(rate))
        pcm = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2")
        out.writeframes(pcm.tobytes())
    return file.getvalue()
