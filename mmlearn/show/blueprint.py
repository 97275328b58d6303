"""A blueprint one can poke: sizes, weights, and where it breaks, layer by layer.

Everything is computed in the browser (`blueprint.js`); Python keeps the state, checks
it, computes the same for whoever asks, and draws the still twin.
"""

from typing import NamedTuple

import numpy as np
import traitlets
from matplotlib.patches import Rectangle

from mmlearn.show.cells import along
from mmlearn.show.figure import ACCENT, new
from mmlearn.show.still import StillWidget, source

_SCRIPTS = ("convolution_sums.js", "convolution_grid.js", "blueprint.js")
_KERNELS, _POOLS, _PADDINGS = (1, 2, 3, 5, 7), (1, 2, 3), ("valid", "same")
CLASSES = 10
BLOCKS = tuple(
    {"units": units, "kernel": 3, "padding": "valid", "pool": 2}
    for units in (32, 64, 128, 256)
)


class Stage(NamedTuple):
    """One layer of a traced blueprint."""

    name: str
    shape: tuple  # of its output, without the batch; () where it cannot work
    weights: int
    fault: str = ""  # why it cannot work


class BlueprintWidget(StillWidget):
    """Convolutions and poolings, then an LSTM and a dense layer, traced.

    Args:
        size: side of the square image, px, 4 to 64.
        channels: of the image, 1 or 3.
        blocks: dicts with `units`, `kernel` (1, 2, 3, 5 or 7), `padding` ("valid" or
            "same") and `pool` (1: none, 2 or 3), one for each convolution, 1 to 6.
        ending: "flatten", or "rows": each row of the map one step.
        units: of the LSTM.

    All are traits; `stages` is what became of each layer, up to the first fault.

    >>> stages = BlueprintWidget().stages
    >>> [stage.shape[0] for stage in stages[:-1]], stages[-1].fault
    ([26, 13, 11, 5, 3, 1], 'a 3 × 3 kernel does not fit on 1 × 1')
    """

    _esm = source(*_SCRIPTS)
    _css = source("convolution.css", "blueprint.css")

    size = traitlets.Int(28, min=4, max=64).tag(sync=True)
    channels = traitlets.Enum([1, 3], 3).tag(sync=True)
    blocks = traitlets.List(traitlets.Dict(), minlen=1, maxlen=6).tag(sync=True)
    ending = traitlets.Enum(["flatten", "rows"], "flatten").tag(sync=True)
    units = traitlets.Int(128, min=1, max=1024).tag(sync=True)

    def __init__(self, size=28, channels=3, blocks=BLOCKS, ending="flatten", units=128):
        blocks = [dict(block) for block in blocks]
        super().__init__(
            size=size, channels=channels, blocks=blocks, ending=ending, units=units
        )

    @property
    def stages(self):
        """Every layer's output and weights, up to the first that cannot work."""
        found: list[Stage] = []
        side, depth = self.size, self.channels
        for i, conv in enumerate(self.blocks, start=1):
            k, units, pool = conv["kernel"], conv["units"], conv["pool"]
            weights = k * k * depth * units + units
            before, side = side, along(side, k, 1, conv["padding"])[0]
            if side < 1:
                fault = f"a {k} × {k} kernel does not fit on {before} × {before}"
                return [*found, Stage(f"conv {i}", (), weights, fault)]
            depth = units
            found.append(Stage(f"conv {i}", (side, side, depth), weights))
            if pool > 1:
                before, side = side, side // pool
                if side < 1:
                    block = f"a {pool} × {pool} block"
                    fault = f"{block} does not fit on {before} × {before}"
                    return [*found, Stage(f"pool {i}", (), 0, fault)]
                found.append(Stage(f"pool {i}", (side, side, depth), 0))
        return [*found, *self._end(side, depth)]

    def _end(self, side, depth):
        if self.ending == "flatten":
            fault = "an LSTM goes from step to step; a vector has no steps"
            vector = Stage("flatten", (side * side * depth,), 0)
            return [vector, Stage("LSTM", (), 0, fault)]
        steps, features, units = side, side * depth, self.units
        weights = 4 * (features * units + units * units + units)
        return [
            Stage("rows", (steps, features), 0),
            Stage("LSTM", (units,), weights),
            Stage("dense", (CLASSES,), units * CLASSES + CLASSES),
        ]

    @traitlets.validate("blocks")
    def _check_blocks(self, proposal):
        for block in proposal.value:
            right = (
                set(block) == set(BLOCKS[0])
                and block["kernel"] in _KERNELS
                and block["padding"] in _PADDINGS
                and block["pool"] in _POOLS
                and isinstance(block["units"], int)
                and 1 <= block["units"] <= 1024
            )
            if not right:
                raise traitlets.TraitError(
                    f"BlueprintWidget: a block is {block}; expected units 1 to 1024, "
                    f"kernel of {_KERNELS}, padding of {_PADDINGS}, pool of {_POOLS}"
                )
        return proposal.value

    def still(self, title=""):
        """The same as a still figure: maps to scale, weights, the fault."""
        stages = [Stage("image", (self.size, self.size, self.channels), 0)]
        stages += self.stages
        told = "; ".join(f"{s.name}: {s.fault or _words(s)}" for s in stages)
        figure, axes = new(
            size=(1.25 * len(stages) + 0.2, 2.1 + 0.4 * bool(title)),
            title=title,
            alt=f"A blueprint, layer by layer. {told}.",
        )
        ax = axes[0, 0]
        for place, stage in enumerate(stages):
            _draw(ax, place, stage, self.size)
        ax.set(xlim=(-0.6, len(stages) - 0.4), ylim=(-0.8, 0.7), aspect="equal")
        ax.grid(False)
        ax.set_axis_off()
        return figure


def _words(stage):
    shape = " × ".join(f"{n:,}" for n in stage.shape)
    return f"{shape}, {stage.weights:,} weights" if stage.weights else shape


def _draw(ax, place, stage, size):
    """One stage: its map to scale, or a cross where it breaks."""
    high = 0.8 * (stage.shape[0] / size if len(stage.shape) > 1 else 0.9)
    wide = high if len(stage.shape) == 3 else 0.8 if len(stage.shape) == 2 else 0.06
    words = _words(stage).replace(", ", "\n")
    colour = "black"
    if stage.fault:
        ax.plot(place, 0, "x", color=ACCENT, markersize=26, markeredgewidth=4)
        words, colour = stage.fault.replace(" does ", "\ndoes ", 1), ACCENT
        words = words.replace("; ", ";\n").replace(" step to", "\nstep to", 1)
    else:
        corner = (place - wide / 2, -high / 2)
        face = "#cfe3f5" if len(stage.shape) == 3 else "#f6dcc0"
        ax.add_patch(Rectangle(corner, wide, high, facecolor=face, edgecolor="#33506b"))
        if len(stage.shape) == 2:  # a sequence: a line between one step and the next
            steps = corner[1] + high * np.arange(1, stage.shape[0]) / stage.shape[0]
            ends = place - wide / 2, place + wide / 2
            ax.hlines(steps, *ends, color="#33506b", linewidth=0.6)
    ax.text(place, 0.52, stage.name, ha="center", weight="bold", fontsize=10)
    ax.text(place, -0.5, words, ha="center", va="top", fontsize=8.5, color=colour)
