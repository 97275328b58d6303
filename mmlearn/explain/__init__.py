"""Why did it say so? Attributions of a trained model that is given as an argument.

`gradients`: saliency and occlusion, on the TensorFlow and the JAX backend.
"""

from mmlearn.explain import gradients

__all__ = ["gradients"]
