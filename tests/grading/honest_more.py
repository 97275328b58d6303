"""Honest submissions of softmax, some in a damaged notebook."""

from honest import HONEST, honest

__all__ = ["HONEST", "honest"]

honest(
    "row by row",
    "02.1",
    """
def softmax(logits):
    out = []
    for row in logits:
        m = max(row)
        e = [math.exp(z - m) for z in row]
        out.append([v / sum(e) for v in e])
    return np.array(out)
""",
)
honest(
    "log-sum-exp, keepdims, a nested function",
    "02.1",
    """
def softmax(logits):
    def lse(z):
        top = z.max(1, keepdims=True)
        return top + np.log(np.exp(z - top).sum(1, keepdims=True))
    return np.exp(logits - lse(logits))
""",
)
honest(
    "float32, and a seed set at the top",
    "02.1",
    "np.random.seed(0)\nnp.set_printoptions(precision=3)",
    """
def softmax(logits):
    z = np.float32(logits)
    z = z - np.amax(z, axis=-1)[:, np.newaxis]
    np.exp(z, out=z)
    z /= z.sum(-1)[:, None]
    return z
""",
)
honest(
    "star imports, and no np of its own",
    "02.1",
    "from numpy import *\nfrom math import *",
    "def softmax(logits):\n"
    "    import numpy\n"
    "    e = numpy.exp(logits - amax(logits, axis=1, keepdims=True))\n"
    "    return e / e.sum(axis=1, keepdims=True)",
    imports="",
)
honest(
    "the first cell was deleted",
    "02.1",
    "def softmax(logits):\n"
    "    e = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
    "    return e / e.sum(axis=1, keepdims=True)",
    imports="",
)
honest(
    "a first attempt above, a copy of the stub below",
    "02.1",
    "def softmax(logits):\n    return np.exp(logits) / np.exp(logits).sum()",
    "def softmax(logits):\n"
    "    e = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
    "    return e / e.sum(axis=1, keepdims=True)",
    "def softmax(logits):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
)
honest(
    "a cell that cannot be read beside it",
    "02.1",
    "for i in range(3)\n    print(i)",
    "def softmax(logits):\n"
    "    e = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
    "    return e / e.sum(axis=1, keepdims=True)",
    "softmax(np.array([[1, 2]]) -> ?!",
)
honest(
    "a training elsewhere that would take hours",
    "02.1",
    """
import tensorflow as tf
from mmlearn.models import classifiers
model = tf.keras.Sequential([tf.keras.layers.Dense(10)])
for i in range(1000000):
    history = model.fit(np.zeros((10, 3)), np.zeros(10), epochs=100000)
    e = history.history["loss"]
while True:
    pass
""",
    "def softmax(logits: tf.Tensor) -> tf.Tensor:\n"
    "    e = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
    "    return e / np.expand_dims(e.sum(axis=1), 1)",
    "losses = []\nlosses.append(softmax(np.eye(3)))\ninput('ready?')",
)
