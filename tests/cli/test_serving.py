"""The two servers, really started: what answers, and to whom."""

import contextlib
import http.client
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from mmlearn.cli import ports


@contextlib.contextmanager
def serving(words, pattern):
    """Start a server; yield what its pattern found in what it printed."""
    child = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    printed = ""
    try:
        for line in child.stdout:
            printed += line
            if found := re.search(pattern, line):
                yield found[0]
                break
        else:
            pytest.fail(f"it ended: {printed}")
    finally:
        child.terminate()
        child.communicate(timeout=60)


def status(url):
    for _ in range(300):
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
    return None


@pytest.mark.slow
def test_lab_serves_a_lesson_to_who_has_the_token(tmp_path):
    port = ports.choose(None, 18888, "")[0]
    words = [sys.executable, "-m", "mmlearn.cli", "lab", "--no-browser"]
    words += ["--port", str(port), "--folder", str(tmp_path / "my course")]
    with serving(words, r"http://127\.0\.0\.1:\d+/lab/tree/\S+") as url:
        assert f":{port}/lab/tree/lessons/00_" in url
        assert re.search(r"\?token=[0-9a-f]{32,}$", url)
        assert status(url) == 200
        assert status(f"http://127.0.0.1:{port}/api/contents") == 403


@pytest.mark.slow
def test_tensorboard_serves(tmp_path):
    (tmp_path / "events.out.tfevents.1").write_bytes(b"")
    port = ports.choose(None, 16006, "")[0]
    words = [sys.executable, "-m", "mmlearn.cli", "tensorboard", str(tmp_path)]
    pattern = r"http://127\.0\.0\.1:\d+/"
    with serving([*words, "--port", str(port)], pattern) as url:
        assert status(url) == 200
