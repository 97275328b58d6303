"""Video files to frames with their true times, and the sound that belongs to them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np

from mmlearn.media.files import MediaError, existing
from mmlearn.media.sound_track import read_sound

av.logging.set_level(None)  # what FFmpeg would tell the terminal, our errors say
MAX_BYTES = 4 * 2**30
_PACKED = ("tty", "image2")  # text and single pictures, which FFmpeg takes for video
_INDEXED = ("mov", "matroska")  # containers in which seeking finds what it looks for
_EARLY = 1.0  # s: seek this much before, because frames are not stored in their order
_CUT = 0.25  # s: a file that ends this much before its header says is truncated


@dataclass(frozen=True, eq=False)
class Clip:
    """A video in memory; frames and sound are on one clock, in seconds.

    Attributes:
        frames: (T, H, W, 3) uint8 RGB, upright.
        times: (T,) float64, when each frame appears, s; steps may vary.
        frame_rate: frames per second on average.
        sound: (S, channels) float32, or None if there is none.
        sound_rate: samples per second, Hz, or None.
        sound_start: when sample 0 sounds, s on the clock of `times`.
    """

    frames: np.ndarray
    times: np.ndarray
    frame_rate: float
    sound: np.ndarray | None = None
    sound_rate: int | None = None
    sound_start: float = 0.0


def read_video(path, *, size=None, start=None, stop=None, max_frames=None):
    """Read frames, times and sound of a video, or of the part from start to stop.

    Args:
        path: mp4, webm, mkv, mpg, … whatever FFmpeg decodes.
        size: (H, W) that every frame is scaled to, px; by default as stored.
        start, stop: keep start <= time < stop, seconds on the file's clock.
        max_frames: keep the first so many; the sound ends with the last of them.

    Returns:
        `Clip`; `sound` is None if there is none, and has its codec's padding removed
        where the file states it.

    Raises:
        MediaError: if the file is missing, empty, truncated, damaged (as far as its
            codec can tell: vp9 cannot always), has no video, no frame in that part,
            or more than 4 GB of frames (use `frames`).

    >>> import tempfile, pathlib, mmlearn.media
    >>> path = pathlib.Path(tempfile.mkdtemp(), "black.mp4")
    >>> mmlearn.media.write_video(path, np.zeros((5, 48, 64, 3), np.uint8), 10)
    >>> clip = read_video(path)
    >>> clip.frames.shape, clip.times.tolist(), clip.sound
    ((5, 48, 64, 3), [0.0, 0.1, 0.2, 0.3, 0.4], None)
    """
    kept, times, total = [], [], 0
    for time, frame in frames(
        path, size=size, start=start, stop=stop, max_frames=max_frames
    ):
        kept.append(frame)
        times.append(time)
        total += frame.nbytes
        if total > MAX_BYTES:
            raise MediaError(
                f"read_video: {path} has over {MAX_BYTES / 2**30:.3g} GB of frames; "
                "give size=, stop= or max_frames=, or go through media.frames(path)"
            )
    with _opened("read_video", path) as container:
        rate = float(_moving(container)[0].average_rate or 0)
        if max_frames is not None and len(kept) == max_frames and rate:
            stop = min(math.inf if stop is None else stop, times[-1] + 1 / rate)
        sound, sound_rate, sound_start = read_sound(container, path, start, stop)
    if not rate and len(times) > 1:
        rate = (len(times) - 1) / (times[-1] - times[0])
    stacked = np.stack(kept)  # (T, H, W, 3)
    return Clip(stacked, np.array(times), rate, sound, sound_rate, sound_start)


def frames(
    path, *, size=None, start=None, stop=None, max_frames=None
) -> Iterator[tuple[float, np.ndarray]]:
    """Yield (time, frame) one by one: a video of any length in the memory of a frame.

    Args: as of `read_video`.

    Yields:
        time: s, on the file's clock; frame: (H, W, 3) uint8 RGB, upright.

    Raises:
        MediaError: as `read_video`, when the iterator reaches the fault.

    >>> import tempfile, pathlib, mmlearn.media
    >>> path = pathlib.Path(tempfile.mkdtemp(), "black.mp4")
    >>> mmlearn.media.write_video(path, np.zeros((5, 48, 64, 3), np.uint8), 10)
    >>> [time for time, frame in frames(path, start=0.15, max_frames=2)]
    [0.2, 0.3]
    """
    _expect_part(size, start, stop, max_frames)
    count, shape = 0, size
    with _opened("read_video", path) as container:
        stream = _moving(container)[0]
        stream.thread_type = "AUTO"
        if start and container.format.name.startswith(_INDEXED):
            container.seek(max(0, int((start - _EARLY) * 1e6)), backward=True)
        step = float(1 / (stream.average_rate or 25))
        time = -step
        for picture in _decode(container, stream, path):
            time = time + step if picture.time is None else picture.time
            if start is not None and time < start:
                continue
            if (stop is not None and time >= stop) or count == max_frames:
                break
            if not start:  # after a seek a picture may lack its past, and look right
                _expect_whole(picture, path)
            frame = _upright(picture, shape)
            shape = frame.shape[:2]  # should the stored size change on the way
            yield time, frame
            count += 1
    if not count:
        part = "" if start is None and stop is None else f" from {start} to {stop} s"
        raise MediaError(f"read_video: {path} has no frames{part}")


def _opened(where, path):
    """Open a container that holds a moving picture."""
    path = existing(where, path)
    try:
        container = av.open(str(path))
    except (av.error.FFmpegError, OSError) as error:
        raise MediaError(
            f"{where}: {path} is truncated, damaged or not a video: its container "
            "cannot be read"
        ) from error
    name = container.format.name
    if name in _PACKED or name.endswith("_pipe"):
        container.close()
        raise MediaError(f"{where}: {path} is not a video; expected mp4, webm, mkv, …")
    if not _moving(container):
        container.close()
        raise MediaError(f"{where}: {path} has no video stream")
    return container


def _moving(container):
    """The video streams; a music file's cover is none."""
    cover = av.stream.Disposition.attached_pic
    return [s for s in container.streams.video if not s.disposition & cover]


