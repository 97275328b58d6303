import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.watch.confusion import confusion_counts, confusion_picture


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 12), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_counts_are_scikit_learns(classes, rows, seed):
    from sklearn.metrics import confusion_matrix

    rng = np.random.default_rng(seed)
    logits, labels = rng.normal(size=(rows, classes)), rng.integers(0, classes, rows)
    expected = confusion_matrix(labels, logits.argmax(1), labels=range(classes))
    one_hot = np.eye(classes)[labels]
    for given_ in (labels, labels[:, None], labels.astype(float)):
        np.testing.assert_array_equal(confusion_counts(given_, logits), expected)
    np.testing.assert_array_equal(confusion_counts(one_hot, logits), expected)


@pytest.mark.parametrize(
    ("labels", "prediction"),
    [
        ([0, 1], [[0.2], [0.7]]),  # one number each: no classes
        ([0.5, 1], [[1, 2], [2, 1]]),
        ([0, 2], [[1, 2], [2, 1]]),
        ([[0, 1, 1]], [[1, 2]]),
        ([0], [[[1, 2]]]),
    ],
)
def test_what_are_no_classes_gives_none(labels, prediction):
    assert confusion_counts(labels, prediction) is None


def test_a_larger_share_is_darker_and_one_mistake_is_seen():
    picture = confusion_picture([[99, 1, 0], [0, 50, 50], [0, 0, 7]]).astype(int)
    left = picture.shape[1] - 8 - 3 * 34
    corners = picture[8 + 2 :: 34, left + 2 :: 34].sum(axis=-1)[:3, :3]
    assert corners[0, 0] < corners[1, 1] < corners[0, 1] < corners[0, 2]
    assert corners[2, 2] < corners[1, 2]


def test_many_classes_are_cells_alone():
    assert confusion_picture(np.eye(60, dtype=int)).shape == (240, 240, 3)


def test_names_make_room():
    narrow, wide = (
        confusion_picture(np.eye(2), n) for n in (["a", "b"], ["a" * 20] * 2)
    )
    assert wide.shape[1] > narrow.shape[1] + 100
