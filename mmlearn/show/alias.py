"""Aliasing one can move: a tone, its samples, and the other tone that fits them.

As with the other widgets the browser computes (`alias.js`), and Python keeps and checks
the state, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

_FILES = ("sliders.js", "alias.js")


class AliasWidget(StillWidget):
    """A cosine of frequency f, sampled fs times a second, and its alias.

    f_alias = |f − fs · round(f / fs)|

    Args:
        frequency: f of the tone, 0 to 8,000 Hz.
        rate: fs, 1,000 to 16,000 samples per second.
        milliseconds: of time that are drawn.

    All are traits; `alias` is the tone that is heard, in Hz.

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> AliasWidget(frequency=3000, rate=4000).alias
    1000.0
    """

    _esm = source("sliders.js", "alias.js")
    _css = source("sliders.css")

    frequency = traitlets.Float(3000.0, min=0, max=8000).tag(sync=True)
    rate = traitlets.Float(4000.0, min=1000, max=16_000).tag(sync=True)
    milliseconds = traitlets.Float(2.0, min=0.5, max=20).tag(sync=True)

    @property
    def alias(self):
        """The slowest tone with the same samples, in Hz."""
        return abs(self.frequency - self.rate * round(self.frequency / self.rate))

    @property
    def samples(self):
        """Times in s and heights of all samples that are drawn, (2, S)."""
        count = int(self.milliseconds / 1000 * self.rate + 1e-9) + 1
        times = np.arange(count) / self.rate
        return np.stack([times, np.cos(2 * np.pi * self.frequency * times)])

    def still(self, title=""):
        """The same as a still figure."""
        times, heights = self.samples
        figure, axes = new(
            size=(9, 2.9),
            title=title,
            alt=f"A tone of {self.frequency:,.0f} Hz sampled {self.rate:,.0f} times a "
            f"second: a wave of {self.alias:,.0f} Hz goes through the same "
            f"{len(times)} points.",
        )
        ax, drawn = axes[0, 0], np.linspace(0, self.milliseconds, 1600)
        for tone, line in ((self.frequency, "-"), (self.alias, "--")):
            wave = np.cos(2 * np.pi * tone * drawn / 1000)
            ax.plot(drawn, wave, line, label=f"{tone:,.0f} Hz")
        ax.plot(times * 1000, heights, "ko", label=f"samples, {self.rate:,.0f} per s")
        ax.set(xlabel="time (ms)", ylabel="pressure (full scale = 1)")
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
        return figure
