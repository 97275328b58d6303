"""Gates over time, under the sound that moves them."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.show.figure import new


def gates(
    opened, times, samples, rate, *, levels=None, says=None, title="", alt="", size=None
):
    """A recording, its spectrogram, and below them how far gates stood open.

    Args:
        opened: dict, name of a gate -> (T, U) values from 0 (shut) to 1 (open); NaN
            where no gate acts. Its units are drawn in the order given.
        times: (T,) s, the moment of each step in the recording.
        samples: (S,) the recording, full scale 1.
        rate: Hz.
        levels: (T', F) spectrogram of the whole recording, or None.
        says: dict, name of a gate -> what 0 and 1 mean; by default "0 shut, 1 open".
        title: the figure's finding.
        alt: in words; a sensible one is made otherwise.
        size: width and height in inches.

    Returns:
        the Figure, one axes per picture, all with the same time axis.

    Raises:
        ShapeError: if a gate is not (T, U).

    >>> figure = gates({"z": np.zeros((4, 3))}, np.arange(4) / 4, np.zeros(8), 8)
    >>> figure.axes[0].get_ylabel()
    'amplitude'
    """
    times, samples = np.asarray(times, float), np.asarray(samples, float)
    units = _check(opened, times, samples)
    seconds, between = len(samples) / rate, levels is not None
    heights = [1.0] + [1.3] * between + [1.5] * len(opened)
    figure, axes = new(
        len(heights),
        1,
        size=size or (9.0, 1.0 + 1.25 * sum(heights)),
        title=title,
        alt=alt
        or f"A recording of {seconds:.2g} s, and below it how far "
        f"{' and '.join(opened)} of {units} units stood open at each of "
        f"{len(times)} steps.",
        sharex=True,
        height_ratios=heights,
    )
    first, *rows = axes[:, 0]
    first.plot(np.arange(len(samples)) / rate, samples, linewidth=0.7)
    first.set(ylabel="amplitude", xlim=(0, seconds))
    if between:
        _picture(rows[0], levels, (0, seconds), "magma", None)
        rows[0].set_ylabel("mel band")
    _strips(figure, rows[between:], opened, times, seconds, says or {})
    axes[-1, 0].set(xlabel="time (s)", xlim=(0, seconds))
    return figure


def _check(opened, times, samples):
    """The number of units, U, of gates that fit their times."""
    expect_shape("gates", "samples", samples, "S", hint="mono samples")
    for name, values in opened.items():
        name, values, sizes = f"opened[{name!r}]", np.asarray(values), {"T": len(times)}
        found = expect_shape("gates", name, values, "T U", sizes=sizes)
    return found["U"]


def _strips(figure, rows, opened, times, seconds, says):
    """One strip for each gate: time from left to right, a row for each unit."""
    step = float(np.diff(times).mean()) if len(times) > 1 else seconds
    span = (times[0] - step / 2, times[-1] + step / 2)
    for ax, (name, values) in zip(rows, opened.items(), strict=True):
        drawn = _picture(ax, values, span, "viridis", (0, 1))
        ax.set_ylabel(f"{name}\nunit")
        label = says.get(name, "0 shut, 1 open")
        figure.colorbar(drawn, ax=ax, label=label, pad=0.01)


def _picture(ax, values, span, colours, limits):
    values = np.asarray(values, float)
    low, high = limits or (np.nanmin(values), np.nanmax(values))
    ax.grid(False)
    return ax.imshow(
        values.T,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap=colours,
        vmin=low,
        vmax=high,
        extent=(*span, -0.5, values.shape[1] - 0.5),
    )
