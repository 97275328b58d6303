"""Bodies as joints and bones: one pose in given axes, and a strip of a film."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.show.figure import ACCENT, NEGATIVE, POSITIVE, new


def draw_skeleton(ax, joints, bones, *, values=None, at=0.0, marked=(), size=14):
    """Draw one pose in given axes.

    Args:
        ax: matplotlib axes.
        joints: (N, 2) or more: x to the right, y up, m.
        bones: pairs of joints.
        values: (N,) from 0 to 1: the larger, the larger and the fuller a joint's dot.
        at: how far to the right the body is drawn, m.
        marked: joints that get a ring.
        size: of a dot, points²; the largest values have ten times as much.
    """
    joints = np.asarray(joints, float)
    place = joints[:, :2] + (at, 0)
    gap = np.full((len(bones), 1, 2), np.nan)  # lifts the pen between two bones
    lines = np.concatenate([place[np.asarray(bones)], gap], axis=1).reshape(-1, 2)
    ax.plot(*lines.T, color=NEGATIVE, lw=2, alpha=0.75, zorder=1)
    shares = np.zeros(len(place)) if values is None else np.clip(values, 0, 1)
    colour = NEGATIVE if values is None else POSITIVE
    empty = (shares <= 0.02) & (values is not None)
    ring = np.isin(np.arange(len(place)), marked)
    ax.scatter(
        *place.T,
        s=size * (1 + 9 * shares),
        c=np.where(empty, "white", colour),
        edgecolors=np.where(ring, ACCENT, "black"),
        linewidths=np.where(ring, 2.5, 0.5),
        zorder=2,
    )
    ax.set_aspect("equal")
    ax.margins(0.12)
    ax.locator_params(axis="x", nbins=2)
    ax.grid(False)


def skeletons(
    films, bones, *, frames=6, columns=1, names=None, spacing=1.0, title="", alt=""
):
    """Films of bodies as strips: a row each, frames from left to right.

    Args:
        films: list of (T, N, D) positions, m.
        bones: pairs of joints.
        frames: how many are drawn, evenly from the first to the last.
        columns: how many strips stand side by side.
        names: what stands above each strip.
        spacing: between two bodies of a strip, m.
        title: the figure's finding.
        alt: in words; by default how many films, and of what length.

    Returns:
        the Figure: axes for each film, whose ticks are the numbers of the frames.
    """
    films = [np.asarray(film) for film in films]
    for film in films:
        expect_shape("skeletons", "a film", film, "T N D")
    names = [""] * len(films) if names is None else names
    lengths = ", ".join(str(len(film)) for film in films)
    low = min(film[..., 1].min() for film in films) - 0.08
    high = max(film[..., 1].max() for film in films) + 0.08
    rows, width = -(-len(films) // columns), frames * spacing
    figure, axes = new(
        rows,
        columns,
        size=(columns * (width + 0.4), rows * (high - low + 0.55) + 0.4),
        title=title,
        alt=alt or f"{len(films)} films of bodies with {lengths} frames.",
    )
    for ax in axes.flat[len(films) :]:
        ax.set_axis_off()
    for ax, film, name in zip(axes.flat, films, names, strict=False):
        chosen = np.linspace(0, len(film) - 1, frames).round().astype(int)
        middle = film[..., 0].mean()
        for k, frame in enumerate(chosen):
            draw_skeleton(ax, film[frame], bones, at=spacing * k - middle, size=6)
        ax.set(xlim=(-0.55 * spacing, width - 0.45 * spacing), ylim=(low, high))
        ax.set(yticks=[], xlabel="frame", title=name)
        ax.set_xticks(spacing * np.arange(frames), chosen)
        for side in ax.spines.values():
            side.set_visible(False)
    return figure
