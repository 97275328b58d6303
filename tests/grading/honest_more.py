"""Honest submissions of sums and of softmax, some in a damaged notebook."""

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
honest(
    "a partial of a general function",
    "03.6",
    "from functools import partial, reduce",
    """
def along(x, taps, axis):
    n = x.shape[axis] - len(taps) + 1
    return sum(k * np.take(x, range(p, p + n), axis) for p, k in enumerate(taps))

down, across = partial(along, axis=0), partial(along, axis=1)

def two_passes(x, column, row):
    return across(down(x, column), row)
""",
)
honest(
    "a lambda with a walrus",
    "03.6",
    """
two_passes = lambda x, column, row: np.array([
    [(picked := down[i, j:j + len(row)]) @ row
     for j in range(x.shape[1] - len(row) + 1)]
    for down in [np.array([column @ x[i:i + len(column)]
                           for i in range(x.shape[0] - len(column) + 1)])]
    for i in range(len(down))
])
""",
)
honest(
    "np.correlate along each axis",
    "03.6",
    """
def two_passes(x, column, row):
    x = np.apply_along_axis(np.correlate, 0, x, column, mode="valid")
    return np.apply_along_axis(lambda line: np.correlate(line, row, "valid"), 1, x)
""",
)
honest(
    "recursion over the places",
    "03.1",
    """
def correlate1d(x, kernel, bias):
    x = list(x)
    if len(x) < len(kernel):
        return []
    first = sum(k * v for k, v in zip(kernel, x)) + bias
    return [float(first), *correlate1d(x[1:], kernel, bias)]
""",
)
honest(
    "a list is returned, indices counted by hand",
    "03.1",
    """
def correlate1d(x, kernel, bias):
    y = []
    i = 0
    while i + len(kernel) <= len(x):
        total = 0
        for p in range(len(kernel)):
            total = total + x[i + p] * kernel[p]
        y.append(total + bias)
        i += 1
    return y
""",
)
honest(
    "a generator inside",
    "03.1",
    """
def windows(x, size):
    for start in range(len(x) - size + 1):
        yield x[start : start + size]
""",
    "def correlate1d(x, kernel, bias):\n"
    "    sums = (w @ kernel for w in windows(x, len(kernel)))\n"
    "    return np.fromiter(sums, float) + bias",
)
honest(
    "a matrix, by its diagonals",
    "03.1",
    """
def correlate1d(x, kernel, bias):
    n = len(x) - len(kernel) + 1
    T = np.zeros((n, len(x)))
    for p, k in enumerate(kernel):
        T += k * np.eye(n, len(x), p)
    return T @ x + bias
""",
)
honest(
    "renamed, and told to check",
    "03.1",
    """
def correlate1d(x, kernel, bias):
    \"\"\"Slide `kernel` over `x`: (S,), (P,), () -> (S - P + 1,).\"\"\"
    # YOUR CODE HERE
    raise NotImplementedError()
""",
    "def my_version_2(x, kernel, bias):\n"
    "    return np.convolve(x, kernel[::-1], 'valid') + bias",
    'check("03.1", my_version_2)',
)
honest(
    "match and a table of functions",
    "03.3",
    """
COUNTS = {}
COUNTS["same"] = lambda n, span, s: math.ceil(n / s)


def output_size(n, kernel_size, strides, padding, dilation_rate):
    match padding:
        case "valid":
            return (n - (kernel_size - 1) * dilation_rate - 1) // strides + 1
        case other:
            return COUNTS[other](n, kernel_size, strides)
""",
)
