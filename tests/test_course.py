"""The copy that a student owns: what is refreshed, and what is never overwritten."""

import errno
import json

import pytest

from mmlearn import course


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A course of three files in a folder with a space, installed as a package."""
    package = tmp_path / "site packages" / "mmlearn"
    lessons = package / "_course" / "lessons"
    lessons.mkdir(parents=True)
    (lessons / "00_start.ipynb").write_text("zero")
    (lessons / "03_conv.ipynb").write_text("three")
    (lessons / ".ipynb_checkpoints").mkdir()
    (lessons / ".ipynb_checkpoints" / "00_start.ipynb").write_text("old")
    (package / "_course" / "data" / "clip").mkdir(parents=True)
    (package / "_course" / "data" / "clip" / "clip.mp4").write_bytes(b"\0\1")
    monkeypatch.setattr(course, "_PACKAGE", package)
    return package / "_course"


def test_the_checkout_is_found():
    assert (course.checkout() / "pyproject.toml").is_file()
    assert course.lessons_folder() == course.checkout() / "lessons"


def test_the_package_wins_over_nothing(shipped):
    assert course.checkout() is None
    assert course.data_folder() == shipped / "data"


def test_missing_lessons_say_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "_PACKAGE", tmp_path / "mmlearn")
    with pytest.raises(course.CourseError, match="reinstall mmlearn"):
        course.lessons_folder()


@pytest.mark.parametrize("number", ["03", "3", 3, "03_conv.ipynb"])
def test_a_lesson_by_its_number(shipped, number):
    assert course.find_lesson(number).name == "03_conv.ipynb"


@pytest.mark.parametrize("number", ["7", "003", "", "conv"])
def test_a_lesson_that_there_is_not(shipped, number):
    with pytest.raises(course.CourseError, match="found 00, 03"):
        course.find_lesson(number)


def test_copies_are_no_lessons(shipped):
    for name in ("03_conv-Copy1.ipynb", "03_conv.new.ipynb", "03_a.new2.ipynb"):
        (shipped / "lessons" / name).write_text("")
    assert [p.name for p in course.lessons().values()] == [
        "00_start.ipynb",
        "03_conv.ipynb",
    ]


def test_the_first_copy_is_complete(shipped, tmp_path):
    report = course.copy_course(tmp_path / "my course")
    names = ["lessons/00_start.ipynb", "lessons/03_conv.ipynb", "data/clip/clip.mp4"]
    assert report.new == names
    there = [p for p in (tmp_path / "my course").rglob("*") if p.is_file()]
    assert (
        len(there) == len(names) + 1
    )  # and the manifest; no checkpoints, no leftovers
    assert "3 new" in str(report)


def test_a_second_copy_changes_nothing(shipped, tmp_path):
    course.copy_course(tmp_path / "mine")
    before = {
        p: p.stat().st_mtime_ns for p in (tmp_path / "mine" / "lessons").iterdir()
    }
    report = course.copy_course(tmp_path / "mine")
    assert not (report.new or report.refreshed or report.kept or report.beside)
    assert before == {p: p.stat().st_mtime_ns for p in before}


def test_an_untouched_lesson_is_refreshed(shipped, tmp_path):
    course.copy_course(tmp_path / "mine")
    (shipped / "lessons" / "03_conv.ipynb").write_text("three, corrected")
    report = course.copy_course(tmp_path / "mine")
    assert report.refreshed == ["lessons/03_conv.ipynb"]
    text = (tmp_path / "mine" / "lessons" / "03_conv.ipynb").read_text()
    assert text == "three, corrected"


def test_a_changed_lesson_is_kept(shipped, tmp_path):
    course.copy_course(tmp_path / "mine")
    mine = tmp_path / "mine" / "lessons" / "03_conv.ipynb"
    mine.write_text("my answer")
    report = course.copy_course(tmp_path / "mine")
    assert mine.read_text() == "my answer"
    assert report.kept == ["lessons/03_conv.ipynb"] and not report.beside


def test_both_changed_the_new_one_comes_beside_once(shipped, tmp_path):
    course.copy_course(tmp_path / "mine")
    mine = tmp_path / "mine" / "lessons" / "03_conv.ipynb"
    mine.write_text("my answer")
    for count, text in enumerate(("corrected", "corrected again"), start=1):
        (shipped / "lessons" / "03_conv.ipynb").write_text(text)
        report = course.copy_course(tmp_path / "mine")
        beside = f"lessons/03_conv.new{count if count > 1 else ''}.ipynb"
        assert report.beside == [beside] and beside in str(report)
        assert (tmp_path / "mine" / beside).read_text() == text
        assert mine.read_text() == "my answer"
        assert not course.copy_course(tmp_path / "mine").beside


def test_a_deleted_lesson_comes_back(shipped, tmp_path):
    course.copy_course(tmp_path / "mine")
    (tmp_path / "mine" / "lessons" / "00_start.ipynb").unlink()
    assert course.copy_course(tmp_path / "mine").new == ["lessons/00_start.ipynb"]


@pytest.mark.parametrize("manifest", ["", "[]", '{"copied": 3}', '{"copied": {"a"'])
def test_a_damaged_manifest_loses_nothing(shipped, tmp_path, manifest):
    course.copy_course(tmp_path / "mine")
    mine = tmp_path / "mine" / "lessons" / "03_conv.ipynb"
    mine.write_text("my answer")
    (tmp_path / "mine" / ".mmlearn.json").write_text(manifest)
    report = course.copy_course(tmp_path / "mine")
    assert mine.read_text() == "my answer"
    assert report.beside == ["lessons/03_conv.new.ipynb"]


def test_a_full_disk_is_said_and_leaves_nothing_half(shipped, tmp_path, monkeypatch):
    course.copy_course(tmp_path / "mine")
    (shipped / "lessons" / "00_start.ipynb").write_text("zero, corrected")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(course.os, "fsync", full)
    with pytest.raises(course.CourseError, match="No space left on device; make room"):
        course.copy_course(tmp_path / "mine")
    names = {p.name for p in (tmp_path / "mine").rglob("*") if p.is_file()}
    assert names == {"00_start.ipynb", "03_conv.ipynb", "clip.mp4", ".mmlearn.json"}
    assert (tmp_path / "mine" / "lessons" / "00_start.ipynb").read_text() == "zero"
    monkeypatch.undo()


def test_an_interrupted_copy_goes_on(shipped, tmp_path, monkeypatch):
    write = course._write

    def interrupted(path, content):
        if path.name == "03_conv.ipynb":
            raise KeyboardInterrupt
        write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(course, "_write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            course.copy_course(tmp_path / "mine")
    noted = json.loads((tmp_path / "mine" / ".mmlearn.json").read_text())["copied"]
    assert list(noted) == ["lessons/00_start.ipynb"]
    report = course.copy_course(tmp_path / "mine")
    assert report.new == ["lessons/03_conv.ipynb", "data/clip/clip.mp4"]


def test_a_file_in_the_way(shipped, tmp_path):
    (tmp_path / "mine").write_text("a file")
    with pytest.raises(course.CourseError, match="--folder"):
        course.copy_course(tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "a file"
