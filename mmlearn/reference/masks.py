"""Masks: which steps of a sequence, and which pairs of tokens, count. True counts."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape


def padding_mask(lengths, T):
    """True on the steps that a sequence has, False on its padding: m_bt = [t < n_b].

    Args:
        lengths: (B,) integers n_b, from 0 to T.
        T: steps of the padded batch.

    Returns:
        mask: (B, T) of bool, as recurrent operators take it. For attention, where it
        says which tokens may be looked at, give it an axis: `mask[:, None, :]`.

    Raises:
        ShapeError, ValueError: for lengths that are no row of integers from 0 to T.

    >>> padding_mask([1, 3], 3)
    array([[ True, False, False],
           [ True,  True,  True]])
    """
    lengths = expect_array("padding_mask", "lengths", lengths)
    expect_shape("padding_mask", "lengths", lengths, "B")
    if lengths.size and not np.issubdtype(lengths.dtype, np.integer):
        raise ValueError(
            f"padding_mask: lengths are {lengths.dtype}; expected integers"
        )
    wrong = lengths[(lengths < 0) | (lengths > T)]
    if wrong.size:
        raise ValueError(
            f"padding_mask: a length is {wrong[0]}; expected 0 to T = {T}: cut longer "
            "sequences, or make T larger"
        )
    return np.arange(T) < lengths[:, None]


def causal_mask(T):
    """No token looks ahead: m_ij = [j ≤ i], for a query at i and a key at j.

    Args:
        T: number of tokens.

    Returns:
        mask: (T, T) of bool, for `attention(…, mask=…)`.

    Raises:
        ValueError: for a negative T.

    >>> causal_mask(3).astype(int)
    array([[1, 0, 0],
           [1, 1, 0],
           [1, 1, 1]])
    """
    if T < 0:
        raise ValueError(f"causal_mask: T is {T}; expected 0 or more")
    return np.tri(T, dtype=bool)


def truths(where, name, mask):
    """The mask as an array of bool; refuse what is neither truth nor 0 and 1.

    >>> truths("lstm", "mask", [[1, 0]])
    array([[ True, False]])
    """
    mask = expect_array(where, name, mask)
    if mask.dtype != bool:
        other = mask[(mask != 0) & (mask != 1)]
        if other.size:
            raise ValueError(
                f"{where}: {name} holds {other.flat[0]}; expected True and False"
            )
    return mask.astype(bool)


def expect_broadcast(where, name, mask, shape, meaning, came=None):
    """Refuse a mask that does not broadcast to `shape`, whose letters are `meaning`.

    Args:
        where, name: the function that the reader called, and its argument.
        mask: an array.
        shape, meaning: what it should fit, in numbers and in letters.
        came: the shape to tell, where the mask was given another axis since.

    >>> expect_broadcast("attention", "mask", np.ones((2, 3)), (4, 2, 3), "(B, L, S)")
    """
    try:
        fits = np.broadcast_shapes(mask.shape, shape) == tuple(shape)
    except ValueError:  # of NumPy: no broadcasting at all
        fits = False
    if not fits:
        raise ShapeError(
            f"{where}: {name} is {came or mask.shape}; expected {tuple(shape)}, "
            f"{meaning}, or what broadcasts to it"
        )
