"""TensorBoard's still twin: the same event files as one figure."""

from pathlib import Path

import numpy as np
from matplotlib import colormaps

from mmlearn.show.figure import mosaic
from mmlearn.watch.events import IMAGE, SAMPLES, LogError, read
from mmlearn.watch.pictures import rescaled

_RIDGES = 12  # histograms drawn above each other; more could not be told apart


def still(log_dir, *, weight=None, metrics=("loss", "accuracy"), title="", alt=""):
    """What TensorBoard shows of a run: its curves, and a layer's weights.

    Args:
        log_dir: the folder given to `watch.TensorBoard`.
        weight: which variable to show ("conv2d/kernel"), by default the first that
            was written as a picture, else the first with a histogram.
        metrics: scalars to draw: the first two of them that are there.
        title: the figure's finding.
        alt: in words; by default where every curve starts and ends.

    Returns:
        the Figure: above the curves and the histograms, below the pictures. Both are
        on one colour scale (TensorBoard's own have one each) where the log holds the
        histograms of these epochs, which say how large the weights are.

    Raises:
        LogError: no events there, or no such weight.
    """
    found = read(log_dir)
    names = [m for m in metrics if _curves(found, m)][:2] or _first_scalar(found)
    pictures, spread = _chosen(found, weight)
    count = len(names) + bool(spread)
    shown = [pictures[0], pictures[-1]] if pictures else []
    if not (count or shown):
        raise LogError(
            f"still: the event files in {Path(log_dir).name} hold no scalars, "
            "histograms or pictures: they are of another kind, damaged, or of a run "
            "that has only begun"
        )
    above = [label for label in range(count) for _ in range(6 // count)]
    below = ["first"] * 3 + ["last"] * 3
    rows = [(above, 3.1)] * bool(count) + [(below, _below(shown))] * bool(shown)
    figure, axes = mosaic(
        [row for row, _ in rows],
        size=(max(3.6 * count, 5.0), sum(height for _, height in rows)),
        height_ratios=[height for _, height in rows],
        title=title,
        alt=alt or _alt(found, names, shown),
    )
    for order, name in enumerate(names):
        _draw_curves(axes[order], name, _curves(found, name))
    if spread:
        draw_histograms(axes[len(names)], spread)
    ratios, scale = _one_scale(shown, spread)
    for place, point, ratio in zip(("first", "last"), shown, ratios, strict=False):
        ax = axes[place]
        picture = point.value if ratio == 1 else rescaled(point.value, ratio)
        ax.imshow(picture, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.set_xlabel(f"weights after {point.step} epochs{scale}")
        ax.grid(False)
        ax.spines[:].set_visible(False)
    return figure


def _curves(found, metric):
    """Label to points: the training and the validation curve of one metric."""
    runs = {
        "training": f"train/epoch_{metric}",
        "validation": f"validation/epoch_{metric}",
    }
    return {
        k: found["scalars"][tag] for k, tag in runs.items() if tag in found["scalars"]
    }


def _first_scalar(found):
    tags = [t.split("/epoch_")[-1] for t in found["scalars"] if "/epoch_" in t]
    return tags[:1]


def _chosen(found, weight):
    """Points of the pictures and of the histograms of one variable."""
    # Of the weights only: what samples show inside is drawn by stills of its own.
    pictured = [t.removesuffix(IMAGE) for t in found["images"] if t.endswith(IMAGE)]
    spread = [tag for tag in found["histograms"] if not tag.startswith(SAMPLES)]
    tags = [*pictured, *spread]
    names = {tag.removeprefix("train/"): tag for tag in reversed(tags)}
    if weight is not None and weight not in names:
        known = ", ".join(sorted(names)) or "none"
        raise LogError(f"still: no weight {weight!r} was logged; there are: {known}")
    tag = names[weight] if weight else next(iter(tags), None)
    return found["images"].get(f"{tag}{IMAGE}", []), found["histograms"].get(tag, [])


def _one_scale(shown, spread):
    """How much of full colour each picture may use, and the scale in words."""
    ranges = {point.step: float(np.abs(point.value[:, :2]).max()) for point in spread}
    sizes = [ranges.get(point.step, 0.0) for point in shown]
    if not all(sizes):
        return [1.0] * len(shown), ""
    most = max(sizes, default=0.0)
    return [size / most for size in sizes], f" (colours: ±{most:.2g})"


def _below(shown):
    """Height of the two pictures in inches."""
    if not shown:
        return 0.0
    height, width = shown[0].value.shape[:2]
    return min(4.0, 0.6 + 4.0 * height / width)


def _draw_curves(ax, name, curves):
    for (label, points), line in zip(curves.items(), ("-", "--"), strict=False):
        steps, values = zip(*points, strict=True)
        mark = "o" if len(steps) <= 15 else None
        ax.plot(steps, values, line, marker=mark, markersize=4, label=label)
    ax.set(xlabel="epochs over", ylabel=name)
    ax.legend()


def draw_histograms(ax, points):
    """Draw one ridge per step, the first in front, as TensorBoard does."""
    chosen = np.unique(np.linspace(0, len(points) - 1, _RIDGES).round().astype(int))
    blues = colormaps["Blues"](np.linspace(0.35, 0.9, len(chosen)))
    for order, (k, colour) in enumerate(zip(chosen, blues, strict=True)):
        left, right, counts = points[k].value.T
        height = counts / max(counts.max(), 1) * 1.6
        middle = (left + right) / 2
        base = np.full_like(middle, float(order))
        ax.fill_between(
            middle, base, base - height, color=colour, alpha=0.8, zorder=order
        )
        ax.plot(middle, base - height, color="white", linewidth=0.8, zorder=order)
    ax.set_yticks(range(len(chosen)), [str(points[k].step) for k in chosen])
    ax.invert_yaxis()
    ax.grid(False, axis="y")
    ax.locator_params(axis="x", nbins=5)  # more would touch in a third of a row
    ax.set(xlabel="weight", ylabel="epochs over")


def _alt(found, names, shown):
    parts = []
    for name in names:
        for label, points in _curves(found, name).items():
            first, last = points[0], points[-1]
            parts.append(
                f"{label} {name} goes from {first.value:.3g} to {last.value:.3g} "
                f"in {last.step} epochs"
            )
    if shown:
        parts.append("below, the weights before and after training as pictures")
    return "; ".join(parts) + "." if parts else "An empty log."
