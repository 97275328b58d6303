"""How much of the input one output pixel sees: two numbers, layer by layer."""

from typing import NamedTuple

from mmlearn.reference.windows import per_axis


class Reach(NamedTuple):
    """What one pixel of a layer's output stands for, measured in the input."""

    field: int  # r, px: width of what one pixel sees
    jump: int  # j, px: from what one pixel sees to what its neighbour sees


def receptive_field(layers):
    """The receptive field after each layer, along one axis.

    r_l = r_(l−1) + (k_l − 1) d_l j_(l−1),  j_l = j_(l−1) s_l,  with r_0 = j_0 = 1.

    Args:
        layers: from the input on, each (kernel_size, strides) or (kernel_size, strides,
            dilation_rate), px. Pooling counts as a convolution with its pool_size;
            activations, (1, 1), change nothing. Padding does not matter.

    Returns:
        list of Reach(field, jump), one for each layer.

    Raises:
        ValueError: for a layer that is no such pair, or sizes that are not positive.

    >>> block = [(3, 1), (2, 2)]  # a 3 × 3 convolution and a 2 × 2 maximum
    >>> [reach.field for reach in receptive_field(block * 3)]
    [3, 4, 8, 10, 18, 22]

    Source: Araujo, Norris and Sim, Distill (2019), who count from the output back.
    """
    reaches, (field, jump) = [], Reach(1, 1)
    for number, layer in enumerate(layers):
        size, strides, dilation = _check(number, layer)
        field += (size - 1) * dilation * jump  # the gaps between the taps
        jump *= strides
        reaches.append(Reach(field, jump))
    return reaches


def _check(number, layer):
    where, row = "receptive_field", tuple(layer) if _is_row(layer) else ()
    if len(row) not in (2, 3):
        raise ValueError(
            f"{where}: layer {number} is {layer!r}; expected (kernel_size, strides) or "
            "(kernel_size, strides, dilation_rate)"
        )
    names = "kernel_size", "strides", "dilation_rate"
    values = (*row, 1)[:3]
    return [
        per_axis(f"{where}: layer {number}", name, value, 1)[0]
        for name, value in zip(names, values, strict=True)
    ]


def _is_row(layer):
    return isinstance(layer, tuple | list)
