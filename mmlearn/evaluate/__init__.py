"""What a trained model is worth, and how sure one may be: NumPy only.

`accuracy` and `confusion_matrix` of one run, `accuracy_interval` for the size of the
test set, `protocol` for the spread over seeds, `claim` to state a figure and stand
by it.
"""

from mmlearn.evaluate.classification import accuracy, confusion_matrix
from mmlearn.evaluate.interval import accuracy_interval
from mmlearn.evaluate.protocol import Summary, claim, protocol

__all__ = [
    "Summary",
    "accuracy",
    "accuracy_interval",
    "claim",
    "confusion_matrix",
    "protocol",
]
