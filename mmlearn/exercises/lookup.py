"""What a student may look up: a statement, hints, and in the end the solution."""

import inspect
import textwrap
from dataclasses import dataclass

from mmlearn.exercises.checking import tries
from mmlearn.exercises.journal import journal
from mmlearn.exercises.page import Page, Say, Show, Shown
from mmlearn.exercises.registry import find
from mmlearn.exercises.verdict import OPENS_AFTER


@dataclass(repr=False)
class Text(Shown):
    """A statement, hint or solution. Args: page; `.text` is it as plain text."""

    page: Page


@dataclass(repr=False)
class Statement(Text):
    """An exercise's statement, which is markdown with formulas."""

    markdown: str

    def bundle(self):
        return {"text/plain": self.markdown, "text/markdown": self.markdown}

    @property
    def text(self):
        return self.markdown


def statement(id):
    """What an exercise asks, and the stub to start from.

    Raises:
        UnknownExercise: with the exercises that exist.
    """
    exercise = find(id)
    head = f"**{exercise.id} {exercise.title}** ({exercise.minutes} min)"
    stub = f"```python\n{exercise.stub.strip()}\n```"
    text = f"{head}\n\n{exercise.statement.strip()}\n\n{stub}"
    return Statement(Page("note", exercise.title), text).show()


def hint(id):
    """The next hint of an exercise; after the last one, the last one again.

    Raises:
        UnknownExercise: with the exercises that exist.
    """
    exercise = find(id)
    book = journal()
    seen = len(book.entries(exercise.id, "hint"))
    k = min(seen, len(exercise.hints) - 1)
    if seen < len(exercise.hints):
        book.add("hint", exercise.id, number=k + 1)
    title = f"{exercise.id} {exercise.title}: hint {k + 1} of {len(exercise.hints)}"
    blocks = [Say(exercise.hints[k])]
    if k == len(exercise.hints) - 1:
        blocks.append(Say(f"Read again: “{exercise.reread}”."))
    blocks += [Say(note) for note in book.take_notes()]
    return Text(Page("note", title, tuple(blocks))).show()


def solution(id):
    """The solution's source, once it was solved or tried three times.

    Raises:
        UnknownExercise: with the exercises that exist.
    """
    exercise = find(id)
    book = journal()
    checks = book.entries(exercise.id, "check")
    tried = tries(checks)
    title = f"{exercise.id} {exercise.title}: solution"
    if not any(entry.get("passed") for entry in checks) and tried < OPENS_AFTER:
        closed = Say(
            f"It opens after three different tries; so far: {tried}. "
            f'`hint("{exercise.id}")` helps before.'
        )
        return Text(Page("open", f"{title}, still closed", (closed,))).show()
    book.add("solution", exercise.id)
    return Text(Page("note", title, _solution_blocks(exercise))).show()


def _solution_blocks(exercise):
    source = textwrap.dedent(inspect.getsource(exercise.solution)).strip()
    source = source.replace("def solution(", f"def {exercise.function}(", 1)
    if exercise.kind == "answer":
        answer = Say(f"The answer is {exercise.solution()}.")
        return (answer, Show("How it comes about", source))
    advice = Say("Read it, close it, and write it again from memory: then it is yours.")
    return (Show("In Python", source), advice)
