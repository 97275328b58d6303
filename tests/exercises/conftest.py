"""Every test of the exercises writes into a journal of its own."""

import pytest


@pytest.fixture(autouse=True)
def journal_file(tmp_path, monkeypatch):
    path = tmp_path / "journal.jsonl"
    monkeypatch.setenv("MMLEARN_JOURNAL", str(path))
    return path
