"""The memory of callbacks: patience spent, the best weights so far, and so on.

Keras' callbacks keep what they count in plain Python attributes, and no Keras
checkpoint holds them: a resumed run would reduce its learning rate at another epoch.
We save every attribute that is plain (numbers, strings, arrays, lists and dicts of
them) and that changed since the run began; what did not change is configuration.
Comparisons (`np.less`) are saved by name: Keras chooses them at the first epoch's end,
and flips the sign of `min_delta` with them, so one without the other is wrong.
"""

import hashlib
import json

import keras
import numpy as np

from mmlearn.train.checkpoint import CheckpointError

OPERATIONS = {"numpy": np, "keras.ops": keras.ops}


def baseline(callbacks):
    """Fingerprints of all plain attributes, taken right after `on_train_begin`."""
    return [
        {name: _fingerprint(value) for name, value in _plain(callback)}
        for callback in callbacks
    ]


def collect(callbacks, before):
    """What has changed since `before`: JSON values, and the arrays that they number."""
    arrays: list = []
    counters = []
    for callback, known in zip(callbacks, before, strict=True):
        changed = {
            name: _pack(value, arrays)
            for name, value in _plain(callback)
            if known.get(name) != _fingerprint(value)
        }
        counters.append([type(callback).__name__, changed])
    return counters, arrays


def restore(callbacks, counters, arrays):
    """Put collected counters back, matched by class and order of the callbacks.

    Raises:
        CheckpointError: a callback that had counted something is not there any more.
    """
    waiting = list(callbacks)
    for kind, changed in counters:
        found = next((c for c in waiting if type(c).__name__ == kind), None)
        if found is None and changed:
            raise CheckpointError(
                f"train.fit: the checkpoint holds the counters of {kind}, which is "
                "not among callbacks= any more; pass it again, or resume=False to "
                "start anew"
            )
        if found is not None:
            waiting.remove(found)
            for name, value in changed.items():
                setattr(found, name, _unpack(value, arrays))


def _plain(callback):
    for name, value in vars(callback).items():
        if name != "params" and _is_plain(value):
            yield name, value


def _is_plain(value):
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_plain(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return all(_is_plain(v) for v in value)
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufcSU"
    if _operation(value):
        return True
    return value is None or isinstance(value, bool | int | float | str | np.generic)


def _operation(value):
    """("numpy", "less") for a function of NumPy or of keras.ops, else None."""
    name = getattr(value, "__name__", None)
    if isinstance(name, str) and callable(value):
        for library, module in OPERATIONS.items():
            if getattr(module, name, None) is value:
                return library, name
    return None


def _pack(value, arrays):
    if isinstance(value, dict):
        return {"dict": {k: _pack(v, arrays) for k, v in value.items()}}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_pack(v, arrays) for v in value]}
    if isinstance(value, np.ndarray | np.generic):
        arrays.append(np.asarray(value))
        return {"array": len(arrays) - 1, "scalar": isinstance(value, np.generic)}
    return {"operation": _operation(value)} if callable(value) else value


def _unpack(value, arrays):
    if not isinstance(value, dict):
        return value
    if "dict" in value:
        return {k: _unpack(v, arrays) for k, v in value["dict"].items()}
    if "operation" in value:
        library, name = value["operation"]
        return getattr(OPERATIONS[library], name)
    if "array" in value:
        array = arrays[value["array"]]
        return array[()] if value["scalar"] else array
    kind, values = next(iter(value.items()))
    found = [_unpack(v, arrays) for v in values]
    return found if kind == "list" else tuple(found)


def _fingerprint(value):
    arrays: list = []
    found = hashlib.sha256(json.dumps(_pack(value, arrays)).encode())
    for array in arrays:
        found.update(f"{array.dtype.str} {array.shape}".encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()
