"""A mark: what one answer earned, and what its author is told."""

import csv
import hashlib
import inspect
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from mmlearn.exercises.page import Say, Show
from mmlearn.exercises.registry import in_course, normal_id
from mmlearn.exercises.verdict import returned_page
from mmlearn.grading import demands
from mmlearn.grading.names import shown
from mmlearn.grading.tables import delimiter, table_text, uncell

_TOLD = {
    "missing": "No `{name}` was found in your notebook: it was deleted or renamed, or "
    "its cell cannot be read.",
    "nothing": "`{name}` is not a function that can be called.",
    "error": "This could not be graded by machine, which is not your fault: a person "
    "will look at it.",
}
_ALL = "It is wrong in every case."
_SOME = "It is right in some cases and wrong in others."
_NO_NUMBERS = ("junk", "structure", "several", "dtype")  # None, text, a list of two …
_IN_CELL = "That line is in cell {} of your notebook, counted from its top."
_EXCERPT = 4_000  # characters of an answer that the report shows
_UNSURE = ("error",)  # not known yet: asked again by the next run


class RubricError(ValueError):
    """A rubric that cannot be read."""


@dataclass(frozen=True)
class Mark:
    """What one answer to one exercise earned.

    Args:
        exercise: its id, "03.2".
        kind: the verdict: "passed", "stub", "wrong", "raised", …; "missing" where no
            function was found, "error" where the grader itself failed.
        points, of: earned, and what the exercise is worth here.
        sentences: what the student is told; `code` in backticks, no expected number.
        mistakes: names of the known mistake, or the two, that give these answers.
        reread: the headings to read again.
        fingerprint: the same for the same wrong answers; "" where there are none.
        flags: what an instructor should look at.
        note: where the function was found, if not where it should be.
        excerpt: the answer's source, where its numbers are wrong and no mistake is
            known.
        seconds: what it took; no part of any table, since it changes with the machine.
    """

    exercise: str
    kind: str
    points: float = 0.0
    of: float = 0.0
    sentences: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    reread: tuple[str, ...] = ()
    fingerprint: str = ""
    flags: tuple[str, ...] = ()
    note: str = ""
    excerpt: str = ""
    seconds: float = 0.0

    @property
    def sure(self):
        """Whether asking again gives nothing new."""
        return self.kind not in _UNSURE

    def as_json(self):
        """Plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data):
        """The mark that was written; ValueError for anything else."""
        names = {field.name for field in fields(cls)}
        if not isinstance(data, dict) or set(data) != names:
            raise ValueError("this is no mark")
        lists = {k: tuple(v) for k, v in data.items() if isinstance(v, list)}
        return cls(**{**data, **lists})


def mark(exercise, result, answer=None):
    """The mark of an examined answer, without its points (see `worth`).

    Args:
        exercise: the Exercise.
        result: the Result of `examine_source`.
        answer: the Answer that was examined: its source, note and places.
    """
    finding, cell = _in_their_cell(result.finding, getattr(answer, "places", ()))
    unnamed = result.fingerprint and not finding.mistakes and _has_numbers(finding)
    places = [m.reread or exercise.reread for m in finding.mistakes]
    source = getattr(answer, "source", "")
    way = demands.not_met(exercise, source) if finding.kind == "passed" else ()
    told = sentences(exercise, finding)
    told += [_IN_CELL.format(cell)] if cell else []
    return Mark(
        exercise=exercise.id,
        kind=finding.kind,
        sentences=tuple(told),
        mistakes=tuple(m.name for m in finding.mistakes),
        reread=tuple(dict.fromkeys(places or [exercise.reread])),
        fingerprint=result.fingerprint,
        flags=tuple(shown(flag) for flag in (*result.flags, *way)),
        note=shown(getattr(answer, "note", ""), 1000),
        excerpt=_excerpt(source) if unnamed else "",
        seconds=round(result.seconds, 3),
    )


def _in_their_cell(finding, places):
    """The finding with the line as the student counts it, and the cell's number."""
    outcome = finding.outcome
    line = outcome.line if outcome is not None else 0
    cell, own = places[line - 1] if 0 < line <= len(places) else (0, 0)
    if not line or not places:
        return finding, 0
    said = outcome.message.strip()
    return replace(finding, outcome=replace(outcome, line=own, message=said)), cell


def _has_numbers(finding):
    """Whether an answer is wrong because its numbers are."""
    return finding.kind == "wrong" and finding.differences[0].kind not in _NO_NUMBERS


