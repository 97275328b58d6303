"""The list of a class, as nbgrader takes it: id, last_name, first_name, email."""

import csv
import unicodedata

from mmlearn.grading.names import safe_key, shown
from mmlearn.grading.submissions import Submission, SubmissionError, in_order
from mmlearn.grading.tables import delimiter, table_text

NAMES = ("last_name", "first_name", "email")


def read_roster(path):
    """Students' ids -> (last name, first name, email).

    Args:
        path: a CSV with a column `id`, and any of last_name, first_name, email.

    Raises:
        SubmissionError: where there is no such column.
    """
    text = table_text(path)
    rows = csv.DictReader(text.splitlines(), delimiter=delimiter(text))
    if "id" not in (rows.fieldnames or ()):
        raise SubmissionError(f"{path} has no column 'id'")
    return {
        shown(_composed(row["id"].strip()), 120): tuple(
            (row.get(n) or "").strip() for n in NAMES
        )
        for row in rows
        if (row["id"] or "").strip()
    }


def _composed(name):
    """Letters with their accents as one, as submissions have them."""
    return unicodedata.normalize("NFC", name)


def with_absent(found, roster):
    """Submissions, and those of the class who handed in nothing, in order."""
    there = {one.student for one in found}
    absent = [Submission(id, safe_key(id)) for id in roster if id not in there]
    return in_order([*found, *absent])
