"""06.7: between the scaled gradients of a 16-bit step and the optimizer."""

import math

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A 16-bit step multiplied its loss by `loss_scale`, so every gradient in the dict
`grads` is that many times too large. Undo it. Then clip: let $\\|g\\|$ be the length
of all gradients *together*, the root of the sum of all their squares. If it is larger
than `clipnorm`, multiply every gradient by the same factor, so that the length becomes
`clipnorm`; if not, leave them. Return a dict with the same keys.
"""

STUB = '''\
def unscale_and_clip(grads, loss_scale, clipnorm):
    """dict of arrays, two numbers -> dict of arrays"""
    raise NotImplementedError
'''


def solution(grads, loss_scale, clipnorm):
    """The true gradients first; then one length and one factor for all."""
    grads = {name: g / loss_scale for name, g in grads.items()}
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    factor = min(1, clipnorm / norm)
    return {name: factor * g for name, g in grads.items()}


def attempt(grads, loss_scale, clipnorm, *, wrong=frozenset()):
    """The two steps with a student's mistakes in them."""
    scaled = grads
    if "not unscaled" not in wrong:
        grads = {name: g / loss_scale for name, g in grads.items()}
    measured = scaled if "clipped before unscaling" in wrong else grads
    if "entry by entry" in wrong:
        return {
            name: np.clip(measured[name], -clipnorm, clipnorm) * (g / measured[name])
            for name, g in grads.items()
        }
    squares = {name: (g**2).sum() for name, g in measured.items()}
    total = sum(squares.values())
    out = {}
    for name, g in grads.items():
        square = squares[name] if "each array by its own length" in wrong else total
        norm = square if "root forgotten" in wrong else math.sqrt(square)
        factor = clipnorm / norm
        always = "short ones stretched" in wrong
        out[name] = g * (factor if always else min(1, factor))
    return out


def draw(rng):
    """Two arrays of unlike length; the limit below or above the true length."""
    F, U = (int(n) for n in rng.permutation([2, 3]))
    scale = float(rng.choice([4, 8]))
    grads = {"kernel": _nonzero(rng, (F, U)), "bias": 2 * _nonzero(rng, (U,))}
    norm = math.sqrt(sum((g**2).sum() for g in grads.values()))
    limit = math.ceil(norm * float(rng.choice([0.4, 1.6])))
    return Case(({n: scale * g for n, g in grads.items()}, scale, float(limit)))


def corners(rng):
    """Too long, and short enough; both together only, or one array alone."""
    grads = {"kernel": np.array([[3.0, -4.0]]), "bias": np.array([12.0, 84.0])}
    times = {name: 2 * g for name, g in grads.items()}
    return [
        Case((times, 2.0, 17.0)),  # the true length is 85
        Case((times, 2.0, 100.0)),  # the scaled one would be cut
        Case(({"kernel": np.array([[6.0, 8.0]])}, 2.0, 1.0)),
        Case(({"kernel": np.array([[0.6, 0.8]])}, 4.0, 1.0)),
        Case(({"kernel": np.array([[0.6, 0.8]])}, 2.0, 5.0)),  # short even if scaled
    ]


def _nonzero(rng, shape):
    return rng.integers(1, 7, shape) / 2 * rng.choice([-1.0, 1.0], shape)


MISTAKES = (
    Mistake(
        "not unscaled",
        "the loss scale is still in your gradients.",
        "Before clipping, what must be divided out?",
        excludes=("clipped before unscaling", "short ones stretched"),
    ),
    Mistake(
        "clipped before unscaling",
        "you measured the scaled gradients. They are too long by the loss scale, so "
        "nearly every step is cut.",
        "Whose length should be compared with `clipnorm`?",
    ),
    Mistake(
        "entry by entry",
        "you cut every number to ± `clipnorm`. That turns the gradient's direction.",
        "What does one common factor leave as it is?",
        excludes=(
            "each array by its own length",
            "root forgotten",
            "short ones stretched",
        ),
    ),
    Mistake(
        "each array by its own length",
        "every array has a factor of its own. That turns the direction of the whole.",
        "How many lengths does the statement speak of?",
    ),
    Mistake(
        "root forgotten",
        "you compared the sum of squares with `clipnorm`.",
        "What is the length of the vector (3, 4)?",
    ),
    Mistake(
        "short ones stretched",
        "you also lengthened gradients that were short enough.",
        "What should happen near a minimum, where gradients are tiny?",
    ),
)


def as_one_vector(grads, loss_scale, clipnorm):
    """All gradients in one row; its length is the length of all."""
    row = np.concatenate([g.ravel() for g in grads.values()]) / loss_scale
    length = np.linalg.norm(row)
    cut = clipnorm / length if length > clipnorm else 1.0
    return {name: g * (cut / loss_scale) for name, g in grads.items()}


def by_maximum(grads, loss_scale, clipnorm):
    """Divide by the larger of the two lengths."""
    norm = math.hypot(*(float(v) for g in grads.values() for v in g.ravel()))
    divisor = max(norm / loss_scale, clipnorm) / clipnorm
    return {name: g / loss_scale / divisor for name, g in grads.items()}


EXERCISE = Exercise(
    id="06.7",
    title="unscale and clip",
    statement=STATEMENT,
    stub=STUB,
    function="unscale_and_clip",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(as_one_vector, by_maximum),
    question="What is the length of all your gradients together, before and after?",
    hints=(
        "Divide first; then one length over all arrays; then one factor for all.",
        "The factor is `clipnorm` over the length, but never more than 1.",
    ),
    reread="Transfer",
    minutes=10,
    points=3,
)
