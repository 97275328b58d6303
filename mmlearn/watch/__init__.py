"""What TensorBoard sees while a model learns: the microscope.

`TensorBoard(log_dir)` is the callback that writes, `tensorboard(log_dir)` the button in
a notebook that shows it, `still(log_dir)` the same as a figure for who has no
TensorBoard, `open_tensorboard(log_dir, port)` what a command line needs.

The names are looked up when they are first used: whoever only starts a server waits
for neither Keras nor matplotlib.
"""

import importlib

_NAMES = {
    "LogError": "events",
    "Microscope": "microscope",
    "Server": "server",
    "TensorBoard": "callback",
    "command": "server",
    "graph": "graphs",
    "open_tensorboard": "server",
    "projector": "embedding",
    "read": "events",
    "read_projector": "embedding",
    "still": "stills",
    "tensorboard": "panel",
}


def __getattr__(name):
    if name in _NAMES:
        return getattr(importlib.import_module(f"mmlearn.watch.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'mmlearn.watch' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *_NAMES})
