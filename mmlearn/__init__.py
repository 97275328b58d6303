"""mmlearn: multimodal deep learning, from one convolution to a video model.

`import mmlearn` costs milliseconds: each room (`mmlearn.reference`, `mmlearn.train`, …)
is imported when it is first used (PEP 562).
"""

import importlib

__version__ = "0.1.0"

_ROOMS = {
    "axes",
    "course",
    "datasets",
    "evaluate",
    "exercises",
    "explain",
    "layers",
    "lesson",
    "media",
    "models",
    "preprocess",
    "proof",
    "recipes",
    "reference",
    "samples",
    "show",
    "train",
    "watch",
}


def __getattr__(name):
    if name in _ROOMS:
        return importlib.import_module(f"mmlearn.{name}")
    raise AttributeError(f"module 'mmlearn' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *_ROOMS})
