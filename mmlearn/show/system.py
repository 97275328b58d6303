"""A whole model as a diagram: a lane for each modality, the fusion, the heads."""

from mmlearn.show.figure import ACCENT, NEGATIVE, POSITIVE, new

_WIDE, _HIGH, _STEP = 1.55, 0.62, 2.0  # of a box, and from lane to lane its height


def system(lanes, fusion, heads, *, title="", alt=""):
    """Draw what goes where, from files to answers.

    Args:
        lanes: dict, modality -> list of texts, a box each, in order; the last are
            aligned before the fusion.
        fusion: text of its box.
        heads: dict, task -> what is answered.
        title: the finding. alt: in words; by default the boxes.

    Returns:
        the Figure.
    """
    many, long = max(len(lanes), 1), max(map(len, lanes.values()), default=1)
    tall = max(many, 0.62 * len(heads))
    figure, axes = new(
        size=(11, 0.85 * tall + 0.6),
        title=title,
        alt=alt or _alt(lanes, fusion, heads),
    )
    axis = axes[0, 0]
    middle = (many - 1) / 2
    at_fusion, at_heads = long * _STEP, (long + 1) * _STEP
    for row, (name, boxes) in enumerate(lanes.items()):
        y, begin = many - 1 - row, long - len(boxes)
        axis.text(-1.15, y, name, ha="right", va="center", fontweight="bold")
        for k, text in enumerate(boxes):
            x = (begin + k) * _STEP
            _box(axis, x, y, text, "0.93" if k == 0 else "#dbe7f5", "black")
            end = at_fusion if k == len(boxes) - 1 else x + _STEP
            _arrow(axis, (x + _WIDE / 2, y), (end - _WIDE / 2, y))
    apart = max((many - 1) / 4.2, 0.62)
    high = max(many - 1 + _HIGH, (len(heads) - 1) * apart + 0.5)
    _box(axis, at_fusion, middle, fusion, "#fbe3c8", POSITIVE, high)
    for k, (task, answer) in enumerate(heads.items()):
        at = middle + ((len(heads) - 1) / 2 - k) * apart
        _arrow(axis, (at_fusion + _WIDE / 2, at), (at_heads - _WIDE / 2, at))
        _box(axis, at_heads, at, f"{task}\n{answer}", "#f6dde8", ACCENT, high=0.5)
    axis.set(xlim=(-2.3, at_heads + _WIDE), ylim=(-0.75, many - 0.25))
    axis.set_axis_off()
    return figure


def _box(axis, x, y, text, fill, edge, high=_HIGH):
    from matplotlib.patches import FancyBboxPatch

    corner = (x - _WIDE / 2, y - high / 2)
    how = {"facecolor": fill, "edgecolor": edge, "linewidth": 1.2}
    shape = "round,pad=0,rounding_size=0.08"
    axis.add_patch(FancyBboxPatch(corner, _WIDE, high, boxstyle=shape, **how))
    axis.text(x, y, text, ha="center", va="center", fontsize=9)


def _arrow(axis, start, end):
    arrow = {"arrowstyle": "->", "color": NEGATIVE, "linewidth": 1.4}
    axis.annotate("", end, start, arrowprops=arrow)


def _alt(lanes, fusion, heads):
    told = "; ".join(
        f"{name}: {' → '.join(' '.join(box.split()) for box in boxes)}"
        for name, boxes in lanes.items()
    )
    return f"{told}; all into {' '.join(fusion.split())}; heads: {', '.join(heads)}."
