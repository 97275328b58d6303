"""Seeded augmentation of stored images: what a camera or a hand might have done."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.preprocess.arrays import expect_numbers

DTYPES = (np.uint8, np.float32, np.float64)


def augment(
    x,
    *,
    seed,
    epoch=0,
    first=0,
    shift=0.0,
    rotate=0.0,
    zoom=0.0,
    flip=False,
    brightness=0.0,
    noise=0.0,
    value=0.0,
):
    """Change each image a little, by amounts drawn from (seed, epoch, its number).

    Each amount is uniform between minus and plus the number given; pixel (r, c) of the
    result is read at R⁻¹(r − mean row − Δr, c − mean column − Δc) / z from the middle.

    Args:
        x: (B, H, W, C) uint8 or floats; it is left as it is, and so are labels.
        seed, epoch: whole numbers: the same ones give the same images again.
        first: number of the first image in its data set: then a batch gets what it
            would have got with all the others.
        shift: px, down and across. rotate: degrees. zoom: 0.1 is 0.9 to 1.1 times.
        flip: mirror left and right every second time.
        brightness: added to the pixels of an image. noise: standard deviation of what
            is added to each pixel. Both in x's own unit.
        value: of the pixels that come in from outside.

    Returns:
        (B, H, W, C) of x's dtype; uint8 is rounded and kept from 0 to 255.

    >>> digit = np.eye(8)[None, :, :, None]
    >>> again = [augment(digit, seed=1, epoch=2, rotate=30) for _ in range(2)]
    >>> bool((again[0] == again[1]).all()), bool((again[0] == digit).all())
    (True, False)
    """
    x = expect_numbers("augment", "x", x)
    expect_shape("augment", "x", x, "B H W C")
    if x.dtype not in DTYPES:
        raise ValueError(f"augment: x is {x.dtype}; expected uint8, float32 or float64")
    sizes = {"shift": shift, "rotate": rotate, "zoom": zoom, "noise": noise}
    _expect_amounts(sizes | {"brightness": brightness})
    y = x.astype(np.float32 if x.dtype == np.uint8 else x.dtype)
    for n, image in enumerate(y):
        rng = np.random.default_rng([seed, epoch, first + n])
        # All draws are made, used or not: one amount more changes no other one.
        down, across, turn, scale, light = rng.uniform(-1, 1, 5)
        mirrored = rng.random() < 0.5
        if flip and mirrored:
            image[:] = image[:, ::-1].copy()
        moved = (shift * down, shift * across, rotate * turn, 1 + zoom * scale)
        if moved != (0, 0, 0, 1):
            image[:] = warp(image, *moved, value=value)
        image += brightness * light
        if noise:
            image += noise * rng.standard_normal(image.shape, image.dtype)
    return np.rint(y).clip(0, 255).astype(np.uint8) if x.dtype == np.uint8 else y


def warp(image, down, across, degrees, scale, *, value=0.0):
    """Rotate an image about its middle, scale it, then shift it; bilinear.

    Args:
        image: (H, W, C) floats.
        down, across: px by which the picture moves.
        degrees: by which it turns, clockwise as one sees it.
        scale: above 1 the picture grows.
        value: of the pixels that come in from outside.

    Returns:
        (H, W, C) of image's dtype.

    >>> warp(np.eye(3)[:, :, None], 0, 1, 0, 1)[:, :, 0]
    array([[0., 1., 0.],
           [0., 0., 1.],
           [0., 0., 0.]])
    """
    import cv2

    height, width, channels = image.shape
    middle = np.array([(width - 1) / 2, (height - 1) / 2])  # OpenCV counts x, then y
    angle = np.deg2rad(degrees)
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix = scale * np.array(turn)
    offset = middle + [across, down] - matrix @ middle
    affine = np.column_stack([matrix, offset])
    result = np.empty_like(image)
    for start in range(0, channels, 4):  # OpenCV takes at most 4
        few = np.ascontiguousarray(image[..., start : start + 4])
        border = cv2.BORDER_CONSTANT, (value,) * 4
        moved = cv2.warpAffine(
            few, affine, (width, height), None, cv2.INTER_LINEAR, *border
        )
        result[..., start : start + 4] = moved.reshape(height, width, -1)
    return result


def _expect_amounts(amounts):
    for name, amount in amounts.items():
        number = isinstance(amount, int | float | np.integer | np.floating)
        if not (number and np.isfinite(amount) and amount >= 0):
            raise ValueError(
                f"augment: {name} is {amount!r}; expected a number, 0 or above: the "
                "largest change in either direction"
            )
    if amounts["zoom"] >= 1:
        raise ValueError(
            f"augment: zoom is {amounts['zoom']}; expected below 1: 0.1 scales by 0.9 "
            "to 1.1"
        )
