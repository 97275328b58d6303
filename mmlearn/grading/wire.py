"""Plain data as bytes and back, for two processes of which one is not trusted.

A frame is a head of fixed size, a JSON text that says how the data is built, and the
arrays' bytes one after another. Nothing is ever unpickled, and nothing is made in
memory that is much larger than the bytes that came. The sandbox holds a copy of this
file: it imports NumPy and `exercises.answers` only.
"""

import json
import math
import struct
import zlib

import numpy as np

from mmlearn.exercises.answers import Junk

HEAD = struct.Struct("<4sIQI")  # magic, bytes of JSON, bytes of arrays, checksum
LIMIT = 8 * 2**20  # bytes of arrays in one frame: a million numbers
_MAGIC = b"MML1"
_TEXT_LIMIT = 2 * 2**20  # bytes of JSON: a list of 100,000 numbers
_DEPTH = 20
_BITS = 1024  # of an integer
_LETTERS = 16 * 2**20  # what NumPy would need for all as strings of one length
_LONGEST = 10_000  # letters of a string in an array
_ITEMSIZES = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8)}
_ITEMSIZES["c"] = (8, 16)
_KINDS = {"l": "_list", "t": "_tuple", "d": "_dict", "i": "_int", "c": "_complex"}
_KINDS |= {"j": "_junk", "a": "_array"}


class WireError(ValueError):
    """Bytes that are no frame, or data that has no place in one."""


def encode(value, limit=LIMIT):
    """Plain data (see `answers.plain`) as one frame.

    >>> decode(encode({"x": np.zeros((2, 3)), "y": (1, None)}))["y"]
    (1, None)
    """
    raw: list[bytes] = []
    text = json.dumps(_built(value, raw, 0), separators=(",", ":")).encode("ascii")
    arrays = b"".join(raw)
    if len(text) > _TEXT_LIMIT or len(arrays) > limit:
        raise WireError("more than fits into one frame")
    return _head(text, arrays) + text + arrays


def decode(frame, limit=LIMIT):
    """One whole frame as plain data.

    Raises:
        WireError: for anything that `encode` did not write.
    """
    text_size, arrays_size, checksum = sizes(frame[: HEAD.size], limit)
    if len(frame) != HEAD.size + text_size + arrays_size:
        raise WireError("bytes missing or left over")
    text, arrays = frame[HEAD.size :][:text_size], frame[HEAD.size + text_size :]
    if checksum != _checksum(text, arrays):
        raise WireError("the checksum does not fit")
    try:
        reader = _Reader(arrays)
        value = reader.read(json.loads(text.decode("ascii")), 0)
    except (ValueError, TypeError, RecursionError, OverflowError) as problem:
        raise WireError(f"not readable: {type(problem).__name__}") from None
    reader.finish()
    return value


def sizes(head, limit=LIMIT):
    """A head's (bytes of JSON, bytes of arrays, checksum), if it is one."""
    if len(head) != HEAD.size:
        raise WireError("a head cut short")
    magic, text, arrays, checksum = HEAD.unpack(head)
    if magic != _MAGIC:
        raise WireError("not a frame")
    if text > _TEXT_LIMIT or arrays > limit:
        raise WireError("a frame that is too large")
    return text, arrays, checksum


def _checksum(text, arrays):
    # Over the lengths too: a bit that moves the border between the two is found.
    return zlib.crc32(arrays, zlib.crc32(text, len(text)))


def _head(text, arrays):
    return HEAD.pack(_MAGIC, len(text), len(arrays), _checksum(text, arrays))


def _built(value, raw, depth):
    if depth > _DEPTH:
        raise WireError("too deep")
    if value is None or type(value) in (bool, float, str):
        return value
    if type(value) is int:
        long = value.bit_length() > _BITS
        return ["j", "a number of very many digits"] if long else ["i", hex(value)]
    if type(value) is complex:
        return ["c", value.real, value.imag]
    if type(value) in (list, tuple):
        items = [_built(item, raw, depth + 1) for item in value]
        return ["l" if type(value) is list else "t", items]
    if type(value) is dict:
        pairs = [[str(k), _built(item, raw, depth + 1)] for k, item in value.items()]
        return ["d", pairs]
    if isinstance(value, Junk):
        return ["j", value.what[:200]]
    if isinstance(value, np.ndarray):
        return _built_array(np.asarray(value), raw)
    raise WireError(f"{type(value).__name__} is not plain data")


