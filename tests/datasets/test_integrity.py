"""What is missing, cut or altered is named file by file, with what was expected."""

import hashlib

import pytest

from mmlearn import datasets
from mmlearn.datasets import DataError, download

A = bytes(range(256)) * 400  # what the server sends as a.bin


def test_a_damaged_file_is_named_and_replaced(toy, home, server):
    path = datasets.fetch("toy", progress=False)[0]
    path.write_bytes(A[:-5])
    first = datasets.verify("toy")[0]
    assert (first.state, first.ok) == ("truncated", False)
    assert f"{len(A) - 5:,} bytes; expected {len(A):,}" in str(first)
    path.write_bytes(A[:7] + b"\xff" + A[8:])
    first = datasets.verify("toy")[0]
    assert first.state == "altered"
    assert hashlib.sha256(A).hexdigest() in str(first)
    assert hashlib.sha256(path.read_bytes()).hexdigest() in str(first)
    server.behaviour["/first/a.bin"] = server.missing
    server.behaviour["/second/a.bin"] = server.missing
    with pytest.raises(DataError, match="altered.*answered 404"):
        datasets.fetch("toy", progress=False)
    assert path.exists(), "a failed fetch must not delete what was there"
    server.behaviour["/second/a.bin"] = server.serve(A)
    datasets.fetch("toy", progress=False)
    assert path.read_bytes() == A


def test_missing_files_are_named_one_by_one(toy, home):
    found = datasets.verify("toy")
    assert [(f.file, f.state) for f in found] == [
        ("a.bin", "missing"),
        ("b.bin", "missing"),
    ]
    assert str(home) in str(found[0])
    with pytest.raises(DataError, match=r"a\.bin.*b\.bin") as caught:
        download.obtain("toy", download=False)
    assert "mmlearn data fetch toy" in str(caught.value)


def test_unknown_name_lists_the_names(toy):
    for function in (datasets.fetch, datasets.verify, datasets.entry):
        with pytest.raises(DataError, match="no data set 'tyo'; there are toy"):
            function("tyo")
