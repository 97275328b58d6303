"""Text given to a layer is refused in one sentence, by the argument's name.

test_backends.py runs this file on the other Keras backends.
"""

import keras
import numpy as np
import pytest

from mmlearn import layers

X, EDGES = np.ones((3, 2), "float32"), np.array([[0, 1], [1, 2]])
TYPES = np.array([0, 1])
FORMS = {
    "str": "a good film",
    "list": ["a good", "film"],
    "array": np.array([["good", "film"]]),
    "bytes": np.array([[b"good"]]),
    "symbol": keras.KerasTensor((None, 2), "string"),
}
CALLS = {
    **{
        name: lambda t, name=name: getattr(layers, name)(2)(t, EDGES)
        for name in ("SumConv", "GCNConv", "SAGEConv", "GINConv", "GATConv")
    },
    "GATv2Conv": lambda t: layers.GATv2Conv(2)(t, edge_index=EDGES),
    "RGCNConv": lambda t: layers.RGCNConv(2, relations=2)(t, EDGES, TYPES),
    "SpatialGraphConv": lambda t: layers.SpatialGraphConv(2, EDGES, TYPES)(t),
    "GraphMeanPool": lambda t: layers.GraphMeanPool()(t, np.zeros(3, int)),
    "SinusoidalPositions": lambda t: layers.SinusoidalPositions()(t),
    "Convolve2D": lambda t: layers.Convolve2D(2, 3)(t),
    "StackedConv3D": lambda t: layers.StackedConv3D(2, 3)(t),
    "RandomBody": lambda t: layers.RandomBody()(t),
    "RandomVoice": lambda t: layers.RandomVoice()(t, np.ones((1, 2), bool)),
    "InfoNCE": lambda t: layers.InfoNCE()(X, t),
    "ModalityDropout": lambda t: layers.ModalityDropout(0.5)({"text": t}),
    "LateFusion": lambda t: layers.LateFusion()({"image": X, "text": t}),
    "ProductOfExperts": lambda t: layers.ProductOfExperts()({"image": X, "text": t}),
    **{
        name: lambda t, name=name: getattr(layers, name)(2)({"image": X, "text": t})
        for name in ("ConcatenateFusion", "CrossAttentionFusion", "GraphFusion")
    },
}


@pytest.mark.parametrize("layer", CALLS)
def test_text_is_refused_by_the_arguments_name(layer):
    words = "number words with preprocess.text.Vocabulary, then keras.layers.Embedding"
    for form in FORMS.values():
        with pytest.raises(ValueError) as caught:
            CALLS[layer](form)
        told = str(caught.value)
        assert told.startswith(f"{layer}: "), told
        assert " holds text" in told and told.endswith(f"expected numbers: {words}")
        assert "\n" not in told and len(told) < 170


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: layers.GCNConv(2)("a film", EDGES), r"GCNConv: x holds text \('a fil"),
        (
            lambda: layers.GCNConv(2)(X, np.array([["Ann", "Bob"], ["Bob", "Cid"]])),
            "GCNConv: edge_index holds text; expected numbers: number them 0, 1, 2, …",
        ),
        (
            lambda: layers.RGCNConv(2, relations=2)(X, EDGES, ["likes", "knows"]),
            r"RGCNConv: edge_type holds text \('likes'\); .* number them",
        ),
        (
            lambda: layers.ConcatenateFusion(2)({"image": X, "text": ["a", "b"]}),
            r"ConcatenateFusion: inputs\['text'\] holds text \('a'\)",
        ),
        (
            lambda: layers.GCNConv(2)([[1.0], [2.0]], EDGES),
            r"GCNConv: x is a list; expected an array: np.array\(…\)",
        ),
        (
            lambda: layers.GCNConv(2)(X, edge_index=[[0], [1]]),
            "GCNConv: edge_index is a list; expected an array",
        ),
        (
            lambda: layers.InfoNCE()(X, np.array([[1, None]])),
            "InfoNCE: key holds objects; expected numbers: parts of one shape",
        ),
    ],
)
def test_what_else_is_no_array_of_numbers(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_numbers_pass_as_they_are():
    """Also beside a flag that is a number, and features in three parts."""
    layer = layers.GATConv(2, dropout=0.5, seed=0)
    assert layer(X, EDGES, training=0).shape == (3, 2)
    assert layer(layers.SparseFeatures.of(X), EDGES).shape == (3, 2)
    fused = layers.ConcatenateFusion(2)({"a": X}, available={"a": [True, True, False]})
    assert fused.shape == (3, 2)
