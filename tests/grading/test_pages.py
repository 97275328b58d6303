"""Feedback and the class report: what they say, and that nobody can write into them."""

import csv
import html.parser
import io
from dataclasses import replace

import pytest

from mmlearn.grading import feedback, report, summary
from mmlearn.grading.sandbox import Protection

HOLES = Protection("limits", ("The network is open.",), "install bubblewrap")
FULL = Protection("bubblewrap")
EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>`</code>`{{ 7 * 7 }}"


class Tags(html.parser.HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def checked(page):
    """The page's tags, none of which can run anything or fetch anything."""
    made = Tags(page)
    assert "script" not in made.tags and "img" not in made.tags
    names = {name for name, _ in made.attributes}
    assert not [name for name in names if name.startswith("on")] and "src" not in names
    links = [value for name, value in made.attributes if name == "href"]
    assert all("/" not in link.removeprefix("feedback/") for link in links)
    assert not [link for link in links if ":" in link]
    return made


def evil(graded):
    """A class whose every text is hostile."""
    made = []
    for one in graded:
        student = replace(one.submission, student=EVIL, note=EVIL)
        lists = {"sentences": (EVIL,), "flags": (EVIL,)}
        marks = [
            replace(m, note=EVIL, excerpt=EVIL, fingerprint="f", **lists)
            for m in one.marks
        ]
        words = dict.fromkeys(one.answers, (1.0, EVIL))
        answers = dict.fromkeys(one.answers, EVIL)
        made.append(replace(one, submission=student, marks=tuple(marks)))
        made[-1] = replace(made[-1], answers=answers, words=words)
    return made


def test_what_students_write_stays_text(a_class):
    graded = evil(a_class.grade())
    told = checked(report.class_report(graded, a_class.plan, HOLES)).text
    assert told.count("<script>alert(1)</script>") > 5 and "49" not in told
    for one in graded:
        page = checked(feedback.feedback_page(one, a_class.plan))
        assert "<script>alert(1)</script>" in page.text


def test_feedback_says_what_and_where_to_read(a_class):
    graded = {one.submission.student: one for one in a_class.grade()}
    noted = replace(graded["anna"].marks[0], note="Graded is `mine`.")
    page = feedback.feedback_page(replace(graded["anna"], marks=(noted,)), a_class.plan)
    assert "Graded is <code>mine</code>." in page

    def told(student):
        page = feedback.feedback_page(graded[student], a_class.plan)
        return " ".join(checked(page).text.split())

    assert "2 of 4 points (without 1 written answer, not marked yet)" in told("anna")
    assert "Right. 9 fresh cases agree." in told("anna")
    bert = told("bert")
    assert "No maximum subtracted: " in bert and "A hint: " in bert
    assert "Read again in lesson 02: “Softmax and its overflow”." in bert
    assert "Yours is 3 times the expected, everywhere." in told("cleo")
    assert "not attempted" in told("emil") and "Nothing was handed in." in told("fred")
    assert "0 of 2 · not answered" in told("bert")


def test_feedback_files_stay_in_their_folder(a_class):
    graded = a_class.grade()
    one = replace(graded[0].submission, student="../../x", key="x-123456789abc")
    graded = [replace(graded[0], submission=one), *graded[1:]]
    feedback.write_feedback(graded, a_class.out, a_class.plan)
    names = {path.name for path in (a_class.out / "feedback").iterdir()}
    assert len(names) == 6 and {"x-123456789abc.html", "bert.html"} <= names


def test_the_report_says_what_to_teach_again(a_class):
    graded = a_class.grade()
    made = checked(report.class_report(graded, a_class.plan, FULL))
    told = " ".join(made.text.split())
    assert "6 students, 5 handed in" in told
    assert "02.1 no maximum subtracted" in told and "1 (20 %)" in told
    assert "lesson 02, “Softmax and its overflow”" in told
    assert "02.1 softmax · 2 students cleo, dora" in told
    assert "return 3 * e / e.sum" in told
    assert "dora02.1: spoke out of turn" in told.replace(" 02.1:", "02.1:")
    assert "1 right, 3 wrong, 1 not attempted" in told
    assert "NOT FULLY PROTECTED" not in told and "written answers are not" in told


def test_the_report_is_loud_where_protection_is_missing(a_class):
    page = report.class_report(a_class.grade(), a_class.plan, HOLES)
    told = " ".join(checked(page).text.split())
    assert "NOT FULLY PROTECTED (limits)" in told and "The network is open." in told
    assert told.index("NOT FULLY PROTECTED") < told.index("points")


def test_an_empty_class_has_a_report_too(a_class):
    graded = [one for one in a_class.grade() if not one.submission.notebooks]
    for few in (graded, []):
        assert "Nobody made a known mistake." in report.class_report(
            few, a_class.plan, FULL
        )


def test_the_distribution_counts_everybody_once(a_class):
    graded = a_class.grade()
    bars = summary.distribution(graded, a_class.plan.of)
    assert [bar.count for bar in bars] == [5, 0, 0, 0, 1, 0, 0, 0]
    assert bars[4].name == "2 to 2.5" and bars[0].percent == 100
    assert sum(bar.count for bar in summary.distribution(graded, 2.0)) == 6


@pytest.mark.parametrize(
    ("of", "first", "last"),
    [
        (13, "0 to 2", "12 to 13"),
        (7, "0 to 1", "6 to 7"),
        (1.5, "0 to 0.5", "1 to 1.5"),
    ],
)
def test_bars_end_at_whole_or_half_points(a_class, of, first, last):
    bars = summary.distribution(a_class.grade(), of)
    assert (bars[0].name, bars[-1].name) == (first, last)
    assert summary.distribution([], 0.0)[0].count == 0


def test_groups_come_first_and_singles_are_folded(a_class):
    a_class.hand_in("gina", a_class.RIGHT.replace("return e", "return 5 * e"))
    a_class.hand_in("hans", "def softmax(logits):\n    return None\n")
    a_class.hand_in(
        "ines", "def softmax(logits):\n    logits += 1\n    return logits\n"
    )
    graded = a_class.grade()
    for k, one in enumerate(graded):
        mark = replace(one.marks[0], mistakes=("`/` in place",) if k == 1 else ())
        graded[k] = replace(one, marks=(mark,))
    page = report.class_report(graded, a_class.plan, FULL)
    shared, folded = page.split("<details>")
    assert "return 3 * e" in shared and "return 5 * e" not in shared
    assert "return 5 * e" in folded.split("</details>")[0]
    told = " ".join(checked(page).text.split())
    assert "1 answer with numbers that nobody else gave" in told
    assert "1 returned None or no numbers, 1 changed its input" in told
    bert = feedback.feedback_page(graded[1], a_class.plan)
    assert "wrong: <code>/</code> in place" in bert and 'title="wrong: / in' in page
    ines = feedback.feedback_page(graded[-1], a_class.plan)
    assert "it ran, but changes its input" in ines and "Not attempted: " not in ines


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_grades_have_the_columns_of_nbgrader(a_class):
    roster = {"anna": ("O'Neil, A.", "=Anna", "anna@example.org")}
    table = rows(report.grades_csv(a_class.grade(), a_class.plan, roster))
    assert " ".join(table[0]) == (
        "assignment duedate timestamp student_id last_name first_name email raw_score "
        "late_submission_penalty score max_score"
    )
    assert [row["student_id"] for row in table] == [
        *("anna", "bert", "cleo", "dora", "emil", "fred")
    ]
    assert table[0]["score"] == "2.0" and table[0]["max_score"] == "4.0"
    assert table[0]["last_name"] == "O'Neil, A." and table[0]["first_name"] == "'=Anna"


def test_no_cell_of_a_table_is_a_formula(a_class):
    graded = a_class.grade()
    one = replace(graded[1].submission, student="=cmd|' /C calc'!A0")
    marks = (replace(graded[1].marks[0], note="@x\n=1", flags=("+1",)),)
    graded[1] = replace(graded[1], submission=one, marks=marks)
    for text in (
        report.grades_csv(graded, a_class.plan),
        report.marks_csv(graded, a_class.plan),
    ):
        values = [value for row in rows(text) for value in row.values()]
        assert "'=cmd|' /C calc'!A0" in values
        assert not [v for v in values if v[:1] in tuple("=+-@\t\r") and v]


@pytest.mark.parametrize("words", [{}, {"written-02-w1": (1.5, "+ well said")}])
def test_marks_have_a_line_for_every_question(a_class, words):
    graded = a_class.grade()
    graded[0] = replace(graded[0], words=words)
    table = rows(report.marks_csv(graded, a_class.plan))
    assert len(table) == 12 and table[0]["verdict"] == "passed"
    assert table[1]["verdict"] == ("marked" if words else "not marked")
    assert table[1]["note"] == ("'+ well said" if words else "")
    assert table[2]["mistakes"] == "no maximum subtracted"
    assert table[3]["verdict"] == "stub"
