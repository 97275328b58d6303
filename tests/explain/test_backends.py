"""The same tests on the JAX backend; a clear word on the others."""

import importlib.util
import os
import pathlib
import subprocess
import sys

import keras
import pytest

from mmlearn.explain.gradients import saliency


@pytest.mark.backend
@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="no jax here")
def test_gradients_under_jax():
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "JAX"))}
    folder = pathlib.Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        + [folder / "test_gradients.py"],
        capture_output=True,
        text=True,
        env=kept | {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1"},
        cwd=folder.parents[1],
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_another_backend_is_refused(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(NotImplementedError, match="torch; expected tensorflow or jax"):
        saliency(None, None, None)
