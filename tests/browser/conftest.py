"""A real JupyterLab in a real browser: Debian's chromium, driven by playwright."""

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(os.environ.get("MMLEARN_PICTURES", ROOT / "pictures"))


@pytest.fixture
def page(browser):
    """A browser page that remembers what it asked for outside this machine."""
    page = browser.new_page(viewport={"width": 1300, "height": 1400})
    page.outside = []
    page.on("request", lambda r: page.outside.append(r.url) if _outside(r) else None)
    page.picture = lambda name: _save(page, name)
    yield page
    page.close()


@pytest.fixture
def lab(tmp_path):
    """`mmlearn lab 03` in a folder of the student's own: (url, token)."""
    folder = tmp_path / "a student's folder"
    port, token = _free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "mmlearn.cli", "lab", "03", "--no-browser"]
    command += [f"--folder={folder}", f"--port={port}"]
    command += ["--", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    env = {**os.environ, "MMLEARN_JOURNAL": str(tmp_path / "journal.jsonl")}
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/api?token={token}", tmp_path / "lab.log")
        yield url, token
    finally:
        server.terminate()
        server.wait(30)


def _save(page, name):
    """Save what the page shows; a person should look at it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"))


def _outside(request):
    return request.url.startswith("http") and "//127.0.0.1" not in request.url


def _free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _wait_for(url, log, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.3)
    pytest.fail(f"no answer within {seconds} s:\n{log.read_text()[-2000:]}")
