"""Optimizers on a long narrow valley: choose, and see the path.

As with the other widgets the browser computes (`descent.js`), and Python keeps and
checks the state, computes the same path, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

OPTIMIZERS = ("gradient descent", "momentum", "Adam")
_LIMIT, _BETA_2, _EPSILON = 1e6, 0.999, 1e-7


class DescentWidget(StillWidget):
    """The loss ½ (λ₁ w₁² + λ₂ w₂²), and an optimizer's path on it.

    Args:
        optimizer: "gradient descent", "momentum" or "Adam".
        learning_rate: η, from 0.001 to 1.
        momentum: μ, or Adam's β₁, from 0 to 0.99; gradient descent has none.
        curvature: (λ₁, λ₂), both positive.
        start: (w₁, w₂).
        steps: how many.

    All are traits; `path` is (steps + 1, 2), shorter where the weights explode.

    Raises:
        traitlets.TraitError: for a setting out of range.

    >>> DescentWidget(learning_rate=0.5, curvature=(1, 2), start=(8, 4), steps=2).path
    array([[8., 4.],
           [4., 0.],
           [2., 0.]])
    """

    _esm = source("descent.js")
    _css = source("sliders.css", "descent.css")

    optimizer = traitlets.Enum(list(OPTIMIZERS), OPTIMIZERS[0]).tag(sync=True)
    learning_rate = traitlets.Float(0.05, min=1e-3, max=1).tag(sync=True)
    momentum = traitlets.Float(0.9, min=0, max=0.99).tag(sync=True)
    curvature = traitlets.List(traitlets.Float(min=1e-3), [1.0, 25.0], 2, 2).tag(
        sync=True
    )
    start = traitlets.List(traitlets.Float(), [-9.0, 2.0], 2, 2).tag(sync=True)
    steps = traitlets.Int(60, min=1, max=500).tag(sync=True)

    def __init__(self, **settings):
        rows = {n: list(v) for n, v in settings.items() if n in ("curvature", "start")}
        super().__init__(**settings | rows)

    @property
    def path(self):
        """The weights before the first step and after each, (steps + 1, 2)."""
        scale, w = np.array(self.curvature), np.array(self.start)
        m, v, path = np.zeros(2), np.zeros(2), [w]
        rate, keep = self.learning_rate, self.momentum
        for t in range(1, self.steps + 1):
            g = scale * w
            if self.optimizer == "Adam":
                m = keep * m + (1 - keep) * g
                v = _BETA_2 * v + (1 - _BETA_2) * g * g
                root = np.sqrt(v / (1 - _BETA_2**t)) + _EPSILON
                w = w - rate * m / (1 - keep**t) / root
            else:
                v = (keep if self.optimizer == "momentum" else 0) * v - rate * g
                w = w + v
            path.append(w)
            if np.abs(w).max() > _LIMIT:
                break
        return np.array(path)

    @property
    def losses(self):
        """The loss at every point of the path."""
        return (np.array(self.curvature) * self.path**2).sum(axis=1) / 2

    def still(self, title=""):
        """The same as a still figure: the valley with the path, and the loss."""
        path, losses = self.path, self.losses
        figure, axes = new(
            1,
            2,
            size=(10, 3.2),
            width_ratios=[3, 2],
            title=title,
            alt=f"The path of {self.optimizer}, learning rate "
            f"{self.learning_rate:.3g}, in a narrow valley: the loss goes from "
            f"{losses[0]:.3g} to {losses[-1]:.3g} in {len(path) - 1} steps.",
        )
        draw_path(axes[0, 0], path, self.curvature, self.start)
        axes[0, 1].semilogy(np.maximum(losses, 1e-12))
        axes[0, 1].set(xlabel="step", ylabel="loss", title=self.optimizer)
        return figure


def draw_path(ax, path, curvature, start):
    """Lines of equal loss around the minimum, and a path on them, in given axes.

    Args:
        ax: matplotlib axes.
        path: (steps + 1, 2) weights.
        curvature: (λ₁, λ₂) of the loss ½ (λ₁ w₁² + λ₂ w₂²).
        start: (w₁, w₂), decides what part of the valley is shown.
    """
    wide, high = 1.15 * abs(start[0]) or 1.0, 2.2 * abs(start[1]) or 1.0
    grid = np.meshgrid(np.linspace(-wide, wide, 121), np.linspace(-high, high, 61))
    height = (curvature[0] * grid[0] ** 2 + curvature[1] * grid[1] ** 2) / 2
    top = (np.array(curvature) * np.square(start)).sum() / 2
    levels = top * np.array([0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6])
    ax.contour(*grid, height, levels=levels, colors="gray", linewidths=0.6)
    path = np.clip(path, (-50 * wide, -50 * high), (50 * wide, 50 * high))
    ax.plot(*path.T, "o-", color="#c2185b", markersize=3, linewidth=1.2)
    ax.plot(0, 0, "x", color="black")
    ax.set(xlim=(-wide, wide), ylim=(-high, high))
    ax.set(xlabel="weight $w_1$ (flat)", ylabel="weight $w_2$ (steep)")
    ax.grid(False)