def _excerpt(source):
    lines = source.replace("from __future__ import annotations\n", "").strip()
    return lines[:_EXCERPT] + ("\n…" if len(lines) > _EXCERPT else "")


def missing(exercise, note=""):
    """The mark where no answer was found."""
    told = note or _TOLD["missing"].format(name=exercise.function)
    return Mark(exercise.id, "missing", sentences=(told,), note=note)


def failed(exercise, problem):
    """The mark where the grader itself failed: none yet, and a person must look."""
    said = f"the grader failed: {type(problem).__name__}: {problem}"
    told = (_TOLD["error"],)
    return Mark(exercise.id, "error", sentences=told, flags=(shown(said),))


def sentences(exercise, finding):
    """What a student is told of a finding: the blocks of its page, as sentences."""
    told = _in_a_sentence(exercise, finding)
    if told:
        return told
    if finding.kind == "wrong" and not finding.mistakes and finding.total > 1:
        told.append(_SOME if finding.right else _ALL)
    for block in returned_page(exercise, finding).blocks:
        if isinstance(block, Say) and block.text:
            again = f"Read again in lesson {exercise.lesson}: "
            text = block.text[:1500]
            told.append(
                text.replace("Read again: ", again) if in_course(exercise.id) else text
            )
        elif isinstance(block, Show):
            told.append(f"{block.label}: `{shown(block.text, 300)}`")
    return told or [_TOLD["nothing"].format(name=exercise.function)]


def _in_a_sentence(exercise, finding):
    """What needs no hint: the sentence; [] for all else."""
    if finding.kind == "stub":
        return [f"Not attempted: `{exercise.function}` is still as it was handed out."]
    if finding.kind == "mutated":
        return [
            f"It ran, but changes its input `{finding.outcome.mutated}`, which whoever "
            "called it still needs: make a new array (`x = x - m`, not `x -= m`)."
        ]
    if finding.kind == "wrong" and exercise.kind != "answer" and not finding.mistakes:
        first = finding.differences[0]
        if first.kind == "junk" and first.yours is None and not first.part:
            return ["It returned None: is a `return` missing?"]
    return []


def worth(mark, of, rubric):
    """The mark with its points: all when passed, else what the known mistakes keep.

    Args:
        mark: a Mark.
        of: what the exercise is worth.
        rubric: (exercise, mistake) -> the share that it keeps, 0 to 1; of two mistakes
            the shares multiply.

    >>> worth(Mark("03.2", "passed"), 3, {}).points
    3.0
    >>> flipped = Mark("03.2", "wrong", mistakes=("kernel flipped",))
    >>> worth(flipped, 3, {("03.2", "kernel flipped"): 0.5}).points
    1.5
    """
    share = float(mark.kind == "passed")
    if mark.kind == "wrong" and mark.mistakes:
        share = 1.0
        for name in mark.mistakes:
            share *= rubric.get((mark.exercise, name), 0.0)
    return replace(mark, points=round(float(of) * share, 2), of=float(of))


def read_rubric(path, exercises):
    """A rubric: a CSV with the columns exercise, mistake, keeps (a share, 0 to 1).

    Raises:
        RubricError: with the line that cannot be used.
    """
    names = {(e.id, m.name) for e in exercises for m in e.mistakes}
    rubric = {}
    text = table_text(path)
    rows = csv.DictReader(text.splitlines(), delimiter=delimiter(text))
    lacking = {"exercise", "mistake", "keeps"} - set(rows.fieldnames or ())
    if lacking:
        raise RubricError(f"{path}: there is no column {sorted(lacking)[0]!r}")
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        # A spreadsheet makes 3.2 of 03.2.
        key = (
            normal_id((row["exercise"] or "").strip()),
            uncell((row["mistake"] or "").strip()),
        )
        keeps = (row["keeps"] or "").strip().replace(",", ".") or "0"
        try:
            share = float(keeps)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise RubricError(f"{where}: keeps is {keeps!r}; expected 0 to 1")
        if key[1] and key[0] in {e.id for e in exercises} and key not in names:
            raise RubricError(f"{where}: {key[0]} has no mistake {key[1]!r}")
        rubric[key] = share
    return rubric


def digest(exercise):
    """A fingerprint of an exercise's files: marks made with others are made again."""
    found = hashlib.sha256()
    for function in (exercise.solution, exercise.draw, exercise.attempt):
        try:
            found.update(Path(inspect.getsourcefile(function) or "").read_bytes())
        except (TypeError, OSError):  # none, or typed in by hand
            found.update(b"-")
    return found.hexdigest()[:16]
