"""The graph layers on every other installed Keras backend, one process each."""

import importlib.util
import os
import pathlib

import pytest

HERE = pathlib.Path(__file__).parent
# What can differ: gradients of gathers and segments, float32 sums in half precision,
# sparse features, jit, files. (The whole folder passes under JAX too, in minutes: it
# compiles every operation that runs eagerly.)
CHOSEN = "edge_weights and True or aggregate and max or GATv2Conv-gatv2 and concat"
CHOSEN += " or bfloat16 or functional and True"
pytestmark = [pytest.mark.backend, pytest.mark.slow]


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_graph_layers_under(backend, fresh_python):
    if backend == os.environ.get("KERAS_BACKEND", "tensorflow"):
        pytest.skip(f"{backend} is the backend of this process: the files run on it")
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    tests = [HERE / "test_agree.py", HERE / "test_contract.py", "-q", "-k", CHOSEN]
    options = ["-p", "no:cacheprovider"]
    environment = {"KERAS_BACKEND": backend, "JAX_ENABLE_X64": "1"}
    done = fresh_python("-m", "pytest", *options, *tests, **environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
