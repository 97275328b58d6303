"""How an encoder is called: with its mask by name, so that it cannot be lost."""

import inspect

from keras import ops

from mmlearn.axes import expect_mask
from mmlearn.layers.modality_batch import MASK, expect_keys


def encode(where, name, encoder, x, mask):
    """One modality to its features.

    Args:
        where: how errors call the reader. name: of the modality.
        encoder: a Keras layer or model, or None: the features are the modality itself.
            A functional model with inputs {any: …, any_mask: …} gets both by name; a
            layer whose `call` has `mask=` gets it there; one without takes none.
        x: (B, …), or for an encoder of several inputs a dict of them.
        mask: (B, T) bool, or None: everything was recorded.

    Returns:
        features (B, F) or (B, T, F), and a mask of the steps in them, or None: the
        second thing that the encoder returns, if it returns two, else the one given.

    Raises:
        ValueError: a mask for an encoder that takes none, or none but one array for an
        encoder of several inputs. KeySetError: a dict with other keys than its inputs.
        ShapeError: a mask of another length than x.
    """
    told = f"{where}: {name!r}"
    if mask is not None and len(getattr(x, "shape", ())) > 1:
        expect_mask(where, name + MASK, mask, name, x)
    if encoder is None:
        return x, mask
    inputs = getattr(encoder, "_inputs_struct", None)  # of a functional model
    if isinstance(inputs, dict):
        y = encoder(_by_name(told, inputs, x, mask))
    elif mask is None:
        y = encoder(x)
    elif inputs is None and "mask" in inspect.signature(encoder.call).parameters:
        y = encoder(x, mask=mask)
    else:
        raise ValueError(
            f"{told} has a mask, but its encoder {encoder.name!r} takes none, and "
            f"would read padding as if it were recorded: leave out {name + MASK!r}, or "
            "give the encoder an input of that name, or a `mask=` in its call"
        )
    if not isinstance(y, tuple | list):
        return y, mask
    if len(y) != 2:
        raise ValueError(
            f"{told}: the encoder {encoder.name!r} returns {len(y)} things; expected "
            "features, or features and their mask"
        )
    return y[0], y[1]


def takes_mask(encoder):
    """Whether a `name_mask` may stand beside this encoder's modality."""
    inputs = getattr(encoder, "_inputs_struct", None)
    if isinstance(inputs, dict):
        return any(key.endswith(MASK) for key in inputs)
    if encoder is None or inputs is not None:
        return encoder is None
    return "mask" in inspect.signature(encoder.call).parameters


def _by_name(told, inputs, x, mask):
    """The dict that a functional encoder takes."""
    if isinstance(x, dict):
        given = x if mask is None else {**x, _mask_key(told, inputs): mask}
        expect_keys(told, given, list(inputs))
        return given
    values = [key for key in inputs if not key.endswith(MASK)]
    if len(values) != 1 or len(inputs) > 2:
        raise ValueError(
            f"{told} is one array, but its encoder takes {', '.join(inputs)}; expected "
            "a dict of these"
        )
    if len(inputs) == 1 and mask is None:
        return {values[0]: x}
    if mask is None:
        mask = ops.ones_like(_steps(x), dtype="bool")
    return {values[0]: x, _mask_key(told, inputs): mask}


def _mask_key(told, inputs):
    keys = [key for key in inputs if key.endswith(MASK)]
    if len(keys) != 1:
        raise ValueError(
            f"{told} has a mask, but its encoder takes {', '.join(inputs)}; expected "
            f"one input whose name ends in {MASK!r}"
        )
    return keys[0]


def _steps(x):
    """(B, T, …) -> (B, T), one number of each step."""
    return x[(slice(None), slice(None), *[0] * (len(x.shape) - 2))]
