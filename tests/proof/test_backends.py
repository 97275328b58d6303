"""agree on every other Keras backend that is installed, one process each."""

import importlib.util
import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
pytestmark = [pytest.mark.backend, pytest.mark.slow]
BACKENDS = ["tensorflow", "jax", "torch"]


def run(*arguments, **environment):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "JAX"))}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env=kept | environment,
        cwd=HERE.parents[1],
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_agree_under(backend):
    if backend == os.environ.get("KERAS_BACKEND", "tensorflow"):
        pytest.skip(
            f"{backend} is the backend of this process: test_agree.py runs on it"
        )
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    names = ("test_agree.py", "test_refusals.py", "test_statistics.py")
    tests = [*(HERE / name for name in names), "-q"]
    options = ["-p", "no:cacheprovider"]
    environment = {"KERAS_BACKEND": backend, "JAX_ENABLE_X64": "1"}
    done = run("-m", "pytest", *options, *tests, **environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.skipif(
    importlib.util.find_spec("jax") is None, reason="jax is not installed"
)
def test_jax_in_single_precision_is_refused_in_words():
    program = (
        "import numpy, keras; from mmlearn import proof, reference;"
        "proof.agree(reference.relu, keras.ops.relu, numpy.ones(3))"
    )
    done = run("-c", program, KERAS_BACKEND="jax")
    assert done.returncode == 1 and "JAX_ENABLE_X64=1 before Python" in done.stderr
