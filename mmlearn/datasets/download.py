"""Fetch what is not there yet: mirrors in turn, checked before it gets its name."""

import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

from mmlearn.datasets import integrity, registry, storage
from mmlearn.datasets.registry import DataError

ROUNDS = 2  # each mirror is tried this often
PAUSE = 1.0  # s between the rounds
TIMEOUT = (10, 30)  # s to connect, s without a byte
CHUNK = 1 << 16  # bytes


class _Refused(Exception):
    """A mirror did not deliver what was expected."""


def fetch(name, progress=True):
    """Bring a data set's files to this machine, unless they are there and whole.

    A file gets its name only after its sha256 was checked; an interrupted call leaves
    nothing behind, and the next one goes on with the files that are still missing.

    Args:
        name: a data set's name, see `entries()`.
        progress: whether to draw a progress bar (on stderr).

    Returns:
        list of the files' paths; empty for a set that ships with the course.

    Raises:
        DataError: for an unknown name, no network, a full disk, a folder that cannot
            be written; says what to do.

    >>> fetch("digits")
    []
    """
    entry = registry.entry(name)
    return [_fetch_file(entry, file, progress) for file in entry.files]


def obtain(name, download=True):
    """The files of a data set, whole and checked, for a loader.

    Args:
        name: a data set's name.
        download: whether what is missing or damaged may be fetched.

    Returns:
        list of paths.

    Raises:
        DataError: names the command to run and the offline alternative.
    """
    entry = registry.entry(name)
    if download:
        return fetch(name)
    findings = integrity.verify(name)
    if not all(f.ok for f in findings):
        raise _with_advice(entry, integrity.summary(findings))
    return [storage.locate(entry, file) for file in entry.files]


def _fetch_file(entry, file, progress):
    path = storage.locate(entry, file)
    state = ""
    if path:
        findings = integrity.examine(entry, file, path)
        if all(f.ok for f in findings):
            return path
        state = f"{integrity.summary(findings)}; "
    target = storage.data_home() / entry.place / file.name
    if not file.urls:
        state = state.removesuffix("; ") or f"{target} is not here"
        raise _with_advice(entry, f"{state}, and nobody offers it whole")
    failures = []
    for turn in range(ROUNDS):
        time.sleep(PAUSE if turn else 0)
        for url in file.urls:
            try:
                _download(entry, file, url, target, progress)
                return target
            except _Refused as reason:
                failures.append(str(reason))
    reasons = "; ".join(dict.fromkeys(failures))
    raise _with_advice(entry, f"{state}{file.name} could not be downloaded ({reasons})")


def _download(entry, file, url, target, progress):
    """One attempt at one mirror; raises _Refused if another attempt may do better."""
    import pooch
    import requests

    def check(part):
        findings = integrity.examine(entry, file, part)
        if not all(f.ok for f in findings):
            text = integrity.summary(findings).replace(f"{part} ", "the file ")
            raise _Refused(f"{_host(url)} sent something else: {text}")

    with (
        storage.new_file(target, file.size, check) as stream,
        _bar(file, progress) as bar,
    ):
        download = pooch.HTTPDownloader(
            progressbar=bar or False,
            chunk_size=CHUNK,
            timeout=TIMEOUT,
            headers={"Accept-Encoding": "identity"},  # else a .gz may arrive unpacked
        )
        # An archive that is packed anew has about its size, every other exactly.
        limit = file.size if file.sha256 else 4 * file.size
        try:
            download(url, _Limited(stream, limit, url), None)
        except requests.exceptions.RequestException as error:
            raise _Refused(_reason(error, url)) from None
        except OSError as error:
            raise storage.disk_error(target.parent, file.size, error) from None


class _Limited:
    """A stream to write to that refuses what is longer than it may be."""

    def __init__(self, stream, limit, url):
        self.stream, self.limit, self.room, self.url = stream, limit, limit, url

    def write(self, chunk):
        self.room -= len(chunk)
        if self.room < 0:
            raise _Refused(f"{_host(self.url)} sent more than {self.limit:,} bytes")
        return self.stream.write(chunk)

    def flush(self):
        self.stream.flush()


@contextmanager
def _bar(file, progress):
    """A progress bar; of a download that failed nothing stays on the screen."""
    if not progress:
        yield None
        return
    from tqdm import tqdm

    options = {"unit": "B", "unit_scale": True, "desc": file.name, "file": sys.stderr}
    with tqdm(total=file.size, **options) as bar:
        try:
            yield bar
        except BaseException:
            bar.leave = False
            raise


def _reason(error, url):
    from requests import exceptions

    if isinstance(error, exceptions.HTTPError) and error.response is not None:
        return f"{_host(url)} answered {error.response.status_code}"
    if isinstance(error, exceptions.SSLError):
        return f"{_host(url)} has no certificate that this machine trusts"
    if isinstance(error, exceptions.Timeout) or "timed out" in str(error):
        return f"{_host(url)} did not answer in time"
    if isinstance(error, exceptions.ChunkedEncodingError):
        return f"the connection to {_host(url)} broke off"
    if isinstance(error, exceptions.ConnectionError):
        return f"no connection to {_host(url)}"
    return f"{_host(url)}: {type(error).__name__}"


def _host(url):
    return urlsplit(url).netloc


def _with_advice(entry, what):
    fetch = f"Run `mmlearn data fetch {entry.name}` where there is a network"
    how = next((file.how for file in entry.files if file.how), fetch)
    return DataError(
        f"{entry.name}: {what}. {how}, or set MMLEARN_DATA to a folder that holds"
        f" {entry.place}/. Without a network: {entry.offline}"
    )
