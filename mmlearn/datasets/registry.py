"""The registry: every data set's name, files, hashes, licence and citation.

Three kinds of entry: "downloads" (fetched once, checked against its sha256 each time),
"ships" (in the course's data folder), "library" (comes with scikit-learn or networkx).

>>> entry("mnist").offline
'load_digits()'
>>> entry("mnits")  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
mmlearn.datasets.registry.DataError: no data set 'mnits'; there are mnist, fsdd, ...
"""

from dataclasses import dataclass


class DataError(RuntimeError):
    """A data set is missing, damaged or out of reach; the message says what to do."""


@dataclass(frozen=True)
class File:
    """One file of a data set.

    Args:
        name: file name inside the data set's folder.
        urls: mirrors, tried in this order.
        sha256: of the whole file, or None where the archive is packed anew for each
            download: then `manifest` names the package's list of its members' hashes.
        size: in bytes; exact where sha256 is given, else about.
        manifest: file in `datasets/manifests`, lines `sha256 name`.
        also: other names under which people keep the same content.
    """

    name: str
    urls: tuple[str, ...]
    sha256: str | None
    size: int
    manifest: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One data set: where it comes from and on which terms.

    Args:
        name: as in `mmlearn data fetch NAME`, and the name of its folder.
        title: one line for a list.
        kind: "downloads", "ships" or "library".
        licence: what its authors grant.
        citation: the work to cite.
        homepage: where to read about it.
        loader: the call that loads it.
        offline: the call that gives something alike without a network.
        files: what there is to download.
    """

    name: str
    title: str
    kind: str
    licence: str
    citation: str
    homepage: str
    loader: str
    offline: str
    files: tuple[File, ...] = ()

    @property
    def size(self):
        """Bytes to download."""
        return sum(file.size for file in self.files)


def _mnist_file(name, size, sha256):
    mirrors = (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    )
    return File(name, tuple(mirror + name for mirror in mirrors), sha256, size)


_ENTRIES = (
    Entry(
        name="mnist",
        title="MNIST: 70,000 handwritten digits, 28×28",
        kind="downloads",
        licence="no formal licence by its authors; commonly cited as CC BY-SA 3.0",
        citation="Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998). Gradient-based"
        " learning applied to document recognition. Proceedings of the IEEE 86(11),"
        " 2278–2324.",
        homepage="http://yann.lecun.com/exdb/mnist/",
        loader="load_mnist()",
        offline="load_digits()",
        files=(
            _mnist_file(
                "train-images-idx3-ubyte.gz",
                9912422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            _mnist_file(
                "train-labels-idx1-ubyte.gz",
                28881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            _mnist_file(
                "t10k-images-idx3-ubyte.gz",
                1648877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            _mnist_file(
                "t10k-labels-idx1-ubyte.gz",
                4542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ),
    ),
    Entry(
        name="fsdd",
        title="Free Spoken Digit Dataset: 3,000 recordings, 6 speakers, 8 kHz",
        kind="downloads",
        licence="CC BY-SA 4.0",
        citation="Z. Jackson and contributors (2020). Free Spoken Digit Dataset,"
        " version 1.0.10.",
        homepage="https://github.com/Jakobovski/free-spoken-digit-dataset",
        loader="load_fsdd()",
        offline="load_spoken_digits()",
        files=(
            File(
                name="free-spoken-digit-dataset-1.0.10.tar.gz",
                urls=(
                    "https://github.com/Jakobovski/free-spoken-digit-dataset"
                    "/archive/refs/tags/v1.0.10.tar.gz",
                    "https://codeload.github.com/Jakobovski/free-spoken-digit-dataset"
                    "/tar.gz/refs/tags/v1.0.10",
                ),
                sha256=None,
                size=16_000_000,
                manifest="fsdd.txt",
                also=(
                    "free-spoken-digit-dataset-1.0.10-recordings.tar.gz",
                    "v1.0.10.tar.gz",
                ),
            ),
        ),
    ),
    Entry(
        name="digits",
        title="scikit-learn's 1,797 handwritten digits, 8×8",
        kind="library",
        licence="CC BY 4.0 (UCI Machine Learning Repository)",
        citation="E. Alpaydin, C. Kaynak (1998). Cascading classifiers. Kybernetika"
        " 34(4), 369–374.",
        homepage="https://archive.ics.uci.edu/dataset/80",
        loader="load_digits()",
        offline="load_digits()",
    ),
    Entry(
        name="karate",
        title="Zachary's karate club: 34 people, 78 ties, two clubs",
        kind="library",
        licence="a published table, no licence stated",
        citation="W. W. Zachary (1977). An information flow model for conflict and"
        " fission in small groups. Journal of Anthropological Research 33(4), 452–473.",
        homepage="https://networkx.org/documentation/stable/reference/generators.html",
        loader="load_karate_club()",
        offline="load_karate_club()",
    ),
    Entry(
        name="spoken_digits",
        title="Ten spoken digits, synthesized, several voices, 8 kHz",
        kind="ships",
        licence="CC BY 4.0",
        citation="The mmlearn authors; synthesized with eSpeak NG, no person recorded.",
        homepage="https://github.com/espeak-ng/espeak-ng",
        loader="load_spoken_digits()",
        offline="load_spoken_digits()",
    ),
    Entry(
        name="clip",
        title="One short clip with sound and subtitles",
        kind="ships",
        licence="CC BY 4.0",
        citation="The mmlearn authors; no recording of anybody.",
        homepage="",
        loader="load_clip()",
        offline="load_clip()",
    ),
)


def entries():
    """Every data set that the course knows.

    Returns:
        tuple of `Entry`, those to download first.

    >>> [e.name for e in entries() if e.kind == "downloads"]
    ['mnist', 'fsdd']
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
