"""What an instructor is asked to look at: points that were lost to form."""

import pytest

from mmlearn.exercises import find
from mmlearn.grading import summary
from mmlearn.grading.notebook import Cell, Notebook
from mmlearn.grading.source import find_answer


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("maxpool", True),
        ("naive_maxpool_2d", True),
        ("naive_max_pol2d", True),
        ("naive_conv2d", False),  # another exercise's
        ("pad", False),
    ],
)
def test_a_function_that_may_be_it_is_named(name, like):
    cells = (Cell("code", f"def {name}(x):\n    return 1", 1),)
    found = find_answer(Notebook(cells), find("03.5"))
    assert not found.found
    assert (f"`{name}` may be it, under another name." in found.note) is like


def test_points_lost_to_form_are_looked_at(a_class):
    a_class.hand_in("gina", "x = 1")
    seen = summary.flagged(a_class.grade())
    told = {one.submission.student: text for one, text in seen}
    assert told["gina"].startswith("02.1: no code that could be tried, 2 points lost. ")
    assert "`softmax`" in told["gina"] and "emil" not in told
    assert told["fred"] == "Nothing was handed in."
