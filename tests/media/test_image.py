import struct

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.media import MediaError, read_image, write_image

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3]))


def smooth(height=48, width=64):
    rows, columns = np.mgrid[:height, :width]
    red, green = 255 * rows / height, 255 * columns / width
    return np.stack([red, green, np.full_like(red, 40)], axis=-1).astype(np.uint8)


@settings(max_examples=25, deadline=None)
@given(SIZES, st.integers(0, 999))
def test_png_keeps_every_value(tmp_path_factory, shape, seed):
    path = tmp_path_factory.mktemp("png") / "a.png"
    image = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    write_image(path, image)
    np.testing.assert_array_equal(read_image(path, gray=shape[2] == 1), image)


@pytest.mark.parametrize("name", ["a.jpg", "a.JPEG"])
def test_jpeg_comes_close_and_red_stays_red(tmp_path, name):
    image = smooth()
    write_image(tmp_path / name, image)
    back = read_image(tmp_path / name)
    assert back.shape == image.shape
    assert np.abs(back.astype(int) - image).mean() < 2


def test_matplotlib_reads_the_same_png(tmp_path):
    pyplot = pytest.importorskip("matplotlib.image")
    write_image(tmp_path / "a.png", smooth())
    theirs = np.rint(255 * pyplot.imread(tmp_path / "a.png")).astype(np.uint8)
    np.testing.assert_array_equal(theirs[..., :3], smooth())


def test_gray_is_the_luma_of_opencv(tmp_path):
    write_image(tmp_path / "a.png", smooth())
    gray = read_image(tmp_path / "a.png", gray=True)
    expected = cv2.cvtColor(smooth(), cv2.COLOR_RGB2GRAY)[..., None]
    assert np.abs(gray.astype(int) - expected).max() <= 1


def test_transparency_and_16_bits_are_reduced(tmp_path):
    deep = np.full((4, 5, 4), 65535, np.uint16)
    cv2.imwrite(str(tmp_path / "deep.png"), deep)
    image = read_image(tmp_path / "deep.png")
    assert (image.shape, image.dtype, image.min()) == ((4, 5, 3), np.uint8, 255)


def with_orientation(data, value):
    """A jpeg with an EXIF block that holds nothing but the orientation tag."""
    tag = struct.pack("<HHIHH", 0x0112, 3, 1, value, 0)
    tiff = b"II*\0" + struct.pack("<IH", 8, 1) + tag + struct.pack("<I", 0)
    body = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


@pytest.mark.parametrize(
    ("value", "turns"), [(1, 0), (3, 2), (6, 3), (8, 1)], ids=["0", "180", "cw", "ccw"]
)
def test_exif_rotation_is_respected(tmp_path, value, turns):
    path = tmp_path / "a.jpg"
    write_image(path, smooth())
    stored = read_image(path)
    path.write_bytes(with_orientation(path.read_bytes(), value))
    np.testing.assert_array_equal(read_image(path), np.rot90(stored, turns))
    np.testing.assert_array_equal(read_image(path, rotate=False), stored)


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.98])
def test_a_truncated_image_is_refused_quietly(tmp_path, capfd, name, part):
    path = tmp_path / name
    write_image(path, smooth())
    data = path.read_bytes()
    path.write_bytes(data[: int(part * len(data))])
    with pytest.raises(MediaError, match="truncated"):
        read_image(path)
    assert capfd.readouterr() == ("", "")


def test_an_altered_png_is_refused_quietly(tmp_path, capfd):
    path = tmp_path / "a.png"
    write_image(path, smooth())
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.write_bytes(data)
    with pytest.raises(MediaError, match="damaged"):
        read_image(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((4, 5), np.uint8), r"\(4, 5\); expected \(H, W, 3\)"),
        (np.zeros((4, 5, 2), np.uint8), r"\(4, 5, 2\)"),
        (np.zeros((0, 5, 3), np.uint8), r"\(0, 5, 3\)"),
        (np.zeros((4, 5, 3)), "float64; expected uint8"),
        (np.full((4, 5, 3), np.nan), "float64; expected uint8"),
        (None, "expected"),
    ],
)
def test_wrong_images_are_refused(tmp_path, image, message):
    with pytest.raises(MediaError, match=message):
        write_image(tmp_path / "a.png", image)
    assert list(tmp_path.iterdir()) == []


def test_wrong_suffix_and_quality_are_refused(tmp_path):
    with pytest.raises(MediaError, match=r"\.bmp; expected one of"):
        write_image(tmp_path / "a.bmp", smooth())
    with pytest.raises(MediaError, match="no suffix"):
        write_image(tmp_path / "a", smooth())
    with pytest.raises(MediaError, match="quality is 0"):
        write_image(tmp_path / "a.jpg", smooth(), quality=0)
