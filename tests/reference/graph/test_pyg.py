"""Held against PyTorch Geometric, where it is installed: values and every gradient."""

import numpy as np
import pytest

from mmlearn import reference

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
pyg = pytest.importorskip(
    "torch_geometric.nn", reason="PyTorch Geometric is not installed"
)


def flat(heads_first):
    """(heads, U) of theirs is (1, heads, U)."""
    return lambda weight: weight.reshape(heads_first, -1)


def kernel(weight):
    return weight.T


def kernels(weight):
    """(2 U, F) of theirs is (F, heads, U) here."""
    return weight.T.reshape(weight.shape[1], 2, -1)


def same(weight):
    return weight


def cases():
    mlp = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2)
    )
    two = {"heads": 2, "negative_slope": 0.3}
    gat = [("lin.weight", kernels), ("att_src", flat(2)), ("att_dst", flat(2))]
    gatv2 = [("lin_l.weight", kernels), ("lin_r.weight", kernels), ("att", flat(2))]
    sage = [("lin_l.weight", kernel), ("lin_r.weight", kernel), ("lin_l.bias", same)]
    gin = [("eps", np.squeeze)]
    gin += [
        (f"nn.{i}.{w}", t)
        for i in (0, 2)
        for w, t in (("weight", kernel), ("bias", same))
    ]
    rgcn = [("weight", same), ("root", same), ("bias", same)]
    gcn = [("lin.weight", kernel), ("bias", same)]
    yield "gcn_conv", pyg.GCNConv(3, 2), gcn, {}
    yield (
        "gcn_conv",
        pyg.GCNConv(3, 2, add_self_loops=False, normalize=False),
        gcn,
        {"add_self_loops": False, "normalize": False},
    )
    for aggregate in ("mean", "max", "sum"):
        yield (
            "sage_conv",
            pyg.SAGEConv(3, 2, aggr=aggregate, normalize=True),
            sage,
            {"aggregate": aggregate, "normalize": True},
        )
    yield "gin_conv", pyg.GINConv(mlp, eps=0.3, train_eps=True), gin, {}
    slope = {"negative_slope": 0.3}
    yield "gat_conv", pyg.GATConv(3, 2, **two), [*gat, ("bias", same)], slope
    mean = slope | {"concat": False, "add_self_loops": False}
    averaged = pyg.GATConv(3, 2, concat=False, add_self_loops=False, **two)
    yield "gat_conv", averaged, [*gat, ("bias", same)], mean
    yield "gatv2_conv", pyg.GATv2Conv(3, 2, bias=False, **two), gatv2, slope
    typed = {"edge_type": np.arange(22) % 2}
    yield "rgcn_conv", pyg.RGCNConv(3, 2, num_relations=2), rgcn, typed


def edges():
    """Loops, one of them twice, duplicates, and a last node without an edge."""
    random = np.random.default_rng(0).integers(0, 5, (2, 18))
    return np.concatenate([random, random[:, :2], np.full((2, 2), 3)], axis=1)


@pytest.mark.parametrize(
    ("name", "theirs", "weights", "structure"),
    cases(),
    ids=[f"{i}-{name}" for i, (name, *_) in enumerate(cases())],
)
def test_is_pytorch_geometric(draw, name, theirs, weights, structure):
    theirs = theirs.double()
    named = dict(theirs.named_parameters())
    x, edge_index = draw(0, 6, 3), edges()
    with torch.no_grad():
        for i, (label, _) in enumerate(weights):
            value = torch.tensor(draw(i + 1, *named[label].shape))
            named[label].copy_(value)
    arrays = [x, *(turn(named[label].detach().numpy()) for label, turn in weights)]
    y, pullback = getattr(reference, name)(*arrays, edge_index=edge_index, **structure)
    tensor = torch.tensor(np.array(x), requires_grad=True)
    extra = [torch.tensor(v) for k, v in structure.items() if k == "edge_type"]
    z = theirs(tensor, torch.tensor(edge_index), *extra)
    np.testing.assert_allclose(y, z.detach().numpy(), atol=1e-10)
    dy = draw(99, *y.shape)
    z.backward(torch.tensor(np.array(dy)))
    expected = [tensor.grad.numpy()]
    expected += [turn(named[label].grad.numpy()) for label, turn in weights]
    for ours, autograd in zip(pullback(dy), expected, strict=False):
        np.testing.assert_allclose(ours, autograd, atol=1e-10)


def test_weighted_gcn_with_loops_of_their_own_weight(draw):
    edge_index, x = edges(), draw(0, 6, 3)
    weight = np.random.default_rng(1).random(edge_index.shape[1])
    arrays = [np.array(a) for a in (x, draw(1, 3, 2), draw(2, 2), weight)]
    y, pullback = reference.gcn_conv(*arrays, edge_index=edge_index)
    theirs = pyg.GCNConv(3, 2).double()
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    weights = {"lin.weight": tensors[1].T, "bias": tensors[2]}
    z = torch.func.functional_call(
        theirs, weights, (tensors[0], torch.tensor(edge_index), tensors[3])
    )
    np.testing.assert_allclose(y, z.detach().numpy(), atol=1e-12)
    dy = np.array(draw(3, 6, 2))
    z.backward(torch.tensor(dy))
    # Autograd also credits loops that a later one of the same node has overwritten,
    # though they change no output: there our 0 is right.
    source, target = edge_index
    loops = [e for e in range(len(source)) if source[e] == target[e]]
    gone = [e for e in loops if source[e] in source[[k for k in loops if k > e]]]
    assert gone
    tensors[3].grad[gone] = 0
    for ours, tensor in zip(pullback(dy), tensors, strict=True):
        np.testing.assert_allclose(ours, tensor.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("kind", ["sum", "mean", "max"])
def test_pools(draw, kind):
    graph_index = np.array([0, 0, 2, 2, 2, 3])
    x = np.array(draw(0, 6, 3))
    op = getattr(reference, f"graph_{kind}_pool")
    y, pullback = op(x, graph_index=graph_index, num_graphs=4)
    tensor = torch.tensor(x, requires_grad=True)
    theirs = {"sum": pyg.global_add_pool}
    theirs |= {"mean": pyg.global_mean_pool, "max": pyg.global_max_pool}
    z = theirs[kind](tensor, torch.tensor(graph_index), 4)
    np.testing.assert_allclose(y, z.detach().numpy(), atol=1e-12)
    dy = np.array(draw(1, 4, 3))
    z.backward(torch.tensor(dy))
    np.testing.assert_allclose(pullback(dy)[0], tensor.grad.numpy(), atol=1e-12)
