"""The journal: lines added, broken ones skipped, never in the way."""

import json
import multiprocessing
import os
from pathlib import Path

import pytest

from mmlearn.exercises import forget, journal_path, predict
from mmlearn.exercises.journal import Journal, journal


def test_what_is_added_is_read_back(journal_file):
    journal().add("check", "03.2", passed=False)
    journal().add("check", "03.3", passed=True)
    assert [e["passed"] for e in journal().entries("03.2")] == [False]
    assert len(journal().entries(what="check")) == 2
    assert len(journal_file.read_text().splitlines()) == 2


def test_forget_keeps_the_lines_and_hides_what_was_before(journal_file):
    journal().add("check", "03.2", passed=False)
    forget("3.2")
    journal().add("check", "03.2", passed=True)
    assert [e["passed"] for e in journal().entries("03.2")] == [True]
    assert len(journal_file.read_text().splitlines()) == 3


@pytest.mark.parametrize(
    "junk",
    [
        b"not json\n",
        b"\xff\xfe\x00\n",
        b"[1, 2]\n",
        b'{"what": 3, "id": "x"}\n',
        b'{"what": "check", "id',  # cut off in the middle
        b"[" * 100_000 + b"\n",
    ],
)
def test_broken_lines_are_skipped_with_one_note(tmp_path, junk):
    path = tmp_path / "broken.jsonl"
    good = json.dumps({"what": "check", "id": "03.2"}).encode() + b"\n"
    path.write_bytes(good + junk)
    book = Journal(path)
    book.add("check", "03.3")
    assert [entry["id"] for entry in book.entries()] == ["03.2", "03.3"]
    assert len(book.entries()) == 2
    assert ["unreadable" in note for note in book.take_notes()] == [True]
    assert book.take_notes() == []


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("MMLEARN_JOURNAL", str(blocked / "journal.jsonl"))
    first = predict("03.p1", 5)
    assert "cannot be written" in first.text
    second = predict("03.p2", 6)
    assert "cannot" not in second.text
    assert predict("03.p1", 7).value == 5  # still known, in memory


def test_a_disk_that_takes_half_a_line_loses_nothing(tmp_path, monkeypatch):
    path, write = tmp_path / "journal.jsonl", os.write
    monkeypatch.setenv("MMLEARN_JOURNAL", str(path))
    with monkeypatch.context() as full:
        full.setattr("os.write", lambda handle, data: write(handle, data[:9]))
        said = " ".join(predict("03.p1", 5).text.split())
        assert "cannot be written (No space left on device)" in said
    assert predict("03.p2", 6).value == 6  # on a line of its own
    assert predict("03.p1", 7).value == 5  # still known, in memory
    assert [e["id"] for e in Journal(path).entries()] == ["03.p2"]


def test_path_is_the_users_data_folder(monkeypatch):
    monkeypatch.delenv("MMLEARN_JOURNAL")
    assert journal_path().name == "journal.jsonl"
    assert journal_path().parent.name == "mmlearn"
    monkeypatch.setenv("MMLEARN_JOURNAL", "~/mine.jsonl")
    assert journal_path() == Path.home() / "mine.jsonl"


def _write(path, who):
    for k in range(200):
        Journal(path).add("check", f"{who:02d}.{k}", text="x" * 200)


def test_two_notebooks_at_once_do_not_mix_lines(tmp_path):
    path = tmp_path / "shared.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, k)) for k in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    book = Journal(path)
    assert len(book.entries()) == 400
    assert book.take_notes() == []
