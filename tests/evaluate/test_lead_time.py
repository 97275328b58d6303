"""Accuracy against the time before the event."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.axes import ShapeError
from mmlearn.evaluate import accuracy_interval, lead_time_curve


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_it_is_the_mean_over_the_pairs_of_that_lead(seed):
    rng = np.random.default_rng(seed)
    n, frames = 9, 6
    labels, event = rng.integers(0, 3, n), rng.integers(1, 10, n)
    said = {s: rng.integers(0, 3, n) for s in range(1, frames + 1)}
    curve = lead_time_curve(said, labels, event, horizon=7)
    for lead in range(-5, 15):
        pairs = [
            said[s][k] == labels[k]
            for s in said
            for k in range(n)
            if event[k] - (s - 1) == lead
        ]
        assert (lead in curve) == bool(pairs and 1 <= lead <= 7)
        if lead in curve:
            assert curve[lead].accuracy == pytest.approx(np.mean(pairs))
            bounds = accuracy_interval(sum(pairs), len(pairs))
            assert (curve[lead].low, curve[lead].high) == pytest.approx(bounds)


def test_what_has_been_seen_is_no_forecast():
    # The label stands in frame 2; who has seen three frames reads it off.
    said = {1: [0, 0], 2: [0, 0], 3: [1, 1]}
    curve = lead_time_curve(said, [1, 1], [2, 2])
    assert {lead: m.accuracy for lead, m in curve.items()} == {1: 0.0, 2: 0.0}


def test_logits_do_as_well_as_class_numbers():
    logits = {2: np.array([[1.0, 3.0], [2.0, 0.0]])}
    assert lead_time_curve(logits, [1, 1], [4, 5])[3].accuracy == 1
    assert lead_time_curve(logits, [1, 1], [4, 5])[4].accuracy == 0


@pytest.mark.parametrize(
    ("said", "event", "horizon", "told"),
    [
        ({}, [3], None, "expected some"),
        ({0: [1]}, [3], None, "1 frame or more"),
        ({1: [1]}, [3], 0, "horizon of 1"),
        ({1: [1]}, [2.5], None, "whole frames"),
        ({3: [1]}, [2], None, "no forecast is left"),
    ],
)
def test_what_cannot_be_is_refused(said, event, horizon, told):
    with pytest.raises(ValueError, match=told):
        lead_time_curve(said, [1], event, horizon=horizon)


def test_other_shapes_are_refused():
    with pytest.raises(ShapeError, match="of 2 clips"):
        lead_time_curve({1: [1]}, [1, 0], [4, 4])
