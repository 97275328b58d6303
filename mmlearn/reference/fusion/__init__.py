"""Fusions of modalities: `y, pullback = gated_fusion(inputs, *weights, available=…)`.

`inputs` is a dict, modality to array, and so is its gradient; weights come in a row, in
the order of the layer's `trainable_variables`, modalities in the order of their names.
"""

from mmlearn.reference.fusion.concatenate import concatenate_fusion
from mmlearn.reference.fusion.cross_attention import cross_attention_fusion
from mmlearn.reference.fusion.gated import gated_fusion
from mmlearn.reference.fusion.low_rank import low_rank_fusion
from mmlearn.reference.fusion.weighted import weighted_fusion

__all__ = [
    "concatenate_fusion",
    "cross_attention_fusion",
    "gated_fusion",
    "low_rank_fusion",
    "weighted_fusion",
]