def _built_array(array, raw):
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "U":
        size = size or 4
    elif kind not in _ITEMSIZES:
        raise WireError(f"an array of dtype {array.dtype}")
    elif size not in _ITEMSIZES[kind]:  # long double: as far as float64 goes
        size = max(_ITEMSIZES[kind])
    form = f"<{kind}{size // 4 if kind == 'U' else size}"
    raw.append(np.ascontiguousarray(array, dtype=form).tobytes())
    return ["a", form[1:], list(array.shape)]


class _Reader:
    """Takes a frame's JSON apart, and its arrays' bytes in order, each once."""

    def __init__(self, arrays):
        self.arrays = arrays
        self.at = 0
        self.items = 0
        self.longest = 0

    def read(self, value, depth):
        self.items += 1
        if depth > _DEPTH:
            raise WireError("too deep")
        if isinstance(value, str):
            self.longest = max(self.longest, len(value))
            return _sound(value)
        if value is None or isinstance(value, bool | float):
            return value
        if not isinstance(value, list) or not value:
            raise WireError("a piece without a kind")
        kind, *rest = value
        if not isinstance(kind, str) or kind not in _KINDS:
            raise WireError("a piece of unknown kind")
        return getattr(self, _KINDS[kind])(depth, *rest)

    def finish(self):
        """Nothing is left over, and nothing would explode as an array of strings."""
        if self.at != len(self.arrays):
            raise WireError("bytes of arrays left over")
        if self.items * self.longest > _LETTERS:
            raise WireError("long strings among too many pieces")

    def _list(self, depth, items):
        if not isinstance(items, list):
            raise WireError("a list that is none")
        return [self.read(item, depth + 1) for item in items]

    def _tuple(self, depth, items):
        return tuple(self._list(depth, items))

    def _dict(self, depth, pairs):
        found = {}
        for key, item in pairs:
            if not isinstance(key, str):
                raise WireError("a key that is no string")
            # A text by itself never becomes an array together with others.
            read = _sound if isinstance(item, str) else self.read
            found[_sound(key)] = read(item, depth + 1)
        return found

    def _int(self, depth, text):
        if not isinstance(text, str) or len(text) > _BITS // 4 + 3:
            raise WireError("an integer that is none")
        return int(text, 16)

    def _complex(self, depth, real, imag):
        if type(real) is not float or type(imag) is not float:
            raise WireError("a complex number that is none")
        return complex(real, imag)

    def _junk(self, depth, what):
        if not isinstance(what, str) or len(what) > 200:
            raise WireError("junk that is none")
        return Junk(_sound(what))

    def _array(self, depth, form, shape):
        dtype = _dtype(form)
        if not isinstance(shape, list) or len(shape) > 32:
            raise WireError("a shape that is none")
        if not all(type(n) is int and 0 <= n <= 2**31 for n in shape):
            raise WireError("a shape that is none")
        count = math.prod(shape)
        size = count * dtype.itemsize
        if size > len(self.arrays) - self.at:
            raise WireError("an array's bytes are missing")
        flat = np.frombuffer(self.arrays, dtype, count, self.at)
        self.at += size
        self.items += count
        _expect_values(flat)
        if dtype.kind == "U":
            self.longest = max(self.longest, dtype.itemsize // 4)
        return flat.reshape(shape).astype(dtype.newbyteorder("="))  # a copy to write in


def _sound(text, depth=0):
    """Without halves of letters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _dtype(form):
    kind, size = (form[:1], form[1:]) if isinstance(form, str) else ("", "")
    if not (size.isascii() and size.isdigit() and len(size) < 8):
        raise WireError("a dtype that is none")
    if kind == "U" and 0 < int(size) <= _LONGEST:
        return np.dtype(f"<U{int(size)}")
    if int(size) not in _ITEMSIZES.get(kind, ()):
        raise WireError("a dtype that is none")
    return np.dtype(f"<{kind}{int(size)}")


def _expect_values(flat):
    """Bytes that are no truth value and no letter make NumPy do odd things later."""
    if not flat.size:
        return
    if flat.dtype.kind == "b" and flat.view(np.uint8).max() > 1:
        raise WireError("a truth value that is neither")
    if flat.dtype.kind == "U":
        codes = flat.view("<u4")
        if codes.max() > 0x10FFFF or ((codes >= 0xD800) & (codes < 0xE000)).any():
            raise WireError("a letter that is none")
