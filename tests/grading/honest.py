"""Forty honest submissions, as students write them: each deserves all its points.

`HONEST` maps a name to (exercise, cells). A cell that begins with "# md" is text.
"""

IMPORTS = (
    "import math\n\nimport numpy as np\n\n"
    "from mmlearn.exercises import check, examine, find, hint"
)
HONEST = {}


def honest(name, exercise, *cells, imports=IMPORTS):
    """One more honest submission."""
    first = [imports] if imports else []
    HONEST[name] = exercise, [*first, *(cell.strip("\n") for cell in cells)]


honest(
    "seven loops",
    "03.2",
    """
def naive_conv2d(x, kernel, bias, strides=1):
    B, H, W, C = x.shape
    kh, kw, _, U = kernel.shape
    out = np.zeros((B, (H - kh)//strides + 1, (W - kw)//strides + 1, U))
    for b in range(B):
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                for u in range(U):
                    s = bias[u]
                    for p in range(kh):
                        for q in range(kw):
                            for c in range(C):
                                s += x[b, i*strides+p, j*strides+q, c] * kernel[p,q,c,u]
                    out[b, i, j, u] = s
    return out
""",
    'check("03.2", naive_conv2d)',
)
honest(
    "one einsum over windows, with type hints",
    "03.2",
    """
from typing import Optional
import numpy.typing as npt

def naive_conv2d(x: npt.NDArray[np.float64], kernel: np.ndarray, bias: np.ndarray,
                 strides: Optional[int] = 1) -> "np.ndarray":
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    windows = windows[:, ::strides, ::strides]
    return np.einsum("bijcpq,pqcu->biju", windows, kernel) + bias
""",
)
honest(
    "helpers in other cells, the last of them below",
    "03.2",
    """
def naive_conv2d(x, kernel, bias, strides=1):
    size = out_size(x.shape[1:3], kernel.shape[:2], strides)
    y = np.empty((x.shape[0], *size, kernel.shape[-1]))
    for i, j in np.ndindex(*size):
        y[:, i, j] = one_window(x, kernel, i * strides, j * strides)
    return add_bias(y, bias)
""",
    "def out_size(image, kernel, s):\n"
    "    return tuple((n - k) // s + 1 for n, k in zip(image, kernel))",
    "naive_conv2d(np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1)), np.zeros(1)).shape",
    """
def one_window(x, kernel, top, left):
    kh, kw = kernel.shape[:2]
    return np.tensordot(x[:, top:top+kh, left:left+kw], kernel, 3)

def add_bias(y, bias):
    return y + bias[None, None, None, :]
""",
)
honest(
    "a class that does the work",
    "03.2",
    """
class Convolution:
    rows, columns = 1, 2

    def __init__(self, kernel, bias, strides):
        self.kernel, self.bias, self.strides = kernel, bias, strides

    def places(self, x, axis):
        return range(0, x.shape[axis] - self.kernel.shape[axis - 1] + 1, self.strides)

    def __call__(self, x):
        kh, kw = self.kernel.shape[:2]
        rows = [
            np.stack([np.einsum("bpqc,pqcu->bu", x[:, i:i+kh, j:j+kw], self.kernel)
                      for j in self.places(x, self.columns)], axis=1)
            for i in self.places(x, self.rows)
        ]
        return np.stack(rows, axis=1) + self.bias
""",
    "def naive_conv2d(x, kernel, bias, strides=1):\n"
    "    return Convolution(kernel, bias, strides)(x)",
)
honest(
    "float32 and Fortran order",
    "03.2",
    """
def naive_conv2d(x, kernel, bias, strides=1):
    x = np.asfortranarray(x, dtype=np.float32)
    kh, kw, C, U = kernel.shape
    Ho = (x.shape[1] - kh) // strides + 1
    Wo = (x.shape[2] - kw) // strides + 1
    y = np.zeros((len(x), Ho, Wo, U), dtype="float32", order="F")
    for p in range(kh):
        for q in range(kw):
            piece = x[:, p:p + strides*Ho:strides, q:q + strides*Wo:strides]
            y += piece[:, :Ho, :Wo] @ kernel[p, q].astype(np.float32)
    return y + bias.astype(np.float32)
""",
)
honest(
    "im2col, magics, a plot and a widget around it",
    "03.2",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport ipywidgets as widgets",
    """
%%time
def im2col(x, kh, kw, s):
    cols = []
    for i in range(0, x.shape[1] - kh + 1, s):
        for j in range(0, x.shape[2] - kw + 1, s):
            cols.append(x[:, i:i+kh, j:j+kw].reshape(len(x), -1))
    return np.array(cols)          # (places, B, kh*kw*C)

def naive_conv2d(x, kernel, bias, strides=1):
    kh, kw, C, U = kernel.shape
    y = im2col(x, kh, kw, strides) @ kernel.reshape(-1, U) + bias
    Ho = (x.shape[1] - kh) // strides + 1
    return y.swapaxes(0, 1).reshape(len(x), Ho, -1, U)
!echo done
naive_conv2d?
""",
    """
image = np.random.rand(1, 20, 20, 1)
edges = naive_conv2d(image, np.ones((3, 3, 1, 1)), np.zeros(1))
fig, axes = plt.subplots(1, 2)
for ax, picture in zip(axes, (image, edges)):
    ax.imshow(picture[0, ..., 0])
widgets.interact(lambda k: plt.imshow(edges[0, :k]), k=(1, 18));
""",
    "%timeit -n1 -r1 naive_conv2d(image, np.ones((3, 3, 1, 1)), np.zeros(1))",
)
honest(
    "tqdm, a print and a display inside",
    "03.2",
    "from tqdm.auto import tqdm\nfrom IPython.display import display",
    """
def naive_conv2d(x, kernel, bias, strides=1):
    kh, kw, C, U = kernel.shape
    rows = []
    for i in tqdm(range(0, x.shape[1] - kh + 1, strides), desc="rows"):
        row = [(x[:, i:i+kh, j:j+kw, :, None] * kernel).sum((1, 2, 3))
               for j in range(0, x.shape[2] - kw + 1, strides)]
        rows.append(row)
    y = np.moveaxis(np.array(rows), 2, 0) + bias
    print("shape", y.shape)
    display(y.shape)
    return y
""",
)
honest(
    "the lesson's own way: its name bound again to the verdict's function",
    "03.2",
    """
def naive_conv2d(x, kernel, bias, strides=1):
    B, H, W, C = x.shape
    kh, kw, _, U = kernel.shape
    y = np.zeros((B, len(range(0, H-kh+1, strides)), len(range(0, W-kw+1, strides)), U))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            w = x[:, i*strides:i*strides+kh, j*strides:j*strides+kw]
            y[:, i, j] = np.tensordot(w, kernel, axes=[(1, 2, 3), (0, 1, 2)])
    y += bias
    return y


verdict = check("03.2", naive_conv2d, seed=32)
naive_conv2d = verdict.function
""",
)
