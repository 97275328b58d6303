"""Records with checksums, as TensorBoard keeps its events (TFRecord), quickly.

A record is its length (uint64), the checksum of these 8 bytes, the bytes, their
checksum. TensorBoard's own writer computes the checksum byte by byte in Python when no
TensorFlow is there: 20 ms for one picture, more than it takes to draw it.
"""

import struct
from functools import cache

import numpy as np

HEADER = struct.Struct("<QI")  # length of the bytes, masked checksum of the length
FOOTER = 4  # masked checksum of the bytes
_POLYNOMIAL = 0x82F63B78  # Castagnoli, bits reversed
_LANE = 64  # bytes; a long message is that many lanes at once
_ALL = 0xFFFFFFFF


def record(data):
    """One record around some bytes."""
    length = struct.pack("<Q", len(data))
    head = length + struct.pack("<I", _masked(crc32c(length)))
    return head + data + struct.pack("<I", _masked(crc32c(data)))


def crc32c(data):
    """CRC-32C of bytes: the remainder of a division of polynomials over bits.

    Without its final complement a checksum is linear. So the message is cut into lanes
    of 64 bytes, which are divided side by side; then each lane's remainder is moved on
    by 64 zero bytes (four table look-ups) and the next one added.

    >>> hex(crc32c(b"123456789"))
    '0xe3069283'

    Source: Castagnoli, Bräuer & Herrmann (1993), IEEE Trans. Communications 41(6).
    """
    lanes = len(data) // _LANE
    state = _ALL
    if lanes > 32:
        whole = np.frombuffer(data, np.uint8, lanes * _LANE).reshape(lanes, _LANE)
        start = np.zeros(lanes, np.uint32)
        start[0] = _ALL
        first, *others = _divided(start, whole.T).tolist()
        a, b, c, d = _moved()
        state = first
        for lane in others:
            low = a[state & 255] ^ b[state >> 8 & 255]
            state = low ^ c[state >> 16 & 255] ^ d[state >> 24] ^ lane
        data = data[lanes * _LANE :]
    table = _listed()
    for byte in data:
        state = table[(state ^ byte) & 255] ^ (state >> 8)
    return state ^ _ALL


def _masked(crc):
    """Rotated and shifted, so that a record of records has a checksum of its own."""
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & _ALL


def _divided(state, columns):
    """Remainders (lanes,) after the bytes of every column (lanes,) in turn."""
    table = _table()
    for column in columns:
        state = table[(state ^ column) & 255] ^ (state >> 8)
    return state


@cache
def _table():
    """(256,) remainder of every byte."""
    state = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        state = np.where(state & 1, state >> 1 ^ np.uint32(_POLYNOMIAL), state >> 1)
    return state


@cache
def _listed():
    return _table().tolist()


@cache
def _moved():
    """Four tables, one per byte of a remainder: where _LANE zero bytes move it."""
    places = (np.arange(256, dtype=np.uint32) << np.uint32(8 * k) for k in range(4))
    zeros = np.zeros((_LANE, 1), np.uint8)
    return [_divided(place, zeros).tolist() for place in places]
