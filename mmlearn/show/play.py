"""Players that stand in the notebook itself: sound and video, heard without a file.

The bytes are embedded, so that a copied notebook still plays, with no network and no
path of anybody's machine in it. Readers whose page shows no players see the caption.
"""

import base64
import html
import io
import wave
from pathlib import Path

import numpy as np

from mmlearn.axes import ShapeError

_LARGEST = 4_000_000  # bytes: a notebook should stay one that can be opened
_TYPES = {".webm": "video/webm", ".mp4": "video/mp4", ".ogv": "video/ogg"}


class Player:
    """Shows itself as a player with its caption below; as text, as the caption."""

    def __init__(self, tag, kind, content, caption):
        self.tag, self.kind, self.content, self.caption = tag, kind, content, caption

    def __repr__(self):
        size = f"{len(self.content) / 1000:.0f} kB"
        return f"[{self.tag}: {self.caption or self.kind}, {size}]"

    def _repr_html_(self):
        encoded = base64.b64encode(self.content).decode()
        caption = html.escape(self.caption)
        style = ' style="max-width: 480px"' if self.tag == "video" else ""
        return (
            f'<figure style="margin: 0"><{self.tag} controls preload="metadata" '
            f'aria-label="{caption}"{style} src="data:{self.kind};base64,{encoded}">'
            f"</{self.tag}><figcaption>{caption}</figcaption></figure>"
        )


def play(samples, rate, caption=""):
    """A sound player.

    Args:
        samples: (S,) mono or (S, 2) stereo, full scale 1; louder is clipped, and the
            caption says so. Integers are taken as 16-bit samples.
        rate: samples per second, Hz.
        caption: what is heard.

    Returns:
        a Player of 16-bit wav.

    >>> play(np.zeros(8000), 8000, "one second of silence")
    [audio: one second of silence, 16 kB]
    """
    x = np.asarray(samples)
    if x.ndim not in (1, 2) or not x.size or (x.ndim == 2 and x.shape[1] > 2):
        raise ShapeError(
            f"play: samples is {x.shape}; expected (S,) mono or (S, 2) stereo, S > 0"
        )
    if x.dtype.kind in "iu":
        x = x / 32768
    if not np.isfinite(x).all():
        raise ValueError("play: samples hold NaN or infinity; expected finite numbers")
    if np.abs(x).max() > 1:
        caption = f"{caption} (clipped: its peak is {np.abs(x).max():.3g}, above 1)"
    pcm = np.round(np.clip(x, -1, 1) * 32767).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1 if x.ndim == 1 else x.shape[1])
        out.setsampwidth(2)
        out.setframerate(round(rate))
        out.writeframes(pcm.tobytes())
    return Player("audio", "audio/wav", _bounded("play", file.getvalue()), caption)


def video(path, caption=""):
    """A video player for a short file.

    Args:
        path: a .webm (VP9 + Opus: what every browser plays; `media.write_video` writes
            it), an .mp4 (browsers want H.264 in it) or an .ogv.
        caption: what is seen.

    Returns:
        a Player with the file's bytes in it.

    Raises:
        ValueError: for a file of another kind, or above 4 MB.
    """
    path = Path(path)
    kind = _TYPES.get(path.suffix.lower())
    if kind is None:
        raise ValueError(
            f"video: {path.name} is no video that browsers play; write it as .webm, "
            "as media.write_video does"
        )
    return Player("video", kind, _bounded("video", path.read_bytes()), caption)


def _bounded(where, content):
    if len(content) > _LARGEST:
        raise ValueError(
            f"{where}: {len(content) / 1e6:.1f} MB would be embedded in the notebook; "
            f"at most {_LARGEST / 1e6:.0f} MB: cut it shorter or lower its rate"
        )
    return content
