"""What TensorBoard sees while a model learns: the microscope.

`TensorBoard(log_dir)` is the callback that writes curves and weights, and
`Microscope(log_dir, samples, labels)` the one that writes the inside as well: feature
maps, activations, gradients, dead units, updates, confusions, vectors;
`AttentionMaps(log_dir, maps)` writes where each head of a transformer looks. `graph`,
`projector` and `sound` write without training. `tensorboard(log_dir)` is the button in
a notebook that shows it all, `open_tensorboard(log_dir, port)` what a command line
needs. Whoever has no TensorBoard reads the same files as figures: `still`,
`still_maps`, `still_attention`, `still_histograms`, `still_health`, `still_confusion`,
`still_projector`, `still_graph`.

The names are looked up when they are first used: whoever only starts a server waits
for neither Keras nor matplotlib.
"""

import importlib

_NAMES = {
    "AttentionMaps": "attention",
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
    "sound": "sounds",
    "still": "stills",
    "still_attention": "attention",
    "still_confusion": "stills_inside",
    "still_graph": "stills_structure",
    "still_health": "stills_inside",
    "still_histograms": "stills_inside",
    "still_maps": "stills_inside",
    "still_projector": "stills_structure",
    "tensorboard": "panel",
    "tokens_read": "attention",
}


def __getattr__(name):
    if name in _NAMES:
        return getattr(importlib.import_module(f"mmlearn.watch.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'mmlearn.watch' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *_NAMES})
