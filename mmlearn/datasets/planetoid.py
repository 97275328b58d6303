"""Cora, from the raw files that half of the graph papers start from (Planetoid)."""

from pathlib import Path

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.download import obtain
from mmlearn.datasets.graphs import Graph
from mmlearn.datasets.pickles import read_pickle
from mmlearn.datasets.splits import few_labels_split

PARTS = ("x", "y", "tx", "ty", "allx", "ally", "graph", "test.index")
SIZES = {"labels": 20, "validation": 500, "test": 1_000}  # labels: of each class
# Upstream stores numbers; the sizes of the seven classes tell which topic is which.
TOPICS = (
    "Theory",
    "Reinforcement learning",
    "Genetic algorithms",
    "Neural networks",
    "Probabilistic methods",
    "Case based",
    "Rule learning",
)


def load_cora(split="public", seed=0, *, download=True):
    """Load Cora: 2,708 papers on machine learning, who cites whom, and their topics.

    Origin: collected by McCallum and others (2000); as Yang, Cohen and Salakhutdinov
        published it with Planetoid. A feature says whether a word is in the paper.
    Licence: the repository is MIT; the citation data are distributed for research.
    Citation: Sen and others (2008), Collective classification in network data; Yang,
        Cohen, Salakhutdinov (2016), Revisiting semi-supervised learning with graph
        embeddings, ICML.

    Args:
        split: "public", 140 labels, 500 to validate, 1,000 to test as published; or
            "random": 20 labels of each class, 500 and 1,000 drawn anew by `seed`.
        seed: of the random split; the public one is fixed.
        download: whether missing or damaged files may be fetched (0.6 MB).

    Returns:
        `Graph`: x (2708, 1433) float32 of 0 and 1 (`.sparse_x` as CSR), y, the masks,
        edge_index (2, 10556): 5,278 citations, both directions. The 5,429 that papers
        quote count duplicates and loops. Not row-normalized: divide by x.sum(1).

    Raises:
        DataError: with the command to run, and `load_digits_graph()` as the way
            without a network.
    """
    if split not in ("public", "random"):
        raise ValueError(
            f"load_cora: split is {split!r}; expected 'public' or 'random'"
        )
    x, y, edge_index, labelled, test_index = read_planetoid(obtain("cora", download))
    if split == "random":
        masks = few_labels_split(y, **SIZES, seed=seed)
    else:
        masks = np.zeros((3, len(y)), bool)
        masks[0, :labelled] = True
        masks[1, labelled : labelled + SIZES["validation"]] = True
        masks[2, test_index] = True
    return Graph(
        x=x,
        edge_index=edge_index,
        y=y,
        node_names=tuple(str(n) for n in range(len(y))),
        label_names=TOPICS,
        train_mask=masks[0],
        validation_mask=masks[1],
        test_mask=masks[2],
    )


def read_planetoid(paths):
    """Put the eight raw files of a Planetoid set together.

    `allx` holds the first nodes in order, `tx` the test nodes in the order of
    `test.index`. Test nodes that no file describes (Citeseer has 15) stay all zeros.

    Args:
        paths: of the files x, y, tx, ty, allx, ally, graph, test.index, in this order.

    Returns:
        x: (N, F) float32; y: (N,) int64; edge_index: (2, E) int64, each edge in both
        directions, without duplicates and loops, sorted; labelled: how many nodes are
        in x, the public training set; test_index: (n,) int64.

    Raises:
        DataError: for a damaged file, or files that do not fit together.
    """
    parts = {name: Path(path) for name, path in zip(PARTS, paths, strict=True)}
    try:
        test_index = np.array(parts["test.index"].read_text("ascii").split(), np.int64)
        tables = {name: _table(parts[name]) for name in PARTS[:6]}
        first, last = len(tables["allx"]), int(test_index.max())
        if test_index.min() < first or len(test_index) != len(tables["tx"]):
            raise ValueError(f"{len(test_index)} test nodes from {test_index.min()}")
        x = np.zeros((last + 1, tables["allx"].shape[1]), np.float32)  # (N, F)
        y = np.zeros((last + 1, tables["ally"].shape[1]))  # (N, K), one of K
        for whole, name in ((x, "x"), (y, "y")):
            whole[:first], whole[test_index] = tables["all" + name], tables["t" + name]
        edge_index = _edges(read_pickle(parts["graph"]), len(x))
    except (ValueError, TypeError, AttributeError, IndexError, OSError) as error:
        folder = parts["graph"].parent
        raise DataError(
            f"{folder}: its files do not make one graph ({error}); fetch them again"
        ) from None
    return x, y.argmax(axis=1), edge_index, len(tables["x"]), test_index


def _table(path):
    table = read_pickle(path)
    table = table.toarray() if hasattr(table, "toarray") else table
    if not isinstance(table, np.ndarray) or table.ndim != 2:
        raise ValueError(f"{path.name} holds no table")
    return table


def _edges(neighbours, nodes):
    """Lists of neighbours to (2, E): both directions, no duplicates, no loops."""
    pairs = {
        pair
        for v, row in neighbours.items()
        for u in row
        if u != v
        for pair in ((u, v), (v, u))
    }
    edge_index = np.array(sorted(pairs), np.int64).reshape(-1, 2).T  # (2, E)
    if edge_index.size and not 0 <= edge_index.min() <= edge_index.max() < nodes:
        raise ValueError(
            f"edges name the nodes {edge_index.min()} … {edge_index.max()};"
            f" there are {nodes}"
        )
    return edge_index
