"""Other backends: a clear word. (On JAX the tests of this room run in a child.)"""

import keras
import pytest

from mmlearn.explain.gradients import saliency


def test_another_backend_is_refused(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(NotImplementedError, match="torch; expected tensorflow or jax"):
        saliency(None, None, None)
