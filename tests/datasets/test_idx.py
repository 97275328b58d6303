"""The idx parser: round trips by an independent writer, and every kind of damage."""

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mmlearn.datasets import DataError, read_idx

CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def idx(array):
    code = CODES[array.dtype.str[1:]]
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(sorted(CODES)).flatmap(
        lambda kind: hnp.arrays(kind, hnp.array_shapes(min_side=0, max_side=5))
    ),
    st.booleans(),
)
def test_round_trip(tmp_path_factory, array, zipped):
    path = tmp_path_factory.mktemp("idx") / "a.idx"
    path.write_bytes(gzip.compress(idx(array)) if zipped else idx(array))
    back = read_idx(path, axes=array.ndim)
    assert back.dtype == array.dtype and back.dtype.isnative
    np.testing.assert_array_equal(back, array)


IMAGES = idx(np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "begins with the bytes .none."),
        (b"\0\0\x08", "begins with the bytes 00 00 08"),
        (b"\0\0\x07\x03" + IMAGES[4:], "00 00 07 03; an idx file begins with 00 00"),
        (b"\x01" + IMAGES[1:], "begins with the bytes 01 00 08 03"),
        (b"\0\0\x08\0", "begins with"),
        (idx(np.zeros(5, np.uint8)), "begins with the bytes 00 00 08 01.*a type, 3"),
        (IMAGES[:10], "ends inside its header"),
        (IMAGES[:-1], r"says \(2, 3, 4\), 24 bytes; found 23"),
        (IMAGES + b"x", "24 bytes; found more"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "bytes: too many"),
        (b"\x89PNG\r\n\x1a\n", "begins with the bytes 89 50 4e 47"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_damage_is_named(tmp_path, content, message, zipped):
    path = tmp_path / "images.idx"
    path.write_bytes(gzip.compress(content) if zipped else content)
    with pytest.raises(DataError, match=message) as caught:
        read_idx(path, axes=3)
    assert str(path) in str(caught.value)


def test_damaged_gzip(tmp_path):
    path = tmp_path / "images.gz"
    whole = gzip.compress(IMAGES)
    for damaged in (whole[:-9], whole[:15], b"\x1f\x8b", b"\x1f\x8b rubbish rubbish"):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match="damaged gzip file"):
            read_idx(path)
    for place in range(2, len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 0x10
        path.write_bytes(flipped)
        try:
            back = read_idx(path)
        except DataError:
            continue
        # a flip in gzip's own header (time, system, name) changes no number
        np.testing.assert_array_equal(back.ravel(), np.arange(24))


def test_missing_and_folder(tmp_path):
    with pytest.raises(DataError, match="No such file"):
        read_idx(tmp_path / "none.gz")
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path)
