"""`mmlearn data`: list, fetch, verify."""

import pytest

from mmlearn import cli


def run(*words):
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    return stop.value.code


def test_data_list_names_every_set(capsys):
    assert run("data", "list") == 0
    told = capsys.readouterr().out
    assert "mnist" in told and "licence" in told and "MMLEARN_DATA" in told


def test_data_fetch_of_what_ships_needs_no_network(capsys):
    assert run("data", "fetch", "digits") == 0
    assert "load_digits() loads it" in capsys.readouterr().out


def test_data_verify_names_what_is_wrong(tmp_path, monkeypatch, capsys):
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "train-labels-idx1-ubyte.gz").write_bytes(b"short")
    monkeypatch.setenv("MMLEARN_DATA", str(tmp_path))
    assert run("data", "verify", "mnist") == 1
    told = capsys.readouterr()
    assert "truncated" in told.out and "missing" in told.out
    assert "mmlearn data fetch mnist" in told.err
