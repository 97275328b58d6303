"""Honest submissions that were once refused: tables, registers, names used again.

Those of `AGAIN` are right as they stood when their own cell had run.
"""

from honest_most import HONEST, honest

honest(
    "a class of the function's own name",
    "03.1",
    """
class correlate1d:
    def __call__(self, x, kernel, bias):
        return np.lib.stride_tricks.sliding_window_view(x, len(kernel)) @ kernel + bias

correlate1d = correlate1d()
""",
    imports="import numpy as np",
)
honest(
    "somebody else's function imported below, to compare with",
    "02.1",
    "def softmax(logits):\n"
    "    e = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
    "    return e / e.sum(axis=1, keepdims=True)",
    "from scipy.special import softmax\nsoftmax(np.eye(3), axis=1)",
)
honest(
    "a table filled by calls in a loop, of a function that calls another",
    "03.3",
    """
CEIL = {}

def keep(n, s):
    CEIL[n, s] = -(-n // s)

def remember(n):
    for s in range(1, 12):
        keep(n, s)

for n in range(200):
    remember(n)
""",
    """
def output_size(n, kernel_size, strides, padding, dilation_rate):
    if padding == "same":
        return CEIL[n, strides]
    return (n - dilation_rate * (kernel_size - 1) - 1) // strides + 1
""",
)
honest(
    "functions in a register, a logger, a method set later",
    "11.1",
    """
import inspect
import logging

WAYS = {}
log = logging.getLogger(__name__)

def known(function):
    WAYS[function.__name__] = function
    return function

class Messages:
    pass
""",
    """
@known
def by_loop(x, edge_index):
    y = np.zeros_like(x)
    for u, v in edge_index.T:
        y[v] += x[u]
    return y

setattr(Messages, "send", staticmethod(WAYS["by_loop"]))
""",
    """
def sum_messages(x, edge_index):
    log.info("%s", inspect.signature(Messages.send))
    return Messages.send(x, edge_index)
""",
)

_LATER = "def sizes(shape, k):\n    return shape\n\npad = 3"
AGAIN = {
    "a helper and a number used again for another exercise": (
        "03.1",
        [
            "import numpy as np\npad = 0",
            "def sizes(x, kernel):\n    return len(x) - len(kernel) + 1 + pad",
            "def correlate1d(x, kernel, bias):\n"
            "    places = range(sizes(x, kernel))\n"
            "    return [x[i:i + len(kernel)] @ kernel + bias for i in places]",
            _LATER.replace("(shape, k)", "(shape)"),
        ],
    ),
    "an object made ready by a method of its own": (
        "01.1",
        [
            "import numpy as np",
            "class Twiddles:\n"
            "    def build(self, most):\n"
            "        n = range(1, most)\n"
            "        self.of = {N: np.exp(-2j * np.pi * np.arange(N) / N) for N in n}\n"
            "\ntwiddles = Twiddles()",
            "def dft(x):\n"
            "    N = len(x)\n"
            "    n = np.arange(N)\n"
            "    return twiddles.of[N][np.outer(n, n) % N] @ x",
            "twiddles.build(500)",
        ],
    ),
}

__all__ = ["AGAIN", "HONEST"]
