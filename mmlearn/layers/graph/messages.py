"""The step that all these layers share: what nodes send adds up where it arrives.

    y_v = Σ_{e: u → v} w_e h_u

Left to automatic differentiation it would keep all that travels, E·U numbers, for the
way back. Here the gradient is written out. It is the same sum against the arrows,

    dh_u = Σ_{e: u → v} w_e dy_v        dw_e = Σ_k h_uk dy_vk

which gathers h once more instead; and on a very large graph the columns of h travel one
block after another. (One gather of all of them is quicker while memory is there.)
"""

import math

from keras import ops

from mmlearn.layers.graph.segments import gather, segment_sum, wide, widen

AT_ONCE = 2**28  # numbers that travel at a time: 1 GB of float32


def sum_messages(h, source, target, size, weight=None):
    """y_v = Σ_{e: u → v} w_e h_u, in the wide form of h's dtype.

    Args:
        h: (M, U) or (M, H, U) what each sender sends.
        source, target: (E,) where each edge comes from, below M, and goes to.
        size: N, the number of receivers; one that nothing reaches gets 0.
        weight: (E,), or (E, H) one for each head, or None for ones.

    Returns:
        (N, U) or (N, H, U).
    """
    if len(h.shape) == 3 and h.shape[1] == 1:  # one head: then its columns are cut
        weight = weight if weight is None else ops.reshape(weight, (-1,))
        y = sum_messages(h[:, 0], source, target, size, weight)
        return ops.expand_dims(y, 1)
    h = ops.cast(h, h.dtype)  # the numbers of a variable: its gradient flows through
    if weight is None:
        return _total(h, source, target, size)
    return _weighted(h, ops.cast(weight, wide(h.dtype)), source, target, size)


def _total(h, source, target, size):
    """Every edge has weight 1."""
    spans = _spans(h.shape, source.shape[0])

    @ops.custom_gradient
    def total(h):
        y = _each(spans, lambda s: _pass(h[:, s], None, source, target, size))

        def pullback(*args, upstream=None):
            dy = args[0] if upstream is None else upstream
            back = (None, target, source, ops.shape(h)[0])
            dh = _each(spans, lambda s: _pass(dy[:, s], *back))
            return ops.cast(dh, h.dtype)

        return y, pullback

    return total(h)


def _weighted(h, weight, source, target, size):
    """Weights that have a gradient too."""
    spans = _spans(h.shape, source.shape[0])

    @ops.custom_gradient
    def weighted(h, weight):
        def of(span):
            return weight[:, span] if len(weight.shape) > 1 else weight

        y = _each(spans, lambda s: _pass(h[:, s], of(s), source, target, size))

        def pullback(*args, upstream=None):
            dy = args[0] if upstream is None else upstream
            rows = ops.shape(h)[0]
            dh = _each(spans, lambda s: _pass(dy[:, s], of(s), target, source, rows))
            parts = [
                _products(h[:, s], dy[:, s], source, target, weight) for s in spans
            ]
            dweight = sum(parts) if len(weight.shape) == 1 else _beside(parts)
            return ops.cast(dh, h.dtype), ops.cast(dweight, weight.dtype)

        return y, pullback

    return weighted(h, weight)


def _pass(h, weight, source, target, size):
    """The sum, all columns of h at a time."""
    messages = gather(h, source)  # (E, …)
    if weight is not None:
        axes = len(h.shape) - len(weight.shape)
        weight = ops.reshape(weight, (*ops.shape(weight), *(1,) * axes))
        messages = widen(messages) * weight
    return segment_sum(messages, target, size)


def _products(h, dy, source, target, weight):
    """dw: Σ_k h_uk dy_vk over all axes that the weight has not."""
    products = widen(gather(h, source)) * gather(dy, target)  # (E, …)
    return ops.sum(products, axis=tuple(range(len(weight.shape), len(h.shape))))


def _spans(shape, edges):
    """Slices of axis 1, so that about `AT_ONCE` numbers travel with each."""
    columns, together = shape[1], 16 if len(shape) == 2 else 1  # 16: a line of cache
    at_once = AT_ONCE / max(1, (edges or 1) * math.prod(shape[2:]))
    step = max(1, round(at_once / together)) * together
    return [slice(i, i + step) for i in range(0, columns, step)]


def _each(spans, function):
    return _beside([function(span) for span in spans])


def _beside(parts):
    return parts[0] if len(parts) == 1 else ops.concatenate(parts, axis=1)
