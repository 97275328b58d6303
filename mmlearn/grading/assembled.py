"""A slice of a notebook as one program: the answer that is examined.

A notebook need not have been run from top to bottom, nor all of it at once. So where
an answer fails, it is looked at once more as it stood when its own cell had run.
"""

from dataclasses import dataclass

from mmlearn.grading.slicing import Slice
from mmlearn.grading.stand_ins import provided, quiet_import, star

_FUTURE = "from __future__ import annotations"  # hints need no imports then
_THERE = "Graded with what it uses as that stood when cell {} had run."


@dataclass(frozen=True)
class Answer:
    """A student's answer to one exercise.

    Args:
        source: Python that defines it, under the exercise's own name; "" if not found.
        found: whether there is one, an untouched stub included.
        note: what to know about it, in the student's terms; "" if nothing.
        places: for each line of `source`, its cell and its line there; (0, 0) for a
            line that was added.
        others: the same function, read in other ways; for where this one fails.
    """

    source: str = ""
    found: bool = False
    note: str = ""
    places: tuple[tuple[int, int], ...] = ()
    others: tuple["Answer", ...] = ()


def assembled(slice, name, target, notes):
    """The statements of a slice as one program: an Answer.

    Args:
        slice: a Slice that has been told what is needed.
        name: the function's name in the exercise.
        target: what the student calls it, where that is another name.
        notes: what to tell with it.
    """
    added, lost = provided(slice.unknown)
    if lost:
        stars = [star(one.node) for one in slice.statements]
        added += filter(None, stars)
        lost = [] if any(stars) else lost
    texts, where = [], []
    for text in (_FUTURE, *added):
        texts.append(text)
        where += [(0, 0)] * (text.count("\n") + 1)
    for one in slice.ordered():
        texts.append(quiet_import(one.node) or one.text)
        where += [(one.cell, one.line + k) for k in range(texts[-1].count("\n") + 1)]
    if target:
        texts.append(f"{name} = {target}")
        where.append((0, 0))
    if lost:
        named = ", ".join(f"`{one}`" for one in lost[:5])
        notes = [*notes, f"It uses {named}, which nothing in the notebook defines."]
    told = " ".join(note for note in notes if note)
    return Answer("\n".join(texts) + "\n", True, told, tuple(where))


def places(one):
    """Cell and line of each line of a statement."""
    return tuple((one.cell, one.line + k) for k in range(one.text.count("\n") + 1))


def others(slice, name, answer):
    """The same function with other values of what it uses, where there are others.

    First as its own cell left them: a helper of the same name in a cell below, for
    another exercise, is none of its business. Then at the notebook's end, after all
    calls of methods, `table.build(3)`, which may fail elsewhere and are not taken
    without need.
    """
    bound = [k for k, one in enumerate(slice.statements) if name in one.binds]
    last = max((k for k in bound if k not in slice.skip), default=-1)
    if last < 0:
        return ()
    cell = slice.statements[last].cell
    below = (k for k, one in enumerate(slice.statements) if one.cell > cell)
    found: list[Answer] = []
    for before, note in ((next(below, None), _THERE.format(cell)), (None, "")):
        wide = Slice(slice.statements, slice.skip, wide=True).need({name}, before)
        other = assembled(wide, name, "", [answer.note, note])
        if other.source not in [answer.source, *(one.source for one in found)]:
            found.append(other)
    return tuple(found)
