"""What an exercise is made of: the one form that every lesson's exercises have.

An exercise is data and four plain functions: a `solution`, a `draw` that makes a
random case, an `attempt` that makes the mistakes students are known to make, and
honest `variants`. See AUTHORING.md for how to write one.
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

KINDS = ("function", "pullback", "answer")


@dataclass(frozen=True)
class Case:
    """One question put to a function: what it is called with.

    Only plain data (arrays, numbers, strings, lists, tuples, dicts with string
    keys), so that a case can travel to another process without pickle.

    Args:
        args: positional arguments.
        kwargs: keyword arguments.
        upstream: what the returned pullback is called with (kind "pullback" only).
    """

    args: tuple = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    upstream: Any = None


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students are known to give.

    Args:
        name: a few words, unique in the exercise: "kernel flipped". The switch of
            `attempt(..., wrong={name})`.
        says: what was done, and what that computes instead; one or two sentences.
        hint: where to look; never the corrected line.
        reread: the heading of the lesson to read again, where it differs from the
            exercise's own.
        excludes: names of mistakes that cannot be told from, or cannot be made
            together with, this one: such pairs are not tried.
    """

    name: str
    says: str
    hint: str
    reread: str = ""
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """A statement, a stub, a solution, random cases, known mistakes.

    Args:
        id: lesson and number, "03.2".
        title: "naive conv2d".
        statement: what is asked, in markdown.
        stub: source text of what the student starts from: a function that raises
            NotImplementedError and does nothing else; for an answer, `name = ...`.
        function: the name the stub defines.
        solution: the function; for kind "answer" a function of nothing.
        question: the question of the first rung, in the way of Socrates.
        hints: from the first nudge to nearly there, in order.
        reread: the heading or cell of the lesson to read again.
        draw: random generator -> Case. Values small enough to check by hand.
        corners: random generator -> cases that must always be tried (an overflow).
        attempt: like `solution`, with one more argument `wrong` (frozenset of
            mistakes' names); `wrong=frozenset()` equals the solution.
        mistakes: the known mistakes that `attempt` can make.
        variants: honest other solutions; all must pass.
        kind: "function" (returns its answer), "pullback" (returns y, pullback),
            "answer" (a number or array worked by hand).
        parts: names of a tuple answer's parts, ("y", "dx", "dkernel", "dbias").
        tolerance: error allowed, as a share of the largest expected number;
            expected integers must be met exactly.
        imports: what a grader lets the function import.
        planes: name of an argument or part ("answer" for an answer of one part) -> the
            two axes to read it by when shown: {"x": (1, 2)} for B H W C.
        minutes, points: what it takes, what it is worth.
        seconds: the time limit of one check.
    """

    id: str
    title: str
    statement: str
    stub: str
    function: str
    solution: Callable
    question: str
    hints: tuple[str, ...]
    reread: str
    draw: Callable[[np.random.Generator], Case] | None = None
    corners: Callable[[np.random.Generator], Sequence[Case]] | None = None
    attempt: Callable | None = None
    mistakes: tuple[Mistake, ...] = ()
    variants: tuple[Callable, ...] = ()
    kind: str = "function"
    parts: tuple[str, ...] = ()
    tolerance: float = 1e-4
    imports: tuple[str, ...] = ("numpy", "math")
    planes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    minutes: int = 10
    points: int = 1
    seconds: float = 10.0

    def __post_init__(self):
        names = [mistake.name for mistake in self.mistakes]
        known = set(names)
        problems = {
            "an id like '03.2'": re.fullmatch(r"\d\d\.\d+", self.id),
            f"a kind of {KINDS}": self.kind in KINDS,
            "`draw`, unless its kind is 'answer'": self.draw or self.kind == "answer",
            "`attempt`, where it has mistakes": self.attempt or not names,
            "mistakes with different names": len(known) == len(names),
            "`excludes` that name its own mistakes": all(
                set(mistake.excludes) <= known for mistake in self.mistakes
            ),
        }
        for needed, fine in problems.items():
            if not fine:
                raise ValueError(f"exercise {self.id!r} needs {needed}")

    @property
    def lesson(self):
        """The lesson's number, "03"."""
        return self.id.split(".")[0]

    def cases(self, rng, count=8):
        """Fresh cases: the corners, then `count` random ones."""
        if self.draw is None:
            return [Case()]
        corners = list(self.corners(rng)) if self.corners else []
        # Eight random ones whatever the corners: with three, wrong answers get through.
        return corners + [self.draw(rng) for _ in range(count)]

    def wrong(self, names):
        """The solution with these known mistakes in it, to be called like it."""
        if self.attempt is None:
            raise ValueError(f"exercise {self.id} has no attempt to make mistakes in")
        return partial(self.attempt, wrong=frozenset(names))

    def combinations(self):
        """Every known mistake, then every pair of them that can be made together."""
        singles = [(mistake,) for mistake in self.mistakes]
        pairs = itertools.combinations(self.mistakes, 2)
        return singles + list(filter(_together, pairs))

    def threes(self):
        """Every three known mistakes that can be made together."""
        return filter(_together, itertools.combinations(self.mistakes, 3))


def _together(mistakes):
    excluded = {name for one in mistakes for name in one.excludes}
    return excluded.isdisjoint(one.name for one in mistakes)


@dataclass(frozen=True)
class Question:
    """A short question answered in words: for recall, or "explain to yourself".

    Args:
        id: lesson and number, "02.q1" to recall, "02.e1" to explain.
        question: one or two sentences; `code` in backticks.
        answer: the model answer, in two or three sentences.
    """

    id: str
    question: str
    answer: str

    @property
    def lesson(self):
        """The lesson's number, "02"."""
        return self.id.split(".")[0]
