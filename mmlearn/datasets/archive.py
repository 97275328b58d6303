"""Read an archive that is not trusted: by manifest, in memory, member by member.

GitHub packs its archives anew, so their hash is not stable. What is stable are the
members: a manifest in the package lists `sha256  name` of each (`sha256sum -c` reads it
too). Nothing is written under a name that an archive chose; links and devices in a
member's place, absolute or climbing paths, and what is too large are refused.
"""

import hashlib
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import PurePosixPath
from typing import NamedTuple

from mmlearn.datasets.card import LARGEST_MEMBER, DataError

LARGEST_ARCHIVE = 200_000_000  # bytes, unpacked
MOST_MEMBERS = 20_000
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    ValueError,
    RuntimeError,  # zipfile's, of a member under a password
    NotImplementedError,  # zipfile's, of a compression it does not know
)


def manifest(name):
    """A manifest of the package: dict, member name to sha256.

    >>> len(manifest("fsdd.txt"))
    3000
    """
    return listed(
        (resources.files(__package__) / "manifests" / name).read_text("utf-8")
    )


def listed(text):
    """The lines of sha256sum: dict, file name to sha256.

    >>> listed("9f86d081  1_eve_0.wav")
    {'1_eve_0.wav': '9f86d081'}
    """
    rows = (line.split(maxsplit=1) for line in text.splitlines())
    return {member: sha256 for sha256, member in rows}


class _Member(NamedTuple):
    """One member of an archive, tar or zip."""

    name: str
    size: int
    kind: str  # "file", "folder" or "other": a link, a device
    read: Callable[[], bytes]


def read_members(path, wanted, largest=LARGEST_MEMBER):
    """The members of a tar or a zip whose file name is wanted.

    Args:
        path: a .tar.gz, a .zip, or an .npz, which is a zip of arrays.
        wanted: collection of file names, without folders.
        largest: bytes that one of them may have.

    Returns:
        dict, file name to bytes; what the archive lacks is absent.

    Raises:
        DataError: for what is no archive, is cut short, or tries to harm.
    """
    zipped = str(path).endswith((".zip", ".npz"))
    found, total = {}, 0
    try:
        for count, member in enumerate((_zip if zipped else _tar)(path), start=1):
            total += max(member.size, 0)
            _refuse(path, member, count, total)
            name = PurePosixPath(member.name).name
            if name not in wanted or member.kind == "folder":
                continue
            if member.kind != "file":
                raise DataError(f"{path}: refused, {name} is a link or a device")
            if name in found:
                raise DataError(f"{path}: holds {name} twice; expected it once")
            if member.size > largest:
                raise DataError(f"{path}: {name} has {member.size} bytes, too many")
            found[name] = member.read()
    except _DAMAGED as error:
        what = ".zip" if zipped else ".tar.gz"
        raise DataError(f"{path}: not a whole {what} archive ({error})") from None
    except OSError as error:  # gzip.BadGzipFile too
        raise DataError(f"{path}: cannot be read ({error})") from None
    return found


def _tar(path):
    with tarfile.open(path, "r:gz") as tar:
        for member in tar:
            kind = "file" if member.isfile() else "other"
            kind = "folder" if member.isdir() else kind

            def read(member=member):
                with tar.extractfile(member) or io.BytesIO() as stream:
                    return stream.read()

            yield _Member(member.name, member.size, kind, read)


def _zip(path):
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            mode = member.external_attr >> 16  # as Unix writes it; 0 elsewhere
            plain = stat.S_IFMT(mode) in (0, stat.S_IFREG)
            kind = "folder" if member.is_dir() else "file" if plain else "other"
            read = partial(archive.read, member)
            yield _Member(member.orig_filename, member.file_size, kind, read)


def compare(members, expected):
    """Names of members that are missing, and of those whose bytes are not as expected.

    Args:
        members: dict, name to bytes.
        expected: dict, name to sha256.

    Returns:
        missing: list of names.
        altered: dict, name to the sha256 found.
    """
    missing = [name for name in expected if name not in members]
    hashes = {n: hashlib.sha256(members[n]).hexdigest() for n in members}
    return missing, {n: h for n, h in hashes.items() if h != expected.get(n)}


def _refuse(path, member, count, total):
    """Stop at the first sign of an archive made to harm."""
    place = PurePosixPath(member.name)
    climbs = place.is_absolute() or ".." in place.parts or "\\" in member.name
    if climbs:
        raise DataError(
            f"{path}: refused, member {member.name!r} leads out of its folder"
        )
    if count > MOST_MEMBERS or total > LARGEST_ARCHIVE:
        raise DataError(
            f"{path}: refused, it unpacks to more than {LARGEST_ARCHIVE // 10**6} MB"
            f" or {MOST_MEMBERS} members"
        )
