"""Weights as pictures: what a kernel or a row of dense weights looks for."""

import math

import numpy as np

from mmlearn.show.figure import DIVERGING

_TILE = 48  # px at least along a kernel's side, so that it can be seen
_GAP = 3  # px of grey between two
_MOST = 64  # tiles: more cannot be told apart


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
    if tiles is None:
        return None
    rows, columns, height, width = tiles.shape
    zoom = max(1, -(-_TILE // max(height, width)))
    sheet_shape = rows * (height * zoom + _GAP) + _GAP, columns * (width * zoom + _GAP)
    sheet = np.full((sheet_shape[0], sheet_shape[1] + _GAP, 3), 128, np.uint8)
    finite = np.where(np.isfinite(tiles), tiles, 0)
    most = float(np.abs(weights[np.isfinite(weights)]).max(initial=0)) or 1.0
    colours = DIVERGING(finite / most / 2 + 0.5, bytes=True)[..., :3]
    for r in range(rows):
        for c in range(columns):
            tile = colours[r, c].repeat(zoom, axis=0).repeat(zoom, axis=1)
            top, left = (
                _GAP + r * (height * zoom + _GAP),
                _GAP + c * (width * zoom + _GAP),
            )
            sheet[top : top + height * zoom, left : left + width * zoom] = tile
    return sheet


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
        return grid[: max(1, _MOST // min(units, 16)), :16]
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
