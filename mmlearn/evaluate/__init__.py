"""What a trained model is worth, and how sure one may be: NumPy and SciPy only.

`accuracy`, `precision`, `recall`, `f1`, `confusion_matrix` of one run and all of them
in a `classification_report`; `calibration` of its probabilities; `accuracy_interval`
for the size of the test set, `protocol` for the spread over seeds, `cross_validation`
for that over folds, `mean_interval` for the mean of either; `claim` to state a figure
and stand by it. `accuracy_against_noise` and `accuracy_by_subset` of modalities tell
how it falls, `lead_time_curve` how early an event is known; `compare` and `equivalence`
bootstrap the difference of two models. `recall_at_k` and
`mean_reciprocal_rank` tell what retrieval finds.
"""

from mmlearn.evaluate.classification import accuracy, confusion_matrix
from mmlearn.evaluate.comparison import (
    Difference,
    Equivalence,
    compare,
    equivalence,
)
from mmlearn.evaluate.confidence import Calibration, calibration
from mmlearn.evaluate.information import (
    bayes_accuracy,
    information_parts,
    mutual_information,
)
from mmlearn.evaluate.interval import accuracy_interval, mean_interval
from mmlearn.evaluate.lead_time import lead_time_curve
from mmlearn.evaluate.protocol import (
    Summary,
    claim,
    cross_validation,
    protocol,
)
from mmlearn.evaluate.retrieval import (
    first_ranks,
    mean_reciprocal_rank,
    recall_at_k,
)
from mmlearn.evaluate.robustness import (
    Measured,
    accuracy_against_noise,
    accuracy_by_subset,
    with_only,
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
    "Difference",
    "Equivalence",
    "Measured",
    "Report",
    "Summary",
    "accuracy",
    "accuracy_against_noise",
    "accuracy_by_subset",
    "accuracy_interval",
    "balanced_accuracy",
    "bayes_accuracy",
    "calibration",
    "claim",
    "classification_report",
    "compare",
    "confusion_matrix",
    "cross_validation",
    "equivalence",
    "f1",
    "first_ranks",
    "information_parts",
    "lead_time_curve",
    "mean_interval",
    "mean_reciprocal_rank",
    "mutual_information",
    "precision",
    "protocol",
    "recall",
    "recall_at_k",
    "with_only",
]
