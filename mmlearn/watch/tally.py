"""What was seen inside a model, summed up over all samples."""

import numpy as np

from mmlearn.watch.probe import FEATURES, is_relu

VALUES = 32_768  # of a layer's activations in its histogram: drawn at random beyond


class Tally:
    """Sum up a Probe's looks at samples.

    Args:
        probe: the Probe.
        x, y: samples and labels as for `Probe.looks`.
        maps: keep whole activations of so many samples.

    Attributes:
        maps: layer to the activations of the first `maps` samples.
        values: layer to at most VALUES of its activations, of all samples alike.
        not_finite: layer to the fraction of its activations that is NaN or infinite.
        dead: ReLU layer to the fraction of its units that are zero for every sample;
            a unit of a convolution is a channel, zero at every place.
        gradients: weight to the gradient of the samples' mean loss.
        features: (B, F) what the last layer with weights is given; None without one.
        prediction: the model's output for all samples; None for several outputs.
    """

    def __init__(self, probe, x, y=None, maps=4):
        self._layers, self._rng = probe.layers, np.random.default_rng(0)
        self.maps: dict = {}
        self.gradients: dict = {}
        self._values: dict = {}
        self._wrong: dict = {}
        self._alive: dict = {}
        self._features: list = []
        self._predictions: list = []
        looks = list(probe.looks(x, y))
        self.count = looks[-1][0].stop
        for rows, seen in looks:
            self._add(rows, seen, maps)
        self.values = {n: np.concatenate(v) for n, v in self._values.items()}
        self.not_finite = {n: np.mean(w) for n, w in self._wrong.items()}
        self.dead = {n: 1 - float(alive.mean()) for n, alive in self._alive.items()}
        self.features = _joined(self._features)
        self.prediction = _joined(self._predictions)

    def _add(self, rows, seen, maps):
        share = (rows.stop - rows.start) / self.count
        for name, activation in seen.activations.items():
            flat = activation.reshape(len(activation), -1)
            if name == FEATURES:
                self._features.append(flat)
                continue
            if rows.start == 0:
                self.maps[name] = activation[:maps]
            self._spread(name, flat.ravel(), int(VALUES * share))
            if is_relu(self._layers[name]):
                alive = _alive(activation, self._layers[name])
                self._alive[name] = alive | self._alive.get(name, False)
        for name, gradient in seen.gradients.items():
            self.gradients[name] = self.gradients.get(name, 0) + gradient * share
        if isinstance(seen.prediction, np.ndarray):
            self._predictions.append(seen.prediction)

    def _spread(self, name, flat, most):
        if flat.size > most:
            flat = flat[self._rng.integers(flat.size, size=most)]
        self._values.setdefault(name, []).append(flat)
        self._wrong.setdefault(name, []).append(1 - np.isfinite(flat).mean())


def _alive(activation, layer):
    """(U,) whether a unit is not zero anywhere; NaN is not zero."""
    first = getattr(layer, "data_format", None) == "channels_first"
    units = 1 if first and activation.ndim > 2 else activation.ndim - 1
    over = tuple(axis for axis in range(activation.ndim) if axis != units)
    return (activation != 0).any(axis=over)


def _joined(parts):
    return np.concatenate(parts) if parts else None
