"""Questions answered in words: collected, marked in a browser or a table, read back.

`written.csv` (student, question, answer, points, comment) is the one file that holds
an instructor's marks; `written.html` is a page to fill it in, which needs no network.
"""

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

from mmlearn.grading.keeping import write_whole
from mmlearn.grading.names import shown
from mmlearn.grading.pages import render
from mmlearn.grading.tables import cell, csv_line, delimiter, table_text, uncell

COLUMNS = ("student", "question", "answer", "points", "comment")
_LONGEST = 20_000  # characters of an answer; a spreadsheet's cell ends at 32,767


class WrittenError(ValueError):
    """A table of marks for written answers that cannot be read."""


@dataclass(frozen=True)
class WrittenQuestion:
    """A question answered in words.

    Args:
        id: the name of its cell, "03.w1".
        points: what it is worth.
        text: what is asked.
        stub: what the cell holds before anybody writes in it.
        title: what people call it, "03.e1"; "" where only the cell's name is known.
        look_for: what a good answer says; for instructors.
    """

    id: str
    points: float
    text: str = ""
    stub: str = ""
    title: str = ""
    look_for: str = ""

    @property
    def heading(self):
        """What pages call it."""
        return self.title or self.id


def answers_of(notebook, questions):
    """What a notebook answers in words: question's id -> text, empty ones left out.

    A cell is found by its `grade_id`; of copies all that say something count.
    """
    found: dict[str, list[str]] = {}
    stubs = {question.id: question.stub.strip() for question in questions}
    for one in notebook.cells:
        if one.grade_id not in stubs:
            continue
        text = one.source.replace(stubs[one.grade_id] or "\0", "").strip()
        texts = found.setdefault(one.grade_id, [])
        texts += [text] if text and text not in texts else []
    return {id: _readable("\n\n".join(texts)) for id, texts in found.items() if texts}


def _readable(text):
    """An answer of reasonable length; its lines stay lines."""
    lines = [shown(line, _LONGEST) for line in text[:_LONGEST].splitlines()]
    return "\n".join(lines) + (" … (cut)" if len(text) > _LONGEST else "")


def read_written(path, graded, questions):
    """Points and comments from a table, for the answers of this batch.

    Args:
        path: written.csv, however a spreadsheet saved it.
        graded: list of Graded.
        questions: the WrittenQuestions.

    Returns:
        {(student's key, question): (points, comment)}, and what was left out, in
        words: answers that this batch does not have, or that have changed since.

    Raises:
        WrittenError: with the line that cannot be used.
    """
    of = {question.id: question.points for question in questions}
    there = {
        (cell(one.submission.student), id): (one.submission.key, answer)
        for one in graded
        for id, answer in one.answers.items()
    }
    given, left_out = {}, []
    for line, row in _rows(path):
        asked = row["student"].strip(), row["question"].strip()
        if not row["points"].strip():
            continue
        which = f"line {line}: {asked[0]!r} to {asked[1]!r}"
        if asked not in there:
            left_out.append(f"{which}: there is no such answer")
            continue
        points = _points(row["points"], of[asked[1]], f"{path}, line {line}")
        key, answer = there[asked]
        if _differ(uncell(row["answer"]), answer):
            told = f"another answer than the one that got {points:g} points"
            left_out.append(f"{which}: {told}: mark it again")
            continue
        given[key, asked[1]] = (points, uncell(row["comment"].strip()))
    return given, left_out


def check_written(path, questions):
    """Raise WrittenError now for what `read_written` would not accept later."""
    of = {question.id: question.points for question in questions}
    for line, row in _rows(path):
        asked = row["question"].strip()
        if asked in of and row["points"].strip():
            _points(row["points"], of[asked], f"{path}, line {line}")


def _differ(marked, now):
    """Whether an answer has changed; spaces do not count, nor a column left empty.

    Nor do single quotes, which spreadsheets add and take away.
    """
    squeezed = ["".join(text.replace("'", "").split())[:5000] for text in (marked, now)]
    return bool(marked) and squeezed[0] != squeezed[1]


def _rows(path):
    text = table_text(path)
    lines = io.StringIO(text, newline="")
    reader = csv.DictReader(lines, delimiter=delimiter(text))
    lacking = set(COLUMNS) - {"answer"} - set(reader.fieldnames or ())
    if lacking:
        raise WrittenError(f"{path} has no column {sorted(lacking)[0]!r}")
    try:
        for row in reader:
            yield reader.line_num, {name: row.get(name) or "" for name in COLUMNS}
    except csv.Error as problem:
        raise WrittenError(f"{path}, line {reader.line_num}: {problem}") from None


def _points(text, of, where):
    try:
        points = float(text.strip().removeprefix("'").replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points <= of:
        raise WrittenError(f"{where}: points are {text!r}; expected 0 to {of:g}")
    return round(points, 2)


def with_words(graded, given):
    """The same submissions with the points that an instructor gave."""
    return [
        replace(
            one,
            words={
                id: given[one.submission.key, id]
                for id in one.answers
                if (one.submission.key, id) in given
            },
        )
        for one in graded
    ]


def written_csv(graded):
    """The table: every answer in words, with what was given for it."""
    lines = [csv_line(COLUMNS)]
    for one in graded:
        for id, answer in one.answers.items():
            points, comment = one.words.get(id, ("", ""))
            row = (one.submission.student, id, answer, f"{points}", comment)
            lines.append(csv_line(map(cell, row)))
    return "".join(lines)


def write_written(graded, out, plan):
    """Write written.csv and the page to mark in; nothing where no question is asked."""
    if not plan.written:
        return
    out = Path(out)
    answers = {
        question.id: [one for one in graded if question.id in one.answers]
        for question in plan.written
    }
    page = render("written.html", plan=plan, answers=answers, columns=COLUMNS)
    write_whole(out / "written.csv", written_csv(graded))
    write_whole(out / "written.html", page)
