"""Honest submissions: tables, decorators, pullbacks, answers, graphs."""

from honest_more import HONEST, honest

honest(
    "a global table filled in a loop, and by a function",
    "03.3",
    """
CEIL = {}
for n in range(0, 200):
    for s in range(1, 12):
        CEIL[n, s] = -(-n // s)
        if n == 3 and s == 2:
            print("three halves, rounded up:", CEIL[n, s])

SPAN = [[0] * 12 for _ in range(12)]

def fill(table):
    for k in range(12):
        for d in range(12):
            table[k][d] = d * (k - 1) + 1
""",
    "fill(SPAN)",
    """
def output_size(n, kernel_size, strides, padding, dilation_rate):
    if padding == "same":
        return CEIL[n, strides]
    return (n - SPAN[kernel_size][dilation_rate]) // strides + 1
""",
)
honest(
    "counted, and decorated",
    "03.3",
    """
import functools

def told(function):
    @functools.wraps(function)
    def inner(*args, **how):
        answer = function(*args, **how)
        assert answer >= 0
        return answer
    return inner

@told
def output_size(n, kernel_size, strides, padding, dilation_rate):
    if padding == "same":
        return len(range(0, n, strides))
    reach = (kernel_size - 1) * dilation_rate
    return sum(1 for start in range(0, n, strides) if start + reach < n)
""",
)
honest(
    "blocks reshaped where they fit, else a loop",
    "03.5",
    """
def naive_max_pool2d(x, pool_size=2, strides=2):
    B, H, W, C = x.shape
    k = pool_size
    if strides == k:
        x = x[:, :H//k*k, :W//k*k]
        return x.reshape(B, H//k, k, W//k, k, C).max(axis=(2, 4))
    rows, cols = range(0, H-k+1, strides), range(0, W-k+1, strides)
    return np.array([[[[x[b, i:i+k, j:j+k, c].max() for c in range(C)] for j in cols]
                      for i in rows] for b in range(B)])
""",
)
honest(
    "from minus infinity upwards",
    "03.5",
    "PAD = -np.inf",
    """
def naive_max_pool2d(x, pool_size=2, strides=2, *, start=PAD):
    B, H, W, C = x.shape
    Ho, Wo = (H - pool_size) // strides + 1, (W - pool_size) // strides + 1
    y = np.full((B, Ho, Wo, C), start)
    for p in range(pool_size):
        for q in range(pool_size):
            np.maximum(y, x[:, p::strides, q::strides][:, :Ho, :Wo], out=y)
    return y
""",
)
honest(
    "a pullback with cached values in a dict",
    "02.3",
    """
def dense(x, kernel, bias):
    cache = {"x": x, "kernel": kernel}

    def pullback(dy):
        dbias = np.ones(len(dy)) @ dy
        return [dy @ cache["kernel"].T, np.einsum("bf,bu->fu", cache["x"], dy), dbias]

    return np.dot(x, kernel) + bias, pullback
""",
)
honest(
    "a pullback that is an object",
    "02.3",
    """
from dataclasses import dataclass

@dataclass
class Pullback:
    x: np.ndarray
    kernel: np.ndarray

    def __call__(self, dy):
        return dy @ self.kernel.T, self.x.T @ dy, dy.sum(0)

def dense(x, kernel, bias):
    return x @ kernel + bias, Pullback(x, kernel)
""",
)
honest(
    "two gradients, one a number of Python",
    "00.2",
    """
def parabola(a, x):
    def pullback(dy):
        return float(np.dot(dy, x ** 2)), 2 * a * x * dy
    return a * np.square(x), pullback
""",
)
honest(
    "a matrix product for each clip",
    "00.1",
    """
def weighted_mean(x, weights):
    share = weights / weights.sum(axis=1, keepdims=True)
    return (share[:, None, :] @ x).squeeze(1)
""",
)
honest(
    "cmath, one frequency at a time",
    "01.1",
    "from cmath import exp as cexp, pi",
    "def dft(x):\n"
    "    N = len(x)\n"
    "    return [sum(x[n] * cexp(-2j * pi * k * n / N) for n in range(N))\n"
    "            for k in range(N)]",
)
honest(
    "the fast one, by halves",
    "01.1",
    """
def dft(x):
    N = len(x)
    if N % 2 or N < 2:
        n = np.arange(N)
        return np.exp(-2j * np.pi * np.outer(n, n) / N) @ x
    even, odd = dft(x[::2]), dft(x[1::2])
    turn = np.exp(-2j * np.pi * np.arange(N // 2) / N) * odd
    return np.concatenate([even + turn, even - turn])
""",
)
honest(
    "eight diagnoses, by name",
    "06.6",
    "causes = dict(A=8, B=1, C=4, D=6)\ncauses.update(E=3, F=7, G=2, H=5)",
    "diagnosis = [causes[letter] for letter in 'ABCDEFGH']",
    'check("06.6", diagnosis)',
)
honest(
    "eight diagnoses, a first guess above",
    "06.6",
    "diagnosis = ...\ndiagnosis = 1, 2, 3, 4, 5, 6, 7, 8",
    "diagnosis = np.array([8, 1, 4, 6, 3, 7, 2, 5])",
    "diagnosis = ...\n# YOUR CODE HERE\nraise NotImplementedError()",
)
honest(
    "messages in a loop over edges, with zip and a Counter",
    "11.1",
    "from collections import Counter, defaultdict",
    """
def sum_messages(x, edge_index):
    arriving = defaultdict(lambda: 0)
    for (u, v), times in Counter(zip(*edge_index.tolist())).items():
        arriving[v] = arriving[v] + times * x[u]
    return np.array([arriving[v] + np.zeros(x.shape[1]) for v in range(len(x))])
""",
)
honest(
    "messages as a dense matrix, memoized",
    "11.1",
    "import itertools\nCACHE = {}",
    """
def adjacency(N, edges):
    if (N, edges) not in CACHE:
        A = np.zeros((N, N))
        for u, v in edges:
            A[v, u] += 1
        CACHE[N, edges] = A
    return CACHE[N, edges]

def sum_messages(x, edge_index):
    return adjacency(len(x), tuple(map(tuple, edge_index.T.tolist()))) @ x
""",
    "sum_messages(np.eye(3), np.array([[0, 1], [1, 2]]))",
)
honest(
    "a count in one expression, exercise in a text cell's neighbour",
    "05.3",
    "# md\nI think that `places` is a trap: **the weights are shared**.",
    """
def count_weights(kind, features, units, kernel_size, places):
    seen = {"dense": features, "conv": features * kernel_size**2,
            "lstm": features + units}[kind]
    return (seen + 1) * units * (4 if kind == "lstm" else 1)
""",
)

assert len(HONEST) >= 40
