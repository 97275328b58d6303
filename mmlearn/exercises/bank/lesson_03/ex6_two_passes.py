"""03.6: a separable kernel in two cheap passes (transfer)."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
If $k_{pq} = a_p \\, r_q$, the 2-D sum falls into two 1-D sums, one after the other:
first $a$ down the columns, then $r$ along the rows of the result. Write it with
`"valid"` borders and no bias. `x` is `(H, W)`, `column` ($a$) is `(P,)`, `row` ($r$) is
`(Q,)`. Use $P + Q$ products for each pixel, not $P·Q$.
"""

STUB = '''\
def two_passes(x, column, row):
    """(H, W), (P,), (Q,) -> (H - P + 1, W - Q + 1): column first, then row."""
    raise NotImplementedError
'''


def solution(x, column, row):
    """Each pass is a weighted sum of shifted pictures."""
    rows, columns = x.shape[0] - len(column) + 1, x.shape[1] - len(row) + 1
    down = sum(a * x[p : p + rows] for p, a in enumerate(column))
    return sum(r * down[:, q : q + columns] for q, r in enumerate(row))


def attempt(x, column, row, *, wrong=frozenset()):
    """The two passes with a student's mistakes in them."""
    a, r = column, row
    if "kernels flipped" in wrong:
        a, r = column[::-1], row[::-1]
    if "directions exchanged" in wrong:
        a, r = r, a
    short = "last window missing" in wrong
    rows = x.shape[0] - len(a) + 1 - short
    columns = x.shape[1] - len(r) + 1 - short
    down = sum(k * x[p : p + rows] for p, k in enumerate(a))
    if "fractions cut off" in wrong:  # both results lie in arrays of whole numbers
        down = np.trunc(down)
    if "second pass from the picture" in wrong:
        along = sum(k * x[:, q : q + columns] for q, k in enumerate(r))
        y = down[:, :columns] + along[:rows]
    else:
        y = sum(k * down[:, q : q + columns] for q, k in enumerate(r))
    return np.trunc(y) if "fractions cut off" in wrong else y


def draw(rng):
    """Sides and kernels of different lengths, none equal to its mirror image."""
    p, q = (2, 4) if rng.random() < 0.5 else (4, 2)
    shape = int(rng.integers(5, 8)), int(rng.integers(8, 10))
    x = rng.integers(-8, 9, shape) / 2
    column, row = (rng.integers(-3, 4, n).astype(float) for n in (p, q))
    column[0], column[-1], row[0], row[-1] = 1, 2, -1, 3
    return Case((x, column, row))


def one_kernel(x, column, row):
    """The 2-D sum with the whole kernel: right, though not cheap."""
    kernel = np.outer(column, row)
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("ijpq,pq->ij", windows, kernel)


def row_first(x, column, row):
    """The order of the passes does not matter."""
    along = np.stack([np.correlate(line, row, "valid") for line in x])
    down = [np.correlate(line, column, "valid") for line in along.T]
    return np.stack(down, axis=1)


MISTAKES = (
    Mistake(
        "directions exchanged",
        "the column runs along the rows and the row down the columns.",
        "Over which index of x does a_p shift: the first or the second?",
    ),
    Mistake(
        "kernels flipped",
        "both kernels are turned round. np.convolve flips; np.correlate does not.",
        "Which way does the kernel face in `x[i + p]`?",
        "Which way does the kernel face?",
    ),
    Mistake(
        "second pass from the picture",
        "the second pass starts from the picture again, and the two are added. The row "
        "must slide over what the column made.",
        "What stands inside the outer sum after you pulled r_q out?",
    ),
    Mistake(
        "last window missing",
        "on each axis one window is missing at the end.",
        "How many windows of P fit on H pixels?",
        "How large is the output?",
    ),
    Mistake(
        "fractions cut off",
        "your sums are stored as whole numbers.",
        "What becomes of 2.5 in an array made with `dtype=int`?",
    ),
)

EXERCISE = Exercise(
    id="03.6",
    title="two cheap passes",
    statement=STATEMENT,
    stub=STUB,
    function="two_passes",
    solution=solution,
    draw=draw,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(one_kernel, row_first),
    question="Put k = a·r into the 2-D equation. Which sum can be done first, alone?",
    hints=(
        "The first result: `d[i, j]` = Σ_p `a[p] x[i + p, j]`. What is its shape?",
        "Then `y[i, j]` = Σ_q `r[q] d[i, j + q]`.",
        "Each pass is a loop over its taps that adds shifted slices.",
    ),
    reread="Transfer",
    minutes=12,
    points=2,
)
