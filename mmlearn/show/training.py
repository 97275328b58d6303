"""Figures of a training: curves, a confusion matrix, accuracies over seeds."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.show.figure import new

UNITS = {"accuracy": "fraction correct", "seconds": "s"}


def curves(history, *, title="", alt="", units=None, levels=None, size=3.8):
    """Loss and metrics by epoch: training drawn full, validation dashed.

    Args:
        history: dict, name to a value per epoch (`val_` in front: validation), or
            anything with such a dict as `.history`. Of `train.fit`'s, the last batch's
            loss is left out: it is a sample of the loss drawn beside it.
        title: the figure's finding.
        alt: in words; by default where every curve starts and ends.
        units: dict, metric to its unit ({"loss": "nats"}).
        levels: dict, metric to (value, name), a level to compare with:
            {"loss": (2.303, "ln 10")}.
        size: width of one panel in inches.

    Returns:
        the Figure, one panel per metric.

    Raises:
        ValueError: if there is nothing to draw.

    >>> fig = curves({"loss": [2.3, 1.1], "val_loss": [2.2, 1.3]})
    >>> [line.get_label() for line in fig.axes[0].lines]
    ['training', 'validation']
    """
    history = getattr(history, "history", history)
    history = {
        name: np.asarray(v, float)
        for name, v in history.items()
        if len(v) and name != "last_batch_loss"
    }
    names = [n for n in history if not n.startswith("val_")]
    names += [n[4:] for n in history if n.startswith("val_") and n[4:] not in history]
    if not names:
        raise ValueError("curves: the history holds no values; train an epoch first")
    alt = alt or " ".join(
        f"{name} goes from {v[0]:.3g} to {v[-1]:.3g} in {len(v)} epochs."
        for name, v in history.items()
    )
    extent = (size * max(len(names), 1.2), 3.2)
    figure, axes = new(1, len(names), size=extent, title=title, alt=alt)
    for ax, name in zip(axes[0], names, strict=True):
        unit = {**UNITS, **(units or {})}.get(name)
        _curve(ax, history, name, unit, (levels or {}).get(name))
    return figure


def _curve(ax, history, name, unit, level):
    kinds = ((name, "training", "-"), (f"val_{name}", "validation", "--"))
    for key, label, line in kinds:
        if key in history:
            epochs = np.arange(1, len(history[key]) + 1)
            mark = "o" if len(epochs) <= 15 else None
            ax.plot(epochs, history[key], line, marker=mark, markersize=4, label=label)
    if level is not None:
        value, text = level
        ax.axhline(value, color="gray", linewidth=1, linestyle=":", label=text)
    ax.set(xlabel="epoch", ylabel=f"{name} ({unit})" if unit else name)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend()


def confusion(matrix, classes=None, *, title="", alt="", size=0.45):
    """A confusion matrix with its counts: rows true, columns predicted.

    Args:
        matrix: (K, K) counts, true class by predicted class.
        classes: K names, by default 0 … K − 1.
        title: the figure's finding.
        alt: in words; by default the accuracy and the commonest confusion.
        size: of a cell in inches.

    Returns:
        the Figure. The colour is the share of the true class, on a scale of its own
        for mistakes: one image of 10,000 misread is still seen.
    """
    import seaborn

    counts = np.asarray(matrix)
    sizes = expect_shape("confusion", "matrix", counts, "K K")
    names = [str(k) for k in (range(sizes["K"]) if classes is None else classes)]
    if len(names) != sizes["K"]:
        raise ValueError(f"confusion: {len(names)} classes for a {counts.shape} matrix")
    alt = alt or _confusion_alt(counts, names)
    side = max(sizes["K"] * size, 2.2)
    figure, axes = new(size=(side + 2.2, side + 1.0), title=title, alt=alt)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    seaborn.heatmap(
        share,
        ax=axes[0, 0],
        annot=counts,
        fmt="d" if counts.dtype.kind in "iu" else ".3g",
        annot_kws={"fontsize": 9},
        cmap="Blues",
        norm=_power_norm(),
        square=True,
        linewidths=0.5,
        xticklabels=names,
        yticklabels=names,
        cbar_kws={"label": "share of the true class", "ticks": [0, 0.01, 0.1, 0.5, 1]},
    )
    axes[0, 0].set(xlabel="predicted class", ylabel="true class")
    axes[0, 0].tick_params(length=0, rotation=0)
    return figure


def _power_norm():
    from matplotlib.colors import PowerNorm

    return PowerNorm(0.4, 0.0, 1.0)


def _confusion_alt(counts, names):
    total = max(counts.sum(), 1)
    text = f"{np.trace(counts):.6g} of {counts.sum():.6g} on the diagonal"
    wrong = counts - np.diag(np.diag(counts))
    row, column = np.unravel_index(wrong.argmax(), wrong.shape)
    text += f" ({np.trace(counts) / total:.1%})"
    if wrong.any():
        times = f"{wrong[row, column]:.6g}"
        text += (
            f"; most often {names[row]} was taken for {names[column]} ({times} times)"
        )
    return f"A confusion matrix of {len(names)} classes, {text}."


def interval(values, *, label="accuracy (fraction correct)", title="", alt=""):
    """Results over seeds: every run a dot, mean ± standard deviation a bar.

    Args:
        values: dict, name to the results of its runs (n,), n ≥ 1; or to anything
            with such results as `.values` (a protocol's summary).
        label: what is measured, with its unit.
        title: the figure's finding.
        alt: in words; by default mean ± standard deviation of each.

    Returns:
        the Figure. The standard deviation is that of a sample (n − 1 below).

    >>> fig = interval({"dense": [0.90, 0.92], "cnn": [0.95, 0.97]})
    >>> [t.get_text() for t in fig.axes[0].get_yticklabels()]
    ['dense', 'cnn']
    """
    runs = {name: _runs(name, v) for name, v in values.items()}
    if not runs:
        raise ValueError("interval: no results; expected a dict, name to its runs")
    spread = {n: v.std(ddof=1) if len(v) > 1 else 0.0 for n, v in runs.items()}
    alt = alt or " ".join(
        f"{n}: {v.mean():.3f} ± {spread[n]:.3f} ({len(v)} runs)."
        if len(v) > 1
        else f"{n}: {v[0]:.3f} (one run)."
        for n, v in runs.items()
    )
    size = (6.4, 0.5 * len(runs) + 1.2)
    figure, axes = new(size=size, title=title, alt=alt)
    ax = axes[0, 0]
    for row, (name, v) in enumerate(runs.items()):
        ax.plot(v, np.full(len(v), row), "o", color="C0", alpha=0.4, markersize=6)
        bar = {"fmt": "|", "color": "black", "capsize": 5, "markersize": 14}
        ax.errorbar(v.mean(), row, xerr=spread[name], **bar)
    ax.set_yticks(range(len(runs)), list(runs))
    ax.set(xlabel=label, ylabel="model", ylim=(len(runs) - 0.5, -0.5))
    return figure


def _runs(name, values):
    values = (
        values.values if not isinstance(values, dict | np.ndarray | list) else values
    )
    runs = np.asarray(values, float).ravel()
    if not runs.size:
        raise ValueError(f"interval: {name!r} has no runs; expected at least one")
    return runs
