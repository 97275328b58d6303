"""Video as it comes in: frame by frame and sound by sound, from a file or a camera."""

import time as clock
from collections.abc import Iterator

import av
import numpy as np

from mmlearn.media.files import MediaError
from mmlearn.media.image import _quiet
from mmlearn.media.video import _decode, _expect_whole, _moving, _opened, _upright


def pieces(
    path, *, size=None, sound_rate=None
) -> Iterator[tuple[str, float, np.ndarray]]:
    """Yield frames and pieces of sound in the order in which a file holds them.

    Args:
        path: as of `read_video`.
        size: (H, W) that every frame is scaled to, px; by default as stored.
        sound_rate: Hz wanted, then with one channel; None: no sound.

    Yields:
        ("frame", time, (H, W, 3) uint8 RGB, upright) and ("sound", time, (s,)
        float32), time in s on the file's clock. Players mix both by the second or
        less. What a codec fills its last packet up with is left in the sound.

    Raises:
        MediaError: as `read_video`, when the iterator reaches the fault.

    >>> import tempfile, pathlib, mmlearn.media
    >>> path = pathlib.Path(tempfile.mkdtemp(), "black.mp4")
    >>> mmlearn.media.write_video(path, np.zeros((3, 48, 64, 3), np.uint8), 10)
    >>> [(kind, time) for kind, time, _ in pieces(path)]
    [('frame', 0.0), ('frame', 0.1), ('frame', 0.2)]
    """
    with _opened("pieces", path) as container:
        stream = _moving(container)[0]
        stream.thread_type = "SLICE"  # threads by the frame hold frames back
        tracks = container.streams.audio[:1] if sound_rate else ()
        to_mono = av.AudioResampler(format="flt", layout="mono", rate=sound_rate)
        step = float(1 / (stream.average_rate or 25))
        time, count = -step, 0
        for decoded in _decode(container, stream, path, tracks):
            if isinstance(decoded, av.AudioFrame):
                for part in to_mono.resample(decoded):
                    yield "sound", float(part.time or 0), part.to_ndarray()[0]
                continue
            time = time + step if decoded.time is None else decoded.time
            _expect_whole(decoded, path)
            frame = _upright(decoded, size)
            size, count = frame.shape[:2], count + 1
            yield "frame", time, frame
        for part in to_mono.resample(None) if tracks else ():
            yield "sound", float(part.time or 0), part.to_ndarray()[0]
    if not count:
        raise MediaError(f"pieces: {path} has no frames")


def camera(
    device=0, *, size=None, max_frames=None
) -> Iterator[tuple[str, float, np.ndarray]]:
    """Yield the frames of a camera, each when it comes; close the iterator to stop.

    Args:
        device: the camera's number, or an address that OpenCV opens.
        size: (H, W) that every frame is scaled to, px; by default as the camera's.
        max_frames: how many; None: until the camera ends or the iterator is closed.

    Yields:
        ("frame", time, (H, W, 3) uint8 RGB), time in s since the first one came. What
        is late stays late: a frame that nobody fetched is dropped by the driver.

    Raises:
        MediaError: if there is no such camera, or it gives no picture.
    """
    import cv2

    with _quiet(cv2):
        capture = cv2.VideoCapture(device)
    try:
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        began = last = None
        count = 0
        while count != max_frames:
            whole, pixels = capture.read()
            if not whole:
                break
            now = clock.monotonic()
            began = now if began is None else began
            if size is not None:
                pixels = cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_AREA)
            time = now - began
            last = time if last is None else max(time, last + 1e-6)
            yield "frame", last, cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
            count += 1
        if not count:
            raise MediaError(
                f"camera: no picture from camera {device!r}; check that it is there, "
                "free and allowed, or try another number"
            )
    finally:
        capture.release()
