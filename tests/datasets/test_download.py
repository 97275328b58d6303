"""Downloads: which answers of a server are trusted, and what is said of others."""

import shutil
from pathlib import Path

import pytest
import requests

from mmlearn import datasets
from mmlearn.datasets import DataError, download

A = bytes(range(256)) * 400  # what the server sends as a.bin


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


def test_an_endless_answer_is_cut_off(toy, server):
    for mirror in ("first", "second"):
        server.behaviour[f"/{mirror}/b.bin"] = server.serve(b"x" * 10_000_000)
    with pytest.raises(DataError, match="sent more than 550 bytes"):
        datasets.fetch("toy", progress=False)


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


def assert_advice(error):
    text = str(error)
    assert "mmlearn data fetch toy" in text
    assert "load_digits()" in text
    assert "\n" not in text


def test_of_a_failed_download_no_bar_stays(toy, monkeypatch, capsys):
    def refuse(*_, **__):
        raise requests.exceptions.ConnectionError

    monkeypatch.setattr(requests, "get", refuse)
    monkeypatch.setattr(download, "PAUSE", 0)
    with pytest.raises(DataError, match="no connection to"):
        datasets.fetch("toy", progress=True)
    *_, last = capsys.readouterr().err.split("\r")
    assert not last.strip()
