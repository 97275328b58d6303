"""One recurrent unit one can tune: what it remembers, and what its gradient does.

As with the other widgets the browser computes (`recurrence.js`), and Python keeps and
checks the state, computes the same, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

_FILES = ("sliders.js", "recurrence.js")


class RecurrenceWidget(StillWidget):
    """One unit, h_t = tanh(w x_t + r h_{t−1} + b), that reads one pulse: 1, 0, 0, …

    Args:
        recurrent_weight: r, from −2 to 2.
        input_weight: w, from 0 to 4.
        bias: b, from −1 to 1.
        initial_state: h_0, from −1 to 1.
        steps: T.

    All are traits. `states` are h_0 … h_T, and `gradients` the lengths |dh_T/dh_{T−k}|
    for k = 0 … T.

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> RecurrenceWidget(recurrent_weight=0.5, steps=2).states.round(3)
    array([0.   , 0.762, 0.363])
    """

    _esm = source(*_FILES)
    _css = source("sliders.css")

    recurrent_weight = traitlets.Float(0.9, min=-2, max=2).tag(sync=True)
    input_weight = traitlets.Float(1.0, min=0, max=4).tag(sync=True)
    bias = traitlets.Float(0.0, min=-1, max=1).tag(sync=True)
    initial_state = traitlets.Float(0.0, min=-1, max=1).tag(sync=True)
    steps = traitlets.Int(40, min=1, max=200).tag(sync=True)

    @property
    def states(self):
        """h_0 … h_T, (T + 1,)."""
        h = [self.initial_state]
        for t in range(1, self.steps + 1):
            pulse = self.input_weight * (t == 1)
            h.append(np.tanh(pulse + self.recurrent_weight * h[-1] + self.bias))
        return np.array(h)

    @property
    def gradients(self):
        """|dh_T/dh_{T−k}| for k = 0 … T: a product of r (1 − h²)."""
        factors = np.abs(self.recurrent_weight * (1 - self.states[1:] ** 2))
        return np.concatenate([[1.0], np.cumprod(factors[::-1])])

    def still(self, title=""):
        """The same as a still figure."""
        h, lengths = self.states, self.gradients
        figure, axes = new(
            1,
            2,
            size=(10, 2.9),
            title=title,
            alt=f"One unit with recurrent weight {self.recurrent_weight:.3g} reads a "
            f"pulse: its state ends at {h[-1]:.2f}, and the gradient over "
            f"{self.steps} steps is {lengths[-1]:.1g}.",
        )
        left, right = axes[0]
        left.plot(h, "o-", markersize=3)
        names = (("r", self.recurrent_weight), ("w", self.input_weight))
        left.set_title(", ".join(f"{name} = {value:.3g}" for name, value in names))
        left.set(xlabel="step $t$", ylabel="state $h_t$", ylim=(-1.05, 1.05))
        right.semilogy(np.maximum(lengths, 1e-30), "o-", markersize=3)
        right.set(xlabel="distance in time (steps back)", ylabel="$|dh_T / dh_t|$")
        right.set_ylim(1e-12, 1e6)
        return figure
