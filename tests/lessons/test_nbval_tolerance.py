"""The comparison itself: what it forgives, what it does not, and that nbval uses it."""

import os
import subprocess
import sys

import nbformat
import notebooks
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbval_tolerance import Loose

HERE = notebooks.ROOT / "tests" / "lessons"


@given(st.floats(-1e6, 1e6))
def test_last_digits_are_forgiven(x):
    assert Loose(f"loss {x:.9f}") == f"loss {x * (1 + 1e-7):.9f}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(3, 4)", "(3, 5)"),
        ("loss 0.512", "loss 0.513"),
        ("loss 1.0", "gain 1.0"),
        ("1.0 2.0", "1.0"),
        ("896", "896.1"),
    ],
)
def test_what_matters_is_not_forgiven(one, other):
    assert Loose(one) != other


@pytest.mark.parametrize(
    ("stored", "source", "passes"),
    [
        ("0.3\n", "print(0.1 + 0.2)", True),
        ("0.4\n", "print(0.1 + 0.2)", False),
        ("hi\n", "import sys; print('hi'); print('oops', file=sys.stderr)", False),
    ],
)
def test_nbval_compares_through_it(tmp_path, stored, source, passes):
    output = nbformat.v4.new_output("stream", name="stdout", text=stored)
    cell = nbformat.v4.new_code_cell(source, outputs=[output], execution_count=1)
    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    command = [sys.executable, "-m", "pytest", "-q"]
    command += ["-p", "nbval.plugin", "-p", "nbval_tolerance", "-p", "no:cacheprovider"]
    command += ["--nbval", "--nbval-current-env", str(path)]
    settings = {"PYTHONPATH": str(HERE), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    env = {**os.environ, **settings}
    run = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert (run.returncode == 0) is passes, run.stdout
