"""The course's own clip: seen, heard, read, and known in advance."""

import json
from typing import TYPE_CHECKING, NamedTuple

from mmlearn import course
from mmlearn.datasets import integrity
from mmlearn.datasets.registry import DataError

if TYPE_CHECKING:
    from mmlearn import media


class ShippedClip(NamedTuple):
    """A clip in its modalities, and what really happens in it.

    Args:
        clip: `media.Clip`: frames (T, H, W, 3) uint8, times (T,) s, sound (S, C).
        captions: list of `media.Caption(start, end, text)`, s.
        events: list of dicts, the script that the clip was made from.
    """

    clip: "media.Clip"
    captions: "list[media.Caption]"
    events: list[dict]


def load_clip():
    """Load the short clip that ships with the course: video, sound, subtitles, script.

    Origin: drawn and sounded by `data/clip/prepare.py` from one script, so that what is
        seen, heard and read at each moment is known exactly.
    Licence and citation: CC BY 4.0, the mmlearn authors; data/clip/README.md.

    Returns:
        `ShippedClip(clip, captions, events)`.

    Raises:
        DataError: if a file is missing or damaged.
    """
    from mmlearn import media  # here: it brings the video decoder

    integrity.expect_shipped("clip")
    folder = course.data_folder() / "clip"
    try:
        clip = media.read_video(folder / "clip.webm")
        captions = media.read_subtitles(folder / "clip.srt")
        script = json.loads((folder / "script.json").read_text("utf-8"))
        return ShippedClip(clip, captions, script["events"])
    except media.MediaError as error:
        raise DataError(f"clip: {error}; reinstall mmlearn") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"clip: {folder / 'script.json'} cannot be read ({error!r})"
        raise DataError(f"{what}; reinstall mmlearn") from None
