"""Answers in words: to a person, and back as points."""

import csv
from dataclasses import replace

import pytest

from mmlearn.grading import written
from mmlearn.grading.feedback import feedback_page
from mmlearn.grading.notebook import Cell, Notebook

ID = "written-02-w1"
QUESTION = written.WrittenQuestion(ID, 2.0, "When?", "HERE")


def answers(*texts):
    marks = {"grade_id": ID}
    cells = [Cell("markdown", text, k, marks) for k, text in enumerate(texts)]
    return written.answers_of(Notebook((*cells, Cell("raw", "x", 9))), (QUESTION,))


def test_an_answer_is_found_and_a_stub_is_none():
    assert answers(" yes\r\n- no ") == {ID: "yes\n- no"}
    assert answers("HERE") == answers("  ") == answers() == {}
    assert answers("HERE\nyes") == {ID: "yes"}
    assert answers("yes", "HERE", "yes", "no") == {ID: "yes\n\nno"}


def test_hostile_answers():
    (text,) = answers("a\u202eb\0" + "x" * 90_000).values()
    assert text.startswith("a\\u202eb\\x00xx") and len(text) < 21_000
    assert all(line.isprintable() for line in text.splitlines())


def table(path, rows, dialect="excel", encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, dialect)
        writer.writerow(written.COLUMNS)
        writer.writerows(rows)
    return path


def read(a_class, path, graded=None):
    return written.read_written(path, graded or a_class.grade(), a_class.plan.written)


@pytest.mark.parametrize(
    ("dialect", "encoding", "points"),
    [
        ("excel", "utf-8-sig", "1.5"),
        ("excel-tab", "utf-8", "1.5"),
        ("ger", "cp1252", "1,5"),
    ],
)
def test_however_a_spreadsheet_saves_it(a_class, tmp_path, dialect, encoding, points):
    csv.register_dialect("ger", delimiter=";")
    rows = [("anna", ID, "", points, "Schön"), ("dora", ID, "…", "", "later")]
    path = table(tmp_path / "w.csv", rows, dialect, encoding)
    given, unknown = read(a_class, path)
    assert given == {("anna", ID): (1.5, "Schön")} and not unknown


@pytest.mark.parametrize("points", ["2.5", "-1", "nan", "inf", "x", "=1+1"])
def test_points_that_there_are_not(a_class, tmp_path, points):
    path = table(tmp_path / "w.csv", [("anna", ID, "", points, "")])
    with pytest.raises(written.WrittenError, match="line 2: points .* expected 0 to 2"):
        read(a_class, path)


def test_a_table_is_checked_before_there_are_answers(tmp_path):
    rows = [("zoe", "another", "", "99", ""), ("anna", ID, "", "50%", "")]
    path = table(tmp_path / "w.csv", rows)
    with pytest.raises(written.WrittenError, match="line 3: points are '50%'"):
        written.check_written(path, (QUESTION,))
    written.check_written(table(path, rows[:1]), (QUESTION,))


