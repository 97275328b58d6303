"""A clip in four modalities: film strip, sound, caption and scene graph."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.show.figure import ACCENT, NEGATIVE, POSITIVE, mosaic
from mmlearn.show.sound import draw_waveform

_SIZE = (10.0, 4.6)  # in


def storyboard(clip, *, frames=6, faint=("left of", "above"), title="", alt=""):
    """Draw what is seen, heard, written and related, and when what happens.

    Film and sound are on one clock; each frame begins, at its left edge, at its time.

    Args:
        clip: anything with frames (T, H, W, 3) uint8, frame_rate, sound (S,),
            sound_rate in Hz, caption, node_names (N), node_places (N, 2) from 0 to 1
            with y down, edges (source, target, name), and events: dicts with "what",
            "modality" ("video" or "sound"), "start" and "end" in s
            (`datasets.storyboard`'s clips[i] is one).
        frames: how many are drawn, evenly over the clip.
        faint: relations that are drawn thin, and without their name.
        title: the figure's finding.
        alt: in words; by default the caption, the events, the graph.

    Returns:
        the Figure: axes for film, sound, caption and graph.
    """
    film = np.asarray(clip.frames)
    sizes = expect_shape("storyboard", "frames", film, "T H W 3")
    if not sizes["T"]:
        raise ValueError("storyboard: no frames; expected at least one")
    end = max(sizes["T"] / clip.frame_rate, len(clip.sound) / clip.sound_rate)
    figure, axes = mosaic(
        [["film", "graph"], ["sound", "graph"], ["caption", "graph"]],
        size=_SIZE,
        title=title,
        alt=alt or _alt(clip, end, faint),
        width_ratios=[2, 1],
        height_ratios=[1.25, 1.2, 0.22],
    )
    _film(axes["film"], film, clip.frame_rate, min(frames, sizes["T"]), end)
    draw_waveform(axes["sound"], np.asarray(clip.sound), clip.sound_rate)
    _events(axes["film"], clip.events, "video", end)
    _events(axes["sound"], clip.events, "sound", end)
    axes["film"].set(xlim=(0, end), xticklabels=[])
    axes["sound"].set(
        xlim=(0, end), xlabel="time (s)", ylabel="amplitude\n(full scale = 1)"
    )
    text = f"“{clip.caption}”" if clip.caption else "(no caption)"
    axes["caption"].text(0.5, 0.5, text, ha="center", va="center", style="italic")
    axes["caption"].set_axis_off()
    _graph(axes["graph"], clip, faint)
    return figure


def _film(ax, film, rate, count, end):
    chosen = np.arange(count) * len(film) // count
    room = 0.94 * end / len(chosen)
    for k in chosen:
        box = (k / rate, k / rate + room, 0, 1)
        ax.imshow(film[k], extent=box, aspect="auto", interpolation="nearest")
    ax.vlines(chosen / rate, 0, 1.06, color="black", linewidth=1.2)
    ax.set(ylim=(-0.02, 1.36), yticks=[], ylabel="frame at\nits time")
    ax.grid(False)


def _events(ax, events, modality, end):
    """Names above what is seen or heard; what lasts to the end has only a beginning."""
    low, high = ax.get_ylim()
    if modality == "sound":  # room above the wave
        high = low + 1.25 * (high - low)
        ax.set_ylim(low, high)
    chosen = [e for e in events if e["modality"] == modality and e["start"] > 0]
    for number, event in enumerate(sorted(chosen, key=lambda e: e["start"])):
        start, stop = event["start"], event["end"]
        colour = (ACCENT, NEGATIVE, POSITIVE)[number % 3]
        if stop < end:
            ax.axvspan(start, stop, color=colour, alpha=0.15, linewidth=0)
        foot = low if modality == "sound" else 1.0
        ax.vlines(start, foot, high, color=colour, linewidth=1.5)
        late = start > 0.72 * end
        ax.annotate(
            event["what"],
            (start, high),
            xytext=(-3 if late else 3, -2 - 12 * (number % 2) * (modality == "video")),
            textcoords="offset points",
            ha="right" if late else "left",
            va="top",
            color=colour,
            fontsize=9,
        )


def _graph(ax, clip, faint):
    """Nodes where they stand in the picture; relations as arrows with their name."""
    place = np.asarray(clip.node_places, float).reshape(-1, 2)
    for source, target, name in clip.edges:
        bold = name not in faint
        ax.annotate(
            "",
            place[target],
            place[source],
            arrowprops={
                "arrowstyle": "->",
                "color": ACCENT if bold else "0.8",
                "linewidth": 2 if bold else 0.8,
                "shrinkA": 14,
                "shrinkB": 14,
                "connectionstyle": f"arc3,rad={0 if bold else 0.15}",
            },
            zorder=2 if bold else 1,
        )
        if bold:
            middle = 0.5 * (place[source] + place[target])
            box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
            words = {"ha": "center", "va": "center", "fontsize": 9, "bbox": box}
            ax.text(*middle, name, color=ACCENT, zorder=3, **words)
    for name, at in zip(clip.node_names, place, strict=True):
        box = {"boxstyle": "round", "facecolor": "#dbe7f5", "edgecolor": "black"}
        ax.text(*at, name, ha="center", va="center", fontsize=10, bbox=box, zorder=4)
    if not len(place):
        ax.text(0.5, 0.5, "(no graph)", ha="center", va="center", style="italic")
    ax.set(xlim=(-0.1, 1.1), ylim=(1.08, -0.02), aspect="equal")
    ax.set_title("scene graph", fontsize=11, fontweight="normal")
    ax.grid(False)
    ax.set_axis_off()


def _alt(clip, end, faint):
    names = clip.node_names
    told = [
        f"{names[source]} {relation} {names[target]}"
        for source, target, relation in clip.edges
        if relation not in faint
    ]
    happens = [
        f"{event['what']} ({event['modality']}, {event['start']:.2f} s)"
        for event in clip.events
    ]
    return (
        f"A clip of {end:.3g} s: {len(clip.frames)} frames, its sound, its caption"
        f" “{clip.caption}” and its scene graph: {'; '.join(told) or 'no relation'}."
        f" What happens: {'; '.join(happens) or 'nothing'}."
    )
