"""09.6: draw the next token, with a temperature."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Draw the next token. `logits` is `(V,)`, `temperature` a number above 0, and `u` a
random number from 0 up to 1. The probabilities are

$$p_v = \\frac{e^{z_v / T}}{\\sum_j e^{z_j / T}}$$

Lay them side by side from 0 to 1, in the order of the tokens; the token whose stretch
holds `u` is drawn. Return `p`, `(V,)`, and the token's number. Nothing may overflow.
"""

STUB = '''\
def draw_token(logits, temperature, u):
    """(V,), T > 0, 0 <= u < 1 -> p (V,), the number of the token drawn"""
    raise NotImplementedError
'''


def solution(logits, temperature, u):
    """Softmax of z / T; then the first token whose running sum is above u."""
    z = logits / temperature
    e = np.exp(z - z.max())
    p = e / e.sum()
    return p, int(np.argmax(np.cumsum(p) > u))


def attempt(logits, temperature, u, *, wrong=frozenset()):
    """The draw with a student's mistakes in it."""

    def softmax(z):
        e = np.exp(z - z.max())
        return e / e.sum()

    p = softmax(logits / temperature)
    if "multiplied by T" in wrong:
        p = softmax(logits * temperature)
    if "probabilities divided by T" in wrong:
        p = softmax(logits) / temperature
        p = p / p.sum()
    if "the square root of T" in wrong:
        p = softmax(logits / np.sqrt(temperature))
    from_p = softmax(logits) if "drawn at temperature 1" in wrong else p
    if "the likeliest taken" in wrong:
        return p, int(from_p.argmax())
    if "sorted before the draw" in wrong:
        from_p = np.sort(from_p)[::-1]
    place = int(np.argmax(np.cumsum(from_p) > u))
    return p, min(place + 1, len(p) - 1) if "one token too far" in wrong else place


def _case(rng, V, temperature, u=None):
    """The likeliest token first in no case: its rank would be its number."""
    logits = np.sort(rng.permutation(np.arange(-3, 4))[:V] / 2)
    logits = np.roll(logits, int(rng.integers(0, V - 1)))
    u = round(float(rng.uniform(0.03, 0.97)), 2) + 0.003 if u is None else u
    return Case((logits, temperature, u))


def draw(rng):
    temperature = float(rng.choice([0.5, 2.0, 3.0]))
    return _case(rng, int(rng.integers(4, 6)), temperature)


def corners(rng):
    """Hot and cold, from the beginning, the middle and the end of the stretch."""
    small = [_case(rng, 2, 2.0, u) for u in (0.103, 0.603)]
    spread = [_case(rng, 5, t, u) for t in (0.5, 3.0) for u in (0.053, 0.353, 0.853)]
    sharp = Case((np.array([1.0, 8.0, 7.5, -2.0]), 0.01, 0.5))  # e^800 overflows
    return [*small, *spread, sharp]


HOW = ("multiplied by T", "probabilities divided by T", "the square root of T")
WHICH = ("the likeliest taken", "sorted before the draw", "one token too far")

MISTAKES = (
    Mistake(
        HOW[0],
        "a high temperature makes yours surer, a low one flatter.",
        "What becomes of z / T when T is very large?",
        excludes=HOW,
    ),
    Mistake(
        HOW[1],
        "you divided the probabilities by T and normalized again: T has cancelled.",
        "Before or after the exponential?",
        excludes=(*HOW, "drawn at temperature 1"),
    ),
    Mistake(
        HOW[2],
        "you divided by the root of T. (In lesson 10 a root will stand there, for "
        "another reason.)",
        "With T = 4 and logits 0 and 4: what is the difference that is left?",
        excludes=(*HOW, "drawn at temperature 1"),
    ),
    Mistake(
        "drawn at temperature 1",
        "p is right, but the token was drawn from other probabilities, those at T = 1.",
        "From which p is the running sum made?",
    ),
    Mistake(
        WHICH[0],
        "you took the most probable token, whatever u was. Then the same beginning "
        "always goes on in the same way.",
        "What changes in your answer when u goes from 0.1 to 0.9?",
        excludes=(*WHICH, "drawn at temperature 1"),
    ),
    Mistake(
        WHICH[1],
        "you laid the stretches by size, and returned the place in that order. It is a "
        "rank, not a token's number.",
        "In which order do the stretches lie?",
        excludes=WHICH,
    ),
    Mistake(
        WHICH[2],
        "you took the token behind the stretch that holds u.",
        "With p = (0.5, 0.5) and u = 0.3, which token is it?",
        excludes=WHICH,
    ),
)


def searched(logits, temperature, u):
    """How many running sums lie at or below u."""
    e = np.exp((logits - np.max(logits)) / temperature)
    p = e / np.sum(e)
    return [p, np.searchsorted(np.cumsum(p), u, side="right")]


def subtracting(logits, temperature, u):
    """Walk along the stretches."""
    z = np.asarray(logits, float) / temperature
    log_p = z - z.max() - np.log(np.exp(z - z.max()).sum())
    p, left, token = np.exp(log_p), u, 0
    while left >= p[token]:
        left -= p[token]
        token += 1
    return p, token


EXERCISE = Exercise(
    id="09.6",
    title="draw with a temperature",
    statement=STATEMENT,
    stub=STUB,
    function="draw_token",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(searched, subtracting),
    question="Draw a line from 0 to 1 and lay the probabilities on it in order. Where "
    "does u fall?",
    hints=(
        "Divide the logits first; subtract their maximum before np.exp.",
        "np.cumsum(p) gives the right ends of the stretches.",
        "The token is the first whose right end is above u: np.argmax finds the first "
        "True.",
    ),
    reread="It writes",
    parts=("p", "token"),
    minutes=6,
    points=2,
)
