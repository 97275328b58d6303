"""agree on every other Keras backend that is installed, one process each."""

import importlib.util
import os
import pathlib

import pytest

HERE = pathlib.Path(__file__).parent
pytestmark = [pytest.mark.backend, pytest.mark.slow]
BACKENDS = ["tensorflow", "jax", "torch"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_agree_under(backend, fresh_python):
    if backend == os.environ.get("KERAS_BACKEND", "tensorflow"):
        pytest.skip(
            f"{backend} is the backend of this process: test_agree.py runs on it"
        )
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    names = ("test_agree.py", "test_refusals.py", "test_statistics.py")
    names = (*names, "test_sequences.py")
    tests = [*(HERE / name for name in names), "-q"]
    options = ["-p", "no:cacheprovider"]
    environment = {"KERAS_BACKEND": backend, "JAX_ENABLE_X64": "1"}
    done = fresh_python("-m", "pytest", *options, *tests, **environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.skipif(
    importlib.util.find_spec("jax") is None, reason="jax is not installed"
)
def test_jax_in_single_precision_is_refused_in_words(fresh_python):
    program = (
        "import numpy, keras; from mmlearn import proof, reference;"
        "proof.agree(reference.relu, keras.ops.relu, numpy.ones(3))"
    )
    done = fresh_python("-c", program, KERAS_BACKEND="jax")
    assert done.returncode == 1 and "JAX_ENABLE_X64=1 before Python" in done.stderr
