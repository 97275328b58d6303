"""`mmlearn data`: list, fetch, verify."""

import pytest

from mmlearn import cli
from mmlearn.datasets import registry


def run(*words):
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    return stop.value.code


def test_data_list_names_every_set(capsys):
    assert run("data", "list") == 0
    told = capsys.readouterr().out
    assert "licence" in told and "MMLEARN_DATA" in told
    for entry in registry.entries():
        assert f"\n{entry.name} " in f"\n{told}"
    assert "made on this machine" in told


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


@pytest.mark.parametrize("name", ["reviews", "verses", "mnist1d", "digits_graph"])
def test_data_verify_of_what_needs_no_network(name, capsys):
    assert run("data", "verify", name) == 0
    assert capsys.readouterr().out.startswith(f"{name}: ")


def test_sets_are_looked_for_in_their_own_folders(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MMLEARN_DATA", str(tmp_path))
    assert run("data", "verify", "cora", "rt-polarity", "msr-action3d") == 1
    told = capsys.readouterr()
    for place in ("planetoid/cora/raw/ind.cora.graph", "rt-polarity/rt-polarity.neg"):
        assert str(tmp_path / place) in told.out
    assert "covMSRAction3D.zip: missing" in told.out
    assert "mmlearn data fetch cora rt-polarity msr-action3d" in told.err
