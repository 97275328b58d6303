import json
import socket
import urllib.request

import pytest

from mmlearn import watch
from mmlearn.watch import server as server_module
from mmlearn.watch.server import HOST, Server, free_port


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