def _decode(container, stream, path, tracks=()):
    """Every picture of the stream, and every frame of the tracks of sound besides.

    Raises where the data end before the header says.
    """
    reached = 0.0
    try:
        # Sound packets tell how far the file goes, decoded or not.
        wanted = {stream.index, *(track.index for track in tracks)}
        for packet in container.demux(stream, *container.streams.audio):
            if packet.pts is not None:
                last = packet.pts + (packet.duration or 0)
                reached = max(reached, float(last * packet.time_base))
            if packet.stream.index in wanted:
                yield from packet.decode()
    except (av.error.FFmpegError, OSError) as error:
        raise MediaError(
            f"read_video: {path} cannot be decoded after {reached:.2f} s: it is "
            "truncated or damaged; fetch it again, or give stop="
        ) from error
    declared = (container.duration or 0) / 1e6
    if container.format.name.startswith(_INDEXED) and reached < declared - _CUT:
        raise MediaError(
            f"read_video: {path} is truncated: it ends at {reached:.2f} s, its header "
            f"says {declared:.2f} s; fetch it again, or give stop="
        )


def _expect_whole(picture, path):
    """Refuse a picture that the decoder mended: what was lost it has guessed."""
    if picture.is_corrupt:
        at = "" if picture.time is None else f" at {picture.time:.2f} s"
        raise MediaError(
            f"read_video: {path} is damaged{at}: a part of the picture is lost; fetch "
            "it again, or give stop="
        )


def _upright(picture, size):
    """(H, W, 3) uint8 of a decoded picture, turned as its metadata asks."""
    turns = round(picture.rotation / 90) % 4  # counter-clockwise
    height, width = size or (picture.height, picture.width)
    if size and turns % 2:
        height, width = width, height
    smaller = height * width < picture.height * picture.width
    pixels = picture.to_ndarray(
        format="rgb24",
        width=width,
        height=height,
        interpolation="AREA" if smaller else "BICUBIC",
    )
    return np.ascontiguousarray(np.rot90(pixels, turns))


def _expect_part(size, start, stop, max_frames):
    if size is not None and (len(size) != 2 or min(size) < 1):
        raise MediaError(f"read_video: size is {size}; expected (H, W), px")
    if start is not None and stop is not None and not start < stop:
        raise MediaError(
            f"read_video: start is {start} s, stop {stop} s; expected start < stop"
        )
    if max_frames is not None and max_frames < 1:
        raise MediaError(f"read_video: max_frames is {max_frames}; expected 1 or more")
