"""The training loop: one that can be read, and *the* loop of every lesson and recipe.

`fit` trains any compiled Keras model; `loop.py` is neutral Python, and
`step_tensorflow.py` or `step_jax.py` does the arithmetic, whichever backend Keras runs
on. Data comes from a seeded source (`source.py`), so that a run that was killed goes on
from its checkpoint (`checkpoint.py`) to the same weights, bit for bit on one device.
"""

from mmlearn.train.checkpoint import CheckpointError
from mmlearn.train.co_training import CoTrained, co_train
from mmlearn.train.history import History
from mmlearn.train.loop import fit
from mmlearn.train.nonfinite import NonFiniteError
from mmlearn.train.source import ArraySource

__all__ = [
    "ArraySource",
    "CheckpointError",
    "CoTrained",
    "History",
    "NonFiniteError",
    "co_train",
    "fit",
]
