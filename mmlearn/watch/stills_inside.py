"""Still twins of the microscope: the inside of a network, from its log folder."""

import numpy as np

from mmlearn.show.figure import new
from mmlearn.watch.events import SAMPLES, LogError, read
from mmlearn.watch.stills import draw_histograms

_MAPS = "/feature_maps"
_MARKS = "osv^D*Xp"  # lines differ by more than their colour
_ACROSS = 3


def still_maps(log_dir, layer=None, *, title="", alt=""):
    """Feature maps of a layer for the chosen samples, before and after training.

    Args:
        log_dir: the folder given to `watch.Microscope`.
        layer: its name ("conv1"), by default the first that has maps.
        title: the figure's finding.
        alt: in words; by default what is drawn.

    Returns:
        the Figure. White is zero, orange positive, blue negative; full colour is the
        largest activation of its own picture.

    Raises:
        LogError: nothing of the kind was logged.
    """
    images = read(log_dir)["images"]
    known = [_bare(tag, _MAPS) for tag in images if tag.endswith(_MAPS)]
    name = _expect("still_maps", "feature maps", known, layer)
    points = images[f"{SAMPLES}{name}{_MAPS}"]
    alt = alt or f"Feature maps of {name} for the chosen samples, {_span(points)}."
    return _first_last(points, title, alt)


def still_confusion(log_dir, *, title="", alt=""):
    """The confusion matrix of the chosen samples, before and after training.

    Args, Returns, Raises: as for `still_maps`.
    """
    images = read(log_dir)["images"]
    known = [tag.removeprefix(SAMPLES) for tag in images if "confusion" in tag]
    name = _expect("still_confusion", "confusion matrix", known, None)
    points = images[SAMPLES + name]
    alt = alt or f"Confusion matrix of the chosen samples, {_span(points)}."
    return _first_last(points, title, alt)


def still_histograms(log_dir, kind="activation", layers=None, *, title="", alt=""):
    """How activations or gradients are spread, layer by layer and epoch by epoch.

    Args:
        log_dir: the folder given to `watch.Microscope`.
        kind: "activation" of every layer, or "gradient" of every kernel.
        layers: names of layers; by default the first six.
        title: the figure's finding.
        alt: in words; by default the last range of every layer.

    Returns:
        the Figure, a panel per layer; one that is not finite says how much of it.

    Raises:
        LogError: nothing of the kind was logged.
    """
    endings = {"activation": "/activation", "gradient": "kernel_gradient"}
    if kind not in endings:
        raise ValueError(
            f"still_histograms: kind is {kind!r}; expected 'activation' or 'gradient'"
        )
    found = read(log_dir)
    spread = {
        _bare(tag, endings[kind]).removesuffix("/"): points
        for tag, points in found["histograms"].items()
        if tag.startswith(SAMPLES) and tag.endswith(endings[kind])
    }
    for layer in layers or [None]:
        _expect("still_histograms", f"{kind} histograms", list(spread), layer)
    names = list(layers or spread)[: 2 * _ACROSS]
    wrong = _wrong(found) if kind == "activation" else {}
    figure, axes = _panels(names, title, alt or _spread_alt(kind, names, spread, wrong))
    for ax, name in zip(axes, names, strict=True):
        draw_histograms(ax, spread[name])
        ax.set(title=name, xlabel=kind)
        if name in wrong:
            ax.set_title(f"{name}: {wrong[name]:.0%} not finite", color="C3")
    return figure


