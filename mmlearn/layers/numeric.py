"""Layers that compute with numbers: text is refused before a tensor is made of it.

Otherwise each backend says in its own words, and from within, that it cannot. Looked at
is what a call is given, never a number in it: under jit that is once a trace.
"""

import inspect

import keras
from keras import tree

INDICES = ("edge_index", "edge_type", "graph_index")  # all else holds features
NUMBERED = "number them 0, 1, 2, …"
WORDS = "number words with preprocess.text.Vocabulary, then keras.layers.Embedding"
ONE_SHAPE = 'parts of one shape, .astype("float32")'
TEXT = ("U", "S", "T")  # NumPy's kinds of text, and bytes


class Numeric(keras.layers.Layer):
    """A layer, or mixed into one or a model, whose call refuses text by name."""

    def __call__(self, *args, **kwargs):
        expect_numbers(type(self).__name__, self.call, args, kwargs)
        return super().__call__(*args, **kwargs)


def expect_numbers(where, call, args, kwargs, words=WORDS):
    """Refuse text, objects and plain lists in what a layer is called with.

    Args:
        where: how errors call the layer.
        call: its method `call`, which names the arguments.
        args, kwargs: what came.
        words: what to do with text.

    Raises:
        ValueError: with the name of the argument, and what it holds.
    """
    if all(_odd(leaf) is None for leaf in tree.flatten((args, kwargs))):
        return
    given = inspect.signature(call).bind_partial(*args, **kwargs).arguments
    for (argument, *path), leaf in tree.flatten_with_path(dict(given)):
        odd = _odd(leaf)
        name = argument + "".join(f"[{key!r}]" for key in path if type(key) is str)
        if odd == "number" and any(type(key) is int for key in path):
            raise ValueError(
                f"{where}: {name} is a list; expected an array: np.array(…), the batch "
                "in front"
            )
        if odd not in (None, "number"):
            cure = ONE_SHAPE if odd == "objects" else words
            cure = NUMBERED if argument in INDICES else cure
            raise ValueError(f"{where}: {name} holds {odd}; expected numbers: {cure}")


def _odd(leaf):
    """What a leaf of the arguments is instead of an array of numbers, or None."""
    if isinstance(leaf, str | bytes):
        return f"text ({leaf[:20]!r})"
    if type(leaf) in (int, float):
        return "number"
    dtype = getattr(leaf, "dtype", None)
    kind = getattr(dtype, "kind", None)
    if kind == "O":
        return "objects"
    return "text" if kind in TEXT or "string" in str(dtype) else None
