"""Files on their way to the disk: it fills up, is read-only, or all goes dark."""

import errno
import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pooch
import pytest

from mmlearn import datasets
from mmlearn.datasets import DataError, integrity, storage

A = bytes(range(256)) * 400  # what the server sends as a.bin


def names(folder):
    return sorted(p.name for p in Path(folder).rglob("*") if p.is_file())


def test_files_are_readable_by_others_as_the_umask_says(toy):
    path = datasets.fetch("toy", progress=False)[0]
    plain = path.with_name("plain")
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up(toy, home, monkeypatch, code):
    class Full(io.FileIO):
        def write(self, data):
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "open", lambda self, mode: Full(self, mode))
    with pytest.raises(DataError, match="the disk is full: 0.1 MB are needed"):
        datasets.fetch("toy", progress=False)
    assert names(home) == []


def test_a_disk_that_fills_up_at_the_last_flush(toy, home, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="the disk is full"):
        datasets.fetch("toy", progress=False)
    assert names(home) == []


def test_too_little_room_is_said_before_the_download(toy, home, server, monkeypatch):
    monkeypatch.setattr(storage, "MARGIN", 10**18)
    with pytest.raises(DataError, match="are free in .*; .* are needed"):
        datasets.fetch("toy", progress=False)
    assert server.asked == [] and names(home) == []


def test_a_folder_that_cannot_be_written(toy, home, server, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(
        DataError, match="cannot be written.*set MMLEARN_DATA"
    ) as caught:
        datasets.fetch("toy", progress=False)
    assert "Permission denied" in str(caught.value) and server.asked == []


def test_a_read_only_folder_with_the_files_in_it_serves(toy, home, server, monkeypatch):
    datasets.fetch("toy", progress=False)

    def refuse(self, mode="r", **kwargs):
        if set(mode) & set("wxa+"):
            raise OSError(errno.EROFS, "Read-only file system", str(self))
        return opened(self, mode, **kwargs)

    opened = Path.open
    monkeypatch.setattr(Path, "open", refuse)
    assert len(datasets.fetch("toy", progress=False)) == 2
    (home / "toy" / "a.bin").unlink()
    with pytest.raises(DataError, match="Read-only file system"):
        datasets.fetch("toy", progress=False)


def test_a_file_in_the_place_of_the_folder(toy, home):
    home.write_text("not a folder")
    with pytest.raises(DataError, match="a file; expected a folder"):
        datasets.data_home()
    home.unlink()
    home.mkdir()
    (home / "toy").write_text("not a folder")
    with pytest.raises(DataError, match="cannot be written"):
        datasets.fetch("toy", progress=False)


@pytest.mark.parametrize("when", ["while receiving", "while checking"])
def test_interruption_leaves_nothing(toy, home, monkeypatch, when):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    if when == "while receiving":
        monkeypatch.setattr(pooch.HTTPDownloader, "__call__", interrupt)
    else:
        monkeypatch.setattr(integrity, "sha256", interrupt)
    with pytest.raises(KeyboardInterrupt):
        datasets.fetch("toy", progress=False)
    assert names(home) == []
    monkeypatch.undo()


def test_a_killed_download_is_never_trusted_and_swept_later(toy, home, server):
    server.behaviour["/first/a.bin"] = server.serve(A, delay=120)
    script = (
        "import sys; from mmlearn.datasets import download, registry;"
        "file = registry.File('a.bin', (sys.argv[1],), '0' * 64, int(sys.argv[2]));"
        "texts = [''] * 5;"
        "toy = registry.Entry('toy', '', 'downloads', *texts, (file,));"
        "registry._ENTRIES = (toy,);"
        "download.fetch('toy', progress=False)"
    )
    arguments = [sys.executable, "-c", script, f"{server.url}/first/a.bin", str(len(A))]
    child = subprocess.Popen(arguments)
    while not names(home) and child.poll() is None:
        time.sleep(0.02)
    child.kill()
    child.wait()
    (stale,) = names(home)
    assert stale.startswith(".a.bin.") and stale.endswith(".part")
    assert datasets.verify("toy")[0].state == "missing"
    server.behaviour["/first/a.bin"] = server.serve(A)
    old = time.time() - 2 * storage.DAY
    os.utime(home / "toy" / stale, (old, old))
    datasets.fetch("toy", progress=False)
    assert names(home) == ["a.bin", "b.bin"]


def test_fetching_at_the_same_time(toy, home, server):
    server.behaviour["/first/a.bin"] = server.serve(A, delay=0.1)
    results, errors = [], []

    def work():
        try:
            results.append(datasets.fetch("toy", progress=False))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and len(results) == 4
    assert names(home) == ["a.bin", "b.bin"]
    assert all(f.ok for f in datasets.verify("toy"))
