"""Attention maps while they are learned: pictures in TensorBoard, and their still."""

import numpy as np
from matplotlib import colormaps

from mmlearn.axes import expect_shape
from mmlearn.show.figure import new
from mmlearn.watch.callback import TensorBoard
from mmlearn.watch.events import LogError, read

_RUN, _MAP, _SPREAD = "attention", "map", "tokens_read"
_SIDE = 320  # px of a picture, about


class AttentionMaps(TensorBoard):
    """`watch.TensorBoard`, and where each head looks, epoch by epoch.

    In the folder `attention/`: a picture for each head (row = query, column = key,
    white 0, dark 1), and over how many tokens its look is spread on average,
    2^entropy: L when it looks everywhere alike, 1 when at a single token.

    Args:
        log_dir: folder.
        maps: model -> (heads, L, S) weights on a sample of your choice, like
            `lambda model: models.attention_maps(model, ids)[0]`.
        options: of `watch.TensorBoard`; `histogram_freq` counts for the maps too.

    Raises:
        LogError: at once, if the folder cannot be written to.
        ShapeError: before training, if maps gives something else.
    """

    def __init__(self, log_dir, maps, **options):
        super().__init__(log_dir, **options)
        self.maps = maps

    def _weights(self, step):
        super()._weights(step)
        maps = np.asarray(self.maps(self.model), float)
        expect_shape("AttentionMaps", "maps(model)", maps, "heads L S")
        writer = self._writer(_RUN)
        for head, weights in enumerate(maps, start=1):
            writer.image(f"{_MAP}/head_{head}", _picture(weights), step)
            writer.scalar(f"{_SPREAD}/head_{head}", tokens_read(weights), step)


def tokens_read(weights):
    """Over how many keys a look is spread, 2^entropy, on average over the queries.

    Args:
        weights: (L, S), each row adds up to 1; rows of zeros do not count.

    >>> tokens_read(np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]))
    1.5
    """
    weights = np.asarray(weights, float)
    rows = weights[weights.sum(axis=-1) > 0]
    bits = -(rows * np.log2(np.where(rows > 0, rows, 1.0))).sum(axis=-1)
    return float((2.0**bits).mean()) if len(rows) else 0.0


def still_attention(log_dir, names=None, *, moments=3, title="", alt=""):
    """The maps of every head before, during and after training.

    Args:
        log_dir: the folder given to `watch.AttentionMaps`.
        names: words of the sample, where queries and keys are the same; None: no names.
        moments: how many epochs to show, the first and the last among them.
        title: the figure's finding.
        alt: in words; by default how widely every head looks at the end.

    Returns:
        the Figure: a row for each moment, a column for each head.

    Raises:
        LogError: no maps were logged there.
    """
    found = read(log_dir)
    start = f"{_RUN}/{_MAP}/"
    heads = {t.removeprefix(start): p for t, p in found["images"].items() if start in t}
    if not heads:
        raise LogError(
            "still_attention: no attention maps were logged; train with "
            "callbacks=[watch.AttentionMaps(log_dir, maps)]"
        )
    spread = {name: found["scalars"][f"{_RUN}/{_SPREAD}/{name}"] for name in heads}
    figure, axes = new(
        moments,
        len(heads),
        size=(2.7 * len(heads) + 0.8, 2.9 * moments + 1.3),
        title=title,
        alt=alt or _alt(spread, moments),
        sharey=True,
        sharex=True,
    )
    for column, (name, points) in zip(axes.T, heads.items(), strict=True):
        chosen = np.linspace(0, len(points) - 1, moments).round().astype(int)
        for ax, i in zip(column, chosen, strict=True):
            _draw(ax, points[i].value, names)
            wide = spread[name][i].value
            ax.set_title(
                f"{name.replace('_', ' ')}, epoch {points[i].step}\n{wide:.1f} tokens"
            )
        column[-1].set_xlabel("key")
    for ax in axes[:, 0]:
        ax.set_ylabel("query")
    return figure


def _picture(weights):
    """(L, S) as colours, white 0 and dark 1, each weight a square of pixels."""
    colours = colormaps["Blues"](np.clip(weights, 0, 1), bytes=True)[..., :3]
    zoom = max(1, round(_SIDE / max(weights.shape)))
    return np.ascontiguousarray(colours.repeat(zoom, axis=0).repeat(zoom, axis=1))


def _draw(ax, picture, names):
    ax.grid(False)
    ax.spines[:].set_visible(True)
    if names is None:
        ax.imshow(picture, interpolation="nearest", aspect="auto")
        ax.set(xticks=[], yticks=[])
        return
    count = len(names)
    ends = (-0.5, count - 0.5)
    extent = (*ends, *ends[::-1])
    ax.imshow(picture, interpolation="nearest", extent=extent, aspect="auto")
    ax.set_xticks(range(count), names, rotation=90)
    ax.set_yticks(range(count), names)


def _alt(spread, moments):
    told = [
        f"{name.replace('_', ' ')} from {points[0].value:.1f} to {points[-1].value:.1f}"
        for name, points in spread.items()
    ]
    when = "before and after" if moments == 2 else "before, during and after"
    return (
        f"Attention maps of every head {when} training; tokens that a "
        f"query reads on average: {', '.join(told)}."
    )
