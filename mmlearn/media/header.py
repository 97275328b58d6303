"""What a video's header says of it, before a single frame is decoded."""

from dataclasses import dataclass

import av

from mmlearn.media.files import MediaError
from mmlearn.media.video import _moving, _opened


@dataclass(frozen=True)
class VideoInfo:
    """What a video file says of itself.

    Attributes:
        size: (H, W) of the frames as they are shown, upright, px.
        frames: how many; None where the container does not say (mpg, webm).
        frame_rate: frames per second on average; None where it is not said.
        seconds: how long; None where it is not said.
        has_sound: whether there is a sound track, silent or not.
        sound_rate: Hz, or None. channels: of the sound, 0 without.
        turns: quarter turns counter-clockwise that the metadata ask for.
    """

    size: tuple[int, int]
    frames: int | None
    frame_rate: float | None
    seconds: float | None
    has_sound: bool
    sound_rate: int | None
    channels: int
    turns: int


def probe(path):
    """Read a video's header and its first frame.

    Args:
        path: as of `read_video`.

    Returns:
        `VideoInfo`. A header may err: only decoding (`read_video`) tells for sure.

    Raises:
        MediaError: if the file is missing, no video, or its first frame is damaged.

    >>> import tempfile, pathlib, mmlearn.media, numpy as np
    >>> path = pathlib.Path(tempfile.mkdtemp(), "black.mp4")
    >>> mmlearn.media.write_video(path, np.zeros((5, 48, 64, 3), np.uint8), 10)
    >>> info = probe(path)
    >>> info.size, info.frames, info.frame_rate, info.has_sound
    ((48, 64), 5, 10.0, False)
    """
    with _opened("probe", path) as container:
        stream = _moving(container)[0]
        try:
            picture = next(container.decode(stream), None)
        except (av.error.FFmpegError, OSError) as error:
            raise MediaError(f"probe: {path} cannot be decoded: damaged") from error
        if picture is None:
            raise MediaError(f"probe: {path} has no frames")
        turns = round(picture.rotation / 90) % 4
        size = picture.height, picture.width
        sound = container.streams.audio[0] if container.streams.audio else None
        return VideoInfo(
            size=size[::-1] if turns % 2 else size,
            frames=stream.frames or None,
            frame_rate=float(stream.average_rate) if stream.average_rate else None,
            seconds=container.duration / 1e6 if container.duration else None,
            has_sound=sound is not None,
            sound_rate=None if sound is None else sound.rate,
            channels=0 if sound is None else sound.channels,
            turns=turns,
        )
