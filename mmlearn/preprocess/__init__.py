"""What we choose to do with what was recorded: clean, normalize, bring to one format.

What is learned from data (`images.Standardize`, `text.Vocabulary`) is fitted on the
training set only, and refuses to be used before.
"""

from mmlearn.preprocess import audio, graphs, images, ngrams, skeletons, text, video
from mmlearn.preprocess.arrays import NotFittedError

__all__ = [
    "NotFittedError",
    "audio",
    "graphs",
    "images",
    "ngrams",
    "skeletons",
    "text",
    "video",
]
