"""08.4: one step of a GRU, as Keras computes it."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
One step of a GRU with `reset_after=True`, by the equations above. `x` is `(B, F)`, `h`
the state before the step, `(B, U)`. `kernel` is `(F, 3U)`, `recurrent_kernel`
`(U, 3U)`: U columns each for z, r and the candidate g. `bias` is `(2, 3U)`: row 0
stands with the input, row 1 with the state. Return the new `h`.
"""

STUB = '''\
def gru_step(x, h, kernel, recurrent_kernel, bias):
    """(B, F), (B, U), three weights -> h (B, U) after the step"""
    raise NotImplementedError
'''


def solution(x, h, kernel, recurrent_kernel, bias):
    """r decides what the candidate hears, z how much of the state stays."""
    x_z, x_r, x_g = np.split(x @ kernel + bias[0], 3, axis=1)
    h_z, h_r, h_g = np.split(h @ recurrent_kernel + bias[1], 3, axis=1)
    z = 1 / (1 + np.exp(-(x_z + h_z)))
    r = 1 / (1 + np.exp(-(x_r + h_r)))
    g = np.tanh(x_g + r * h_g)
    return z * h + (1 - z) * g


def attempt(x, h, kernel, recurrent_kernel, bias, *, wrong=frozenset()):
    """The step with a student's mistakes in it."""
    bias = bias[::-1] if "rows of the bias exchanged" in wrong else bias
    U = h.shape[1]
    x_z, x_r, x_g = np.split(x @ kernel + bias[0], 3, axis=1)
    h_z, h_r, h_g = np.split(h @ recurrent_kernel + bias[1], 3, axis=1)
    z, r = 1 / (1 + np.exp(-(x_z + h_z))), 1 / (1 + np.exp(-(x_r + h_r)))
    if "z and r exchanged" in wrong:
        z, r = r, z
    heard, b = h_g - bias[1, 2 * U :], bias[1, 2 * U :]
    if "reset before the product" in wrong:
        heard = (r * h) @ recurrent_kernel[:, 2 * U :] + b
    elif "the second bias outside the gate" in wrong:
        heard = r * heard + b
    elif "no reset" in wrong:
        heard = h_g
    else:
        heard = r * h_g
    a = x_g + heard
    g = 1 / (1 + np.exp(-a)) if "candidate through the sigmoid" in wrong else np.tanh(a)
    z = 1 - z if "z the other way round" in wrong else z
    return z * h + (1 - z) * g


def _case(rng, B, F, U):
    """Halves; the second row of the bias is never zero, and unlike the first."""

    def some(shape, top):
        return rng.integers(1, top, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    bias = np.stack([some((3 * U,), 3), rng.integers(2, 4, 3 * U) / 2])
    arrays = some((F, 3 * U), 3), some((U, 3 * U), 3), bias
    return Case((some((B, F), 4), some((B, U), 5), *arrays))


def draw(rng):
    """B, F and U all different; U of two or more."""
    U = int(rng.integers(2, 4))
    B, F = (int(n) for n in rng.permutation([n for n in (1, 2, 3, 4) if n != U])[:2])
    return _case(rng, B, F, U)


def corners(rng):
    return [_case(rng, 1, 1, 1), _case(rng, 2, 1, 2), _case(rng, 3, 1, 2)]


RESET = (
    "reset before the product",
    "the second bias outside the gate",
    "no reset",
)

MISTAKES = (
    Mistake(
        "z the other way round",
        "your z says how much is renewed: h = (1 − z) h + z g. Some papers write it "
        "so; Keras and this lesson keep z of the old state.",
        "With z = 1, should the state stay or be replaced?",
    ),
    Mistake(
        RESET[0],
        "r acts on h before the product with R_g: reset_after=False, the version of "
        "the EMNLP paper.",
        "What exactly does r multiply in the equation of g?",
        excludes=(*RESET, "rows of the bias exchanged"),
    ),
    Mistake(
        RESET[1],
        "r does not reach the second bias of the candidate.",
        "Does b'_g stand inside or outside the bracket that r multiplies?",
        excludes=(*RESET, "rows of the bias exchanged"),
    ),
    Mistake(
        RESET[2],
        "your candidate hears the whole state: r is never used.",
        "Which gate stands in the equation of g?",
        excludes=(*RESET, "z and r exchanged", "rows of the bias exchanged"),
    ),
    Mistake(
        "z and r exchanged",
        "the first block of columns resets, and the second keeps.",
        "In which order do the three blocks stand?",
    ),
    Mistake(
        "rows of the bias exchanged",
        "row 1 of the bias stands with the input, and row 0 with the state.",
        "For which of the gates does it matter which row is which?",
    ),
    Mistake(
        "candidate through the sigmoid",
        "your candidate lies between 0 and 1, so the state can never become negative.",
        "Which of z, r and g is no gate?",
    ),
)


def gate_by_gate(x, h, kernel, recurrent_kernel, bias):
    """Each with its own slice; moved part of the way to the candidate."""
    U = h.shape[1]
    part = [slice(n * U, (n + 1) * U) for n in range(3)]
    a = [x.dot(kernel[:, p]) + bias[0, p] for p in part]
    b = [np.einsum("bu,uv->bv", h, recurrent_kernel[:, p]) + bias[1, p] for p in part]
    z, r = (0.5 + 0.5 * np.tanh((a[n] + b[n]) / 2) for n in (0, 1))
    g = np.tanh(a[2] + r * b[2])
    return g + z * (h - g)


def number_by_number(x, h, kernel, recurrent_kernel, bias):
    """One sequence and one unit after the other."""
    U, out = h.shape[1], np.zeros(h.shape)
    for b in range(len(x)):
        above = x[b] @ kernel + bias[0]
        beside = h[b] @ recurrent_kernel + bias[1]
        for u in range(U):
            z = 1 / (1 + np.exp(-above[u] - beside[u]))
            r = 1 / (1 + np.exp(-above[u + U] - beside[u + U]))
            g = np.tanh(above[u + 2 * U] + r * beside[u + 2 * U])
            out[b, u] = z * h[b, u] + (1 - z) * g
    return out


EXERCISE = Exercise(
    id="08.4",
    title="one step of a GRU",
    statement=STATEMENT,
    stub=STUB,
    function="gru_step",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(gate_by_gate, number_by_number),
    question="By hand, with one unit: if z were 1, what would the new h be? And with "
    "r = 0, what would the candidate hear of the past?",
    hints=(
        "Two products, kept apart: x @ kernel + bias[0], and h @ recurrent_kernel + "
        "bias[1]. Split both into three.",
        "For z and r add the two parts. For g, r multiplies the part of the state "
        "first, its bias included.",
        "z keeps, 1 − z renews.",
    ),
    reread="The GRU",
    minutes=8,
    points=3,
)
