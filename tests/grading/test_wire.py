"""Frames: what goes in comes out, and what did not go in never comes out."""

import json
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mmlearn.exercises.answers import Junk
from mmlearn.grading.wire import HEAD, LIMIT, WireError, decode, encode

few = settings(max_examples=20, deadline=None, database=None, derandomize=True)
shapes = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
dtypes = st.sampled_from(["?", "i1", "u8", ">i4", "f2", "f4", ">f8", "c8", "c16", "U3"])
letters = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**1000), 2**1000),
    st.floats(),
    st.complex_numbers(),
    letters,
    st.builds(Junk, letters.map(lambda text: text[:200])),
    dtypes.flatmap(lambda dtype: arrays.arrays(dtype, shapes)),
)
plain_data = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(letters, inner, max_size=3),
    ),
    max_leaves=8,
)


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        numbers = a.dtype.kind in "fc"
        same_kind = (a.shape, a.dtype.kind) == (b.shape, b.dtype.kind)
        return same_kind and np.array_equal(a, b, equal_nan=numbers)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(same, a.values(), b.values()))
    return repr(a) == repr(b)  # NaN, and the sign of zero


@few
@given(plain_data)
def test_round_trip(value):
    assert same(decode(encode(value)), value)


@few
@given(plain_data, st.data())
def test_whatever_is_cut_off_or_flipped_is_noticed(value, data):
    frame = bytearray(encode(value))
    with pytest.raises(WireError):
        decode(bytes(frame[: data.draw(st.integers(0, len(frame) - 1))]))
    with pytest.raises(WireError):
        decode(bytes(frame) + b"\x00")
    bit = data.draw(st.integers(0, 8 * len(frame) - 1))
    frame[bit // 8] ^= 1 << bit % 8
    with pytest.raises(WireError):
        decode(bytes(frame))


@few
@given(st.binary(max_size=200))
def test_noise_is_no_frame(noise):
    for text in (noise, encode([])[: HEAD.size] + noise):
        with pytest.raises(WireError):
            decode(text)


def forged(structure, raw=b""):
    """A frame with a right checksum around anything."""
    text = structure if isinstance(structure, bytes) else json.dumps(structure).encode()
    checksum = zlib.crc32(raw, zlib.crc32(text, len(text)))
    return HEAD.pack(b"MML1", len(text), len(raw), checksum) + text + raw


FORGED = {
    "an array that claims more than came": (
        ["a", "f8", [2**31, 2**31]],
        b"12345678",
    ),
    "a shape that overflows": (["a", "f8", [2**31] * 30 + [0]], b""),
    "a negative shape": (["a", "f8", [-1]], b"12345678"),
    "a shape of fractions": (["a", "f8", [1.0]], b"12345678"),
    "a shape with 33 axes": (["a", "f8", [1] * 33], b"12345678"),
    "objects": (["a", "O8", [1]], b"12345678"),
    "a record": (["a", "V8", [1]], b"12345678"),
    "dates": (["a", "M8", [1]], b"12345678"),
    "an item of no known size": (["a", "f16", [1]], bytes(16)),
    "a dtype in words": (["a", "float64", [1]], bytes(8)),
    "a dtype with digits that are none": (["a", "f²", [1]], bytes(8)),
    "a dtype of nothing": (["a", "U0", [5]], b""),
    "strings as long as memory": (["a", "U10001", [0]], b""),
    "a truth value of 7": (["a", "b1", [1]], b"\x07"),
    "half a letter": (["a", "U1", [1]], b"\x00\xd8\x00\x00"),
    "a letter beyond the last": (["a", "U1", [1]], b"\x00\x00\x11\x00"),
    "bytes left over": (["t", []], b"12345678"),
    "the same bytes twice": (["l", [["a", "f8", [1]]] * 2], b"12345678"),
    "depth": (b"[" * 5000 + b"]" * 5000, b""),
    "tidy depth": (b'["l",[' * 30 + b"]]" * 30, b""),
    "a giant integer": (["i", "0x" + "f" * 300], b""),
    "an integer of millions of digits": (b"9" * 10**6, b""),
    "a bare integer": (b"5", b""),
    "an integer in words": (["i", "seven"], b""),
    "an empty piece": ([], b""),
    "a piece of unknown kind": (["pickle", "x"], b""),
    "a method as a kind": (["finish"], b""),
    "a kind that cannot be looked up": ([["l"], []], b""),
    "too many words": (["t", [], []], b""),
    "a dict in JSON": ({"a": 1}, b""),
    "pairs that are none": (["d", [1]], b""),
    "a key that is no string": (["d", [[1, None]]], b""),
    "a dict that is none": (["d", 5], b""),
    "a string as a list": (["l", "abc"], b""),
    "a complex number of strings": (["c", "1", "2"], b""),
    "long junk": (["j", "x" * 201], b""),
    "one long string among many": (["l", ["x" * 20_000] + [""] * 1_000], b""),
    "no JSON": (b"pickle", b""),
    "no ASCII": ("é".encode(), b""),
}


@pytest.mark.parametrize("what", FORGED)
def test_forged_frames_are_refused_and_cost_nothing(what):
    frame = forged(*FORGED[what])
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decode(frame)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


def test_half_letters_are_replaced_so_that_they_can_be_written():
    assert decode(forged(["l", ["a\ud800"]])) == ["a?"]
    assert decode(forged(["d", [["\udfff", "\ud800"]]])) == {"?": "?"}


def test_a_text_by_itself_may_be_long():
    value = {"printed": "x" * 100_000, "answer": [1.0] * 5_000}
    assert decode(encode(value)) == value


def test_what_is_too_much_is_said_by_the_sender():
    with pytest.raises(WireError, match="more than fits"):
        encode(np.zeros(9), limit=71)
    with pytest.raises(WireError, match="more than fits"):
        encode([1 / 3] * 200_000)
    deep = []
    for _ in range(30):
        deep = [deep]
    with pytest.raises(WireError, match="deep"):
        encode(deep)
    with pytest.raises(WireError, match="function"):
        encode(len)
    assert decode(encode(1 << 2000)) == Junk("a number of very many digits")


def test_a_head_can_promise_no_more_than_the_limit():
    for sizes in ((2**31, 0), (0, LIMIT + 1)):
        with pytest.raises(WireError, match="too large"):
            decode(HEAD.pack(b"MML1", *sizes, 0))


def test_what_arrives_is_the_receiver_s_own():
    array = np.arange(6, dtype=">i4").reshape(2, 3).T
    got = decode(encode(array))
    assert got.dtype == np.int32 and got.flags.writeable and (got == array).all()
    wide = decode(encode(np.array([0.1, 1e300], np.longdouble)))
    assert wide.dtype == np.float64
