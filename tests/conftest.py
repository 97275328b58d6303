"""What tests of several rooms need: a real browser, a Python of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]


@pytest.fixture(scope="module")
def browser():
    """Chromium, driven by playwright; the test is skipped where there is none.

    One at a time in a process, since playwright holds an event loop: per module.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.skip("needs chromium: sudo apt install chromium")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with api.sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield window
        window.close()


@pytest.fixture(scope="session")
def fresh_python():
    """Run this Python once more: another Keras backend needs its own process."""

    def run(*arguments, **environment):
        settings = ("PYTEST", "JAX")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(settings)}
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            env=kept | environment,
            cwd=Path(__file__).parents[1],
        )

    return run
