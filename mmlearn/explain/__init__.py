"""Why did it say so? Attributions of a trained model that is given as an argument.

`saliency` and `occlusion`: which pixels. `grad_cam`: where a convolution looked.
`temporal_saliency`: when. `shapley`: what each modality is worth. Gradients are taken
on the TensorFlow and the JAX backend.
"""

from mmlearn.explain import gradients
from mmlearn.explain.grad_cam import grad_cam
from mmlearn.explain.gradients import occlusion, saliency
from mmlearn.explain.shapley import shapley
from mmlearn.explain.temporal import temporal_saliency

__all__ = [
    "grad_cam",
    "gradients",
    "occlusion",
    "saliency",
    "shapley",
    "temporal_saliency",
]
