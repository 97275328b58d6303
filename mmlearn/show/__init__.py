"""Figures and widgets: arrays in, pictures out."""

from mmlearn.show.arrays import feature_maps, images, kernels, numbers
from mmlearn.show.convolution import KERNELS, ConvolutionWidget
from mmlearn.show.figure import Figure, figure, style
from mmlearn.show.training import confusion, curves, interval

__all__ = [
    "KERNELS",
    "ConvolutionWidget",
    "Figure",
    "confusion",
    "curves",
    "feature_maps",
    "figure",
    "images",
    "interval",
    "kernels",
    "numbers",
    "style",
]
