"""An answer is found wherever it stands, and nothing in a notebook stops the search."""

import pytest

from mmlearn import course
from mmlearn.exercises import examine, find
from mmlearn.grading.notebook import Cell, Notebook, read_notebook
from mmlearn.grading.source import find_answer
from mmlearn.grading.stub import solution_source

SOFTMAX = find("02.1")
RIGHT = "def softmax(logits):\n    return right(logits)"
STUB = SOFTMAX.stub.strip()


def notebook(*cells, names=None, kinds=None):
    return Notebook(
        tuple(
            Cell(
                (kinds or {}).get(k, "code"),
                source,
                k,
                {"grade_id": names[k]} if names and k in names else {},
            )
            for k, source in enumerate(cells, start=1)
        )
    )


def answer(*cells, exercise=SOFTMAX, **how):
    return find_answer(notebook(*cells, **how), exercise)


def test_only_what_the_function_needs_is_taken():
    found = answer(
        "import numpy as np, os\nimport tensorflow as tf",
        "table = {}\nfor i in range(3):\n    table[i] = i\nother = 3",
        "for i in range(9):\n    model.fit(i)\nplt.plot(table)\nprint(other)",
        "def helper(z):\n    return table[0] + np.exp(z)\ndef unused():\n    pass",
        "def softmax(logits):\n    return helper(logits)",
        "table[9] = 9\ntable.update(a=1)\nsoftmax(np.ones(3))\nshow(table)",
    )
    assert found.found and not found.note
    lines = found.source.splitlines()
    assert "import numpy as np" in lines
    for needed in ("table = {}", "table[9] = 9", "table.update(a=1)"):
        assert needed in lines
    for other in ("os", "tensorflow", "unused", "other = 3", "fit", "plot", "show"):
        assert other not in found.source


def test_a_line_of_the_answer_knows_its_cell():
    found = answer("x = 1", f"import os\n\n\n{RIGHT}", "def right(z):\n    return z")
    lines = found.source.splitlines()
    assert len(found.places) == len(lines)
    places = dict(zip(lines, found.places, strict=True))
    assert places["def softmax(logits):"] == (2, 4)
    assert places["    return z"] == (3, 2)
    assert places["from __future__ import annotations"] == (0, 0)


def test_the_last_definition_wins_but_not_a_stub():
    first = "def softmax(logits):\n    return 1"
    assert "return 1" not in answer(first, RIGHT).source
    below = answer(RIGHT, STUB)
    assert "right(logits)" in below.source
    assert "stub" in below.note


@pytest.mark.parametrize(
    "below",
    [
        *("softmax = softmax(np.eye(3))", "softmax = 3 / 4", "softmax += 1"),
        *("for softmax in range(3):\n    print(softmax)", "softmax: list = [1]"),
    ],
)
def test_a_name_used_again_for_something_else(below):
    found = answer(RIGHT, "def right(z):\n    return z", below, "del softmax")
    assert found.source.splitlines()[-1] == "    return z"
    assert "Cell 3" in found.note


def test_a_counter_of_calls():
    found = answer("n = 0", "def softmax(z):\n    global n\n    n += 1\n    return z")
    assert "n = 0" in found.source.splitlines()


def test_definitions_that_use_the_one_before_keep_it():
    found = answer(
        "def softmax(logits):\n    return logits",
        "from functools import lru_cache\nsoftmax = lru_cache(softmax)",
    )
    assert "return logits" in found.source and "lru_cache(softmax)" in found.source


def test_what_comes_out_of_a_check_is_not_the_students():
    found = answer(
        "from mmlearn.exercises import check as look, solution",
        RIGHT,
        "def right(z):\n    return z",
        "verdict = look('02.1', softmax)\nsoftmax = verdict.function",
    )
    assert "right(logits)" in found.source
    assert "verdict" not in found.source


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ("mine", "softmax = mine"),
        ("Box.mine", "softmax = Box.mine"),
        ("lambda z: mine(z)", "softmax = lambda z: mine(z)"),
        ("function=mine", "softmax = mine"),
    ],
)
def test_another_name_that_a_check_was_given(given, ends):
    cells = "def mine(z):\n    return z\nclass Box:\n    mine = mine"
    found = answer(STUB, cells, f"check('2.1', {given})\ncheck('02.2', softmax)")
    assert found.source.strip().endswith(ends)
    assert "the `check`" in found.note


def test_another_name_in_the_exercises_own_cell():
    cells = "def help(z):\n    return z\ndef soft_max(z):\n    return help(z)"
    found = answer("pass", cells, names={2: "exercise-02-1"})
    assert found.source.strip().endswith("softmax = soft_max")
    assert "soft_max" in found.note
    assert not answer("pass", cells).found


def test_an_untouched_stub_is_found_and_stays_one():
    for stub in (STUB, STUB.replace("Error", "Error()"), f"{STUB}\n\n\n{STUB}"):
        found = answer("import numpy as np", stub)
        assert found.found and "NotImplementedError" in found.source


