"""Sums and maxima over segments: over the edges that end in one node, or the nodes of
one graph.

Half precision cannot count: in bfloat16 256 + 1 is 256, so 3,000 edges would be 256.
All sums here therefore run in float32 (in float64, for float64 layers), and so do
degrees and softmax; only what travels along the edges stays in half precision.
"""

import keras
from keras import ops


def wide(dtype):
    """The dtype that sums over segments run in."""
    dtype = keras.backend.standardize_dtype(dtype)
    return "float32" if dtype in ("float16", "bfloat16") else dtype


def widen(x):
    """x in the dtype that sums over segments run in."""
    return ops.cast(x, wide(x.dtype))


def gather(x, index):
    """Row index[e] of x for each e: (N, …) -> (E, …)."""
    return ops.take(x, index, axis=0)


def segment_sum(x, index, size):
    """y_i = Σ_{e: index_e = i} x_e for i < size; an empty segment's sum is 0."""
    return ops.segment_sum(widen(x), index, num_segments=size)


def segment_count(index, size, dtype):
    """c_i = #{e: index_e = i}, in the wide form of dtype."""
    ones = ops.ones_like(index, dtype=wide(dtype))
    return ops.segment_sum(ones, index, num_segments=size)


def segment_mean(x, index, size):
    """y_i = Σ_{e: index_e = i} x_e / c_i; an empty segment's mean is 0."""
    count = segment_count(index, size, x.dtype)
    total = segment_sum(x, index, size)
    count = ops.reshape(count, (-1,) + (1,) * (len(x.shape) - 1))
    return total / ops.maximum(count, 1)


def segment_max(x, index, size):
    """y_i = max_{e: index_e = i} x_e; an empty segment's maximum is 0."""
    found = segment_count(index, size, "float32") > 0
    found = ops.reshape(found, (-1,) + (1,) * (len(x.shape) - 1))
    largest = ops.segment_max(x, index, num_segments=size)
    return ops.where(found, largest, ops.zeros_like(largest))
