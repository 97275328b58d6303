"""Graphs: nodes, the edges between them, and what is known of each node."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.splits import few_labels_split


@dataclass(frozen=True)
class Graph:
    """A graph as arrays.

    Args:
        x: (N, F) features of the nodes, or None where there are none.
        edge_index: (2, E) int64; row 0 source nodes, row 1 target nodes. An undirected
            edge is there in both directions.
        y: (N,) int64 labels of the nodes, or None.
        node_names: N names.
        label_names: K names, or () without labels.
        edge_weight: (E,) float32, or None.
        train_mask, validation_mask, test_mask: (N,) bool, the nodes whose labels train,
            validate and test; or None. A node may be in none of them.
    """

    x: np.ndarray | None
    edge_index: np.ndarray
    y: np.ndarray | None
    node_names: tuple[str, ...]
    label_names: tuple[str, ...] = ()
    edge_weight: np.ndarray | None = None
    train_mask: np.ndarray | None = None
    validation_mask: np.ndarray | None = None
    test_mask: np.ndarray | None = None

    @property
    def nodes(self):
        """N, the number of nodes."""
        return len(self.node_names)

    @property
    def edges(self):
        """E, the number of directed edges."""
        return self.edge_index.shape[1]

    @cached_property
    def sparse_x(self):
        """x as a `scipy.sparse.csr_array` (N, F), for the sparse twins and layers."""
        from scipy import sparse

        if self.x is None:
            raise DataError("this graph has no features: x is None; expected (N, F)")
        return sparse.csr_array(self.x)


def load_karate_club():
    """Load Zachary's karate club: 34 people, and the two clubs they split into.

    Origin: W. W. Zachary watched a university's karate club from 1970 to 1972; an edge
        joins two members who met outside of it, its weight counts in how many contexts.
        After a quarrel the club split between its teacher (node 0) and its officer
        (node 33): the labels. Comes with networkx.
    Licence: a published table, no licence stated.
    Citation: Zachary (1977), An information flow model for conflict and fission in
        small groups, Journal of Anthropological Research 33(4).

    Returns:
        Graph with N = 34, E = 156 (78 ties, both directions), no features,
        y 0 "Mr. Hi" or 1 "Officer"; node names "1" … "34" as in the paper.

    >>> graph = load_karate_club()
    >>> graph.edge_index.shape, graph.y[[0, 33]], graph.label_names
    ((2, 156), array([0, 1]), ('Mr. Hi', 'Officer'))
    """
    import networkx as nx

    club = nx.karate_club_graph()
    if (len(club), club.number_of_edges()) != (34, 78):
        raise DataError(
            f"networkx {nx.__version__} has a karate club of {len(club)} nodes and"
            f" {club.number_of_edges()} edges; expected Zachary's 34 and 78"
        )
    ties = np.array(list(club.edges), np.int64).T  # (2, 78), source < target
    weight = np.array([d["weight"] for *_, d in club.edges(data=True)], np.float32)
    labels = ("Mr. Hi", "Officer")
    return Graph(
        x=None,
        edge_index=np.concatenate([ties, ties[::-1]], axis=1),  # (2, 156)
        y=np.array([labels.index(club.nodes[n]["club"]) for n in club], np.int64),
        node_names=tuple(str(n + 1) for n in club),
        label_names=labels,
        edge_weight=np.concatenate([weight, weight]),
    )


def load_digits_graph(*, neighbors=10, labels=4, validation=300, seed=0):
    """Load scikit-learn's 1,797 handwritten digits as a graph of look-alikes.

    Origin: as `load_digits`; a node is an image, its features are the 64 pixels as
        shares of ink. An edge joins two images if one is among the `neighbors` nearest
        of the other (Euclidean distance of the pixels; scikit-learn's
        kneighbors_graph, made symmetric by "or"), so degrees differ. Labels play no
        part in it; the images to test do: the task is transductive.
    Licence and citation: as `load_digits`.

    Args:
        neighbors: k, how many nearest images each image chooses.
        labels: of each class, how many may be trained on.
        validation: nodes to choose by; all the others test.
        seed: fixes the masks.

    Returns:
        `Graph` with x (1797, 64) float32 from 0 to 1, y, masks; label names 0 … 9.

    >>> graph = load_digits_graph()
    >>> graph.x.shape, int(graph.train_mask.sum()), int(graph.test_mask.sum())
    ((1797, 64), 40, 1457)
    """
    from sklearn.datasets import load_digits as sklearn_digits
    from sklearn.neighbors import kneighbors_graph

    recorded = sklearn_digits()
    x = (recorded.data / 16).astype(np.float32)  # (N, F)
    y = recorded.target.astype(np.int64)
    if not 1 <= neighbors < len(y):
        raise ValueError(
            f"load_digits_graph: neighbors is {neighbors}; expected 1 to {len(y) - 1}"
        )
    chosen = kneighbors_graph(x, neighbors).tocoo()
    pairs = np.stack([chosen.col, chosen.row])
    both = np.concatenate([pairs, pairs[::-1]], axis=1).astype(np.int64)
    train, choose, test = few_labels_split(y, labels, validation, seed=seed)
    return Graph(
        x=x,
        edge_index=np.unique(both, axis=1),  # (2, E), sorted
        y=y,
        node_names=tuple(str(n) for n in range(len(y))),
        label_names=tuple("0123456789"),
        train_mask=train,
        validation_mask=choose,
        test_mask=test,
    )
