"""Pickles that are damaged, cut, or made to harm."""

import collections
import os
import pickle
import subprocess

import numpy as np
import pytest
from scipy import sparse

from mmlearn.datasets import DataError
from mmlearn.datasets.pickles import read_pickle


def store(path, content, protocol=4):
    path.write_bytes(pickle.dumps(content, protocol))
    return path


def test_what_is_known_comes_out_as_it_was(tmp_path):
    matrix = sparse.random_array((5, 7), density=0.3, rng=0, format="csr")
    found = read_pickle(store(tmp_path / "m", sparse.csr_matrix(matrix)))
    assert found.format == "csr"
    np.testing.assert_array_equal(found.toarray(), matrix.toarray())
    for dtype in ("f4", ">f8", "i8", "?", "u1"):
        array = np.arange(6).reshape(2, 3).astype(dtype)
        for order in (array, np.asfortranarray(array), array[:0]):
            found = read_pickle(store(tmp_path / "a", [order]))[0]
            np.testing.assert_array_equal(found, order)
            assert found.dtype == array.dtype.newbyteorder("=")
    graph = collections.defaultdict(list, {0: [1, 2], 2: [0]})
    assert read_pickle(store(tmp_path / "g", graph)) == graph


class Harm:
    def __init__(self, function, *arguments):
        self.parts = function, arguments

    def __reduce__(self):
        return self.parts


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_what_would_run_code_is_refused_before_it_runs(tmp_path, protocol):
    witness = tmp_path / "witness"
    harms = {
        f"{os.system.__module__}.system": Harm(os.system, f"touch {witness}"),
        "Popen": Harm(subprocess.Popen, ["touch", str(witness)]),
        "eval": Harm(eval, f"open({str(witness)!r}, 'w')"),
        "getattr": Harm(getattr, "", "join"),
        "save": Harm(np.save, str(witness), 1),
    }
    for name, harm in harms.items():
        with pytest.raises(DataError, match=f"refused, this pickle names .*{name}"):
            read_pickle(store(tmp_path / "p", harm, protocol))
    assert not list(tmp_path.glob("witness*"))


def test_every_cut_and_every_flipped_byte_gives_one_clear_error(tmp_path):
    path = store(tmp_path / "p", {"a": [1, 2], "b": np.arange(30)})
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match="p: damaged pickle .*; fetch it again"):
            read_pickle(path)
    for place in range(0, len(whole), 5):
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :]
        )
        try:
            read_pickle(path)
        except DataError as error:
            assert str(path) in str(error)


def test_what_is_no_file_or_no_matrix(tmp_path):
    with pytest.raises(DataError, match="none: cannot be read"):
        read_pickle(tmp_path / "none")
    broken = sparse.csr_matrix(np.eye(3))
    broken.indices = np.array([0, 1, 9])
    for wrong, told in [
        (broken, "indices"),
        ({"a": {1, 2}}, "it holds a set"),
        (np.array([None, "x"]), "an array of type 'O8'"),
        (np.array(["x"]), "an array of type 'U1'"),
    ]:
        with pytest.raises(DataError, match=f"damaged pickle .*{told}"):
            read_pickle(store(tmp_path / "m", wrong))
