"""What callbacks count is found, kept, and given back."""

import json

import keras
import numpy as np
import pytest

from mmlearn.train import CheckpointError
from mmlearn.train.counters import baseline, collect, restore


class Counting(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.setting = 5
        self.count = 0
        self.best = np.inf
        self.weights = None
        self.compare = None
        self.nested = {"a": [1, (2.5, None)]}
        self.handle = open  # not plain: never saved


def test_only_what_changed_is_kept():
    callback = Counting()
    before = baseline([callback])
    assert collect([callback], before) == ([["Counting", {}]], [])
    callback.count = 3
    counted, arrays = collect([callback], before)
    assert counted == [["Counting", {"count": 3}]]
    assert arrays == []


def test_all_plain_values_come_back():
    first, second = Counting(), Counting()
    before = baseline([first])
    first.best = np.float32(0.1)
    first.weights = [np.arange(6.0).reshape(2, 3), np.array([1, 2], "int16")]
    first.compare = keras.ops.less
    first.nested = {"a": [2, (3.5, True)], "b": "text"}
    counted, arrays = collect([first], before)
    restore([second], json.loads(json.dumps(counted)), arrays)
    assert second.best == first.best
    assert type(second.best) is np.float32
    assert all(
        (a == b).all() for a, b in zip(second.weights, first.weights, strict=True)
    )
    assert second.weights[1].dtype == "int16"
    assert second.compare is keras.ops.less
    assert second.nested == first.nested
    assert isinstance(second.nested["a"][1], tuple)
    assert second.handle is open


def test_callbacks_are_matched_by_class_and_order():
    old, other = [Counting(), Counting()], keras.callbacks.TerminateOnNaN()
    before = baseline(old)
    old[0].count, old[1].count = 1, 2
    counted, arrays = collect(old, before)
    new = [Counting(), other, Counting()]
    restore(new, counted, arrays)
    assert (new[0].count, new[2].count) == (1, 2)
    with pytest.raises(CheckpointError, match="counters of Counting, which is not"):
        restore([other], counted, arrays)


def test_keras_comparison_and_its_sign_travel_together():
    """min_delta's sign is flipped when the comparison is chosen, once."""
    plateau = keras.callbacks.ReduceLROnPlateau("loss", min_delta=0.5, mode="min")
    before = baseline([plateau])
    plateau._set_monitor_op()
    ((_, changed),), _ = collect([plateau], before)
    assert set(changed) == {"min_delta", "monitor_op"}
