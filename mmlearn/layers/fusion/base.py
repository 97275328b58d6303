"""What fusions with kernels share: names in order, settings as Keras' Dense."""

from keras import ops

from mmlearn.layers.fusion.modalities import Modalities
from mmlearn.layers.graph.base import KernelLayer


class Fusion(Modalities, KernelLayer):
    """A fusion with `units`: dict of (B, F_m), or (B, T, F_m), -> (B, U), (B, T, U).

    Subclasses say `build` and `call`; see KernelLayer for the settings.
    """

    def add_maps(self, ending=""):
        """An affine map for each modality: kernels (F_m, U) and biases (U,)."""
        kernels, biases = [], []
        for name, size in zip(self.names, self.features, strict=True):
            shape = (size, self.units)
            kernels.append(self.add_kernel(f"{name}_{ending}kernel", shape))
            if self.use_bias:
                biases.append(self.add_bias(name=f"{name}_{ending}bias"))
        return kernels, biases or [None] * len(kernels)

    def stacked(self, x):
        """All modalities side by side: (…, ΣF)."""
        return ops.concatenate([x[name] for name in self.names], axis=-1)


def affine(x, kernel, bias):
    """x W + b, over the last axis; b may be None."""
    y = ops.matmul(x, kernel)
    return y if bias is None else y + bias
