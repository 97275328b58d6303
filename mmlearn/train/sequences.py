"""Sequences without a step, and masks that do not lie on their sequence."""

from mmlearn.axes import expect_mask

MASK = "_mask"  # beside a modality, (B, T), as `samples.stack` names it


def expect_steps(name, told, array, tensor):
    """Refuse sequences of length 0: a recurrent layer has no last state to give.

    Args:
        name, told: which data, and which array of x.
        array: what came.
        tensor: the model's input; a size that it leaves open may be any but 0. (Inputs
            with a fixed first axis are no batch: a graph may have no edges.)

    Raises:
        ValueError: for an empty axis behind the batch.
    """
    if tensor.shape[0] is not None or len(array.shape) != len(tensor.shape):
        return
    sizes = zip(array.shape[1:], tensor.shape[1:], strict=True)
    if any(size == 0 and wanted is None for size, wanted in sizes):
        raise ValueError(
            f"train.fit: {name}: {told} is {tuple(array.shape)}; expected one step or "
            "more: leave empty sequences out, or pad them and mask them"
        )


def expect_masks(name, x):
    """Refuse a mask x["…_mask"] that is not (B, T) of the x["…"] beside it.

    Raises:
        ShapeError: with both shapes.
    """
    for key, mask in x.items() if isinstance(x, dict) else ():
        beside = x.get(key.removesuffix(MASK)) if key.endswith(MASK) else None
        if beside is None or len(beside.shape) < 2:
            continue
        said = f"x[{key!r}]", mask, f"x[{key.removesuffix(MASK)!r}]", beside
        expect_mask(f"train.fit: {name}", *said)
