"""The bar: quiet where nobody watches, stable where committed, never on stderr."""

import sys

import pytest

from mmlearn.train import progress
from mmlearn.train.progress import Notebook, Quiet, Terminal, make_progress


@pytest.fixture(autouse=True)
def no_setting(monkeypatch):
    monkeypatch.delenv("MMLEARN_PROGRESS", raising=False)


def test_which_bar(monkeypatch):
    assert type(make_progress(None, 2, 3)) is Quiet  # pytest's stdout is no terminal
    assert type(make_progress(True, 2, 3)) is Terminal
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert type(make_progress(None, 2, 3)) is Terminal
    assert type(make_progress(False, 2, 3)) is Quiet
    monkeypatch.setenv("MMLEARN_PROGRESS", "0")
    assert type(make_progress(None, 2, 3)) is Quiet
    assert type(make_progress(True, 2, 3)) is Terminal
    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setenv("MMLEARN_PROGRESS", "1")
    assert type(make_progress(None, 2, 3)) is Notebook


def test_a_terminal_sees_both_losses_by_name(digits, classifier, fit, capsys):
    fit(classifier(), digits, epochs=2, progress=True)
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert "it/s" not in err
    last = out.split("\r")[-1]
    assert "epoch 2/2" in last
    assert "mean loss" in last
    assert "last batch" in last
    assert "14/14" in last
    assert out.endswith("\n")


def test_progress_false_prints_nothing(digits, classifier, fit, capsys):
    fit(classifier(), digits, epochs=1, progress=False)
    assert capsys.readouterr().out == ""


@pytest.fixture
def shown(monkeypatch):
    """What a notebook's output would hold, one entry a display, updated in place."""
    import IPython.display

    outputs = []

    class Handle:
        def update(self, data, raw):
            outputs[-1] = data["text/plain"]

    def display(data, raw, display_id):
        outputs.append(data["text/plain"])
        return Handle()

    monkeypatch.setattr(IPython.display, "display", display)
    return outputs


def test_a_notebook_keeps_one_line_that_is_always_the_same(shown):
    for loss in (0.3, 0.7):
        with Notebook(2, 3) as bar:
            bar.update(0, 2, {"loss": loss})
            assert f"mean loss {loss}" in shown[-1]
            bar.update(1, 3, {"loss": loss})
    assert len(shown) == 2
    assert shown[0] == shown[1] == "trained 2 epochs of 3 steps"


def test_a_notebook_says_where_an_error_stopped_it(shown):
    with pytest.raises(ValueError, match="x"), Notebook(4, 3) as bar:
        bar.update(1, 2, {"loss": 1.0})
        raise ValueError("x")
    assert shown == ["stopped in epoch 2 of 4 after step 2 of 3"]


def test_data_of_unknown_length_has_no_total(capsys):
    with Terminal(2, None) as bar:
        bar.update(0, 5, {"loss": 0.5})
    assert "5 steps" in capsys.readouterr().out
