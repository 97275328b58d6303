"""Wrong answers that no exercise needs to name: transposed, flipped, times two, …

Each pattern must hold in every case that fails, so that chance does not speak.
"""

import numpy as np

_TOLERANCE = 1e-4


def pattern(different, wrong):
    """In words, what an unnamed wrong answer has to do with the right one.

    Args:
        different: the Differences of the case that is shown.
        wrong: case number -> Differences, for every failing case that gave an answer.

    Returns:
        a sentence, or "" if nothing fits.
    """
    if not different:
        return ""
    part = different[0].part
    same_part = [d for found in wrong.values() for d in found if d.part == part]
    shapes = [d for d in same_part if d.kind == "shape"]
    if different[0].kind == "shape":
        return shape_pattern(shapes)
    values = [d for d in same_part if d.kind in ("value", "nan")]
    if not values or any(d.expected.dtype.kind == "U" for d in values):
        return ""
    if any(d.kind == "nan" for d in values):
        return ""
    return value_pattern([(d.yours, d.expected) for d in values])


def shape_pattern(shapes):
    """What the shapes of `yours` have to do with those expected, in every case."""
    pairs = [(d.yours.shape, d.expected.shape) for d in shapes]
    if all(sorted(yours) == sorted(right) for yours, right in pairs):
        return "The sizes are right, in another order: two axes are swapped."
    if all(_squeezed(yours) == _squeezed(right) for yours, right in pairs):
        return "An axis of size 1 is missing or too many: look for `keepdims`."
    if any(len(yours) != len(right) for yours, right in pairs):
        return "The number of axes differs: was one summed over, or one kept?"
    off = {
        tuple(y - r for y, r in zip(yours, right, strict=True))
        for yours, right in pairs
    }
    steps = {step for steps in off for step in steps}
    if steps <= {-1, 0}:
        return "One row or column short: does the loop stop one step too early?"
    if steps <= {0, 1}:
        return "One row or column too many: does the loop run one step too far?"
    return ""


def _squeezed(shape):
    return tuple(size for size in shape if size != 1)


def value_pattern(pairs):
    """What the numbers of `yours` have to do with those expected, in every case."""
    tests = (_truncated, _factor, _offset, _moved, _batch)
    for test in tests:
        with np.errstate(all="ignore"):
            sentence = test(pairs)
        if sentence:
            return sentence
    return ""


def _near(a, b):
    scale = float(np.abs(b).max(initial=0.0))
    return a.shape == b.shape and np.allclose(
        a, b, rtol=_TOLERANCE, atol=_TOLERANCE * scale
    )


def _truncated(pairs):
    """Only whole numbers, where fractions are expected: cut off once, or each time."""
    if all(yours.dtype.kind in "iu" for yours, _ in pairs) and any(
        right.dtype.kind == "f" and (right != np.trunc(right)).any()
        for _, right in pairs
    ):
        return "Your numbers are whole numbers: was the result stored in an int array?"
    return ""


def _factor(pairs):
    factors = []
    for yours, right in pairs:
        if yours.size < 2 and len(pairs) < 3:
            return ""  # any number is some multiple of any other
        flat = int(np.abs(right).argmax())
        if not right.flat[flat]:
            return ""
        factor = (yours.flat[flat] / right.flat[flat]).item()
        if not np.isfinite(factor) or not _near(yours, factor * right):
            return ""
        factors.append(factor)
    if np.allclose(factors, -1):
        return "The sign is wrong everywhere: yours is −1 times the expected."
    if np.allclose(factors, 0):
        return "Yours is zero everywhere."
    if np.allclose(factors, factors[0], rtol=1e-3):
        return f"Yours is {_short(factors[0])} times the expected, everywhere."
    if all(yours.size > 1 for yours, _ in pairs):
        return (
            "Yours is a multiple of the expected, and the factor changes with the "
            "case: is something divided by a size, or not?"
        )
    return ""


def _offset(pairs):
    offsets = [yours - right for yours, right in pairs]
    if all(np.ptp(d.real) <= _TOLERANCE * (1 + np.abs(d).max()) for d in offsets) and (
        all(d.size > 1 for d in offsets)
    ):
        first = offsets[0].flat[0].item()
        if all(np.allclose(d, first, rtol=1e-3) for d in offsets):
            return f"Yours is the expected plus {_short(first)}, everywhere."
        return "Yours is the expected plus a constant, which changes with the case."
    return ""


def _moved(pairs):
    """Transposed, flipped along an axis, or shifted along it by one step."""
    axes = {yours.ndim for yours, _ in pairs}
    if len(axes) > 1 or not max(axes):
        return ""
    if max(axes) > 1 and all(_near(y, np.swapaxes(r, -1, -2)) for y, r in pairs):
        return "Yours is the transpose of the expected, in the last two axes."
    for axis in range(max(axes)):
        if all(_near(yours, np.flip(right, axis)) for yours, right in pairs):
            return f"Yours is in reverse order along axis {axis}."
        for step in (1, -1):
            if all(_shifted(yours, right, axis, step) for yours, right in pairs):
                return f"Yours is shifted by one step along axis {axis}."
    return ""


def _shifted(yours, right, axis, step):
    if right.shape[axis] < 3:
        return False
    ahead, behind = slice(1, None), slice(None, -1)
    there, here = (ahead, behind) if step > 0 else (behind, ahead)
    return _near(_cut(yours, axis, there), _cut(right, axis, here))


def _cut(array, axis, part):
    return array[(slice(None),) * axis + (part,)]


def _batch(pairs):
    several = [(y, r) for y, r in pairs if r.ndim > 1 and len(r) > 1]
    if not several:
        return ""
    if all(len(r) > 2 and _near(y[:-1], r[:-1]) for y, r in several):
        return "Only the last entry along axis 0 is wrong."
    if all(_near(yours[:1], right[:1]) for yours, right in several):
        return "The first entry along axis 0 is right, later ones are not."
    return ""


def _short(number):
    return f"{number:.4g}" if isinstance(number, int | float) else str(number)
