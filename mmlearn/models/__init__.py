"""Models: composition only, of layers that Keras or `mmlearn.layers` has.

Each function returns a `keras.Model`, uncompiled, with named layers and logits out. The
seed fixes the initial weights; pixels are scaled before (`mmlearn.preprocess.images`).
"""

from mmlearn.models.classifiers import (
    dense_classifier,
    hidden_units,
    small_cnn,
    softmax_regression,
)

__all__ = ["dense_classifier", "hidden_units", "small_cnn", "softmax_regression"]
