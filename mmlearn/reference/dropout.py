"""Dropout: a part of the signal is taken away, another part in every step."""

import numpy as np

from mmlearn.axes import ShapeError
from mmlearn.reference.upstream import upstream


def dropout(x, *, rate, mask, training=True):
    """Keep where the mask says so, and make up for the rest: y = m x / (1 − p).

    The division keeps the mean ("inverted" dropout): if each entry is kept with
    probability 1 − p, E[y] = x. So nothing needs to be done in inference.

    Args:
        x: any shape.
        rate: p, the probability that an entry is dropped, 0 ≤ p < 1.
        mask: m, the shape of x: True or 1 where x is kept. It is an argument and not
            drawn here, so that one can look at it, repeat it and differentiate through.
        training: False: y = x.

    Returns:
        y: the shape of x, and its pullback: dy -> (dx,).

    Raises:
        ShapeError, ValueError: for another mask's shape, and for a rate out of range.

    >>> dropout(np.ones(4), rate=0.5, mask=np.array([True, False, True, True]))[0]
    array([2., 0., 2., 2.])

    Source: N. Srivastava et al., *Dropout*, JMLR 15, 2014, section 10.
    """
    x, mask = np.asarray(x), np.asarray(mask)
    if not 0 <= rate < 1:
        raise ValueError(f"dropout: rate is {rate}; expected 0 ≤ rate < 1")
    if mask.shape != x.shape:
        raise ShapeError(
            f"dropout: mask is {mask.shape}; expected {x.shape}, the shape of x"
        )
    if not np.isin(mask, (0, 1)).all():
        raise ValueError("dropout: mask holds other values; expected True and False")
    scale = float(1 / (1 - rate)) if training else 1.0
    kept = mask.astype(bool) if training else np.ones(x.shape, bool)
    y = np.where(kept, x * scale, x.dtype.type(0))

    def pullback(dy):
        # y_i = m_i x_i / (1 − p), so dx_i = dy_i m_i / (1 − p).
        dy = upstream("dropout", dy, y)
        return (np.where(kept, dy * scale, dy.dtype.type(0)),)

    return y, pullback
