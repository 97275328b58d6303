"""Graphs: nodes, the edges between them, and what is known of each node."""

from dataclasses import dataclass

import numpy as np

from mmlearn.datasets.registry import DataError


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
    """

    x: np.ndarray | None
    edge_index: np.ndarray
    y: np.ndarray | None
    node_names: tuple[str, ...]
    label_names: tuple[str, ...] = ()
    edge_weight: np.ndarray | None = None

    @property
    def nodes(self):
        """N, the number of nodes."""
        return len(self.node_names)

    @property
    def edges(self):
        """E, the number of directed edges."""
        return self.edge_index.shape[1]


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
