"""A directed graph on which no two mistakes look alike, and its dense matrices."""

import numpy as np
import pytest


class Example:
    """Directed, weighted, with a self loop, a duplicate edge and a lonely node."""

    nodes, features, relations = 7, 3, 2
    edge_index = np.array([[0, 1, 2, 4, 4, 5, 3, 3], [1, 2, 1, 0, 0, 2, 3, 0]])
    edge_type = np.array([0, 1, 0, 1, 1, 0, 0, 1])  # node 6 has no edge

    def __init__(self):
        rng = np.random.default_rng(3)
        self.x = rng.standard_normal((self.nodes, self.features))
        self.x[rng.random(self.x.shape) < 0.4] = 0
        self.edge_weight = rng.uniform(0.5, 2, self.edge_index.shape[1])

    def adjacency(self, weight=None, keep=None):
        """(N, N) dense A, rows targets, columns sources: A x is the sum at targets."""
        source, target = self.edge_index
        weight = np.ones(len(source)) if weight is None else weight
        weight = weight if keep is None else weight * keep
        a = np.zeros((self.nodes, self.nodes))
        np.add.at(a, (target, source), weight)
        return a


@pytest.fixture(scope="session")
def example():
    return Example()
