"""A batch: every submission once, whatever happens on the way."""

import json
import os
import stat

import pytest

from mmlearn.grading import keeping


def tables(a_class, **how):
    from mmlearn.grading.report import grades_csv, marks_csv

    graded = a_class.grade(**how)
    return grades_csv(graded, a_class.plan), marks_csv(graded, a_class.plan)


def test_every_student_has_a_mark(a_class):
    graded = {one.submission.student: one for one in a_class.grade()}
    assert {name: one.marks[0].kind for name, one in graded.items()} == {
        "anna": "passed",
        "bert": "wrong",
        "cleo": "wrong",
        "dora": "wrong",
        "emil": "stub",
        "fred": "missing",
    }
    assert [one.points for one in graded.values()] == [2, 0, 0, 0, 0, 0]
    assert graded["bert"].marks[0].mistakes == ("no maximum subtracted",)
    assert graded["cleo"].marks[0].fingerprint == graded["dora"].marks[0].fingerprint
    assert list(graded["cleo"].answers.values()) == ["=1+1"]


def test_the_second_time_nothing_is_asked_again(a_class):
    first = tables(a_class)
    asked = len(a_class.examined)
    assert tables(a_class, workers=1) == first and len(a_class.examined) == asked
    a_class.hand_in("bert", "x = 1")
    assert tables(a_class) != first
    assert len(a_class.examined) == asked  # no function in it to be examined


@pytest.mark.parametrize("workers", [1, 3])
def test_stopped_anywhere_it_ends_the_same(a_class, workers):
    """The processor is taken away at every place in turn."""

    class Stopped(BaseException):
        pass

    whole = tables(a_class)
    examine = a_class.tools.examine
    for after in range(5):
        for path in (a_class.out / "results").iterdir():
            path.unlink()
        left = [after]

        def until(questions, source, left=left):
            left[0] -= 1
            if left[0] < 0:
                raise Stopped
            return examine(questions, source)

        object.__setattr__(a_class.tools, "examine", until)
        with pytest.raises(Stopped):
            a_class.grade(workers=workers)
        object.__setattr__(a_class.tools, "examine", examine)
        a_class.examined.clear()
        (a_class.out / "results" / ".anna.json.99999999.new").write_text(
            "half", "utf-8"
        )
        assert tables(a_class) == whole
        assert len(a_class.examined) <= 5  # none twice
    assert not list((a_class.out / "results").glob(".*"))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": 1}', "null", "\0" * 9])
def test_damaged_results_are_made_again(a_class, content):
    whole = tables(a_class)
    path = a_class.out / "results" / "anna.json"
    path.write_text(content, "utf-8")
    a_class.examined.clear()
    assert tables(a_class) == whole and len(a_class.examined) == 1


def test_another_seed_or_exercise_is_another_batch(a_class):
    from dataclasses import replace

    key = a_class.plan.key()
    assert replace(a_class.plan, seed=4).key() != key
    assert replace(a_class.plan, written=()).key() != key
    assert replace(a_class.plan, rubric={("02.1", "x"): 1.0}).key() == key


def test_where_the_grader_fails_the_batch_goes_on_and_tries_again(a_class):
    examine = a_class.tools.examine

    def broken(questions, source):
        if "3 * e" in source:
            raise OSError("no sandbox came up <b>")
        return examine(questions, source)

    object.__setattr__(a_class.tools, "examine", broken)
    graded = {one.submission.student: one.marks[0] for one in a_class.grade()}
    assert graded["anna"].kind == "passed" and graded["cleo"].kind == "error"
    assert graded["cleo"].flags == (
        "the grader failed: OSError: no sandbox came up <b>",
    )
    object.__setattr__(a_class.tools, "examine", examine)
    graded = {one.submission.student: one.marks[0] for one in a_class.grade()}
    assert graded["cleo"].kind == "wrong"


def test_a_notebook_that_cannot_be_read_costs_its_author_only(a_class):
    path = a_class.hand_in("anna", "")
    path.write_bytes(b"\xff\xfe{[not json" * 20)
    graded = {one.submission.student: one.marks[0] for one in a_class.grade()}
    assert graded["anna"].kind == "missing" and graded["anna"].flags
    assert graded["bert"].kind == "wrong"


def test_the_seed_is_kept_and_is_a_secret(tmp_path):
    out = tmp_path / "grades"
    seed = keeping.keep_seed(out)
    assert keeping.keep_seed(out) == seed > 0
    assert keeping.keep_seed(out, 7) == 7 == keeping.keep_seed(out)
    if os.name != "nt":
        assert stat.S_IMODE((out / "seed.txt").stat().st_mode) == 0o600
        assert stat.S_IMODE(out.stat().st_mode) == 0o700
    (out / "seed.txt").write_text("half", "utf-8")
    with pytest.raises(ValueError, match="holds no seed"):
        keeping.keep_seed(out)


def test_a_folder_holds_the_marks_of_one_assignment(tmp_path):
    for _ in range(2):
        keeping.keep_name(tmp_path / "grades", "ps1")
    with pytest.raises(keeping.OtherBatch, match="holds the marks of 'ps1': name an"):
        keeping.keep_name(tmp_path / "grades", "ps2")


@pytest.mark.skipif(os.name == "nt", reason="no such locks there")
def test_a_folder_is_for_one_batch_at_a_time_and_for_its_owner(tmp_path):
    out = tmp_path / "grades"
    out.mkdir(mode=0o755)
    with keeping.one_at_a_time(out):
        keeping.keep_name(out, "ps1")
        second = keeping.one_at_a_time(out)
        with pytest.raises(keeping.OtherBatch, match="is at work in .*grades"):
            second.__enter__()
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    with keeping.one_at_a_time(out):
        out.chmod(0o750)  # shared with somebody, later
        keeping.keep_name(out, "ps1")
    assert stat.S_IMODE(out.stat().st_mode) == 0o750


def test_results_are_plain_json(a_class):
    a_class.grade()
    facts = json.loads((a_class.out / "results" / "dora.json").read_text("utf-8"))
    assert facts["student"] == "dora" and facts["marks"][0]["exercise"] == "02.1"
    assert facts["answers"] == {"written-02-w1": "- never\n- or always"}


def test_of_two_notebooks_the_one_with_more_in_it_counts(a_class):
    path = a_class.hand_in("emil", a_class.RIGHT)
    path.with_name("zz.ipynb").write_text(a_class.text(a_class.STUB), "utf-8")
    path = a_class.hand_in("fred", a_class.STUB)
    path.with_name("zz.ipynb").write_text(a_class.text(a_class.RIGHT), "utf-8")
    graded = {one.submission.student: one.marks[0].kind for one in a_class.grade()}
    assert graded["emil"] == graded["fred"] == "passed"
