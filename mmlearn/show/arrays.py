"""Arrays as pictures: images, kernels, feature maps, matrices with numbers."""

import numpy as np
from matplotlib.patches import Rectangle

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.show.figure import ACCENT, DIVERGING, new


def images(x, titles=None, *, title="", alt="", columns=None, size=1.1):
    """Images side by side, on one grey scale, so that they can be compared.

    Args:
        x: (H, W) or (H, W, C) one image; (N, H, W) or (N, H, W, C) several; or a list
            of images of any sizes. C is 1 or 3; uint8, or float (colours in [0, 1]).
        titles: one per image (its class, say).
        title: the figure's finding.
        alt: in words; by default how many images of what size.
        columns: images in a row, by default up to 10.
        size: width of one image in inches.

    Returns:
        the Figure.

    >>> fig = images(np.zeros((3, 8, 8)), titles=["zero", "one", "two"])
    >>> [ax.get_title() for ax in fig.axes]
    ['zero', 'one', 'two']
    """
    pictures = _pictures("images", x)
    labels = [] if titles is None else [str(t) for t in titles]
    if titles is not None and len(labels) != len(pictures):
        raise ValueError(f"images: {len(labels)} titles for {len(pictures)} images")
    sizes = sorted({f"{p.shape[0]} × {p.shape[1]}" for p in pictures})
    named = f": {', '.join(labels)}" if labels else ""
    count = "An image" if len(pictures) == 1 else f"{len(pictures)} images"
    alt = alt or f"{count} of {', '.join(sizes)} pixels{named}."
    limits = _limits(pictures)
    return _sheet(pictures, labels, limits, "gray", title, alt, columns, size)[0]


def kernels(kernel, *, title="", alt="", units=16, channels=4, size=0.9):
    """Convolution kernels as pictures: blue below zero, white at zero, orange above.

    Args:
        kernel: (H, W, C, U) as Keras keeps it, or one kernel (H, W).
        title, alt: as for `images`.
        units, channels: at most so many are drawn; the title says when some are not.
        size: width of one kernel in inches.

    Returns:
        the Figure: a row per input channel, a column per unit.
    """
    weights = np.asarray(kernel, float)
    weights = weights[:, :, None, None] if weights.ndim == 2 else weights
    found = expect_shape("kernels", "kernel", weights, "H W C U")
    shown = weights[:, :, :channels, :units]
    rows, columns = shown.shape[2:]
    pictures = [shown[:, :, c, u] for c in range(rows) for u in range(columns)]
    names = [f"unit {u}" if c == 0 else "" for c in range(rows) for u in range(columns)]
    names = [""] if weights.shape[2:] == (1, 1) else names
    if shown.shape != weights.shape:
        counts = f"{columns} of {found['U']} units, {rows} of {found['C']} channels"
        title = f"{title} ({counts})" if title else counts
    most = float(np.abs(weights).max()) or 1.0
    alt = alt or (
        f"{len(pictures)} kernels of {found['H']} × {found['W']} weights, "
        f"from {weights.min():.2g} to {weights.max():.2g}."
    )
    figure, drawn = _sheet(
        pictures, names, (-most, most), DIVERGING, title, alt, columns, size
    )
    figure.colorbar(drawn, ax=figure.axes, label="weight", shrink=0.8, aspect=12)
    return figure


def feature_maps(maps, *, title="", alt="", units=16, columns=8, size=1.1):
    """What each unit of a layer makes of one image.

    Args:
        maps: (H, W, U), or (1, H, W, U).
        title, alt, columns, size: as for `images`.
        units: at most so many are drawn.

    Returns:
        the Figure; one colour scale for all maps, white at zero where values are
        negative too, black at zero where none is.
    """
    values = np.asarray(maps, float)
    values = values[0] if values.ndim == 4 and len(values) == 1 else values
    found = expect_shape("feature_maps", "maps", values, "H W U")
    pictures = list(np.moveaxis(values, -1, 0)[:units])
    names = [f"unit {u}" for u in range(len(pictures))]
    most = float(np.abs(values).max()) or 1.0
    signed = values.min() < 0
    limits, colours = ((-most, most), DIVERGING) if signed else ((0.0, most), "magma")
    alt = alt or (
        f"{len(pictures)} of {found['U']} feature maps of {found['H']} × {found['W']}, "
        f"values from {values.min():.2g} to {values.max():.2g}."
    )
    figure, drawn = _sheet(pictures, names, limits, colours, title, alt, columns, size)
    figure.colorbar(drawn, ax=figure.axes, label="activation", shrink=0.8, aspect=12)
    return figure


