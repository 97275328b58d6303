"""scikit-learn's handwritten digits: real, small, and there without a network."""

import numpy as np

from mmlearn.datasets.splits import stratified_split

SIZES = {"train": 1_077, "validation": 360, "test": 360}


def load_digits(*, seed=0):
    """Load 1,797 grey 8×8 images of handwritten digits; they come with scikit-learn.

    Origin: the *test* part of the UCI set: 13 people filled in a form; each 32×32
        bitmap was cut into 4×4 blocks, and the ink pixels of a block counted (0 … 16).
        The same people are in all three parts here: on strangers, expect less.
    Licence: CC BY 4.0 (UCI Machine Learning Repository).
    Citation: Alpaydin and Kaynak (1998), Cascading classifiers, Kybernetika 34(4).

    Args:
        seed: fixes the stratified split.

    Returns:
        dict "train", "validation", "test" → (x, y): x (N, 8, 8, 1) uint8, 0 paper to
        16 ink; y (N,) int64, the digit. N = 1,077, 360, 360.

    >>> splits = load_digits()
    >>> splits["train"][0].shape, splits["test"][1].shape
    ((1077, 8, 8, 1), (360,))
    """
    from sklearn.datasets import load_digits as sklearn_digits

    recorded = sklearn_digits()
    x = recorded.images.astype(np.uint8)[..., None]  # (N, H, W, 1)
    y = recorded.target.astype(np.int64)
    parts = stratified_split(y, list(SIZES.values()), seed)
    return {name: (x[i], y[i]) for name, i in zip(SIZES, parts, strict=True)}
