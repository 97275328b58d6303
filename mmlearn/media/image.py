"""Image files: png and jpeg to uint8 arrays (H, W, C) in RGB order, and back."""

import zlib
from contextlib import contextmanager

import numpy as np

from mmlearn.media.files import MediaError, existing, expect_suffix, replacing

_PNG = b"\x89PNG\r\n\x1a\n"
_SUFFIXES = (".png", ".jpg", ".jpeg")


def read_image(path, *, gray=False, rotate=True):
    """Read an image as bytes: row 0 is the top, channel 0 is red.

    Args:
        path: a png or jpeg file, or another format that OpenCV decodes.
        gray: one channel (luma, Y = 0.299 R + 0.587 G + 0.114 B) instead of three.
        rotate: turn the image as its EXIF tag asks, as every viewer does.

    Returns:
        (H, W, 3) uint8 RGB, or (H, W, 1) if gray. Transparency is dropped; 16 bits
        become 8.

    Raises:
        MediaError: if the file is missing, empty, truncated, damaged or no image.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "red.png")
    >>> write_image(path, np.full((2, 3, 3), [255, 0, 0], np.uint8))
    >>> read_image(path)[0, 0]
    array([255,   0,   0], dtype=uint8)
    """
    import cv2

    path = existing("read_image", path)
    data = path.read_bytes()
    _expect_whole(path, data)
    flags = cv2.IMREAD_GRAYSCALE if gray else cv2.IMREAD_COLOR
    if not rotate:
        flags |= cv2.IMREAD_IGNORE_ORIENTATION
    try:
        with _quiet(cv2):
            image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:  # sizes in the header that no image can have
        image = None
    if image is None:
        raise MediaError(
            f"read_image: {path} cannot be decoded: it is damaged, truncated or not an "
            "image; expected png or jpeg"
        )
    # OpenCV keeps colours in the order blue, green, red.
    return image[:, :, None] if gray else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def write_image(path, image, *, quality=95):
    """Write an image; png keeps every value, jpeg comes close.

    Args:
        path: where; `.png`, `.jpg` or `.jpeg`.
        image: (H, W, 3) RGB or (H, W, 1) gray, uint8, 0 to 255.
        quality: of a jpeg, 1 to 100.

    Raises:
        MediaError: for a wrong shape or dtype, or if it cannot be written.
    """
    import cv2

    suffix = expect_suffix("write_image", path, _SUFFIXES)
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] not in (1, 3) or image.size == 0:
        raise MediaError(
            f"write_image: image is {image.shape}; expected (H, W, 3) or (H, W, 1)"
        )
    if image.dtype != np.uint8:
        raise MediaError(
            f"write_image: image is {image.dtype}; expected uint8, 0 to 255: "
            "for floats in 0 to 1, (255 * image).round().astype('uint8')"
        )
    if not (isinstance(quality, int | np.integer) and 1 <= quality <= 100):
        raise MediaError(f"write_image: quality is {quality!r}; expected 1 to 100")
    if image.shape[2] == 3:
        image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    options = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, int(quality)]
    data = cv2.imencode(suffix, np.ascontiguousarray(image), options)[1].tobytes()
    with replacing("write_image", path) as file:
        file.write(data)


def _expect_whole(path, data):
    """Refuse a cut or altered file: decoders return half a picture, or shout."""
    if data[:8] == _PNG:
        whole = _png_is_whole(data)
    elif data[:2] == b"\xff\xd8":  # jpeg: the end marker after the last scan's start
        whole = data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda") > 0
    else:
        return
    if not whole:
        raise MediaError(f"read_image: {path} is truncated or damaged; fetch it again")


def _png_is_whole(data):
    at = 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            return False
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at = end
    return False


@contextmanager
def _quiet(cv2):
    """OpenCV writes to stderr what the error already says."""
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)
