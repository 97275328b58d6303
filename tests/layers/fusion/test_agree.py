"""reference = layer = numerical, in value and in every gradient, for fusions.

test_backends.py runs this file on the other Keras backends.
"""

import numpy as np
import pytest

from mmlearn import proof, reference

OPS = {
    "WeightedFusion": reference.weighted_fusion,
    "ConcatenateFusion": reference.concatenate_fusion,
    "GatedFusion": reference.gated_fusion,
    "LowRankFusion": reference.low_rank_fusion,
    "CrossAttentionFusion": reference.cross_attention_fusion,
}


@pytest.mark.parametrize("kind_", OPS)
def test_agrees_on_vectors_of_which_some_are_missing(example, kind_):
    layer, x = example.layer(kind_, units=2), example.inputs(4)
    table = proof.agree(OPS[kind_], layer, x, available=example.available)
    assert table, table
    gradients = [row.what for row in table.rows]
    assert gradients[1:4] == [f"dinputs[{name!r}]" for name in x]
    assert len(gradients) == 4 + len(layer.trainable_variables)


@pytest.mark.parametrize("kind_", ["WeightedFusion", "GatedFusion", "LowRankFusion"])
def test_agrees_on_sequences_without_biases(example, kind_):
    layer = example.layer(kind_, units=2, use_bias=False)
    mask = np.random.default_rng(2).random((2, 3)) < 0.6
    x = example.inputs(2, 3)
    table = proof.agree(OPS[kind_], layer, x, available={"text": mask})
    assert table, table


def test_tokens_may_differ_in_number(example):
    x = example.inputs(2) | {
        "sound": np.random.default_rng(3).standard_normal((2, 4, 5))
    }
    there = {"sound": np.array([[True, True, False, True], [False] * 4])}
    layer = example.layer("CrossAttentionFusion", units=2, heads=1, use_bias=False)
    table = proof.agree(reference.cross_attention_fusion, layer, x, available=there)
    assert table, table
