"""Deep fusion: layers of each modality's own, joined at one or at several depths."""

import keras
from keras import ops

from mmlearn.layers.fusion.base import Fusion, affine
from mmlearn.layers.fusion.modalities import where_there
from mmlearn.layers.graph.base import positive


@keras.saving.register_keras_serializable("mmlearn")
class DeepFusion(Fusion):
    """Concatenate and a network: y = σ(g W + c), g what was joined, at some depths d.

    Layers of each modality's own: h_m^0 = x_m, h_m^d = relu(h_m^{d−1} W_m^d + b_m^d).
    At each depth d of `depths` they are joined, with what was joined before:
    g = relu([h_1^d ‖ … ‖ h_M^d ‖ g] V^d + c^d). depths=(0,) is concatenate + MLP,
    (2,) joins after two layers each, (0, 1, 2) at every depth. What is not available is
    zero at each join; where nothing is, y is what the biases make of zeros.

    Args:
        units: features out, U.
        depths: where to join, integers ≥ 0, or one of them.
        hidden_units: of every hidden layer, H; None: U.
        activation (of the output), use_bias, …: as in Keras' Dense.

    Call: inputs, a dict of (B, F_m) or of (B, T, F_m); available, a dict of (B,) or
    (B, T) booleans, or None: all are -> y (B, U) or (B, T, U).
    Weights, kernel and bias each, depth by depth: of each modality's layer, then of the
    join; of the output at last. Parameters and multiply-adds, but for the biases:
    depths=(0,) H ΣF + H U; (d,) with d > 0: H ΣF + (d − 1) M H² + M H² + H U; each
    further join after the first (M + 1) H². Raises KeySetError, ShapeError.

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 5)), "sound": np.ones((2, 3))}
    >>> DeepFusion(4, depths=(0, 1))(x).shape == (2, 4)
    True
    """

    def __init__(
        self, units, depths=(0,), hidden_units=None, activation=None, **kwargs
    ):
        super().__init__(units, activation, **kwargs)
        self.depths = _depths(depths)
        hidden = units if hidden_units is None else hidden_units
        self.hidden_units = positive(self, "hidden_units", hidden)

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        sizes, joined = list(self.features), 0
        self.towers, self.joins = [], []
        for depth in range(self.depths[-1] + 1):
            if depth:
                parts = zip(self.names, sizes, strict=True)
                self.towers.append(
                    [self._dense(f"{name}_{depth}", size) for name, size in parts]
                )
                sizes = [self.hidden_units] * len(sizes)
            if depth in self.depths:
                self.joins.append(self._dense(f"join_{depth}", sum(sizes) + joined))
                joined = self.hidden_units
        self.output_map = self._dense("output", joined, self.units)

    def _dense(self, name, size, units=None):
        units = units or self.hidden_units
        kernel = self.add_kernel(f"{name}_kernel", (size, units))
        bias = self.add_bias(units, f"{name}_bias") if self.use_bias else None
        return kernel, bias

    def call(self, inputs, available=None):
        x, there = self.read(inputs, available)
        h, joins = [x[name] for name in self.names], iter(self.joins)
        g: list = []  # nothing is joined yet
        masks = [there[name] for name in self.names]
        for depth in range(self.depths[-1] + 1):
            if depth:
                own = zip(h, self.towers[depth - 1], strict=True)
                h = [ops.relu(affine(x, *weights)) for x, weights in own]
                h = [where_there(a, x) for a, x in zip(masks, h, strict=True)]
            if depth in self.depths:
                together = ops.concatenate([*h, *g], axis=-1)
                g = [ops.relu(affine(together, *next(joins)))]
        return self.activation(affine(g[0], *self.output_map))

    def get_config(self):
        return super().get_config() | {
            "depths": list(self.depths),
            "hidden_units": self.hidden_units,
        }


def _depths(depths):
    given = [depths] if isinstance(depths, int) else list(depths)
    whole = all(isinstance(d, int) and not isinstance(d, bool) for d in given)
    if not given or not whole or min(given) < 0:
        raise ValueError(
            f"DeepFusion: depths is {depths!r}; expected integers ≥ 0, one or more"
        )
    return tuple(sorted(set(given)))
