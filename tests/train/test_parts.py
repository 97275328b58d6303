"""A batch in parts: every row once, and refused where that is another number."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.train.parts import expect_divisible, expect_no_mask, offset, spans


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 6))
def test_every_row_belongs_to_one_part(rows, each, replicas):
    parts = each * replicas
    seen, sizes = [], []
    for replica in range(replicas):
        for begin, end, size in spans(rows, replica * each, each, parts):
            for part in range(begin, end):
                start = offset(part, rows, parts)
                seen += range(start, start + size)
                sizes.append(size)
                assert offset(part + 1, rows, parts) == start + size
    assert seen == list(range(rows))
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == min(rows, parts)


def test_rows_that_the_graph_does_not_know():
    assert spans(None, 2, 2, 4) == [(2, 4, None)]


def compiled(loss):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", loss)
    return model


def test_arrays_that_cannot_be_cut():
    batch = ({"nodes": np.zeros((34, 3)), "edges": np.zeros((2, 9))}, None, None)
    with pytest.raises(ValueError, match=r"x\['edges'\] 2.* cannot be cut so"):
        expect_divisible(compiled("mse"), batch, "strategy")


@pytest.mark.parametrize("reduction", ["sum", "mean_with_sample_weight"])
def test_losses_that_are_no_mean_over_rows(reduction):
    batch = (np.zeros((4, 2)), np.zeros((4, 1)), None)
    loss = keras.losses.MeanSquaredError(reduction=reduction)
    with pytest.raises(ValueError, match=f"reduction='{reduction}'.* do not add up"):
        expect_divisible(compiled(loss), batch, "gradient_accumulation_steps")
    expect_divisible(compiled("mse"), batch, "gradient_accumulation_steps")


def test_masked_predictions():
    masked = keras.layers.Masking()(keras.ops.ones((2, 3, 1)))
    with pytest.raises(ValueError, match="carry a mask"):
        expect_no_mask({"steps": masked})
    expect_no_mask([keras.ops.ones((2, 3))])
