"""The map of the course: parts as rows, lessons in reading order."""

import textwrap

from matplotlib.patches import FancyBboxPatch

from mmlearn.show.figure import ACCENT, new

PARTS = {
    "start": ["start here", "modalities", "one layer learns"],
    "seeing": ["convolution", "its backward", "a CNN", "training that works"],
    "sequences": ["recurrence", "gates", "text", "attention"],
    "graphs": ["message passing", "SAGE, GAT, GIN", "graphs in video"],
    "fusion": ["what fusing gains", "ways to fuse", "missing, noisy", "alignment"],
    "systems": [
        *("video", "the video model", "image + record", "speech"),
        "captions",
    ],
    "trust and scale": [
        *("explanation", "compression", "privacy", "generating data"),
        "many GPUs",
    ],
}


def course_map(*, ready, here=None, title="One path, from an array to a video model"):
    """All lessons, by part; those that are there today filled, the rest in outline.

    Args:
        ready: how many lessons, from 00 on, are there today: `len(course.lessons())`.
        here: number of the lesson to mark, or None.
        title: above the map.

    Returns:
        the Figure.

    >>> texts = course_map(ready=20).axes[0].texts
    >>> len([t for t in texts if t.get_text()[:2].isdigit()])
    28
    """
    longest = max(len(lessons) for lessons in PARTS.values())
    parts = "; ".join(f"{part}: {', '.join(names)}" for part, names in PARTS.items())
    figure, axes = new(
        size=(10.0, 6.0),
        title=title,
        alt=f"The course's parts and their lessons in order. {parts}. "
        f"The first {ready} lessons are there today.",
    )
    ax, number = axes[0, 0], 0
    for row, (part, lessons) in enumerate(PARTS.items()):
        ax.text(-0.1, row, part, ha="right", va="center", weight="bold")
        for column, lesson in enumerate(lessons):
            _box(ax, row, column, number, lesson, number < ready, number == here)
            number += 1
        for column in range(len(lessons) - 1):
            ax.annotate(
                "",
                xy=(column + 1.02, row),
                xytext=(column + 0.93, row),
                arrowprops={"arrowstyle": "->", "color": "gray"},
            )
    ax.set(xlim=(-1.05, longest), ylim=(len(PARTS) - 0.4, -0.6))
    ax.grid(False)
    ax.set_axis_off()
    return figure


def _box(ax, row, column, number, lesson, ready, here):
    corner = (column + 0.04, row - 0.34)
    ax.add_patch(
        FancyBboxPatch(
            corner,
            0.86,
            0.68,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor="#cfe3f5" if ready else "white",
            edgecolor=ACCENT if here else "#5b7fa3" if ready else "#999999",
            linewidth=3 if here else 1.2,
            linestyle="-" if ready else (0, (4, 3)),
        )
    )
    colour = "black" if ready else "#555555"
    words = "\n".join(textwrap.wrap(lesson, 17))
    middle = {"ha": "center", "va": "center", "color": colour}
    text = f"{number:02d}\n{words}"
    ax.text(column + 0.47, row, text, fontsize=9.5, linespacing=1.15, **middle)
