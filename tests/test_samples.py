"""Samples and batches: padded with masks, and refused by name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmlearn.samples import KeySetError, expect_keys, stack


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(1, 3))
def test_what_was_recorded_comes_back_and_the_rest_is_masked(lengths, features):
    rng = np.random.default_rng(0)
    sounds = [rng.normal(size=(n, features)) for n in lengths]
    batch = stack(
        [{"sound": s, "image": np.full((2, 2), i)} for i, s in enumerate(sounds)]
    )
    assert batch["image"].shape == (len(lengths), 2, 2)
    if len(set(lengths)) == 1:
        assert set(batch) == {"sound", "image"}
        return
    assert batch["sound_mask"].sum(axis=1).tolist() == lengths
    assert not batch["sound"][~batch["sound_mask"]].any()
    for row, mask, sound in zip(
        batch["sound"], batch["sound_mask"], sounds, strict=True
    ):
        assert np.array_equal(row[mask], sound)


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        ({"image": 1}, "'sound' is missing; expected exactly image, sound"),
        ({"image": 1, "sound": 2, "text": 3}, "'text' is not known"),
        ({"text": 3}, "'image', 'sound' is missing and 'text' is not known"),
    ],
)
def test_a_missing_or_extra_key_is_named(sample, message):
    with pytest.raises(KeySetError) as caught:
        expect_keys("model", sample, ["image", "sound"])
    assert message in str(caught.value)


def test_a_list_is_no_sample():
    with pytest.raises(TypeError, match="model: got a list; expected a dict"):
        expect_keys("model", [1, 2], ["image"])


def test_an_empty_batch_is_refused():
    with pytest.raises(ValueError, match="no samples; expected at least one"):
        stack([])


def test_samples_must_have_the_same_modalities():
    with pytest.raises(KeySetError, match="'sound' is missing"):
        stack([{"sound": np.zeros(3)}, {"image": np.zeros(3)}])


def test_only_the_first_axis_may_differ():
    with pytest.raises(ValueError, match="only the first axis may differ"):
        stack([{"image": np.zeros((2, 3))}, {"image": np.zeros((2, 4))}])
    with pytest.raises(ValueError, match="only the first axis may differ"):
        stack([{"image": np.zeros(())}, {"image": np.zeros(2)}])


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        (None, "got a NoneType; expected a list of samples"),
        ({"image": np.zeros(2)}, "got a dict; expected a list of samples"),
        ([None, {}], "got a NoneType; expected a dict"),
        (np.zeros((2, 3)), "got a ndarray; expected a dict"),
        ([{"image": None}, {"image": None}], "'image' holds object"),
        ([{"x": np.zeros(1)}, {"x": np.array(["a"])}], "'x' holds <U1, float64"),
    ],
)
def test_what_is_no_sample_is_named(samples, told):
    with pytest.raises((TypeError, ValueError), match=f"^stack: {told}"):
        stack(samples)
