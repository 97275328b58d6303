"""Downloads: what is trusted, what is refused, and what is left behind."""

import errno
import hashlib
import io
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pooch
import pytest
import requests

from mmlearn import datasets
from mmlearn.datasets import DataError, download, integrity, storage

A = bytes(range(256)) * 400


def names(folder):
    return sorted(p.name for p in Path(folder).rglob("*") if p.is_file())


def test_fetch_then_verify_then_nothing_more_to_do(toy, home, server):
    paths = datasets.fetch("toy", progress=False)
    assert [p.name for p in paths] == ["a.bin", "b.bin"]
    assert paths[0].read_bytes() == A
    assert [f.state for f in datasets.verify("toy")] == ["ok", "ok"]
    asked = len(server.asked)
    datasets.fetch("toy", progress=False)
    assert len(server.asked) == asked == 2
    assert names(home) == ["a.bin", "b.bin"]


def test_files_are_readable_by_others_as_the_umask_says(toy):
    path = datasets.fetch("toy", progress=False)[0]
    plain = path.with_name("plain")
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


def test_progress_bar_names_the_file(toy, capsys):
    datasets.fetch("toy", progress=True)
    captured = capsys.readouterr()
    assert "a.bin" in captured.err and "100%" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    "wrong",
    [
        A[:-1],
        A[:1000],
        b"",
        A[:50_000] + b"!" + A[50_001:],
        b"<html>log in to this network</html>",
        A + b"more",
        A * 100,
    ],
    ids=[
        "one byte short",
        "cut",
        "empty",
        "altered",
        "login page",
        "longer",
        "endless",
    ],
)
def test_wrong_content_is_refused_and_the_next_mirror_asked(toy, home, server, wrong):
    server.behaviour["/first/a.bin"] = server.serve(wrong)
    path = datasets.fetch("toy", progress=False)[0]
    assert path.read_bytes() == A
    assert server.asked[:2] == ["/first/a.bin", "/second/a.bin"]
    server.behaviour["/second/a.bin"] = server.serve(wrong)
    shutil.rmtree(home)
    with pytest.raises(DataError, match="sent (something else|more than)") as caught:
        datasets.fetch("toy", progress=False)
    assert names(home) == []
    assert_advice(caught.value)


def test_a_broken_connection_is_tried_again(toy, home, server):
    for mirror in ("first", "second"):
        path = f"/{mirror}/a.bin"
        server.behaviour[path] = server.serve(A[:-9], length=len(A))
    with pytest.raises(DataError, match="127.0.0.1:.* broke off") as caught:
        datasets.fetch("toy", progress=False)
    assert server.asked.count("/first/a.bin") == download.ROUNDS
    assert names(home) == []
    assert_advice(caught.value)


def test_a_server_that_falls_silent(toy, home, server, monkeypatch):
    monkeypatch.setattr(download, "TIMEOUT", (1, 0.2))
    for mirror in ("first", "second"):
        server.behaviour[f"/{mirror}/a.bin"] = server.serve(A, delay=0.6)
    with pytest.raises(DataError, match="did not answer in time"):
        datasets.fetch("toy", progress=False)
    assert names(home) == []


def test_no_network(toy, home, monkeypatch):
    def refuse(*args, **kwargs):
        raise requests.exceptions.ConnectionError("Name or service not known")

    monkeypatch.setattr(requests, "get", refuse)
    with pytest.raises(DataError, match="no connection to 127.0.0.1") as caught:
        datasets.fetch("toy", progress=False)
    assert_advice(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert names(home) == []


def test_not_found_and_dead_server(toy, server):
    server.behaviour.clear()
    with pytest.raises(DataError, match="answered 404"):
        datasets.fetch("toy", progress=False)


def test_untrusted_certificate(toy, monkeypatch):
    def refuse(*args, **kwargs):
        raise requests.exceptions.SSLError("self-signed certificate")

    monkeypatch.setattr(requests, "get", refuse)
    with pytest.raises(DataError, match="no certificate that this machine trusts"):
        datasets.fetch("toy", progress=False)


def test_content_is_asked_for_unencoded(toy, monkeypatch):
    asked = []
    get = requests.get
    monkeypatch.setattr(
        requests, "get", lambda *a, **k: asked.append(k) or get(*a, **k)
    )
    datasets.fetch("toy", progress=False)
    assert asked[0]["headers"]["Accept-Encoding"] == "identity"


def test_a_damaged_file_is_named_and_replaced(toy, home, server):
    path = datasets.fetch("toy", progress=False)[0]
    path.write_bytes(A[:-5])
    first = datasets.verify("toy")[0]
    assert (first.state, first.ok) == ("truncated", False)
    assert f"{len(A) - 5:,} bytes; expected {len(A):,}" in str(first)
    path.write_bytes(A[:7] + b"\xff" + A[8:])
    first = datasets.verify("toy")[0]
    assert first.state == "altered"
    assert hashlib.sha256(A).hexdigest() in str(first)
    assert hashlib.sha256(path.read_bytes()).hexdigest() in str(first)
    server.behaviour["/first/a.bin"] = server.missing
    server.behaviour["/second/a.bin"] = server.missing
    with pytest.raises(DataError, match="altered.*answered 404"):
        datasets.fetch("toy", progress=False)
    assert path.exists(), "a failed fetch must not delete what was there"
    server.behaviour["/second/a.bin"] = server.serve(A)
    datasets.fetch("toy", progress=False)
    assert path.read_bytes() == A


def test_missing_files_are_named_one_by_one(toy, home):
    found = datasets.verify("toy")
    assert [(f.file, f.state) for f in found] == [
        ("a.bin", "missing"),
        ("b.bin", "missing"),
    ]
    assert str(home) in str(found[0])
    with pytest.raises(DataError, match=r"a\.bin.*b\.bin") as caught:
        download.obtain("toy", download=False)
    assert_advice(caught.value)


def test_unknown_name_lists_the_names(toy):
    for function in (datasets.fetch, datasets.verify, datasets.entry):
        with pytest.raises(DataError, match="no data set 'tyo'; there are toy"):
            function("tyo")


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


def test_a_fetch_goes_on_where_the_last_one_was_stopped(toy, home, server):
    server.behaviour["/first/b.bin"] = server.missing
    server.behaviour["/second/b.bin"] = server.missing
    with pytest.raises(DataError):
        datasets.fetch("toy", progress=False)
    assert names(home) == ["a.bin"]
    server.asked.clear()
    server.behaviour["/second/b.bin"] = server.serve(b"second file" * 50)
    datasets.fetch("toy", progress=False)
    assert server.asked == ["/first/b.bin", "/second/b.bin"]


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


def assert_advice(error):
    text = str(error)
    assert "mmlearn data fetch toy" in text
    assert "load_digits()" in text
    assert "\n" not in text
