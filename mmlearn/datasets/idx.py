"""The idx format: MNIST's, and that of sets made after it.

A big-endian header, then the numbers in C order:

    2 bytes zero · 1 byte type · 1 byte number of axes · 4 bytes per axis: its size
"""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from mmlearn.datasets.registry import DataError

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
LARGEST = 1 << 31  # bytes


def read_idx(path, axes=None):
    """Read an array from an idx file, gzipped or not.

    Args:
        path: the file.
        axes: the number of axes that it must have, if known.

    Returns:
        the array, of the file's type in the machine's byte order.

    Raises:
        DataError: for a file that cannot be read, is no gzip though it begins like one,
            has another magic number, or is longer or shorter than its header says.

    Source: the description that LeCun, Cortes and Burges published with MNIST.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            zipped = stream.read(2) == b"\x1f\x8b"
        with gzip.open(path) if zipped else path.open("rb") as stream:
            return _parse(path, stream, axes)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path}: damaged gzip file ({error}); fetch it again"
        ) from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None


def _parse(path, stream, axes):
    magic = stream.read(4)
    known = len(magic) == 4 and magic[:2] == b"\0\0" and magic[2] in TYPES
    if not known or magic[3] == 0 or (axes is not None and magic[3] != axes):
        wanted = f"00 00, a type, {'the number of axes' if axes is None else axes}"
        raise DataError(
            f"{path}: begins with the bytes {magic.hex(' ') or '(none)'}; an idx file"
            f" begins with {wanted}"
        )
    sizes = stream.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise DataError(f"{path}: ends inside its header; fetch it again")
    shape = struct.unpack(f">{magic[3]}I", sizes)
    dtype = np.dtype(TYPES[magic[2]])
    expected = math.prod(shape) * dtype.itemsize
    if expected > LARGEST:
        raise DataError(
            f"{path}: its header claims {shape}, {expected:,} bytes: too many"
        )
    data = stream.read(expected + 1)
    if len(data) != expected:
        found = "more" if len(data) > expected else f"{len(data):,}"
        raise DataError(
            f"{path}: its header says {shape}, {expected:,} bytes; found {found}"
        )
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))
