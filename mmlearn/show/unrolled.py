"""A recurrent network step by step: drawn, its states, its gradient on the way back."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.show.figure import ACCENT, DIVERGING, NEGATIVE, new

_STATE, _INPUT = "#dbe9f6", "#fdebd3"  # light enough for black letters


def unrolled(steps=4, *, backward=False, cut=None, title="", alt="", size=None):
    """The same cell at every step: x_t and h_{t−1} go in, h_t comes out.

    Args:
        steps: T, how many are drawn.
        backward: draw the way of the gradient from the last state as well.
        cut: the step before which the gradient stops, for truncation; None: nowhere.
        title: the figure's finding.
        alt: in words; a sensible one is made otherwise.
        size: width and height in inches.

    Returns:
        the Figure; its axes have no ticks.

    Raises:
        ValueError: for no step at all, or a cut that is not between two steps.

    >>> "3 steps" in unrolled(3).alt
    True
    """
    if steps < 1:
        raise ValueError(f"unrolled: steps is {steps}; expected 1 or more")
    if cut is not None and not 2 <= cut <= steps:
        raise ValueError(f"unrolled: cut is {cut}; expected 2 to {steps}")
    way = " The gradient goes back along the same arrows." if backward else ""
    way += f" It stops before step {cut}." if cut else ""
    alt = alt or (
        f"A recurrent network over {steps} steps: each state is made of its input, "
        f"through W, and of the state before, through R.{way}"
    )
    figure, axes = new(size=size or (2.1 * steps + 1.4, 3.0), title=title, alt=alt)
    ax = axes[0, 0]
    for t in range(steps + 1):
        _circle(ax, t, 1, f"$h_{t}$", _STATE)
        if t:
            _circle(ax, t, 0, f"$x_{t}$", _INPUT)
            _arrow(ax, (t, 0), (t, 1), "$W$")
            _arrow(ax, (t - 1, 1), (t, 1), "$R$")
            if backward:
                _back(ax, t, stopped=t == cut, silent=cut is not None and t < cut)
    _circle(ax, steps, 2, "$L$", "white")
    _arrow(ax, (steps, 1), (steps, 2), "")
    ax.set(xlim=(-0.4, steps + 0.5), ylim=(-0.35, 2.3), aspect="equal")
    ax.grid(False)
    ax.set_axis_off()
    return figure


def _circle(ax, x, y, text, colour):
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), 0.2, facecolor=colour, edgecolor="black", zorder=3))
    ax.text(x, y, text, ha="center", va="center", fontsize=13, zorder=4)


def _arrow(ax, start, end, text):
    _line(ax, start, end, {"color": "black", "lw": 1.3})
    middle = np.mean([start, end], axis=0)
    level = start[1] == end[1]
    place = (0, -0.15) if level else (0.14, 0)
    ax.text(*(middle + place), text, ha="center", va="center", fontsize=11)


def _back(ax, t, stopped, silent):
    """The gradient from h_t to h_{t−1}, above the arrow; a wall where it stops."""
    if stopped:
        ax.plot([t - 0.5] * 2, [1.08, 1.5], color=ACCENT, lw=4)
        ax.text(t - 0.5, 1.62, "cut", ha="center", color=ACCENT, fontsize=11)
    elif not silent:
        style = {"color": ACCENT, "lw": 1.6, "linestyle": "--"}
        bow = "arc3,rad=0.45"
        _line(ax, (t - 0.08, 1.06), (t - 0.92, 1.06), style, bow)
        name = rf"$\partial h_{t} / \partial h_{t - 1}$"
        ax.text(t - 0.5, 1.5, name, ha="center", color=ACCENT, fontsize=11)


def _line(ax, start, end, style, bow="arc3"):
    arrow = {"arrowstyle": "-|>", "shrinkA": 15, "shrinkB": 15}
    how = arrow | style | {"connectionstyle": bow}
    ax.annotate("", xy=end, xytext=start, arrowprops=how)


def states(h, *, x=None, title="", alt="", size=None):
    """Hidden states over time: below the curve that was read, one row per unit.

    Args:
        h: (T, U) states of one sequence, between −1 and 1.
        x: (T,) what was read, drawn above; None: nothing.
        title: the figure's finding.
        alt: in words; a sensible one is made otherwise.
        size: width and height in inches.

    Returns:
        the Figure.

    Raises:
        ShapeError: if h is not (T, U), or x not (T,).
    """
    h = np.asarray(h, float)
    sizes = expect_shape("states", "h", h, "T U")
    T, U = sizes["T"], sizes["U"]
    alt = alt or (
        f"States of {U} units over {T} steps, from {h.min():.2f} to {h.max():.2f}."
    )
    above = x is not None
    figure, axes = new(
        1 + above,
        1,
        size=size or (9.0, 1.6 + 0.22 * U + 1.3 * above),
        title=title,
        alt=alt,
        sharex=True,
        height_ratios=[1.3, 0.5 + 0.22 * U] if above else None,
    )
    if above:
        x = np.asarray(x, float)
        expect_shape("states", "x", x, "T", sizes={"T": T})
        axes[0, 0].plot(range(1, T + 1), x, "o-", markersize=3, color=NEGATIVE)
        axes[0, 0].set(ylabel="input $x_t$")
    ax = axes[-1, 0]
    extent = (0.5, T + 0.5, U - 0.5, -0.5)
    how = {"vmin": -1, "vmax": 1, "aspect": "auto", "interpolation": "nearest"}
    drawn = ax.imshow(h.T, cmap=DIVERGING, extent=extent, **how)
    ax.grid(False)
    ax.set(xlabel="step $t$", ylabel="unit", yticks=range(0, U, max(1, U // 6)))
    figure.colorbar(drawn, ax=axes[:, 0].tolist(), label="state $h_t$", pad=0.01)
    return figure


def gradient_lengths(panels, *, first=0, legend="", title="", alt="", size=None):
    """How long the gradient is against the distance in time, on a logarithmic scale.

    Args:
        panels: dict, panel name to (dict, curve name to (T,) lengths, entry k:
            first + k steps back). Every curve is divided by its own entry 0.
        first: how many steps back every curve begins.
        legend: what the curves' names are.
        title: the figure's finding.
        alt: in words; by default where every curve ends.
        size: width and height in inches.

    Returns:
        the Figure, one panel beside the other with a common scale.

    Raises:
        ValueError: for no curve, or one that does not begin above zero.

    >>> fig = gradient_lengths({"linear": {"0.5": [2.0, 1.0, 0.5]}})
    >>> fig.axes[0].lines[0].get_ydata().tolist()
    [1.0, 0.5, 0.25]
    """
    found = {
        panel: {name: _from_one(name, v) for name, v in curves.items()}
        for panel, curves in panels.items()
    }
    if not any(found.values()):
        raise ValueError("gradient_lengths: no curves; expected name to lengths (T,)")
    alt = alt or " ".join(
        f"{panel}, {name}: {v[-1]:.1g} after {first + len(v) - 1} steps."
        for panel, curves in found.items()
        for name, v in curves.items()
    )
    size = size or (1.5 + 4.8 * len(found), 3.8)
    figure, axes = new(1, len(found), size=size, sharey=True, title=title, alt=alt)
    for ax, (panel, curves) in zip(axes[0], found.items(), strict=True):
        for (name, v), mark in zip(curves.items(), _MARKS, strict=False):
            steps, every = first + np.arange(len(v)), max(1, len(v) // 10)
            ax.semilogy(steps, v, marker=mark, markevery=every, label=name)
        ax.set(title=panel, xlabel="distance in time (steps back)")
    axes[0, 0].set_ylabel("length of the gradient (start = 1)")
    axes[0, -1].legend(title=legend or None, ncols=2)
    return figure


_MARKS = "v^osDPX*"  # a curve is told by its marker too, not by its colour alone


def _from_one(name, lengths):
    lengths = np.asarray(lengths, float)
    expect_shape("gradient_lengths", name, lengths, "T")
    if not lengths.size or not lengths[0] > 0:
        raise ValueError(
            f"gradient_lengths: {name!r} begins with {lengths[:1]}; expected a length "
            "above zero to compare with"
        )
    return np.maximum(lengths / lengths[0], np.finfo(float).tiny)
