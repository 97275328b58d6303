"""What the registry says of one data set: its card, and what there is to fetch."""

from dataclasses import dataclass

LARGEST_MEMBER = 1_000_000  # bytes


class DataError(RuntimeError):
    """A data set is missing, damaged or out of reach; the message says what to do."""


@dataclass(frozen=True)
class File:
    """One file of a data set.

    Args:
        name: file name inside the data set's folder.
        urls: mirrors, tried in this order; none for a file that `how` says to make.
        sha256: of the whole file, or None where the archive is packed anew for each
            download: then `manifest` names the package's list of its members' hashes.
        size: in bytes; exact where sha256 is given, else about.
        manifest: file in `datasets/manifests`, lines `sha256 name`.
        also: other names under which people keep the same content.
        how: to make the file, where nobody offers it whole.
        largest: bytes that a member of the archive may have.
    """

    name: str
    urls: tuple[str, ...]
    sha256: str | None
    size: int
    manifest: str | None = None
    also: tuple[str, ...] = ()
    how: str = ""
    largest: int = LARGEST_MEMBER


@dataclass(frozen=True)
class Entry:
    """One data set: where it comes from and on which terms.

    Args:
        name: as in `mmlearn data fetch NAME`.
        title: one line for a list.
        kind: "downloads", "ships", "library" or "made" (by a seeded program of ours).
        licence: what its authors grant.
        citation: the work to cite.
        homepage: where to read about it.
        loader: the call that loads it.
        offline: the call that gives something alike without a network.
        files: what there is to download.
        folder: where they lie under `data_home()`; by default a folder of its name.
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
    folder: str = ""

    @property
    def place(self):
        """The folder of its files, as a path under `data_home()`."""
        return self.folder or self.name

    @property
    def size(self):
        """Bytes to download."""
        return sum(file.size for file in self.files)
