"""One memory cell whose gates one can move: what is left of an event at the end?

As with the other widgets the browser computes (`memory.js`), and Python keeps and
checks the state, computes the same cell, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

STEPS, EVENT = 40, 4  # the step, from 1, whose candidate should be remembered


class MemoryWidget(StillWidget):
    """A cell c_t = f c_{t−1} + i g_t over 40 steps, and h_t = o tanh(c_t).

    At step 4 comes the event that should be remembered, afterwards much that should
    not. With constant gates f and i are the same at every step; where the gates look,
    they are as set at the event alone, and f = 1, i = 0 elsewhere.

    Args:
        forget, input, output: the gates f, i, o, from 0 to 1.
        candidate: g at the event, from −1 to 1.
        looking: whether the gates look.

    All are traits; `states` has what becomes of them.

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> widget = MemoryWidget(forget=1, input=1, candidate=0.5, looking=True)
    >>> widget.states["cell"][[2, 3, 39]]
    array([0. , 0.5, 0.5])
    """

    _esm = source("sliders.js", "memory.js")
    _css = source("sliders.css", "memory.css")

    forget = traitlets.Float(0.73, min=0, max=1).tag(sync=True)
    input = traitlets.Float(0.5, min=0, max=1).tag(sync=True)
    output = traitlets.Float(0.8, min=0, max=1).tag(sync=True)
    candidate = traitlets.Float(0.9, min=-1, max=1).tag(sync=True)
    looking = traitlets.Bool(False).tag(sync=True)

    @property
    def states(self):
        """{"candidate", "cell", "share", "hidden"}: (40,) each, share: the event's."""
        steps = np.arange(1, STEPS + 1)
        event = steps == EVENT
        g = np.where(event, self.candidate, 0.25 + 0.4 * np.cos(1.7 * steps))
        here = event | (not self.looking)
        f, i = np.where(here, self.forget, 1.0), np.where(here, self.input, 0.0)
        cell, share = np.zeros(STEPS + 1), np.zeros(STEPS + 1)
        for t in range(STEPS):
            cell[t + 1] = f[t] * cell[t] + i[t] * g[t]
            share[t + 1] = f[t] * share[t] + i[t] * g[t] * event[t]
        cell, share = cell[1:], share[1:]
        hidden = self.output * np.tanh(cell)
        return {"candidate": g, "cell": cell, "share": share, "hidden": hidden}

    def still(self, title=""):
        """The same as a still figure: the candidates above, the cell below."""
        found, steps = self.states, np.arange(1, STEPS + 1)
        share, rest = found["share"][-1], (found["cell"] - found["share"])[-1]
        figure, axes = new(
            2,
            1,
            size=(9, 4.2),
            height_ratios=[1, 2],
            sharex=True,
            title=title,
            alt=f"A memory cell over {STEPS} steps with f = {self.forget:.2f}, "
            f"i = {self.input:.2f}: at the end it holds {share:.2f} of the event at "
            f"step {EVENT} and {rest:.2f} of everything else.",
        )
        above, below = axes[:, 0]
        colours = ["#e0790b" if t == EVENT else "lightgray" for t in steps]
        above.bar(steps, found["candidate"], color=colours, edgecolor="gray")
        above.annotate("event", (EVENT + 0.6, 0.75))
        above.set(ylabel="candidate $g_t$", ylim=(-1, 1.1))
        below.plot(steps, found["cell"], label="cell $c_t$")
        below.plot(steps, found["hidden"], "--", label="shown, $h_t$")
        below.plot(steps, found["share"], "k:", label="left of the event")
        below.set(xlabel="step $t$", ylabel="state")
        below.legend(loc="upper left", bbox_to_anchor=(1, 1))
        return figure
