"""What all tests of the reference share: arrays that nobody may write to."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def draw():
    """draw(seed, 2, 3) -> a read-only (2, 3) array: an operator that writes raises."""

    def read_only(seed, *shape, dtype=np.float64):
        array = np.random.default_rng(seed).standard_normal(shape).astype(dtype)
        array.flags.writeable = False
        return array

    return read_only
