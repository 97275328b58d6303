"""Softmax, its loss and its gradient, one can move: three logits and a temperature.

As with the other widgets the browser computes (`softmax.js`), and Python keeps and
checks the state, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import NEGATIVE, POSITIVE, new
from mmlearn.show.still import StillWidget, source

_FILES = ("sliders.js", "softmax.js")


class SoftmaxWidget(StillWidget):
    """Three logits, their probabilities, and the loss for a label.

    p = softmax(z / T),  L = −log p_label,  ∂L/∂z = (p − y) / T with y one-hot

    Args:
        logits: (3,) z, each from −6 to 6.
        temperature: T, from 0.1 to 5.
        label: the true class, 0, 1 or 2.

    All are traits; `probabilities`, `loss` (nats) and `gradient` follow from them.

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> widget = SoftmaxWidget(np.log([1, 2, 5]), label=2)
    >>> widget.probabilities.round(3), widget.gradient.round(3)
    (array([0.125, 0.25 , 0.625]), array([ 0.125,  0.25 , -0.375]))
    """

    _esm = source(*_FILES)
    _css = source("sliders.css")

    logits = traitlets.List(
        traitlets.Float(min=-6, max=6), [0.0, 1.0, 2.0], minlen=3, maxlen=3
    ).tag(sync=True)
    temperature = traitlets.Float(1.0, min=0.1, max=5).tag(sync=True)
    label = traitlets.Int(0, min=0, max=2).tag(sync=True)

    def __init__(self, logits=(0, 1, 2), temperature=1.0, label=0):
        row = [float(z) for z in logits]
        super().__init__(logits=row, temperature=float(temperature), label=label)

    @property
    def probabilities(self):
        """(3,) p, summing to 1."""
        scaled = np.array(self.logits) / self.temperature
        powers = np.exp(scaled - scaled.max())
        return powers / powers.sum()

    @property
    def loss(self):
        """The surprise at the true class, in nats."""
        scaled = np.array(self.logits) / self.temperature
        most = scaled.max()
        total = np.log(np.exp(scaled - most).sum()) + most
        return float(total - scaled[self.label])

    @property
    def gradient(self):
        """(3,) the slope of the loss by each logit."""
        return (self.probabilities - np.eye(3)[self.label]) / self.temperature

    def still(self, title=""):
        """The same as a still figure: two groups of three bars."""
        slopes, chances = self.gradient, self.probabilities
        sizes = ", ".join(f"{p:.3f}" for p in chances)
        figure, axes = new(
            1,
            2,
            size=(8.4, 2.9),
            title=title,
            alt=f"Probabilities {sizes} and the gradient "
            f"{', '.join(f'{g:.3f}' for g in slopes)} of three classes; the true one "
            f"is {self.label}, the loss {self.loss:.3f} nats.",
        )
        signs = [POSITIVE if g > 0 else NEGATIVE for g in slopes]
        for ax, values, colours in (
            (axes[0, 0], chances, POSITIVE),
            (axes[0, 1], slopes, signs),
        ):
            ax.bar_label(ax.bar(range(3), values, color=colours), fmt="%.3f", padding=3)
            ax.set(xlabel="class", xticks=range(3))
            ax.axhline(0, color="black", linewidth=1)
            ax.margins(y=0.2)
        axes[0, 0].set(ylabel="probability p", ylim=(0, 1.15))
        divided = "p − y" if self.temperature == 1 else "(p − y) / T"
        axes[0, 1].set_ylabel(f"gradient {divided}")
        return figure
