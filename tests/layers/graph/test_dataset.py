"""graph_dataset: one whole graph for Keras' fit and for train.fit, with exact means.

test_backends.py runs this file on the other Keras backends.
"""

import dataclasses

import keras
import numpy as np
import pytest
from scipy.sparse import csr_array

from mmlearn import datasets, train
from mmlearn.axes import ShapeError
from mmlearn.layers import GCNConv, graph_dataset, graph_inputs, node_features

REDUCTIONS = ["sum_over_batch_size", "mean_with_sample_weight"]
CHOSEN = np.isin(np.arange(34), [0, 1, 32, 33])


@pytest.fixture(scope="module")
def club():
    return dataclasses.replace(datasets.load_karate_club(), x=np.eye(34, dtype="f"))


def network(reduction="sum_over_batch_size", sparse=True, edge_weight=False):
    keras.utils.set_random_seed(1)
    inputs = graph_inputs(34, sparse=sparse, edge_weight=edge_weight)
    given = [inputs[k] for k in ("edge_index", "edge_weight") if k in inputs]
    h = GCNConv(4, "relu")(node_features(inputs), *given)
    model = keras.Model(inputs, GCNConv(2)(h, *given))
    loss = keras.losses.SparseCategoricalCrossentropy(True, reduction=reduction)
    adam = keras.optimizers.Adam(0.05)
    model.compile(adam, loss, weighted_metrics=["accuracy"])
    return model


def exact_loss(model, data, y):
    logits = keras.ops.convert_to_numpy(model(data[0][0])).astype(float)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -log_p[CHOSEN, y[CHOSEN]].mean()


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_the_loss_is_the_mean_over_the_mask(club, reduction):
    model, data = network(reduction), graph_dataset(club, CHOSEN, sparse=True)
    measured = model.evaluate(data, verbose=0, return_dict=True)
    assert abs(measured["loss"] - exact_loss(model, data, club.y)) < 1e-5


def test_keras_fit_and_train_fit_learn_the_same(club):
    data = graph_dataset(club, CHOSEN, sparse=True)
    one, other = network(), network()
    first = one.fit(data, epochs=12, verbose=0).history
    options = {"validation_data": data, "progress": False}
    second = train.fit(other, data, epochs=12, **options).history
    for name in ("loss", "accuracy"):
        np.testing.assert_allclose(first[name], second[name], rtol=1e-4, err_msg=name)
    # Measured after an epoch, on the same graph: what the next one starts from.
    np.testing.assert_allclose(second["val_loss"][:-1], second["loss"][1:], rtol=1e-4)
    assert len(first["loss"]) == 12 and second["loss"][-1] < second["loss"][0]


def test_several_steps_make_an_epoch(club):
    data = graph_dataset(club, CHOSEN, edge_weight=True, steps=5)
    assert (data.steps_per_epoch, len(data)) == (5, 5)
    assert len(list(data.batches(epoch=0))) == 5
    assert len(list(data.batches(epoch=1, start=3))) == 2
    assert network(sparse=False, edge_weight=True)(data[0][0]).shape == (34, 2)


def test_inputs_are_those_of_graph_inputs(club):
    for sparse in (True, False):
        for edge_weight in (True, False):
            options = {"sparse": sparse, "edge_weight": edge_weight}
            (x, y, weight) = graph_dataset(club, CHOSEN, **options)[0]
            assert set(x) == set(graph_inputs(34, **options))
            assert weight.sum() == 34 and set(weight) == {0, 8.5}
    packed = dataclasses.replace(club, x=csr_array(club.x))
    assert np.array_equal(graph_dataset(packed, CHOSEN)[0][0]["x"], club.x)


def broken(name, value):
    return lambda graph: dataclasses.replace(graph, **{name: value})


@pytest.mark.parametrize(
    "change, message",
    [
        (broken("x", None), r"graph.x is None; .*x=np.eye\(N\)"),
        (broken("y", None), "graph.y is None"),
        (broken("y", np.zeros(3)), r"graph.y is \(3,\); expected N = 34 labels"),
        (broken("x", np.full((34, 2), np.nan)), "graph.x holds NaN"),
        (broken("x", np.ones(34)), r"graph.x is \(34,\); expected \(N, F\)"),
        (broken("edge_index", np.array([[0], [34]])), r"edge_index\[1, 0\] is 34"),
        (broken("edge_index", np.ones((2, 3))), "holds float64; expected integers"),
        (broken("edge_weight", np.ones(3)), r"edge_weight is \(3,\); expected \(E,\)"),
        (broken("edge_weight", None), "graph.edge_weight is None"),
    ],
)
def test_a_graph_that_cannot_be_learned_from_is_refused(club, change, message):
    with pytest.raises((ShapeError, ValueError), match=message):
        graph_dataset(change(club), CHOSEN, edge_weight=True)


@pytest.mark.parametrize(
    "mask",
    [CHOSEN[:5], np.arange(34), np.zeros(34, bool)],
    ids=["short", "int", "none"],
)
def test_a_mask_that_marks_nothing_is_refused(club, mask):
    with pytest.raises(ValueError, match=r"mask is .*; expected booleans \(34,\)"):
        graph_dataset(club, mask)
