"""A lesson begins quietly, and alike for everybody."""

import subprocess
import sys

import numpy as np
import pytest

from mmlearn import lesson


def test_same_numbers_for_everybody():
    lesson.begin("03")
    first = np.random.rand(3)  # noqa: NPY002 the global generator is what is seeded
    lesson.begin("03")
    assert np.array_equal(first, np.random.rand(3))  # noqa: NPY002
    lesson.begin("04")
    assert not np.array_equal(first, np.random.rand(3))  # noqa: NPY002


def test_nothing_on_stderr():
    code = "from mmlearn import lesson; lesson.begin('00'); print('ready')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("ready\n", "")


def test_a_failure_shows_what_was_held(capfd):
    with pytest.raises(RuntimeError), lesson.held_stderr():
        print("the reason", file=sys.stderr, flush=True)
        raise RuntimeError
    assert "the reason" in capfd.readouterr().err


def test_a_number_is_asked_for():
    with pytest.raises(ValueError, match="expected a lesson's"):
        lesson.begin("three")
