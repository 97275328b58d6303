"""The layers on every other installed Keras backend, and without TensorFlow."""

import importlib.util
import os
import pathlib

import pytest

HERE = pathlib.Path(__file__).parent
pytestmark = [pytest.mark.backend, pytest.mark.slow]
needs_jax = pytest.mark.skipif(
    importlib.util.find_spec("jax") is None, reason="jax is not installed"
)


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_layers_under(backend, fresh_python):
    if backend == os.environ.get("KERAS_BACKEND", "tensorflow"):
        pytest.skip(
            f"{backend} is the backend of this process: test_conv.py runs on it"
        )
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    tests = [HERE / "test_conv.py", "-q", "-p", "no:cacheprovider"]
    done = fresh_python(
        "-m", "pytest", *tests, KERAS_BACKEND=backend, JAX_ENABLE_X64="1"
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


WITHOUT_TENSORFLOW = """
import sys
sys.modules["tensorflow"] = None  # as if it were not installed
import numpy as np, keras
import mmlearn.layers, mmlearn.reference, mmlearn.proof, mmlearn.models
layer = mmlearn.layers.Convolve2D(4, 3, dtype="float64")
x = np.random.default_rng(0).standard_normal((2, 6, 5, 3))
assert layer(x).shape == (2, 4, 3, 4)
table = mmlearn.proof.agree(mmlearn.reference.convolve2d, layer, x)
assert table, table
model = mmlearn.models.small_cnn((8, 8, 1), 10, seed=0)
print(keras.backend.backend(), model(np.zeros((2, 8, 8, 1))).shape)
"""


@needs_jax
def test_works_where_tensorflow_cannot_be_imported(fresh_python):
    done = fresh_python(
        "-c", WITHOUT_TENSORFLOW, KERAS_BACKEND="jax", JAX_ENABLE_X64="1"
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "jax (2, 10)"
