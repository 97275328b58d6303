"""Read a tar archive that is not trusted: by manifest, in memory, member by member.

GitHub packs its archives anew, so their hash is not stable. What is stable are the
members: a manifest in the package lists `sha256  name` of each (`sha256sum -c` reads it
too). Nothing is written under a name that an archive chose; links and devices in a
member's place, absolute or climbing paths, and what is too large are refused.
"""

import hashlib
import io
import tarfile
import zlib
from importlib import resources
from pathlib import PurePosixPath

from mmlearn.datasets.registry import DataError

LARGEST_MEMBER = 1_000_000  # bytes
LARGEST_ARCHIVE = 200_000_000  # bytes, unpacked
MOST_MEMBERS = 20_000


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


def read_members(path, wanted):
    """The members of a tar whose file name is wanted.

    Args:
        path: a .tar.gz.
        wanted: collection of file names, without folders.

    Returns:
        dict, file name to bytes; what the archive lacks is absent.

    Raises:
        DataError: for what is no archive, is cut short, or tries to harm.
    """
    found, total = {}, 0
    try:
        with tarfile.open(path, "r:gz") as tar:
            for count, member in enumerate(tar, start=1):
                total += max(member.size, 0)
                _refuse(path, member, count, total)
                name = PurePosixPath(member.name).name
                if name not in wanted or member.isdir():
                    continue
                if not member.isfile():
                    raise DataError(f"{path}: refused, {name} is a link or a device")
                if name in found:
                    raise DataError(f"{path}: holds {name} twice; expected it once")
                if member.size > LARGEST_MEMBER:
                    raise DataError(f"{path}: {name} has {member.size} bytes, too many")
                with tar.extractfile(member) or io.BytesIO() as stream:
                    found[name] = stream.read()
    except (tarfile.TarError, EOFError, zlib.error, ValueError) as error:
        raise DataError(f"{path}: not a whole .tar.gz archive ({error})") from None
    except OSError as error:  # gzip.BadGzipFile too
        raise DataError(f"{path}: cannot be read ({error})") from None
    return found


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
