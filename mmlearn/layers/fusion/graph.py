"""Graph fusion: modality × time steps as nodes, and message passing is the fusion."""

import keras
import numpy as np
from keras import ops

from mmlearn.layers.fusion.tokens import TokenFusion
from mmlearn.layers.graph.base import positive
from mmlearn.layers.graph.segments import wide, widen

TIME, SYNCHRONOUS = 0, 1  # relations: within a modality, across modalities
SLOPE = 0.2  # below zero: what a round hears is positive, so a ReLU could shut for good


@keras.saving.register_keras_serializable("mmlearn")
class GraphFusion(TokenFusion):
    """Messages between the steps of all modalities, in some rounds, then their mean.

    Node l is step t of modality m and begins as h_l = x_l W_m + b_m. Edges in time join
    t and t ± 1 of one modality; synchronous edges join steps of two modalities whose
    spans [t/T_m, (t+1)/T_m) of the whole, padding included, overlap. A round is an RGCN
    (Schlichtkrull et al. 2018, eq. 2): h_l ← lrelu(h_l R + Σ_r mean_{s → l by r} h_s
    W_r + b), leaky with slope 0.2: a ReLU's last few units may be shut for all samples.
    y = σ(mean of h), over the steps of each modality, then over the modalities. What is
    not available sends nothing and is in no mean; where nothing is, y = σ(0).

    Args:
        units: features out, U. rounds: how many edges a message may travel.
        activation (of the pooled vector), use_bias, kernel_initializer, …: as in Dense.

    Call: inputs, a dict of (B, T_m, F_m) or (B, F_m), T_m may differ; available, a dict
    of (B,) or (B, T_m) booleans, or None: all are -> y (B, U).
    Weights: for each modality by name kernel (F_m, U), bias (U,); for each round kernel
    (2, U, U), of time and of synchronous edges, root_kernel (U, U), bias (U,).
    Parameters: U ΣF + M U + rounds (3 U² + U). Multiply-adds for a sample, S = ΣT_m:
    U Σ T_m F_m + rounds (3 S U² + 2 S² U): edges are a matrix, for S of hundreds.
    Raises KeySetError, ShapeError. `fusion_edges(steps)` lists the edges.

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 4, 5)), "sound": np.ones((2, 7, 3))}
    >>> GraphFusion(4)(x).shape == (2, 4)
    True
    """

    def __init__(self, units, rounds=2, activation=None, **kwargs):
        super().__init__(units, activation, **kwargs)
        self.rounds = positive(self, "rounds", rounds)

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        self.kernels, self.biases = self.add_maps()
        self.passes = [self._round(f"round_{i + 1}") for i in range(self.rounds)]

    def _round(self, name):
        shape = (2, self.units, self.units)

        def drawn(initializer, dtype):
            matrix = initializer((self.units, 2 * self.units), dtype=dtype)
            return ops.transpose(ops.reshape(matrix, (self.units, 2, -1)), (1, 0, 2))

        kernel = self.add_kernel(f"{name}_kernel", shape, drawn)
        root = self.add_kernel(f"{name}_root_kernel", shape[1:])
        bias = self.add_bias(name=f"{name}_bias") if self.use_bias else None
        return kernel, root, bias

    def call(self, inputs, available=None):
        tokens = self.tokens(inputs, available)
        there = ops.cast(tokens.there, wide(self.compute_dtype))[..., None]  # (B, S, 1)
        means = [self._mean_over(edges, there) for edges in _edges(tokens)]
        h = tokens.h
        for kernel, root, bias in self.passes:
            total = ops.matmul(h, root)
            for relation, mean in enumerate(means):
                heard = ops.cast(mean(h), self.compute_dtype)
                total = total + ops.matmul(heard, kernel[relation])
            total = total if bias is None else total + bias
            h = ops.maximum(total, SLOPE * total)  # leaky: in float64 exact, too
        return self.pool(h, tokens.share)

    def _mean_over(self, edges, there):
        """h -> its mean over the available nodes that send to each node, or zero."""
        edges = ops.cast(edges, there.dtype)  # (1, S, S), rows receive
        count = ops.maximum(ops.matmul(edges, there), 1)  # (B, S, 1)
        return lambda h: ops.matmul(edges, widen(h) * there) / count

    def get_config(self):
        return super().get_config() | {"rounds": self.rounds}


def _edges(tokens):
    """Whether s sends to l, (1, S, S) at l, s: in time, and synchronously."""
    owner, step, steps = (part[:1] for part in tokens[3:])  # the same in all samples
    ours, theirs = owner[:, :, None], owner[:, None, :]
    t, total = step[:, :, None], steps[:, :, None]  # of the receiver l
    u, whole = step[:, None, :], steps[:, None, :]  # of the sender s
    neighbours = ops.equal(ops.abs(t - u), 1)
    overlap = ops.logical_and(t * whole < (u + 1) * total, u * total < (t + 1) * whole)
    return (
        ops.logical_and(ops.equal(ours, theirs), neighbours),
        ops.logical_and(ops.not_equal(ours, theirs), overlap),
    )


def fusion_edges(steps):
    """The graph that GraphFusion passes messages on.

    Args:
        steps: dict, modality to its time steps T_m; 1 for a vector.

    Returns:
        edge_index: (2, E) int64, row 0 source nodes, row 1 target nodes. Nodes are
            numbered by modality, in the order of the sorted names, then by step.
        edge_type: (E,) int64: 0 in time, 1 synchronous.

    Raises:
        ValueError: for no modality, or a length that is no positive integer.

    >>> fusion_edges({"image": 2, "text": 1})[0].tolist()
    [[1, 2, 0, 2, 0, 1], [0, 0, 1, 1, 2, 2]]
    """
    if not steps or any(int(n) != n or n < 1 for n in steps.values()):
        raise ValueError(
            f"fusion_edges: steps is {steps!r}; expected a dict, modality to a "
            "positive integer"
        )
    nodes = [
        (i, t, steps[n]) for i, n in enumerate(sorted(steps)) for t in range(steps[n])
    ]
    found = []
    for target, (m, t, total) in enumerate(nodes):
        for source, (n, u, whole) in enumerate(nodes):
            overlap = min((t + 1) * whole, (u + 1) * total) > max(t * whole, u * total)
            if m == n and abs(t - u) == 1:
                found.append((source, target, TIME))
            elif m != n and overlap:
                found.append((source, target, SYNCHRONOUS))
    table = np.array(found, "int64").reshape(-1, 3).T
    return table[:2], table[2]
