"""07.3: give a recurrent kernel the spectral radius that one wants."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The **spectral radius** of a square matrix is the largest absolute value among its
eigenvalues (which may be complex). Scale `recurrent_kernel`, `(U, U)`, by one positive
factor, so that its spectral radius becomes `radius`. `np.linalg.eigvals` gives the
eigenvalues. No case has a radius of 0 to begin with.
"""

STUB = '''\
def with_radius(recurrent_kernel, radius):
    """(U, U), a number -> (U, U) with that spectral radius"""
    raise NotImplementedError
'''


def solution(recurrent_kernel, radius):
    """Scaling a matrix scales its eigenvalues."""
    largest = np.abs(np.linalg.eigvals(recurrent_kernel)).max()
    return recurrent_kernel * (radius / largest)


def attempt(recurrent_kernel, radius, *, wrong=frozenset()):
    """The factor with a student's mistakes in it."""
    values = np.linalg.eigvals(recurrent_kernel)
    largest = np.abs(values).max()
    if "real parts only" in wrong:
        largest = np.abs(values.real).max()
    if "without absolute values" in wrong:
        largest = values.real.max()
    if "singular values" in wrong:
        largest = np.linalg.norm(recurrent_kernel, 2)
    if "length of the whole matrix" in wrong:
        largest = np.linalg.norm(recurrent_kernel)
    if "largest entry" in wrong:
        largest = np.abs(recurrent_kernel).max()
    factor = radius if "not divided" in wrong else radius / largest
    return recurrent_kernel * factor


def draw(rng):
    """A matrix with complex eigenvalues, and its largest real one negative."""
    U = int(rng.integers(3, 6))
    R = _turn(rng, U)
    return Case((R, float(rng.integers(1, 7)) / 4))


def corners(rng):
    """By hand: triangular, then a rotation, then as in `draw`."""
    return [
        Case((np.array([[-2.0, 3.0], [0.0, 1.0]]), 0.5)),
        Case((np.array([[0.5, -2.0], [2.0, 0.5]]), 1.5)),
        Case((_turn(rng, 3), 1.25)),
    ]


def _turn(rng, U):
    """Blocks: a turn by nearly a quarter, and negative numbers; mixed by halves."""
    a, b = 0.5, 2.0 + float(rng.integers(1, 4)) / 2
    R = np.diag(-rng.integers(2, 4, U) / 2.0)
    R[:2, :2] = [[a, -b], [b, a]]
    R[:2, 2:] = rng.integers(1, 4, (2, U - 2))
    order = rng.permutation(U)
    return R[np.ix_(order, order)]


KINDS = (
    "real parts only",
    "without absolute values",
    "singular values",
    "length of the whole matrix",
    "largest entry",
    "not divided",
)

MISTAKES = (
    Mistake(
        KINDS[0],
        "you left the imaginary parts out. Complex eigenvalues turn the state, and "
        "their length counts.",
        "How long is 3 + 4i?",
        excludes=KINDS,
    ),
    Mistake(
        KINDS[1],
        "you took the largest value with its sign. −2 stretches more than 1.",
        "Which eigenvalue of [[−2, 0], [0, 1]] makes a vector longest?",
        excludes=KINDS,
    ),
    Mistake(
        KINDS[2],
        "you used the largest singular value. It says how far one step can stretch, "
        "not what many steps do.",
        "Which numbers does the statement name?",
        excludes=KINDS,
    ),
    Mistake(
        KINDS[3],
        "you used the root of the sum of all squares.",
        "Which numbers does the statement name?",
        excludes=KINDS,
    ),
    Mistake(
        KINDS[4],
        "you used the largest entry of the matrix.",
        "Which numbers does the statement name?",
        excludes=KINDS,
    ),
    Mistake(
        KINDS[5],
        "you multiplied by the radius, whatever the matrix had before.",
        "Test your function: which radius does its result have?",
        excludes=KINDS,
    ),
)


def by_eig(recurrent_kernel, radius):
    """Eigenvalues from the full decomposition; divide first."""
    values, _ = np.linalg.eig(recurrent_kernel)
    return recurrent_kernel / max(abs(v) for v in values) * radius


EXERCISE = Exercise(
    id="07.3",
    title="a wanted spectral radius",
    statement=STATEMENT,
    stub=STUB,
    function="with_radius",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_eig,),
    question="If all entries of a matrix are doubled, what happens to its eigenvalues?",
    hints=(
        "np.abs of a complex number is its length.",
        "Divide by the radius that is there, multiply by the one that is wanted.",
    ),
    reread="The gradient on its way back",
    minutes=6,
    points=2,
)
