"""What runs on several Keras backends, on every other one that is installed.

Keras has one backend per process: the tests of several rooms share one child for each.
"""

import importlib.util
import json
import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
pytestmark = [pytest.mark.backend, pytest.mark.slow]
PROOF = [f"proof/test_{name}.py" for name in ("agree", "refusals", "statistics")]
WHOLE = [
    "layers/test_conv.py",
    "layers/test_numeric.py",
    "layers/test_position.py",
    "layers/test_skeletons.py",
    "layers/graph/test_spatial.py",
    *PROOF,
    "proof/test_sequences.py",
]
EXPLAIN = [f"explain/test_{name}.py" for name in ("gradients", "grad_cam", "temporal")]
# Of graph layers and fusions what can differ: gradients of gathers, segments and dicts,
# float32 sums in half precision, sparse features, jit, files. Of models that one calls,
# masks and text. (All pass under JAX as a whole too, in minutes: it compiles every
# operation that runs eagerly.)
GRAPH = ["layers/graph/test_agree.py", "layers/graph/test_contract.py"]
FUSION = ["layers/fusion/test_agree.py", "layers/fusion/test_values.py"]
CALLED = ["models/test_called.py"]
CHOSEN = "edge_weights and True or aggregate and max or GATv2Conv-gatv2 and concat"
CHOSEN += " or bfloat16 or functional and True"
CHOSEN += " or CrossAttentionFusion and vectors or late_fusions or bayes_rule"
CHOSEN += " or masks_of_another_length or text_in_place or predict"
TWICE = """
import sys, pytest
# Keras, where it finds it, imports it only to ask whether a thing is TensorFlow's.
sys.modules["tensorflow"] = None
options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
whole, graph = sys.argv[2].split(), sys.argv[3].split()
graph += ["-k", sys.argv[1]]
sys.exit(pytest.main(options + whole) or pytest.main(options + graph))
"""


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_rooms_under(backend, fresh_python, jax_python):
    if backend == os.environ.get("KERAS_BACKEND", "tensorflow"):
        pytest.skip(f"{backend} is the backend of this process: the files run on it")
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    whole = [*WHOLE, *EXPLAIN] if backend == "jax" else WHOLE
    groups = (whole, GRAPH + FUSION + CALLED)
    files = [" ".join(f"tests/{name}" for name in names) for names in groups]
    run = jax_python if backend == "jax" else fresh_python
    settings = {"KERAS_BACKEND": backend, "JAX_ENABLE_X64": "1"}
    done = run("-c", TWICE, CHOSEN, *files, **settings)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert done.stdout.count(" passed") == 2, done.stdout


PARTS = {
    "rooms": """
for room in ("reference", "layers", "models"):
    for name in [n for n in sys.modules if n.split(".")[0] == "mmlearn"]:
        del sys.modules[name]
    mmlearn = importlib.import_module("mmlearn")
    print(room, len([n for n in dir(getattr(mmlearn, room)) if not n.startswith("_")]))
""",
    "single precision": """
import numpy, keras
from mmlearn import proof, reference
proof.agree(reference.relu, keras.ops.relu, numpy.ones(3))
""",
    "scalars": """
import keras, numpy as np
from mmlearn import watch
conv = keras.layers.Conv2D(2, 3, name="conv")
model = keras.Sequential([keras.Input((6, 6, 1)), conv])
model.compile("sgd", "mse")
log = watch.TensorBoard(folder)
model.fit(np.ones((4, 6, 6, 1)), np.ones((4, 4, 4, 2)), callbacks=[log], verbose=0)
found = watch.read(folder)
print(sorted(found["images"]), len(found["scalars"]))
""",
    "microscope": """
import keras, numpy as np
from mmlearn import train, watch
layers = keras.layers
conv = layers.Conv2D(2, 3, activation="relu", name="conv")
stack = [conv, layers.Flatten(), layers.Dense(2)]
model = keras.Sequential([keras.Input((6, 6, 1)), *stack])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("sgd", loss)
x, y = np.ones((4, 6, 6, 1), "float32"), np.arange(4) % 2
log = watch.Microscope(folder, x, y)
train.fit(model, (x, y), epochs=1, callbacks=[log], progress=False)
found = watch.read(folder)
print(sorted(found["images"]), len(found["histograms"]), len(found["scalars"]))
try:
    watch.graph(model, folder)
except watch.LogError as error:
    print("jax" in str(error))
""",
    "proof": """
import jax, keras, numpy as np
import mmlearn.layers, mmlearn.reference, mmlearn.proof, mmlearn.models
jax.config.update("jax_enable_x64", True)
layer = mmlearn.layers.Convolve2D(4, 3, dtype="float64")
x = np.random.default_rng(0).standard_normal((2, 6, 5, 3))
assert layer(x).shape == (2, 4, 3, 4)
table = mmlearn.proof.agree(mmlearn.reference.convolve2d, layer, x)
assert table, table
model = mmlearn.models.small_cnn((8, 8, 1), 10, seed=0)
print(keras.backend.backend(), model(np.zeros((2, 8, 8, 1))).shape)
""",
}
EACH_PART = """
import contextlib, importlib, io, json, pathlib, sys, traceback
sys.modules["tensorflow"] = None  # as if it were not installed
said = {}
for name, code in json.loads(sys.argv[1]).items():
    out, error = io.StringIO(), None
    folder = pathlib.Path(sys.argv[2], name)
    space = {"sys": sys, "importlib": importlib, "folder": str(folder)}
    try:
        with contextlib.redirect_stdout(out):
            exec(code, space)
    except Exception:
        error = traceback.format_exc()
    said[name] = out.getvalue().splitlines(), error
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def without_tensorflow(jax_python, tmp_path_factory):
    """What each part printed under JAX, in one process, TensorFlow as if not there."""
    pytest.importorskip("jax", reason="jax is not installed")
    folder = tmp_path_factory.mktemp("parts")
    done = jax_python("-c", EACH_PART, json.dumps(PARTS), str(folder))
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)

    def lines(part):
        printed, error = said[part]
        assert error is None, error
        return printed

    lines.error = lambda part: said[part][1]
    return lines


def test_rooms_load_without_tensorflow(without_tensorflow):
    found = dict(line.split() for line in without_tensorflow("rooms"))
    assert list(found) == ["reference", "layers", "models"]
    assert min(map(int, found.values())) > 10


def test_jax_in_single_precision_is_refused_in_words(without_tensorflow):
    error = without_tensorflow.error("single precision")
    assert "JAX_ENABLE_X64=1 before Python" in error


def test_tensorboards_callback_needs_no_tensorflow(without_tensorflow):
    assert without_tensorflow("scalars") == ["['train/conv/kernel_image'] 2"]


def test_the_microscope_needs_no_tensorflow_but_for_the_graph(without_tensorflow):
    images, graph = without_tensorflow("microscope")
    assert images.startswith("['samples/confusion', 'samples/conv/feature_maps', ")
    assert graph == "True"


def test_layers_proof_and_models_work_without_tensorflow(without_tensorflow):
    assert without_tensorflow("proof") == ["jax (2, 10)"]
