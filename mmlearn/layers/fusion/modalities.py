"""What every fusion is given: modalities by name, and which of them are there.

Their order is that of `sorted(names)`. What is not available becomes zero before
anything is computed of it: nothing of it, NaN neither, reaches a value or a gradient.
"""

import keras
from keras import ops

from mmlearn.axes import ShapeError
from mmlearn.samples import KeySetError, expect_keys


class Modalities:
    """The part of a fusion layer that reads its inputs; mixed into a Keras layer."""

    pools = False  # whether sequences may differ in length, and are pooled
    units: int  # of the layer that this is mixed into
    compute_dtype: str

    def note(self, inputs_shape):
        """Keep the names of the modalities and their features F_m, for `build`."""
        shapes = expect_shapes(type(self).__name__, inputs_shape, self.pools)
        self.names = tuple(sorted(shapes))
        self.features = tuple(shapes[name][-1] for name in self.names)

    def expect(self, inputs_shape, available_shape=None):
        """The shapes of the modalities, checked against those the layer was built for.

        Raises:
            KeySetError: for a modality too few or too many, also in `available`.
            ShapeError: for a shape that does not fit.
        """
        where = type(self).__name__
        names = getattr(self, "names", None)
        if names is not None and isinstance(inputs_shape, dict):
            expect_keys(where, inputs_shape, names)
        shapes = expect_shapes(where, inputs_shape, self.pools)
        for name, size in zip(names or (), getattr(self, "features", ()), strict=True):
            if shapes[name][-1] != size:
                raise ShapeError(
                    f"{where}: {name!r} is {shapes[name]}; expected {size} features, "
                    "as when the layer was built"
                )
        expect_available_shapes(where, available_shape, shapes)
        return shapes

    def read(self, inputs, available=None):
        """The modalities with zeros where they are not available, and where they are.

        Returns:
            x: dict, name to (B, F_m) or (B, T, F_m) in the layer's precision.
            there: dict, name to (B,) or (B, T) of bool, or None where all is there.
        """
        where = type(self).__name__
        available = booleans(where, available)
        shapes = self.expect(shapes_of(where, inputs), shapes_of(where, available))
        x, there = {}, dict.fromkeys(self.names)
        for name in self.names:
            array = ops.cast(inputs[name], self.compute_dtype)
            if name in available:
                a = available[name]
                if len(shapes[name]) == 3:
                    a = ops.expand_dims(a, 1) if len(a.shape) == 1 else a
                    a = ops.logical_and(a, ops.ones_like(array[..., 0], dtype="bool"))
                array = where_there(a, array)
                there[name] = a
            x[name] = array
        return x, there

    def compute_output_shape(self, inputs_shape, available_shape=None):
        shapes = self.expect(inputs_shape, available_shape)
        first = shapes[min(shapes)]
        front = first[:1] if self.pools else first[:-1]
        return (*front, self.output_size(first))

    def output_size(self, shape):
        return self.units


def where_there(there, x, other=0):
    """x (…, F) where `there` (…) is true or None, else the number `other`."""
    if there is None:
        return x
    return ops.where(ops.expand_dims(there, -1), x, ops.full_like(x, other))


def shapes_of(where, arrays):
    """dict, name to shape; what is no array has none."""
    if not isinstance(arrays, dict):
        kind = type(arrays).__name__
        raise TypeError(f"{where}: got a {kind}; expected a dict, modality to array")
    return {name: getattr(array, "shape", None) for name, array in arrays.items()}


def expect_shapes(where, shapes, pools):
    """Check (B, F_m) or (B, T, F_m) of each modality; dict, name to tuple.

    Args:
        where: the layer's class name.
        shapes: dict, modality to shape; sizes that are not known yet are None.
        pools: whether a vector may stand beside a sequence, and T may differ.
    """
    if not shapes:  # Keras hands on no shapes at all of an empty dict
        raise ValueError(f"{where}: no modality; expected a dict with one or more")
    if not isinstance(shapes, dict):
        raise TypeError(
            f"{where}: got a {type(shapes).__name__}; expected a dict, name to array"
        )
    if not all(isinstance(name, str) for name in shapes):
        raise TypeError(f"{where}: modalities are {list(shapes)}; expected names, str")
    found = {}
    for name, shape in sorted(shapes.items()):
        if shape is None or len(shape) not in (2, 3):
            what = "no array" if shape is None else tuple(shape)
            raise ShapeError(
                f"{where}: {name!r} is {what}; expected (B, F) or (B, T, F)"
            )
        if not shape[-1]:
            raise ShapeError(
                f"{where}: {name!r} is {tuple(shape)}; expected a known number of "
                "features F, 1 or more"
            )
        found[name] = tuple(shape)
    _expect_alike(where, "B", {name: shape[:1] for name, shape in found.items()})
    if not pools:
        kinds = {len(shape) for shape in found.values()}
        if len(kinds) > 1:
            raise ShapeError(
                f"{where}: got {_listed(found)}; expected all (B, F) or all (B, T, F): "
                "repeat a vector along time, or pool a sequence before"
            )
        _expect_alike(where, "T", {name: shape[1:-1] for name, shape in found.items()})
    return found


def expect_available_shapes(where, available, shapes):
    """Check that availability names modalities, each (B,), or (B, T) of a sequence."""
    if available is None:
        return
    expect_known(where, available, shapes)
    for name, shape in available.items():
        known = shapes[name][:-1]
        shape = shape if shape is None else tuple(shape)
        fits = shape is not None and 1 <= len(shape) <= len(known)
        pairs = zip(shape or (), known, strict=False)
        if not fits or any(a not in (b, None) and b is not None for a, b in pairs):
            either = (
                f"({known[0]},)" if len(known) == 1 else f"({known[0]},) or {known}"
            )
            raise ShapeError(
                f"{where}: available[{name!r}] is {shape}; expected {either}, as "
                f"{name!r} is {shapes[name]}"
            )


def expect_known(where, available, names):
    """Refuse availability of what is no modality."""
    strange = [repr(name) for name in available if name not in names]
    if strange:
        raise KeySetError(
            f"{where}: available has {', '.join(strange)}; expected some of "
            f"{', '.join(sorted(names))}"
        )


def booleans(where, available):
    """Availability as tensors of bool; a modality that is not named, or None, is left
    out: it is there."""
    if available is None:
        return {}
    if not isinstance(available, dict):
        kind = type(available).__name__
        raise TypeError(
            f"{where}: available is a {kind}; expected a dict, name to booleans (B,)"
        )
    found = {}
    for name, a in available.items():
        if a is None:
            continue
        a = ops.convert_to_tensor(a)
        dtype = keras.backend.standardize_dtype(a.dtype)
        if dtype != "bool":
            raise ValueError(
                f"{where}: available[{name!r}] holds {dtype}; expected bool"
            )
        found[name] = a
    return found


def _expect_alike(where, letter, parts):
    """Sizes that are known must be the same for all modalities."""
    sizes = {part[0] for part in parts.values() if part and part[0] is not None}
    if len(sizes) > 1:
        told = ", ".join(f"{part[0]} in {name!r}" for name, part in parts.items())
        raise ShapeError(f"{where}: {letter} is {told}; expected the same for all")


def _listed(shapes):
    return ", ".join(f"{name!r} {shape}" for name, shape in shapes.items())
