"""Keras 3 layers that Keras does not have, written with `keras.ops` only.

They run on the TensorFlow, JAX and PyTorch backends alike. Each has its reference
operator in `mmlearn.reference`, under the same file name and with the same weights.
"""

from mmlearn.layers.conv import Convolve2D

__all__ = ["Convolve2D"]
