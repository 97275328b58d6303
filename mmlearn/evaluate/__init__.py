"""What a trained model is worth, and how sure one may be: NumPy and SciPy only.

`accuracy`, `precision`, `recall`, `f1`, `confusion_matrix` of one run and all of them
in a `classification_report`; `calibration` of its probabilities; `accuracy_interval`
for the size of the test set, `protocol` for the spread over seeds, `cross_validation`
for that over folds, `mean_interval` for the mean of either; `claim` to state a figure
and stand by it.
"""

from mmlearn.evaluate.classification import accuracy, confusion_matrix
from mmlearn.evaluate.confidence import Calibration, calibration
from mmlearn.evaluate.information import (
    bayes_accuracy,
    information_parts,
    mutual_information,
)
from mmlearn.evaluate.interval import accuracy_interval, mean_interval
from mmlearn.evaluate.protocol import (
    Summary,
    claim,
    cross_validation,
    protocol,
)
from mmlearn.evaluate.scores import (
    Report,
    balanced_accuracy,
    classification_report,
    f1,
    precision,
    recall,
)

__all__ = [
    "Calibration",
    "Report",
    "Summary",
    "accuracy",
    "accuracy_interval",
    "balanced_accuracy",
    "bayes_accuracy",
    "calibration",
    "claim",
    "classification_report",
    "confusion_matrix",
    "cross_validation",
    "f1",
    "information_parts",
    "mean_interval",
    "mutual_information",
    "precision",
    "protocol",
    "recall",
]
