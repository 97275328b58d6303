"""The recipes on one graph: digits that look alike, and papers that cite each other."""

from dataclasses import replace

import numpy as np

from mmlearn.recipes.goal import Goal
from mmlearn.recipes.graph_recipe import GraphRecipe


def load_digits_graph(profile, seed):
    """1,797 digits, four labels of each class, which ones by the seed."""
    from mmlearn import datasets

    return datasets.load_digits_graph(seed=seed)


def load_digits_without_edges(profile, seed):
    """The same images and labels, and nobody hears anybody."""
    graph = load_digits_graph(profile, seed)
    return replace(graph, edge_index=np.zeros((2, 0), np.int64))


def load_cora(profile, seed):
    """Cora with the public split, each paper's words as shares of its words."""
    from mmlearn import datasets

    graph = datasets.load_cora()
    return replace(graph, x=graph.x / np.maximum(graph.x.sum(axis=1, keepdims=True), 1))


def build_gcn_digits(seed):
    """16 hidden units; on the graph without edges a network of as many weights."""
    from mmlearn import models

    return models.gcn(64, 10, seed=seed)


def build_gcn_cora(seed):
    """As published: 16 units, dropout on features and units, decay on W₁, no bias."""
    from mmlearn import models

    return models.gcn(
        1433, 7, dropout=0.5, l2=5e-4, use_bias=False, sparse=True, seed=seed
    )


RATES = tuple({"learning_rate": rate} for rate in (3e-3, 1e-2, 3e-2))
RECIPES = (
    GraphRecipe(
        name="gcn_digits",
        description="a GCN on digits as a graph, 4 labels of each class (lesson 11)",
        dataset="digits_graph",
        load=load_digits_graph,
        build=build_gcn_digits,
        epochs={"quick": 10, "full": 10},
        steps=10,
        batch_size=1,
        learning_rate=1e-2,
        expected=(0.86, 0.91),
        grid=RATES,
    ),
    GraphRecipe(
        name="dense_digits_graph",
        description="the same without edges: gcn_digits' baseline (lesson 11)",
        dataset="digits_graph",
        load=load_digits_without_edges,
        build=build_gcn_digits,
        epochs={"quick": 10, "full": 10},
        steps=10,
        batch_size=1,
        learning_rate=1e-2,
        expected=(0.72, 0.82),
        grid=RATES,
    ),
    GraphRecipe(
        name="gcn_cora",
        description="the published GCN on Cora's public split (lesson 11)",
        dataset="cora",
        load=load_cora,
        build=build_gcn_cora,
        epochs={"quick": 200, "full": 200},
        batch_size=1,
        learning_rate=1e-2,
        expected=(0.812, 0.82),
        grid=({"learning_rate": 1e-2},),  # published: nothing was chosen here
        sparse=True,
        published=True,
        jit_compile=True,
        goal=Goal(0.815, "Kipf and Welling (2017), table 2", least=0.812, aim=0.817),
        seeds=100,
    ),
)
