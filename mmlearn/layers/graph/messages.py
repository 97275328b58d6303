"""The step that all these layers share: what nodes send adds up where it arrives.

    y_v = Σ_{e: u → v} w_e h_u

Left to automatic differentiation it would keep all that travels, E·U numbers, for the
way back. Here the gradient is written out. It is the same sum against the arrows,

    dh_u = Σ_{e: u → v} w_e dy_v        dw_e = Σ_k h_uk dy_vk

which gathers h once more instead; and on a very large graph the columns of h travel
block after block, in a loop: left to itself, a compiler would hold all blocks at once.
"""

import math

from keras import ops

from mmlearn.layers.graph.segments import gather, segment_sum, wide, widen

AT_ONCE = 2**24  # numbers that travel at a time: 64 MB of float32


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
    step = _step(h.shape, source.shape[0])

    @ops.custom_gradient
    def total(h):
        y = _each(step, lambda h: _pass(h, None, source, target, size), h)

        def pullback(*args, upstream=None):
            dy = _like(h, args[0] if upstream is None else upstream)
            rows = ops.shape(h)[0]
            dh = _each(step, lambda dy: _pass(dy, None, target, source, rows), dy)
            return ops.cast(dh, h.dtype)

        return y, pullback

    return total(h)


def _weighted(h, weight, source, target, size):
    """Weights that have a gradient too; they are one for each head, or for all."""
    step, by_head = _step(h.shape, source.shape[0]), len(weight.shape) > 1

    @ops.custom_gradient
    def weighted(h, weight):
        rows, arrays = ops.shape(h)[0], (weight,) if by_head else ()

        def forward(h, w=weight):
            return _pass(h, w, source, target, size)

        def pullback(*args, upstream=None):
            dy = _like(h, args[0] if upstream is None else upstream)

            def back(dy, w=weight):
                return _pass(dy, w, target, source, rows)

            def products(h, dy):
                return _products(h, dy, source, target, by_head)

            dh = _each(step, back, dy, *arrays)
            dweight = _each(step, products, h, dy)
            dweight = dweight if by_head else ops.sum(dweight, axis=1)
            return ops.cast(dh, h.dtype), ops.cast(dweight, weight.dtype)

        return _each(step, forward, h, *arrays), pullback

    return weighted(h, weight)


def _like(h, dy):
    """dy with the static shape of h beyond its rows, which a graph may have lost."""
    return ops.reshape(dy, (-1, *h.shape[1:]))


def _pass(h, weight, source, target, size):
    """The sum, all columns of h at a time."""
    messages = gather(h, source)  # (E, …)
    if weight is not None:
        axes = len(h.shape) - len(weight.shape)
        weight = ops.reshape(weight, (*ops.shape(weight), *(1,) * axes))
        messages = widen(messages) * weight
    return segment_sum(messages, target, size)


def _products(h, dy, source, target, by_head):
    """dw: Σ_k h_uk dy_vk, by head (E, H) or over all (E, 1)."""
    products = widen(gather(h, source)) * gather(dy, target)  # (E, …)
    if by_head:
        return ops.sum(products, axis=-1)
    axes = tuple(range(1, len(products.shape)))
    return ops.expand_dims(ops.sum(products, axis=axes), 1)


def _step(shape, edges):
    """Columns that travel together, so that about `AT_ONCE` numbers do."""
    columns, together = shape[1], 16 if len(shape) == 2 else 1  # 16: a line of cache
    at_once = AT_ONCE / max(1, (edges or 1) * math.prod(shape[2:]))
    return min(columns, max(1, round(at_once / together)) * together)


def _each(step, function, *arrays):
    """The function of `step` columns of the arrays at a time, beside each other."""
    columns = arrays[0].shape[1]
    if step == columns:
        return function(*arrays)
    blocks = [_blocks(a, step) for a in arrays]
    first = function(*(b[0] for b in blocks))
    count = -(-columns // step)
    found = ops.zeros((count, *ops.shape(first)), first.dtype)

    def put(i, found, block):
        at = (i,) + (0,) * len(block.shape)
        return ops.slice_update(found, at, ops.expand_dims(block, 0))

    def step_on(i, found):
        return put(i, found, function(*(ops.take(b, i, axis=0) for b in blocks)))

    found = ops.fori_loop(1, count, step_on, put(0, found, first))
    found = ops.moveaxis(found, 0, 1)  # (…, blocks, step, …)
    shape = ops.shape(found)
    return ops.reshape(found, (shape[0], -1, *shape[3:]))[:, :columns]


def _blocks(a, step):
    """(N, U, …) -> (blocks, N, step, …), filled up with zeros."""
    shape = ops.shape(a)
    extra = -shape[1] % step
    if extra:
        a = ops.pad(a, [(0, 0), (0, extra)] + [(0, 0)] * (len(shape) - 2))
    return ops.moveaxis(ops.reshape(a, (shape[0], -1, step, *shape[2:])), 1, 0)
