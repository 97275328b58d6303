"""Weights and activations as pictures: what a unit looks for, and what it finds."""

import math

import numpy as np
from matplotlib.colors import to_rgb

from mmlearn.show.figure import ACCENT, DIVERGING

_TILE = 48  # px at least along a tile's longer side, so that it can be seen
_GAP = 3  # px of grey between two
_MOST = 64  # tiles: more cannot be told apart
_COLUMNS = 16
_SAMPLES, _UNITS, _ACROSS = 16, 16, 8  # of feature maps; more is too small to see
_WRONG = (np.array(to_rgb(ACCENT)) * 255).round().astype(np.uint8)  # NaN, infinite


def weight_picture(weights, image_shape=None):
    """Weights as one picture of tiles, blue below zero, white at zero, orange above.

    Args:
        weights: (H, W, C, U) of a convolution, or (F, U) of a dense layer.
        image_shape: (H, W) or (H, W, C) with F = H · W · C: how to see a dense
            layer's inputs as an image.

    Returns:
        (height, width, 3) uint8: a tile per unit of a dense layer or of a convolution
        over one channel, else a row of units per input channel. Full colour is the
        largest size of any weight. None if the weights are no image.
    """
    weights = np.asarray(weights, np.float32)
    tiles = _tiles(weights, image_shape)
    return None if tiles is None else sheet(coloured(tiles, largest(weights)))


def map_picture(activations, inputs=None):
    """Feature maps of a layer: rows for each sample, a tile per unit, one colour scale.

    Args:
        activations: (B, H, W, U), or (B, T, U), drawn as one tile of U rows.
        inputs: (B, H, W) or (B, H, W, C) with C 1 or 3: what the network was given,
            drawn in front of its maps.

    Returns:
        (height, width, 3) uint8; at most 16 units. Full colour is the largest size of
        any activation; what is not finite is magenta. None if these are no maps.
    """
    maps = np.asarray(activations, np.float32)
    if maps.ndim == 3:
        maps = maps.transpose(0, 2, 1)[..., None]  # (B, U, T, 1)
    if maps.ndim != 4 or not maps.size:
        return None
    tiles = maps[:_SAMPLES, :256, :512, :_UNITS].transpose(0, 3, 1, 2)  # (B, U, H, W)
    colours = coloured(tiles, largest(maps))
    colours[~np.isfinite(tiles)] = _WRONG
    samples, units, *size, _ = colours.shape
    columns, lines = min(units, _ACROSS), -(-units // _ACROSS)
    grid = np.full((samples, lines * columns, *size, 3), 128, np.uint8)
    grid[:, :units] = colours
    drawn = sheet(grid.reshape(samples * lines, columns, *size, 3))
    if inputs is None:
        return drawn
    side = (len(drawn) - _GAP) // (samples * lines) - _GAP
    given = np.full((samples * lines, 1, side, side, 3), 128, np.uint8)
    given[::lines, 0] = [_thumbnail(image, side) for image in inputs[:samples]]
    return np.concatenate([sheet(given, 1), drawn[:, _GAP:]], axis=1)


def coloured(tiles, most):
    """(…, 3) uint8 colours of signed numbers; `most` is full colour."""
    finite = np.where(np.isfinite(tiles), tiles, 0)
    return DIVERGING(finite / most / 2 + 0.5, bytes=True)[..., :3]


def largest(values):
    """The largest size of any finite number, 1 where there is none but zero."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=0)) or 1.0


def sheet(tiles, zoom=None):
    """Tiles (rows, columns, H, W, 3) beside each other, with grey between them."""
    rows, columns, height, width, _ = tiles.shape
    zoom = zoom or max(1, -(-_TILE // max(height, width)))
    tiles = tiles.repeat(zoom, axis=2).repeat(zoom, axis=3)
    high, wide = height * zoom + _GAP, width * zoom + _GAP
    drawn = np.full((rows * high + _GAP, columns * wide + _GAP, 3), 128, np.uint8)
    inside = drawn[_GAP:, _GAP:].reshape(rows, high, columns, wide, 3)
    inside[:, :-_GAP, :, :-_GAP] = tiles.transpose(0, 2, 1, 3, 4)
    return drawn


def as_image(picture):
    """One sample (H, W), (H, W, 1 or 3) as uint8 colours, its range stretched."""
    picture = np.asarray(picture)
    picture = picture[..., None] if picture.ndim == 2 else picture
    if picture.dtype != np.uint8:
        finite = np.where(np.isfinite(picture), picture, 0).astype(np.float32)
        low, high = finite.min(), finite.max()
        picture = ((finite - low) / ((high - low) or 1.0) * 255).astype(np.uint8)
    return np.broadcast_to(picture, (*picture.shape[:2], 3))


def _thumbnail(picture, height):
    """A sample scaled to a square of `height` px."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(as_image(picture)))
    return np.asarray(image.resize((height, height), Image.Resampling.NEAREST))


def _tiles(weights, image_shape):
    """(rows, columns, H, W), or None."""
    if weights.ndim == 2 and image_shape is not None:
        shape = (*image_shape, 1)[:3]
        if math.prod(shape) != len(weights):
            return None
        weights = weights.reshape(*shape, -1)  # (H, W, C, U)
    if weights.ndim != 4 or not weights.size:
        return None
    grid = weights.transpose(2, 3, 0, 1)  # (C, U, H, W)
    channels, units = grid.shape[:2]
    if channels > 1:
        return grid[: max(1, _MOST // min(units, _COLUMNS)), :_COLUMNS]
    flat = grid[0, :_MOST]
    columns = len(flat) if len(flat) <= 5 else min(8, -(-len(flat) // 2))
    rows = -(-len(flat) // columns)
    empty = np.zeros((rows * columns - len(flat), *flat.shape[1:]), flat.dtype)
    return np.concatenate([flat, empty]).reshape(rows, columns, *flat.shape[1:])


def rescaled(picture, ratio):
    """A picture from `weight_picture` with its weights' colours at `ratio` ≤ 1 of it.

    The colours are read back by their place in the map, so this is right to 1/257 of
    the full colour. The grey between the tiles is in no map and stays.
    """
    middles = (np.arange(DIVERGING.N) + 0.5) / DIVERGING.N  # 0.5 is a weight of zero
    table = DIVERGING(np.arange(DIVERGING.N), bytes=True)[:, :3]
    new = DIVERGING((middles - 0.5) * ratio + 0.5, bytes=True)[:, :3]
    places = {tuple(colour): place for place, colour in enumerate(table.tolist())}
    colours, inverse = np.unique(picture.reshape(-1, 3), axis=0, return_inverse=True)
    found = [places.get(tuple(colour)) for colour in colours.tolist()]
    changed = [c if p is None else new[p] for c, p in zip(colours, found, strict=True)]
    return np.array(changed, np.uint8)[inverse.ravel()].reshape(picture.shape)