def numbers(array, *, window=None, title="", alt="", colours="gray", size=0.5):
    """A matrix as cells with their numbers, one window of it outlined.

    Args:
        array: (H, W), up to about 16 × 16.
        window: (row, column, height, width) of the cells to outline.
        title, alt: as for `images`.
        colours: "gray", or "diverging" for white at zero.
        size: of a cell in inches.

    Returns:
        the Figure.

    >>> fig = numbers(np.arange(6).reshape(2, 3), window=(0, 1, 2, 2))
    >>> [t.get_text() for t in fig.axes[0].texts]
    ['0', '1', '2', '3', '4', '5']
    """
    values = np.atleast_2d(np.asarray(array))
    found = expect_shape("numbers", "array", values, "H W")
    height, width = found["H"] * size + 0.9, found["W"] * size + 0.9
    rows = "; ".join(" ".join(short(v) for v in row) for row in values)
    figure, axes = new(
        size=(max(width, 2.2), height),
        title=title,
        alt=alt or f"A matrix of {found['H']} × {found['W']} numbers: {rows}.",
    )
    draw_numbers(axes[0, 0], values, window=window, colours=colours)
    return figure


def draw_numbers(ax, values, *, window=None, colours="gray", text=True):
    """Draw a matrix as cells with numbers on an axes (see `numbers`)."""
    values = np.asarray(values)
    most = float(np.abs(values).max()) or 1.0
    limits = (-most, most) if colours == "diverging" else _limits([values])
    colour_map = DIVERGING if colours == "diverging" else colours
    picture = ax.imshow(values, cmap=colour_map, vmin=limits[0], vmax=limits[1])
    rows, columns = values.shape
    ax.set_xticks(np.arange(columns), np.arange(columns))
    ax.set_yticks(np.arange(rows), np.arange(rows))
    ax.set(xlabel="column", ylabel="row")
    ax.grid(False)
    ax.tick_params(length=0)
    for (r, c), value in np.ndenumerate(values if text else values[:0]):
        red, green, blue, _ = picture.cmap(picture.norm(value))
        ink = "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.55 else "white"
        ax.text(c, r, short(value), ha="center", va="center", color=ink, fontsize=10)
    if window is not None:
        row, column, height, width = window
        corner = (column - 0.5, row - 0.5)
        frame = Rectangle(corner, width, height, fill=False, clip_on=False, zorder=3)
        frame.set(edgecolor=ACCENT, linewidth=3)
        ax.add_patch(frame)


def short(value):
    """A number as short as it can be read: at most two decimals, a true minus sign.

    >>> short(-0.5), short(2.0), short(1 / 3)
    ('−0.5', '2', '0.33')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


def _pictures(where, x):
    if not isinstance(x, list | tuple):
        x = np.asarray(x)
        # (N, 3, 3) are N tiny grey images: nobody has a colour image 3 pixels wide.
        coloured = x.ndim == 3 and x.shape[2] in (1, 3) and x.shape[1] > 3
        one = x.ndim == 2 or coloured
        x = [x] if one else x
    pictures = [np.asarray(picture) for picture in x]
    if not pictures:
        raise ValueError(f"{where}: no images; expected at least one")
    for picture in pictures:
        if picture.ndim not in (2, 3) or (
            picture.ndim == 3 and picture.shape[2] not in (1, 3)
        ):
            raise ShapeError(
                f"{where}: an image is {picture.shape}; expected (H, W), (H, W, 1) or "
                "(H, W, 3), and N of them in front or in a list"
            )
    return [p[:, :, 0] if p.ndim == 3 and p.shape[2] == 1 else p for p in pictures]


def _limits(pictures):
    grey = [p for p in pictures if p.ndim == 2] or pictures
    if all(p.dtype == np.uint8 for p in grey):
        return 0, 255
    low, high = (float(f([f(p) for p in grey])) for f in (np.min, np.max))
    return low, high if high > low else low + 1.0


def _sheet(pictures, titles, limits, colours, title, alt, columns, size):
    """A sheet of pictures in rows; ticks in pixels on the first one of the last row."""
    sheets = -(-len(pictures) // 10)  # rows of at most 10, as even as can be
    columns = min(columns or -(-len(pictures) // sheets), len(pictures))
    rows = -(-len(pictures) // columns)
    tall = max(p.shape[0] / p.shape[1] for p in pictures)
    height = (
        rows * (size * tall + (0.3 if titles else 0.08)) + (0.4 if title else 0) + 0.5
    )
    width = max(columns * (size + 0.1) + 0.9, 3.2)
    figure, axes = new(rows, columns, size=(width, height), title=title, alt=alt)
    drawn = None
    for ax, picture in zip(axes.flat, pictures, strict=False):
        drawn = ax.imshow(picture, cmap=colours, vmin=limits[0], vmax=limits[1])
    for ax, name in zip(axes.flat, titles, strict=False):
        ax.set_title(name, loc="center", fontsize=10, weight="normal")
    for ax in axes.flat[len(pictures) :]:
        ax.remove()
    for ax in axes.flat[: len(pictures)]:
        ax.grid(False)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color="0.6", linewidth=0.8)
    corner, (height_px, width_px) = (
        axes[-1, 0],
        pictures[(rows - 1) * columns].shape[:2],
    )
    corner.set(xticks=[0, width_px - 1], yticks=[0, height_px - 1])
    corner.set(xlabel="column (px)", ylabel="row (px)")
    return figure, drawn
