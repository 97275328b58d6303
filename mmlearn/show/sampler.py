"""A film, a sampler, and what the sampler misses.

As with the other widgets the browser computes (`sampler.js`), and Python keeps and
checks the state, computes the same, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import ACCENT, NEGATIVE, new
from mmlearn.show.still import StillWidget, source

FRAMES = 48
HOW = ("uniform", "random", "dense")


class SamplerWidget(StillWidget):
    """A hand goes round for 48 frames, and once a flash lights up: what is sampled?

    Args:
        n: how many frames are chosen, 1 to 48.
        how: "uniform", "random" or "dense".
        period: frames that the hand takes for a round, 3 to 24.
        flash: how many frames the flash lasts, 1 to 12.
        place: the frame in which it begins.
        draw: number of the random draw.

    All are traits; `index`, `missed`, `steps` say what comes of them.

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> widget = SamplerWidget(n=8, how="uniform", period=8, flash=2, place=20)
    >>> widget.index.tolist(), round(widget.missed, 2)
    ([3, 9, 15, 21, 27, 33, 39, 45], 0.66)
    >>> float(widget.steps[0])  # 6 of 8: two eighths backward
    -0.25
    """

    _esm = source("sliders.js", "sampler.js")
    _css = source("sliders.css", "sampler.css")

    n = traitlets.Int(8, min=1, max=FRAMES).tag(sync=True)
    how = traitlets.Enum(HOW, "uniform").tag(sync=True)
    period = traitlets.Int(8, min=3, max=24).tag(sync=True)
    flash = traitlets.Int(2, min=1, max=12).tag(sync=True)
    place = traitlets.Int(20, min=0, max=FRAMES - 1).tag(sync=True)
    draw = traitlets.Int(0, min=0, max=999).tag(sync=True)

    @property
    def index(self):
        """(n,) the frames that are chosen, as `preprocess.video.sample_frames` does."""
        if self.how == "dense":
            first = int(_uniform(self.draw, 1)[0] * (FRAMES - self.n + 1))
            return first + np.arange(self.n)
        u = _uniform(self.draw, self.n) if self.how == "random" else 0.5
        return np.floor((np.arange(self.n) + u) * FRAMES / self.n).astype(int)

    @property
    def missed(self):
        """The share of places at which the flash would not be in any chosen frame."""
        places = np.arange(FRAMES - self.flash + 1)[:, None]
        seen = (self.index >= places) & (self.index < places + self.flash)
        return float(1 - seen.any(axis=1).mean())

    @property
    def steps(self):
        """(n − 1,) turns that the hand seems to make from one chosen frame to the next.

        The nearest one: above half a turn it seems to go backward.
        """
        turns = np.diff(self.index) / self.period
        return turns - np.ceil(turns - 0.5)  # from above −½ to ½

    def still(self, title=""):
        """The same as a still figure: all frames above, the chosen ones below."""
        lit = (self.index >= self.place) & (self.index < self.place + self.flash)
        figure, axes = new(
            2,
            1,
            size=(11, 2.1),
            sharex=True,
            title=title,
            alt=f"{FRAMES} frames of a hand that takes {self.period} for a round;"
            f" {self.n} are chosen ({self.how}): {_listed(self.index)}. The flash from"
            f" frame {self.place} on is {'seen' if lit.any() else 'missed'}; it would"
            f" be missed at {self.missed:.0%} of all places. Seeming steps:"
            f" {_listed(np.round(self.steps, 2)) or 'none'} of a turn.",
        )
        for axis, frames in zip(
            axes[:, 0], (np.arange(FRAMES), self.index), strict=True
        ):
            angle = 2 * np.pi * frames / self.period
            ends = frames + 0.42 * np.sin(angle), 0.42 * np.cos(angle)
            flash = (frames >= self.place) & (frames < self.place + self.flash)
            for frame, bright in zip(frames, flash, strict=True):
                face = "#ffd84d" if bright else "none"
                chosen = frame in self.index
                edge = ACCENT if chosen else "0.6"
                axis.add_patch(_dial(frame, face, edge, 2 if chosen else 0.8))
            axis.plot([frames, ends[0]], [0 * frames, ends[1]], "k-", linewidth=1.3)
            axis.set(ylim=(-0.6, 0.6), yticks=[], aspect="equal")
            axis.grid(False)
        axes[0, 0].set(ylabel="all", xlim=(-0.8, FRAMES - 0.2))
        axes[1, 0].set(
            ylabel="chosen",
            xlabel="frame (yellow: the flash; arrows: how it seems to turn)",
        )
        for t, step in zip(self.index[1:], self.steps, strict=True):
            mark = "" if abs(step) < 1e-9 else "↻" if step > 0 else "↺"
            how = {"ha": "center", "va": "bottom", "fontsize": 13}
            axes[1, 0].text(t, 0.5, mark, color=NEGATIVE if step < 0 else "0.3", **how)
        axes[1, 0].set_ylim(-0.6, 1.6)
        return figure


def _dial(frame, face, edge, width):
    from matplotlib.patches import Circle

    return Circle((frame, 0), 0.46, facecolor=face, edgecolor=edge, linewidth=width)


def _uniform(draw, count):
    """Numbers from 0 to 1, the same in Python and in the browser."""
    state, found = (draw * 7919 + 12345) % 2**32, []
    for _ in range(count + 3):
        state = (1664525 * state + 1013904223) % 2**32
        found.append(state / 2**32)
    return np.array(found[3:])


def _listed(values):
    return ", ".join(f"{value:g}" for value in values)
