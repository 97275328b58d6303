import http.client
import http.server
import json
import socket
import sys
import threading
import urllib.request

import pytest

from mmlearn import watch
from mmlearn.watch import server as server_module
from mmlearn.watch.server import HOST, Server, free_port

FAKE = """port = int(next(w for w in sys.argv if w.startswith("--port=")).split("=")[1])
h.HTTPServer(("127.0.0.1", port), h.SimpleHTTPRequestHandler).serve_forever()"""


def fetch(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read()


@pytest.fixture
def busy_port():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.mark.slow
def test_it_serves_the_log_folder_and_ends(log_dir, capsys, busy_port):
    server = watch.open_tensorboard(log_dir, busy_port)
    try:
        assert server.port > busy_port
        said = capsys.readouterr().out
        assert f"Port {busy_port} is in use; TensorBoard takes {server.port}." in said
        runs = json.loads(fetch(f"{server.url}data/runs"))
        assert sorted(runs) == ["train", "validation"]
        page = fetch(f"{server.url}data/environment").decode()
        assert str(log_dir.parent) not in page  # no path of this machine on the page
    finally:
        server.stop()
    assert not server.alive
    server.stop()


@pytest.fixture
def page_without_runs(tmp_path, monkeypatch):
    """A log folder and, in TensorBoard's place, a page that answers at once."""
    for run in ("train", "validation"):
        (tmp_path / run).mkdir()
        (tmp_path / run / "events.out.tfevents.1.nobody").write_bytes(b"")
    monkeypatch.setattr(
        server_module, "_START", "import http.server as h, sys\n" + FAKE
    )
    server = Server(tmp_path)
    yield server
    server.stop()


def test_it_waits_until_all_runs_are_read(page_without_runs, monkeypatch):
    """A page opened before stayed empty: a graph that never came, on a busy machine."""
    tab = {"scalars": {"enabled": True}}
    answers = [{}, [], tab, ["train"], tab, ["train", "validation"]]
    monkeypatch.setattr(Server, "_ask", lambda self, page: answers.pop(0))
    page_without_runs.wait()
    assert answers == []


def test_it_waits_until_the_pictures_are_read(page_without_runs, monkeypatch):
    monkeypatch.setattr(server_module, "has_images", lambda log_dir: True)
    runs, tab = ["train", "validation"], {"enabled": True}
    answers = [{"scalars": tab}, runs, {"scalars": tab, "images": tab}, runs]
    monkeypatch.setattr(Server, "_ask", lambda self, page: answers.pop(0))
    page_without_runs.wait()
    assert answers == []


def test_one_that_took_the_port_meanwhile_is_not_taken_for_ours(tmp_path, monkeypatch):
    """Two that start at once see the same port free; one of them gets it."""
    kind = http.server.ThreadingHTTPServer
    answering = kind((HOST, 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=answering.serve_forever, daemon=True).start()
    taken = answering.server_address[1]
    seen = iter([taken])
    monkeypatch.setattr(
        server_module, "free_port", lambda port: next(seen, None) or free_port(port)
    )
    fake = "import http.server as h, sys\n" + FAKE
    monkeypatch.setattr(server_module, "_START", fake)
    server = Server(tmp_path)
    try:
        assert server.port == taken
        assert server.wait() == server.url == f"http://{HOST}:{server.port}/"
        assert server.port != taken and server.alive
    finally:
        server.stop()
        answering.shutdown()
        answering.server_close()


@pytest.mark.slow
def test_one_that_took_the_port_and_left_again_does_not_stop_it(log_dir, monkeypatch):
    """TensorBoard ended, for the port was taken; by now the port is free once more."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setattr(server_module, "free_port", lambda port: taken)
        server = Server(log_dir)
        server._process.wait(60)
    monkeypatch.undo()
    try:
        assert free_port(taken) == taken
        server.wait()
        assert sorted(json.loads(fetch(f"{server.url}data/runs"))) == [
            "train",
            "validation",
        ]
    finally:
        server.stop()


@pytest.fixture
def to_itself(monkeypatch):
    """Each connection is made from the port that it asks for: it meets itself."""
    connect = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda to, *_, **__: connect(to, 5, to)
    )


@pytest.mark.skipif(sys.platform != "linux", reason="where a socket may meet itself")
@pytest.mark.usefixtures("to_itself")
def test_its_own_question_come_back_is_no_answer(page_without_runs):
    """So it went once, at a port from which the system also gives to who asks."""
    server, gone = page_without_runs, free_port(50_000)
    with pytest.raises(http.client.BadStatusLine):
        urllib.request.urlopen(f"http://{HOST}:{gone}/", timeout=5)
    for asks in (server._answers, lambda: server._ask("data/runs")):
        gone = free_port(gone + 1)  # the one before is still held for a while
        server.port, server.url = gone, f"http://{HOST}:{gone}/"
        assert not asks()


def test_a_file_without_events_does_not_hold_it_up(page_without_runs, monkeypatch):
    monkeypatch.setattr(server_module, "READING", 0.3)
    assert page_without_runs.wait() == page_without_runs.url


def test_a_busy_port_gives_the_next_free_one(busy_port):
    assert free_port(busy_port) > busy_port


def test_nothing_to_show_is_said_before_anything_starts(tmp_path):
    with pytest.raises(watch.LogError, match="holds no TensorBoard events yet"):
        watch.open_tensorboard(tmp_path)


def test_a_tensorboard_that_ends_says_what_it_said(log_dir, monkeypatch):
    monkeypatch.setattr(server_module, "_START", "raise SystemExit('no such flag')")
    with pytest.raises(watch.LogError, match="TensorBoard ended: no such flag"):
        Server(log_dir).wait()


@pytest.mark.slow
@pytest.mark.browser
def test_tensorboard_shows_the_kernels_as_images(log_dir, browser):
    server = Server(log_dir)
    try:
        url = server.wait()
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{url}#images")
        picture = page.locator("tf-image-loader img").first
        picture.wait_for(timeout=30_000)
        assert picture.evaluate("image => image.naturalWidth") > 100
        outside = [u for u in asked if not u.startswith((url, "data:", "blob:"))]
        assert outside == []
        page.close()
    finally:
        server.stop()
