"""The registry is complete, and its promises can be checked."""

import inspect
import re
from urllib.parse import urlsplit

import pytest

from mmlearn import datasets
from mmlearn.datasets import archive

ALL = datasets.entries()


def test_names_are_unique_and_found():
    assert len({e.name for e in ALL}) == len(ALL)
    assert all(datasets.entry(e.name) is e for e in ALL)


@pytest.mark.parametrize("entry", ALL, ids=lambda e: e.name)
def test_an_entry_is_complete(entry):
    assert entry.kind in {"downloads", "ships", "library", "made"}
    assert bool(entry.files) == (entry.kind == "downloads")
    for field in (entry.title, entry.licence, entry.citation, entry.loader):
        assert field.strip()
    for call in (entry.loader, entry.offline):
        assert call.endswith("()") and callable(getattr(datasets, call[:-2]))
    offline = {e.loader: e for e in ALL}[entry.offline]
    assert offline.kind != "downloads"


@pytest.mark.parametrize("entry", ALL, ids=lambda e: e.name)
def test_a_loader_documents_its_data(entry):
    card = inspect.getdoc(getattr(datasets, entry.loader[:-2]))
    for word in ("Origin:", "Licence", "itation", "Returns:"):
        assert word in card, word
    assert len(card.splitlines()) <= 29


@pytest.mark.parametrize(
    "file", [f for e in ALL for f in e.files], ids=lambda file: file.name
)
def test_a_file_can_be_checked(file):
    assert all(urlsplit(url).scheme == "https" for url in file.urls)
    assert file.urls or file.how
    assert "/" not in file.name and file.size > 0
    if file.sha256:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
    else:
        assert archive.manifest(file.manifest)


def test_the_manifest_of_fsdd():
    wavs = archive.manifest("fsdd.txt")
    assert len(wavs) == 3000
    assert all(re.fullmatch(r"\d_[a-z]+_\d+\.wav", name) for name in wavs)
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in wavs.values())
    assert len({name.split("_")[1] for name in wavs}) == 6


def test_the_manifest_of_msr_action3d():
    texts = archive.manifest("msr-action3d.txt")
    assert len(texts) == 567
    assert all(re.fullmatch(r"a\d\d_s\d\d_e0[123]_skeleton3D\.txt", n) for n in texts)
    assert len(set(texts.values())) == 567


def test_data_home_is_the_users_cache_by_default(monkeypatch, tmp_path):
    monkeypatch.delenv("MMLEARN_DATA", raising=False)
    default = datasets.data_home()
    assert default.is_absolute() and "mmlearn" in default.parts
    monkeypatch.setenv("MMLEARN_DATA", "  ")
    assert datasets.data_home() == default
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MMLEARN_DATA", "~/sets")
    assert datasets.data_home() == tmp_path / "sets"


def test_verify_of_what_comes_with_a_library():
    assert datasets.verify("karate") == []
