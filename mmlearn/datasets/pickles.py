"""Read a pickle that is not trusted: numbers and lists come out, no code runs.

A pickle is a program: it names functions, and a plain unpickler imports and calls them.
Here a short list of names is known, and each stands for a small class of our own that
only keeps what it is given; every other name (`os.system`) is refused before anything
is imported. NumPy and SciPy see the parts after they were checked.
"""

import collections
import math
import pickle
from pathlib import Path

import numpy as np

from mmlearn.datasets.card import DataError

_TYPES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")


class _Type:
    """A pickled dtype."""

    def __init__(self, code="", *unused):
        self.code, self.order = code, "="

    def __setstate__(self, state):
        self.order = state[1]

    def dtype(self):
        if self.code not in _TYPES or self.order not in ("<", ">", "|", "="):
            raise ValueError(f"an array of type {self.code!r:.20}")
        return np.dtype(self.code).newbyteorder(self.order)


class _Array:
    """A pickled array: shape, type, order and bytes."""

    def __init__(self, *unused):
        self.state: tuple = ()

    def __setstate__(self, state):
        self.state = state

    def plain(self):
        _, shape, stored, fortran, data = self.state
        data = data.encode("latin1") if isinstance(data, str) else data
        dtype = stored.dtype()
        if math.prod(shape) * dtype.itemsize != len(data):
            raise ValueError(f"an array {shape} of {len(data)} bytes")
        flat = np.frombuffer(data, dtype).astype(dtype.newbyteorder("="))
        return flat.reshape(shape, order="F" if fortran else "C")


class _Matrix:
    """A pickled SciPy matrix: its attributes."""

    def plain(self):
        from scipy import sparse

        parts = vars(self)
        arrays = tuple(parts[name].plain() for name in ("data", "indices", "indptr"))
        matrix = sparse.csr_array(arrays, shape=parts["_shape"])
        matrix.check_format(full_check=True)
        return matrix


# What upstream's files, written by Python 2 and NumPy 1, may name; and today's names.
_KNOWN = {
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Type,
    ("scipy.sparse.csr", "csr_matrix"): _Matrix,
    ("scipy.sparse._csr", "csr_matrix"): _Matrix,
    ("collections", "defaultdict"): collections.defaultdict,
    ("__builtin__", "list"): list,
    ("builtins", "list"): list,
}


class _Refused(Exception):
    """The pickle names what it has no business to name."""


class _Reader(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in _KNOWN:
            raise _Refused(f"{module}.{name}")
        return _KNOWN[module, name]


def read_pickle(path):
    """The content of a pickle of arrays, sparse matrices, lists, dicts and numbers.

    Args:
        path: the file; Python 2's pickles are read too (texts as latin-1).

    Returns:
        the object; a SciPy CSR matrix comes as `scipy.sparse.csr_array`.

    Raises:
        DataError: for a file that cannot be read, is damaged or cut, or names anything
            beyond numpy's arrays, scipy's CSR matrix and collections' defaultdict.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            return _plain(_Reader(stream, encoding="latin1").load())
    except _Refused as error:
        raise DataError(
            f"{path}: refused, this pickle names {error}; expected numbers, arrays and"
            " lists only. It is not the published file: delete it and fetch it again"
        ) from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None
    except Exception as error:  # damaged bytes make a pickle fail in any way there is
        kind = type(error).__name__
        raise DataError(
            f"{path}: damaged pickle ({kind}: {error!s:.60}); fetch it again"
        ) from None


def _plain(content):
    if isinstance(content, _Array | _Matrix):
        return content.plain()
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plain(item) for item in content]
    if isinstance(content, int | float | str | None):
        return content
    raise ValueError(f"it holds a {type(content).__name__.strip('_')}")
