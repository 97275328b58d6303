"""What runs on several Keras backends, on every other one that is installed.

Keras has one backend per process: the tests of several rooms share one child for each.
"""

import importlib.util
import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
pytestmark = [pytest.mark.backend, pytest.mark.slow]
needs_jax = pytest.mark.skipif(
    importlib.util.find_spec("jax") is None, reason="jax is not installed"
)
PROOF = [f"proof/test_{name}.py" for name in ("agree", "refusals", "statistics")]
WHOLE = [
    "layers/test_conv.py",
    "layers/test_position.py",
    *PROOF,
    "proof/test_sequences.py",
]
# Of the graph layers what can differ: gradients of gathers and segments, float32 sums
# in half precision, sparse features, jit, files. (The whole folder passes under JAX
# too, in minutes: it compiles every operation that runs eagerly.)
GRAPH = ["layers/graph/test_agree.py", "layers/graph/test_contract.py"]
CHOSEN = "edge_weights and True or aggregate and max or GATv2Conv-gatv2 and concat"
CHOSEN += " or bfloat16 or functional and True"
TWICE = """
import sys, pytest
options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
whole, graph = sys.argv[2].split(), sys.argv[3].split()
graph += ["-k", sys.argv[1]]
sys.exit(pytest.main(options + whole) or pytest.main(options + graph))
"""


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_rooms_under(backend, fresh_python):
    if backend == os.environ.get("KERAS_BACKEND", "tensorflow"):
        pytest.skip(f"{backend} is the backend of this process: the files run on it")
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    whole = [*WHOLE, "explain/test_gradients.py"] if backend == "jax" else WHOLE
    files = [" ".join(f"tests/{name}" for name in names) for names in (whole, GRAPH)]
    done = fresh_python(
        *("-c", TWICE, CHOSEN, *files),
        KERAS_BACKEND=backend,
        JAX_ENABLE_X64="1",
        JAX_DISABLE_MOST_OPTIMIZATIONS="1",  # what is computed once compiles faster
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert done.stdout.count(" passed") == 2, done.stdout


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


@needs_jax
def test_jax_in_single_precision_is_refused_in_words(fresh_python):
    program = (
        "import numpy, keras; from mmlearn import proof, reference;"
        "proof.agree(reference.relu, keras.ops.relu, numpy.ones(3))"
    )
    done = fresh_python("-c", program, KERAS_BACKEND="jax")
    assert done.returncode == 1 and "JAX_ENABLE_X64=1 before Python" in done.stderr
