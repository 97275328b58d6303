"""A small published data set, and a server on this machine that can misbehave."""

import hashlib
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mmlearn.datasets import download, registry, storage

CONTENT = {"a.bin": bytes(range(256)) * 400, "b.bin": b"second file" * 50}


class Server:
    """Answers GET with what `behaviour[path]` says; counts what was asked."""

    def __init__(self):
        self.behaviour = {}
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                outer.behaviour.get(self.path, outer.missing)(self)

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def close(self):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    @staticmethod
    def missing(handler):
        handler.send_error(404)

    @staticmethod
    def serve(content, *, length=None, delay=0.0, encoding=None):
        """Send content; a length beyond it announces bytes that never come."""

        def answer(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", str(length or len(content)))
            if encoding:
                handler.send_header("Content-Encoding", encoding)
            handler.end_headers()
            try:
                handler.wfile.write(content[: len(content) // 2])
                handler.wfile.flush()
                time.sleep(delay)
                handler.wfile.write(content[len(content) // 2 :])
            except OSError:  # the client hung up
                pass

        return answer


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running = Server()
    yield running
    running.close()


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "data home"
    monkeypatch.setenv("MMLEARN_DATA", str(folder))
    return folder


@pytest.fixture
def toy(server, home, monkeypatch):
    """A registry of one set, "toy", of two files on two mirrors, both served whole."""
    files = tuple(
        registry.File(
            name=name,
            urls=(f"{server.url}/first/{name}", f"{server.url}/second/{name}"),
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
        for name, content in CONTENT.items()
    )
    entry = registry.Entry(
        name="toy",
        title="A toy",
        kind="downloads",
        licence="none",
        citation="none",
        homepage="",
        loader="load_toy()",
        offline="load_digits()",
        files=files,
    )
    for name, content in CONTENT.items():
        server.behaviour[f"/first/{name}"] = server.serve(content)
        server.behaviour[f"/second/{name}"] = server.serve(content)
    monkeypatch.setattr(registry, "_ENTRIES", (entry,))
    monkeypatch.setattr(download, "PAUSE", 0.0)
    monkeypatch.setattr(storage, "MARGIN", 0)
    return entry


@pytest.fixture
def real():
    """The folder of real data sets, or a skip that says why."""

    def need(name):
        folder = Path(os.environ.get("MMLEARN_DATA", "")).expanduser() / name
        if not os.environ.get("MMLEARN_DATA") or not folder.is_dir():
            pytest.skip(f"needs the real {name}: set MMLEARN_DATA to a folder with it")
        return folder

    return need