def test_a_syntax_error_is_told_in_the_students_terms():
    found = answer("x = 1", "def softmax(logits):\n    retrun logits")
    assert not found.found
    assert "Cell 2" in found.note and "line 2 (`retrun logits`)" in found.note
    good = answer(RIGHT, "def right(z):\n    return z", "def softmax(:")
    assert good.found and "Cell 3" in good.note


def test_a_return_outside_of_the_function_is_one_too():
    assert not answer("def softmax(z, z):\n    return z").found


def test_a_function_in_a_text_cell_counts_with_a_note():
    for kind in ("markdown", "raw"):
        found = answer("import numpy as np", RIGHT, kinds={2: kind})
        assert found.found and "text cell" in found.note


def test_a_missing_function_is_told_clearly():
    found = answer("x = 1", "# softmax\nprint('softmax')")
    assert not found.found and "`softmax`" in found.note
    assert not find_answer(Notebook(), SOFTMAX).found


def test_unknown_names_are_told():
    assert "`right`" in answer(RIGHT).note
    assert "np" not in answer("def softmax(z):\n    return np.exp(z)").note


def test_a_table_from_a_cell_further_down_is_moved_up():
    found = answer(
        "scale = table['a'] * 2",
        "def softmax(z):\n    return z * scale",
        "table = {'a': 1}\nunused = 1",
    )
    lines = found.source.splitlines()
    assert lines.index("table = {'a': 1}") < lines.index("scale = table['a'] * 2")
    assert "unused" not in found.source


def test_a_function_that_fills_a_table_is_called():
    found = answer(
        "def fill():\n    global table\n    table = [1]\n"
        "def more(t):\n    t.append(2)\n"
        "def see(t):\n    print(t)",
        "table = []\nfill()\nmore(table)\nsee(table)",
        "def softmax(z):\n    return z * table[0]",
    )
    for line in ("fill()", "more(table)"):
        assert line in found.source.splitlines()
    assert "see" not in found.source


def test_magics_keep_line_numbers_and_statements():
    found = answer(
        "%%time\n%load_ext autoreload\nimport numpy as np\n!pip install x\n"
        "def softmax(z):\n    %time y = np.exp(z)\n    return y\nfiles = !ls\nz?",
        "%%bash\ndef softmax(",
        "%%writefile x.py\ndef softmax(z):\n    return 0",
    )
    assert "    y = np.exp(z)" in found.source.splitlines()
    assert (1, 5) in found.places and "ipython" not in found.source


def test_two_statements_on_one_line_and_letters_of_other_alphabets():
    found = answer("é = 'ü'; λ = 2; softmax = lambda z: z * λ; π = 3")
    assert found.source.splitlines()[1:] == ["λ = 2", "softmax = lambda z: z * λ"]


def test_an_answer_by_hand():
    exercise = find("06.6")
    given = answer("a = 8\ndiagnosis = ...\ndiagnosis = a, 1", exercise=exercise)
    assert given.source.splitlines()[-1] == "diagnosis = a, 1"
    assert answer("check('06.6', (8, 1))", exercise=exercise).found
    untouched = answer("diagnosis = ...", "check('06.6', ...)", exercise=exercise)
    assert untouched.source.strip() == "diagnosis = ..."


BOMBS = {
    "minus signs": "x = " + "-" * 100_000 + "1",
    "a long sum": "softmax = " + "1+" * 50_000 + "1",
    "attributes": "softmax = a" + ".b" * 100_000,
    "calls": "softmax = a" + "()" * 20_000,
    "elif": "if a:\n pass\n" + "elif a:\n pass\n" * 5000 + "softmax = 1",
    "a null byte": "softmax = 1\0",
    "digits": "softmax = " + "9" * 100_000,
    "magics": "%x\n" * 5000 + "def softmax(z):\n    return z",
    "a chain of names": "\n".join(f"a{k} = a{k - 1}" for k in range(1, 1000)),
    "a table of itself": "t = [1]\n" + "t[0] = t[0]\n" * 600 + "softmax = t",
    "semicolons": "a=1;" * 25_000,
    "itself": "softmax = softmax\n" * 300,
    "targets": "a = " * 9_000 + "softmax = 1",
}


@pytest.mark.parametrize("name", BOMBS)
def test_nothing_stops_the_search(name):
    found = answer(BOMBS[name], "softmax = a999" if "names" in name else "pass")
    assert isinstance(found.source, str) and isinstance(found.note, str)


def test_a_lessons_own_notebook_can_be_handed_in():
    exercise = find("12.3")
    cells = list(read_notebook(course.find_lesson("12")).cells)
    for k, cell in enumerate(cells):
        if f"def {exercise.function}(" in cell.source:
            last = cell.source[cell.source.index("\n\n\n") :]
            cells[k] = Cell("code", solution_source(exercise) + last, k)
    found = find_answer(Notebook(tuple(cells)), exercise)
    lines = [line for line in found.source.splitlines() if line[:1].strip()]
    assert [line.split()[0] for line in lines] == ["from", "import", "def"]
    space: dict = {}
    exec(found.source, space)
    assert examine(exercise, space[exercise.function], 0).kind == "passed"
