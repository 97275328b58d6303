"""08.3: the pullback of the additive path, two lines left to write."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The additive path alone: $c_t = f_t\\, c_{t-1} + i_t\\, g_t$, from $c_0 = 0$. Here the
gates are given: `f`, `i`, `g` are `(B, T, U)`. The function returns all cells,
`(B, T, U)`. `dc[:, t]` is what the loss says to that cell directly.

Two lines are yours: `gamma`, the **total** derivative $dL/dc_t$, and `later`, the
message to the cell before. The other three lines use `gamma`. In the code `c[:, t]` is
the cell *before* the step with `f[:, t]`.
"""

STUB = '''\
def cell_path(f, i, g):
    """Three (B, T, U) -> c (B, T, U), and its pullback: dc -> df, di, dg"""
    B, T, U = f.shape
    c = np.zeros((B, T + 1, U))  # c[:, 0] is the cell before the first step
    for t in range(T):
        c[:, t + 1] = f[:, t] * c[:, t] + i[:, t] * g[:, t]

    def pullback(dc):
        df, di, dg = np.zeros((3, B, T, U))
        later = np.zeros((B, U))  # what reaches a cell through the next one
        for t in reversed(range(T)):
            gamma = ...  # your line
            if gamma is ...:
                raise NotImplementedError
            df[:, t] = gamma * c[:, t]
            di[:, t] = gamma * g[:, t]
            dg[:, t] = gamma * i[:, t]
            later = later  # your line: the message to the cell before
        return df, di, dg

    return c[:, 1:], pullback
'''


def solution(f, i, g):
    """Back along the sum: one factor f a step, and no matrix."""
    B, T, U = f.shape
    c = np.zeros((B, T + 1, U))
    for t in range(T):
        c[:, t + 1] = f[:, t] * c[:, t] + i[:, t] * g[:, t]

    def pullback(dc):
        df, di, dg = np.zeros((3, B, T, U))
        later = np.zeros((B, U))
        for t in reversed(range(T)):
            gamma = dc[:, t] + later
            df[:, t] = gamma * c[:, t]
            di[:, t] = gamma * g[:, t]
            dg[:, t] = gamma * i[:, t]
            later = gamma * f[:, t]
        return df, di, dg

    return c[:, 1:], pullback


def attempt(f, i, g, *, wrong=frozenset()):
    """The lines with a student's mistakes in them."""
    B, T, U = f.shape
    c = np.zeros((B, T + 1, U))
    for t in range(T):
        c[:, t + 1] = f[:, t] * c[:, t] + i[:, t] * g[:, t]

    def pullback(dc):
        df, di, dg = np.zeros((3, B, T, U))
        later = np.zeros((B, U))
        for t in reversed(range(T)):
            gamma = dc[:, t] + (0 if "later left out" in wrong else later)
            if "dc left out" in wrong and t < T - 1:
                gamma = later
            df[:, t] = gamma * c[:, t]
            di[:, t] = gamma * g[:, t]
            dg[:, t] = gamma * i[:, t]
            before = max(t - 1, 0)
            factor = f[:, before] if "the forget gate before" in wrong else f[:, t]
            factor = 1 if "forget gate left out" in wrong else factor
            factor = i[:, t] if "through the input gate" in wrong else factor
            message = dc[:, t] if "only one step back" in wrong else gamma
            later = message * factor + (later if "later added up" in wrong else 0)
        return df, di, dg

    return c[:, 1:], pullback


def _case(rng, B, T, U):
    """Gates between 0 and 1, candidates of both signs; no zeros."""
    f, i = (rng.integers(1, 8, (B, T, U)) / 8 for _ in range(2))
    signs = rng.choice([-1.0, 1.0], (2, B, T, U))
    g, dc = rng.integers(1, 7, (2, B, T, U)) / 2 * signs
    return Case((f, i, g), upstream=dc)


def draw(rng):
    return _case(rng, *(int(n) for n in rng.permutation([2, 3, 4])))


def corners(rng):
    return [_case(rng, 1, 3, 1), _case(rng, 1, 4, 1), _case(rng, 2, 4, 3)]


PATH = ("forget gate left out", "the forget gate before", "through the input gate")

MISTAKES = (
    Mistake(
        "later left out",
        "each cell hears only its own dc. But it is a part of the next cell, too.",
        "Into how many equations does c_t go?",
        excludes=(*PATH, "later added up", "only one step back"),
    ),
    Mistake(
        "dc left out",
        "cells before the last one do not hear their own dc.",
        "What does the loss say to c_t if it looks at c_t itself?",
        excludes=("later left out", "only one step back"),
    ),
    Mistake(
        PATH[0],
        "your message goes back undiminished, as if every forget gate were open.",
        "What is `∂c_t / ∂c_{t−1}`, with the gates held fixed?",
        excludes=PATH,
    ),
    Mistake(
        PATH[1],
        "the message is multiplied by the forget gate of one step before.",
        "Which f stands in the equation that makes a cell out of the one before?",
        excludes=PATH,
    ),
    Mistake(
        PATH[2],
        "the message goes back through the input gate. That is the way to g.",
        "By what is the cell before multiplied in the sum?",
        excludes=PATH,
    ),
    Mistake(
        "only one step back",
        "you send on dc, not gamma: what came from later cells stops here.",
        "If the loss looks at the last cell only, which cells should hear of it?",
        excludes=("later added up",),
    ),
    Mistake(
        "later added up",
        "`later` collects the messages to all later cells. A cell speaks only to the "
        "one before it.",
        "What is in `later` when step t − 1 begins?",
    ),
)


def by_products(f, i, g):
    """Every pair of steps: c_t has the share f_{s+1} … f_t of i_s g_s in it."""
    T = f.shape[1]
    share = np.zeros((*f.shape[:1], T, T, f.shape[2]))  # (B, to, from, U)
    for s in range(T):
        share[:, s, s] = 1
        for t in range(s + 1, T):
            share[:, t, s] = share[:, t - 1, s] * f[:, t]
    c = np.einsum("btsu,bsu->btu", share, i * g)
    before = np.concatenate([np.zeros_like(c[:, :1]), c[:, :-1]], axis=1)

    def pullback(dc):
        gamma = np.einsum("btsu,btu->bsu", share, dc)
        return [gamma * before, gamma * g, gamma * i]

    return c, pullback


EXERCISE = Exercise(
    id="08.3",
    title="back along the additive path",
    statement=STATEMENT,
    stub=STUB,
    function="cell_path",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_products,),
    question="If the loss looks at the last cell only, by which factors is its message "
    "multiplied on the way to the first?",
    hints=(
        "gamma: a cell hears the loss directly, and through the next cell.",
        "later: the next cell is f times this one, plus something. Hold the gates "
        "fixed.",
    ),
    reread="Backwards: which derivative is total?",
    kind="pullback",
    parts=("c", "df", "di", "dg"),
    minutes=8,
    points=3,
)
