"""Figures over seeds, and claims that fail when they are false."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmlearn.evaluate import Summary, claim, cross_validation, mean_interval, protocol

figures = st.lists(st.floats(0, 1), min_size=2, max_size=9)


@given(figures)
def test_mean_and_sample_deviation(values):
    summary = protocol(values.__getitem__, seeds=range(len(values)))
    assert summary.values == tuple(values)
    assert summary.seeds == tuple(range(len(values)))
    assert summary.mean == pytest.approx(statistics.fmean(values))
    assert summary.sd == pytest.approx(statistics.stdev(values), abs=1e-12)
    assert summary.text.endswith(f"({len(values)} seeds)")


def test_one_seed_has_no_spread():
    assert Summary((0.5,)).text == "0.500 (1 seed)"


def test_what_was_not_measured_is_a_dash():
    assert Summary((float("nan"),) * 3).text == "–"


def test_the_default_is_five_seeds():
    seen = []
    protocol(lambda seed: seen.append(seed) or 1.0)
    assert seen == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "run, seeds, message",
    [
        (float, [], "no seeds"),
        (float, [1, 1], "expected each once"),
        (lambda seed: None, [7], "seed 7 returned a NoneType; expected a number"),
        (lambda seed: float("nan"), [7], "seed 7 returned nan; expected a finite"),
    ],
)
def test_runs_without_a_figure_are_refused(run, seeds, message):
    with pytest.raises(ValueError, match=message):
        protocol(run, seeds)


def test_a_true_claim_prints_one_line(capsys):
    claim("test accuracy", 0.951234, at_least=0.94, at_most=0.97)
    assert capsys.readouterr().out == (
        "test accuracy: 0.9512, at least 0.94 and at most 0.97 ✓\n"
    )


@pytest.mark.parametrize(
    "value, bounds",
    [
        (0.93, {"at_least": 0.94}),
        (0.98, {"at_most": 0.97}),
        (float("nan"), {"at_least": 0.0}),
        (float("nan"), {"at_most": 1.0}),
    ],
)
def test_a_false_claim_raises_with_the_figures(value, bounds, capsys):
    with pytest.raises(AssertionError, match=f"loss is {value:.4g}; claimed at"):
        claim("loss", value, **bounds)
    assert not capsys.readouterr().out


def test_a_claim_of_nothing_is_refused():
    with pytest.raises(ValueError, match="has no bound"):
        claim("loss", 1.0)


def test_what_is_no_function_no_seeds_or_no_number_is_named():
    with pytest.raises(TypeError, match="run is a float; expected a function of the"):
        protocol(0.9)
    with pytest.raises(TypeError, match=r"seeds is 5; expected several, range\(5\)"):
        protocol(float, seeds=5)
    with pytest.raises(TypeError, match="'loss' is a NoneType; expected a number"):
        claim("loss", None, at_most=1)


def test_cross_validation_runs_every_fold_once_and_says_so():
    seen = []
    summary = cross_validation(lambda fold: seen.append(fold) or len(fold), ["a", "bb"])
    assert seen == ["a", "bb"] and summary.seeds == ("a", "bb")
    assert summary.text == "1.500 ± 0.707 (2 folds)"
    assert summary.mean_interval == mean_interval([1, 2])


@pytest.mark.parametrize(
    "run, folds, message",
    [
        (len, ["a"], "expected two or more, each once"),
        (len, ["a", "a"], "expected two or more, each once"),
        (
            lambda fold: "b",
            ["a", "b"],
            "cross_validation: the run with fold a returned",
        ),
    ],
)
def test_folds_that_cannot_be_averaged_are_refused(run, folds, message):
    with pytest.raises(ValueError, match=message):
        cross_validation(run, folds)
