"""PyTorch Geometric's side of bench_large_graph.py, in an environment of its own.

python large_graph_pyg.py ARRAYS.npz gcn|gat edges|sparse WARM
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F
from large_graph_turns import Turns, resident
from torch_geometric.nn import GATConv, GCNConv


class GCN(torch.nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.first, self.last = GCNConv(features, hidden), GCNConv(hidden, classes)

    def forward(self, x, edges):
        return self.last(F.relu(self.first(x, edges)), edges)


class GAT(torch.nn.Module):
    def __init__(self, features, units, heads, classes):
        super().__init__()
        self.first = GATConv(features, units, heads)
        self.last = GATConv(heads * units, classes, 1, concat=False)

    def forward(self, x, edges):
        return self.last(F.elu(self.first(x, edges)), edges)


def fill(model, arrays, kind):
    """The weights that the other side has too, in PyTorch's shapes."""
    names = {
        "gcn": ["first.lin.weight", "last.lin.weight"],
        "gat": [
            f"{part}.{name}"
            for part in ("first", "last")
            for name in ("lin.weight", "att_src", "att_dst")
        ],
    }
    named = dict(model.named_parameters())
    with torch.no_grad():
        for i, name in enumerate(names[kind]):
            value = arrays[f"{kind}_{i}"]
            if name.endswith("weight"):
                value = value.reshape(value.shape[0], -1).T
            named[name].copy_(torch.tensor(value.reshape(named[name].shape)))


def main(path, kind, form, warm):
    torch.set_num_threads(1)
    with np.load(path) as held:
        arrays = dict(held)
    before = resident()
    x, y = torch.from_numpy(arrays["x"]), torch.from_numpy(arrays["y"])
    mask, edges = torch.from_numpy(arrays["mask"]), torch.from_numpy(arrays["edges"])
    if form == "sparse":  # as PyTorch Geometric advises for large graphs
        ones = torch.ones(edges.shape[1])
        edges = torch.sparse_coo_tensor(edges.flip(0), ones, (len(x), len(x)))
        edges = edges.coalesce().to_sparse_csr()
    sizes = {"gcn": (x.shape[1], 128, 40), "gat": (x.shape[1], 16, 8, 40)}
    model = {"gcn": GCN, "gat": GAT}[kind](*sizes[kind])
    fill(model, arrays, kind)
    optimizer = torch.optim.Adam(model.parameters(), 0.01, eps=1e-7)
    turns, going = Turns(before, warm), True
    while going:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x, edges)[mask], y[mask])
        loss.backward()
        optimizer.step()
        going = turns.done(loss.item())


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