def still_health(log_dir, *, title="", alt=""):
    """Dead units and update-to-weight ratios of all layers, by epoch.

    Args:
        log_dir: the folder given to `watch.Microscope`.
        title: the figure's finding.
        alt: in words; by default where every curve ends.

    Returns:
        the Figure: on the left, where there are ReLU layers, the fraction of units that
        are zero for every sample; on the right log10(‖Δw‖ / ‖w‖) of every kernel over
        the epoch.

    Raises:
        LogError: nothing of the kind was logged.
    """
    scalars = read(log_dir)["scalars"]
    dead = _under(scalars, f"{SAMPLES}dead_units/")
    moved = _under(scalars, "train/update_ratio_log10/")
    moved = {n: p for n, p in moved.items() if n.endswith("kernel")} or moved
    _expect("still_health", "dead units or updates", [*dead, *moved], None)
    drawn = [
        (curves, label)
        for curves, label in (
            (dead, "dead units (fraction)"),
            (moved, "log10 of ‖Δw‖ / ‖w‖ over an epoch"),
        )
        if curves
    ]
    told = [
        f"{name}: {label} ends at {points[-1].value:.2g}"
        for curves, label in drawn
        for name, points in curves.items()
    ]
    size = (4.6 * len(drawn), 3.4)
    alt = alt or f"{'; '.join(told)}."
    figure, axes = new(1, len(drawn), size=size, title=title, alt=alt)
    for ax, (curves, label) in zip(axes[0], drawn, strict=True):
        for k, (name, points) in enumerate(curves.items()):
            steps, values = zip(*points, strict=True)
            mark = _MARKS[k % len(_MARKS)]
            ax.plot(steps, values, marker=mark, markersize=4, label=name)
        ax.set(xlabel="epochs over", ylabel=label)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend(fontsize=8)
        if curves is dead:
            ax.set_ylim(-0.05, 1.05)
    return figure


def _first_last(points, title, alt):
    shown = [points[0], points[-1]] if len(points) > 1 else points
    height, width = shown[0].value.shape[:2]
    size = 4.6 * len(shown), min(8.0, 4.6 * height / width) + 0.7
    figure, axes = new(1, len(shown), size=size, title=title, alt=alt)
    for ax, point in zip(axes[0], shown, strict=True):
        ax.imshow(point.value, interpolation="nearest")
        ax.set(xticks=[], yticks=[], xlabel=f"after {point.step} epochs")
        ax.grid(False)
        ax.spines[:].set_visible(False)
    return figure


def _panels(names, title, alt):
    columns = 2 if len(names) == 4 else min(len(names), _ACROSS)
    rows = -(-len(names) // columns)
    size = (3.4 * columns, 3.0 * rows + 0.3)
    figure, axes = new(rows, columns, size=size, title=title, alt=alt)
    for ax in axes.ravel()[len(names) :]:
        ax.set_visible(False)
    return figure, axes.ravel()[: len(names)]


def _expect(where, what, known, asked):
    """The one asked for, or the first."""
    if not known:
        raise LogError(
            f"{where}: no {what} in this log folder; train with callbacks="
            "[watch.Microscope(log_dir, samples, labels)]"
        )
    if asked is not None and asked not in known:
        raise LogError(
            f"{where}: no {what} of {asked!r} were logged; there are: "
            f"{', '.join(sorted(known))}"
        )
    return known[0] if asked is None else asked


def _bare(tag, ending):
    return tag.removeprefix(SAMPLES).removesuffix(ending)


def _span(points):
    first, last = points[0].step, points[-1].step
    return (
        f"after {first} and after {last} epochs"
        if first != last
        else (f"after {last} epochs")
    )


def _under(scalars, start):
    """Tags that begin so, without their beginning."""
    tags = [tag for tag in scalars if tag.startswith(start)]
    return {tag.removeprefix(start): scalars[tag] for tag in tags}


def _wrong(found):
    """Layer to the last fraction that is not finite, if it is the last epoch's."""
    return {
        name: points[-1].value
        for name, points in _under(found["scalars"], f"{SAMPLES}not_finite/").items()
    }


def _spread_alt(kind, names, spread, wrong):
    parts = []
    for name in names:
        left, right, counts = spread[name][-1].value.T
        if counts.sum():
            parts.append(
                f"{name} from {left[counts > 0].min():.2g} to "
                f"{right[counts > 0].max():.2g}"
            )
        if name in wrong:
            parts.append(f"{name} is not finite in {wrong[name]:.0%} of places")
    epochs = np.max([spread[name][-1].step for name in names])
    return f"Histograms of {kind}s; after {epochs} epochs {'; '.join(parts)}."
