"""A log folder as a short run leaves it, made without any training."""

import numpy as np
import pytest

from mmlearn.watch.events import EventWriter
from mmlearn.watch.pictures import weight_picture


@pytest.fixture
def log_dir(tmp_path):
    folder = tmp_path / "run 1"
    train, validation = (
        EventWriter(folder / "train"),
        EventWriter(folder / "validation"),
    )
    noise = np.random.default_rng(0).normal(size=(3, 3, 1, 6))
    for step in range(5):
        kernel = noise * (step + 1)
        train.histogram("conv/kernel", kernel, step)
        train.image("conv/kernel_image", weight_picture(kernel), step)
        train.histogram("conv/bias", kernel[0], step)
        if step:
            train.scalar("epoch_loss", 2.0 / step, step)
            validation.scalar("epoch_loss", 2.5 / step, step)
    train.close()
    validation.close()
    return folder
