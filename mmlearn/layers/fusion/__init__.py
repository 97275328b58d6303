"""Fusions for Keras 3, on every backend: `GatedFusion(units)({"image": x, …})`.

Inputs are a dict, modality to (B, F_m) or (B, T, F_m), of one modality or more; their
order is that of the sorted names. `available`, a dict of booleans (B,) or (B, T), says
what is there: what stands in the place of the rest does not matter, NaN neither.
"""

from mmlearn.layers.fusion.bilinear import BilinearFusion
from mmlearn.layers.fusion.concatenate import ConcatenateFusion
from mmlearn.layers.fusion.cross_attention import CrossAttentionFusion
from mmlearn.layers.fusion.deep import DeepFusion
from mmlearn.layers.fusion.gated import GatedFusion
from mmlearn.layers.fusion.graph import GraphFusion, fusion_edges
from mmlearn.layers.fusion.late import LateFusion
from mmlearn.layers.fusion.low_rank import LowRankFusion
from mmlearn.layers.fusion.product import ProductOfExperts
from mmlearn.layers.fusion.tensor import TensorFusion
from mmlearn.layers.fusion.weighted import WeightedFusion

__all__ = [
    "BilinearFusion",
    "ConcatenateFusion",
    "CrossAttentionFusion",
    "DeepFusion",
    "GatedFusion",
    "GraphFusion",
    "LateFusion",
    "LowRankFusion",
    "ProductOfExperts",
    "TensorFusion",
    "WeightedFusion",
    "fusion_edges",
]
