"""Whose a notebook is, in every layout that is handed in."""

import os

import pytest

from mmlearn.grading.roster import read_roster, with_absent
from mmlearn.grading.submissions import SubmissionError, find_submissions


def put(path, text="{}"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def students(found):
    return [one.student for one in found]


def test_as_nbgrader_collects_them(tmp_path):
    put(tmp_path / "bert/ps1/ps1.ipynb")
    put(tmp_path / "anna/ps1/other.ipynb")
    put(tmp_path / "anna/ps1/ps1.ipynb")
    put(tmp_path / "anna/ps1/timestamp.txt", "2026-11-23 10:00:00.000000 UTC\n")
    put(tmp_path / "anna/ps1/.ipynb_checkpoints/ps1-checkpoint.ipynb")
    (tmp_path / "cleo").mkdir()
    found = find_submissions(tmp_path)
    assert students(found) == ["anna", "bert", "cleo"]
    assert [path.name for path in found[0].notebooks] == ["ps1.ipynb", "other.ipynb"]
    assert found[0].timestamp == "2026-11-23 10:00:00.000000 UTC"
    assert not found[2].notebooks


def test_a_flat_folder_and_a_folder_each(tmp_path):
    put(tmp_path / "flat/anna.ipynb")
    put(tmp_path / "flat/grades/report.ipynb")
    beside = [tmp_path / "flat/grades"]
    assert students(find_submissions(tmp_path / "flat", beside=beside)) == ["anna"]
    put(tmp_path / "each/anna/my answer.IPYNB")
    assert len(find_submissions(tmp_path / "each", "ps1")[0].notebooks) == 1


def test_several_assignments_need_a_name(tmp_path):
    put(tmp_path / "anna/ps1/a.ipynb")
    put(tmp_path / "bert/ps2/a.ipynb")
    with pytest.raises(SubmissionError, match="ps1, ps2; say which"):
        find_submissions(tmp_path)
    found = find_submissions(tmp_path, "ps2")
    assert [len(one.notebooks) for one in found] == [0, 1]
    with pytest.raises(SubmissionError, match="nobody handed in 'ps3'"):
        find_submissions(tmp_path, "ps3")


def test_nothing_to_grade_is_said(tmp_path):
    with pytest.raises(SubmissionError, match="holds no notebook"):
        find_submissions(tmp_path)
    with pytest.raises(SubmissionError, match="is no folder"):
        find_submissions(tmp_path / "none")


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes")
def test_links_and_pipes_are_not_followed(tmp_path):
    put(tmp_path / "anna/ps1/ps1.ipynb", '{"right": 1}')
    (tmp_path / "bert/ps1").mkdir(parents=True)
    (tmp_path / "bert/ps1/ps1.ipynb").symlink_to(tmp_path / "anna/ps1/ps1.ipynb")
    (tmp_path / "cleo").symlink_to(tmp_path / "anna")
    (tmp_path / "dora/ps1").mkdir(parents=True)
    os.mkfifo(tmp_path / "dora/ps1/ps1.ipynb")
    found = find_submissions(tmp_path, "ps1")
    assert students(found) == ["anna", "bert", "dora"]
    assert [len(one.notebooks) for one in found] == [1, 0, 0]
    assert found[1].note == "a link, which is not followed: ps1.ipynb"


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
def test_hostile_names(tmp_path):
    names = ["Anna", "anna", "<script>x</script>".replace("/", "∕"), "a\nb", "a\\nb"]
    for name in [*names, "=1+1", "'=1+1"]:
        put(tmp_path / name / "ps1/ps1.ipynb")
    put(tmp_path / os.fsdecode(b"\xff") / "ps1/ps1.ipynb")
    found = find_submissions(tmp_path, "ps1")
    assert len({one.student for one in found}) == len({o.key for o in found}) == 8
    assert all(one.student.isprintable() for one in found)


def test_the_content_is_what_counts(tmp_path):
    path = put(tmp_path / "anna/ps1/ps1.ipynb", "{}")
    (first,) = find_submissions(tmp_path)
    before = first.digest()
    os.utime(path, (0, 0))
    assert first.digest() == before
    path.write_text("{ }", "utf-8")
    assert first.digest() != before


def test_the_roster(tmp_path):
    put(tmp_path / "s/anna/ps1/ps1.ipynb")
    file = put(
        tmp_path / "r.csv", "\ufeffid,last_name,first_name\nzoe,Z,Zoe\nanna,A,B\n"
    )
    roster = read_roster(file)
    assert roster == {"zoe": ("Z", "Zoe", ""), "anna": ("A", "B", "")}
    assert students(with_absent(find_submissions(tmp_path / "s"), roster)) == [
        "anna",
        "zoe",
    ]
    with pytest.raises(SubmissionError, match="no column 'id'"):
        read_roster(put(tmp_path / "x.csv", "name\nzoe\n"))


def test_a_folder_of_one_student_stops_nobody_else(tmp_path):
    for student in ("anna", "bert", "mallory"):
        put(tmp_path / student / "ps1.ipynb")
    put(tmp_path / "mallory" / "old" / "x.ipynb")
    put(tmp_path / "mallory" / "older" / "x.ipynb")
    for name in ("ps1", ""):
        found = find_submissions(tmp_path, name)
        assert students(found) == ["anna", "bert", "mallory"]
        assert [[p.name for p in o.notebooks] for o in found] == [["ps1.ipynb"]] * 3


def test_of_very_many_notebooks_a_few_are_read(tmp_path):
    for k in range(40):
        put(tmp_path / "anna" / "ps1" / f"{k:02}.ipynb")
    put(tmp_path / "anna" / "ps1" / "ps1.ipynb")
    (one,) = find_submissions(tmp_path, "ps1")
    assert len(one.notebooks) == 5 and one.notebooks[0].stem == "ps1"
    assert one.note.startswith("41 notebooks, of which these were read: ps1.ipynb")


def test_accents_are_the_same_however_they_are_written(tmp_path):
    name = "Jose\u0301"  # as macOS writes it
    put(tmp_path / "s" / name / "ps1/ps1.ipynb")
    roster = put(tmp_path / "r.csv", "id;last_name\nJos\xe9;X\n")
    for encoding in ("utf-8", "cp1252", "utf-16"):
        roster.write_text("id;last_name\nJos\xe9;X\n", encoding)
        found = with_absent(find_submissions(tmp_path / "s"), read_roster(roster))
        assert students(found) == ["Jos\xe9"] and list(read_roster(roster)) == [
            "Jos\xe9"
        ]
    put(tmp_path / "s" / "Jos\xe9" / "ps1/ps1.ipynb")
    assert len({one.student for one in find_submissions(tmp_path / "s")}) == 2


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
def test_a_name_that_looks_like_another_with_its_key(tmp_path):
    for name in ("=1", "'=1"):
        put(tmp_path / name / "ps1/ps1.ipynb")
    one, other = find_submissions(tmp_path)
    put(tmp_path / one.student / "ps1/ps1.ipynb")
    assert len({o.student for o in find_submissions(tmp_path)}) == 3


def test_marks_do_not_go_among_submissions(tmp_path):
    put(tmp_path / "anna.ipynb")
    with pytest.raises(SubmissionError, match="name another --out"):
        find_submissions(tmp_path, beside=[tmp_path / "x" / ".."])