def test_a_table_that_is_none(a_class, tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("name,points\nanna,1\n", "utf-8")
    with pytest.raises(written.WrittenError, match="has no column 'comment'"):
        read(a_class, path)
    strangers = [("zoe", ID, "", "1", ""), ("bert", ID, "", "1", "")]
    given, unknown = read(a_class, table(path, strangers))
    assert not given
    assert unknown[0] == f"line 2: 'zoe' to '{ID}': there is no such answer"
    assert len(unknown) == 2  # bert answered nothing


def test_the_round_trip(a_class):
    """Out, marked, in, out: the same table, and the points are in the marks."""
    graded = a_class.grade()
    keys = ("anna", "cleo", "dora")
    given = {(key, ID): (1.25, f"={key}, \n “well”") for key in keys}
    marked = written.with_words(graded, given)
    assert [one.points for one in marked] == [3.25, 0, 1.25, 1.25, 0, 0]
    assert not any(one.open for one in marked)
    written.write_written(marked, a_class.out, a_class.plan)
    path = a_class.out / "written.csv"
    again, unknown = read(a_class, path)
    assert again == given and not unknown
    text = path.read_text("utf-8")
    assert written.written_csv(written.with_words(graded, again)) == text
    assert "'=1+1" in text and "'- never" in text


def test_an_answer_that_changed_is_marked_again(a_class):
    given = {("anna", ID): (1.5, "")}
    marked = written.with_words(a_class.grade(), given)
    written.write_written(marked, a_class.out, a_class.plan)
    path = a_class.out / "written.csv"
    mangled = path.read_text("utf-8").replace("When weights", "When  weights")
    path.write_text(mangled, "utf-8")  # as a spreadsheet may
    assert read(a_class, path) == (given, [])
    a_class.hand_in("anna", "x = 1", "Never.")
    given, left_out = read(a_class, path)
    assert not given and "another answer than the one that got 1.5" in left_out[0]


def test_a_hostile_student_in_the_round_trip(a_class):
    a_class.hand_in("=1+1", "x = 1", '</script>"</textarea>')
    graded = a_class.grade()
    given = {(one.submission.key, ID): (1.0, "") for one in graded if one.answers}
    marked = written.with_words(graded, given)
    written.write_written(marked, a_class.out, a_class.plan)
    assert read(a_class, a_class.out / "written.csv", graded)[0] == given


def test_the_form_says_what_to_look_for_and_feedback_does_not(a_class):
    question = replace(
        a_class.plan.written[0], text="Is `x` <b>?", title="02.w1", look_for="A *yes*."
    )
    plan = replace(a_class.plan, written=(question,), title="Problem set 1")
    graded = a_class.grade()
    written.write_written(graded, a_class.out, plan)
    form = (a_class.out / "written.html").read_text("utf-8")
    assert (
        "<h2>02.w1 · 2 points</h2>" in form and ">Look for:</strong> A *yes*." in form
    )
    for page in (form, feedback_page(graded[0], plan)):
        assert "Is <code>x</code> &lt;b&gt;?" in page
        assert "<h1>Problem set 1 (ps1)" in page and "<h3>written-02-w1" not in page
    assert "A *yes*" not in page


def test_without_questions_there_is_nothing_to_write(a_class):
    plan = replace(a_class.plan, written=())
    written.write_written([], a_class.out, plan)
    assert not a_class.out.exists()


@pytest.mark.browser
def test_the_form_in_a_browser(a_class, browser, tmp_path):
    a_class.hand_in("<b>=x", "x = 1", '</script>"</textarea><script>boom()</script>')
    written.write_written(a_class.grade(), a_class.out, a_class.plan)
    context, problems = browser.new_context(), []
    page, later = context.new_page(), context.new_page()
    page.on("pageerror", lambda problem: problems.append(problem))
    page.goto((a_class.out / "written.html").as_uri())
    assert page.locator("#state").inner_text() == "0 of 4 marked"
    page.locator(".answer .points").nth(1).fill("1.5")
    page.locator(".answer .comment").nth(1).fill('=so "what", he said\nénd')
    page.locator(".answer .points").nth(2).fill("7")
    page.click("#save")  # refused: 7 of 2 points
    page.locator(".answer .points").nth(2).fill("2")
    for _ in range(100):  # the browser keeps what was typed, in its own time
        later.goto(page.url)
        if later.locator("#state").inner_text() == "2 of 4 marked":
            break
    page = later
    assert page.locator(".answer .points").nth(2).input_value() == "2"
    with page.expect_download() as download:
        page.click("#save")
    path = tmp_path / "written.csv"
    download.value.save_as(path)
    context.close()
    given, unknown = read(a_class, path)
    assert not unknown and not problems
    assert sorted(given.values()) == [(1.5, '=so "what", he said\nénd'), (2.0, "")]
    text = path.read_text("utf-8")
    assert "'=so" in text and "boom()" in text
