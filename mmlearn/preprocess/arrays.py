"""What every modality asks of an array before it is touched."""

import numpy as np

from mmlearn.axes import expect_array


class NotFittedError(RuntimeError):
    """Something that learns from the training set was used before `fit`."""


def expect_numbers(where, name, array):
    """Return array as a NumPy array of finite numbers, or say what is wrong with it.

    Args:
        where: the function that the reader called.
        name: the argument's name.
        array: anything that NumPy makes an array of.

    Raises:
        ValueError: if it is empty, holds NaN or infinity, or no numbers at all.

    >>> expect_numbers("scale", "x", [1.0, float("nan")])
    Traceback (most recent call last):
        ...
    ValueError: scale: x is NaN or infinite in 1 of 2 values; expected numbers
    """
    array = expect_array(where, name, array)
    if array.size == 0:
        raise ValueError(f"{where}: {name} is empty, {array.shape}; expected values")
    if array.dtype.kind == "f":
        wrong = array.size - np.count_nonzero(np.isfinite(array))
        if wrong:
            raise ValueError(
                f"{where}: {name} is NaN or infinite in {wrong} of {array.size} "
                "values; expected numbers"
            )
    return array


def expect_rate(where, rate):
    """Refuse a sampling rate that is no number above 0 Hz.

    >>> expect_rate("resample", 0)
    Traceback (most recent call last):
        ...
    ValueError: resample: rate is 0; expected above 0 Hz
    """
    number = isinstance(rate, int | float | np.integer | np.floating)
    if not (number and 0 < rate < np.inf):
        raise ValueError(f"{where}: rate is {rate!r}; expected above 0 Hz")
