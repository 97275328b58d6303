"""The registry: every data set's name, files, hashes, licence and citation.

Four kinds of entry: "downloads" (fetched once, checked against its sha256 each time),
"ships" (in the course's data folder), "library" (comes with scikit-learn or networkx),
"made" (by a seeded program of the course's own, when it is loaded).

>>> entry("mnist").offline
'load_digits()'
>>> entry("mnits")  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
mmlearn.datasets.card.DataError: no data set 'mnits'; there are mnist, fsdd, ...
"""

from mmlearn.datasets.card import DataError, Entry, File
from mmlearn.datasets.fetched import FETCHED
from mmlearn.datasets.fetched_video import VIDEO
from mmlearn.datasets.offline import OFFLINE

__all__ = ["DataError", "Entry", "File", "entries", "entry"]

_ENTRIES = (*FETCHED, *VIDEO, *OFFLINE)


def entries():
    """Every data set that the course knows.

    Returns:
        tuple of `Entry`, those to download first.

    >>> [e.name for e in entries() if e.kind == "library"]
    ['digits', 'digits_graph', 'karate']
    """
    return _ENTRIES


def entry(name):
    """The data set of this name.

    Args:
        name: one of `[e.name for e in entries()]`.

    Raises:
        DataError: for an unknown name, with the names there are.

    >>> entry("fsdd").licence
    'CC BY-SA 4.0'
    """
    for found in entries():
        if found.name == name:
            return found
    names = ", ".join(e.name for e in entries())
    raise DataError(f"no data set {name!r}; there are {names}")
