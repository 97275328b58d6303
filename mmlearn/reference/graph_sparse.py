"""Graph operators in matrix form, with SciPy's sparse matrices: quick on large graphs.

The same equations, arguments and numbers as the operators of the same names in
`mmlearn.reference.graph`, written as products with a sparse A. x may be a SciPy sparse
matrix (bags of words, say): X W then costs its stored entries only. Such an x is data:
its gradient, which would be dense, is None. tests/benchmarks/graph.md has the times.

>>> x, edge = sparse.csr_array([[2.0], [4.0]]), np.array([[0, 1], [1, 0]])
>>> gcn_conv(x, np.eye(1), edge_index=edge)[0].ravel()
array([3., 3.])
"""

import numpy as np
from scipy import sparse

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.reference.graph.check import expect_edges, expect_nodes, expect_weights
from mmlearn.reference.graph.gcn import symmetric, weighted_edges
from mmlearn.reference.graph.sage import unit_length
from mmlearn.reference.graph.segments import wide
from mmlearn.reference.upstream import upstream


def sum_conv(x, kernel, bias=None, *, edge_index):
    """Sum over neighbours, Y = A X W + 1 bᵀ: `mmlearn.reference.sum_conv`, quicker.

    Args:
        x: (N, F) features of the nodes, an array or a SciPy sparse matrix.
        kernel, bias, edge_index: as for `mmlearn.reference.sum_conv`.

    Returns:
        y: (N, U), and its pullback: dy (N, U) -> dx (None if x is sparse), dkernel,
        dbias.

    Raises: ShapeError, ValueError: what does not fit, and what would.
    """
    x, source, target, sizes = _expect_graph("sum_conv", x, edge_index)
    kernel, bias = expect_weights(
        "sum_conv", sizes, kernel=(kernel, "F U"), bias=(bias, "U")
    )
    a = adjacency(source, target, np.ones(len(source), wide(x.dtype)), sizes["N"])
    z, pullback_z = _product(x, kernel)  # (N, U)
    y = _add(_times(a, z), bias)

    def pullback(dy):
        # Y = A Z + 1 bᵀ, so dZ = Aᵀ dY and db = dYᵀ 1
        dy = upstream("sum_conv", dy, y)
        dx, dkernel = pullback_z(_times(a.T, dy))
        return dx, dkernel, None if bias is None else dy.sum(axis=0)

    return y, pullback


def _gcn_edges(source, target, edge_weight, add_self_loops, normalize, N, dtype):
    """The edges, their weights in Â (in Ã if not to be normalized), their pullback."""
    source, target, weight, pullback = weighted_edges(
        source, target, edge_weight, add_self_loops, N, dtype
    )
    if normalize:
        weight, pullback = symmetric("gcn_conv", weight, pullback, source, target, N)
    return source, target, weight, pullback


def gcn_conv(
    x,
    kernel,
    bias=None,
    edge_weight=None,
    *,
    edge_index,
    add_self_loops=True,
    normalize=True,
):
    """Graph convolution, Y = D̃^-½ Ã D̃^-½ X W + 1 bᵀ: `mmlearn.reference.gcn_conv`.

    Args:
        x: (N, F) features of the nodes, an array or a SciPy sparse matrix.
        kernel, bias, edge_weight: as for `mmlearn.reference.gcn_conv`.
        edge_index, add_self_loops, normalize: as for `mmlearn.reference.gcn_conv`.

    Returns:
        y: (N, U), and its pullback: dy (N, U) -> dx (None if x is sparse), dkernel,
        dbias, dedge_weight.

    Raises: ShapeError, ValueError: what does not fit; a negative degree.

    Source: T. Kipf, M. Welling, *Semi-supervised classification with graph
    convolutional networks*, ICLR 2017, eq. 2.
    """
    x, source, target, sizes = _expect_graph("gcn_conv", x, edge_index)
    kernel, bias, edge_weight = expect_weights(
        "gcn_conv",
        sizes,
        kernel=(kernel, "F U"),
        bias=(bias, "U"),
        edge_weight=(edge_weight, "E"),
    )
    source, target, weight, pullback_weight = _gcn_edges(
        source, target, edge_weight, add_self_loops, normalize, sizes["N"], x.dtype
    )
    a = adjacency(source, target, weight, sizes["N"])  # Â = D̃^-½ Ã D̃^-½
    z, pullback_z = _product(x, kernel)  # (N, U)
    y = _add(_times(a, z), bias)

    def pullback(dy):
        # Y = Â Z + 1 bᵀ, so dZ = Âᵀ dY and db = dYᵀ 1; and dÂ = dY Zᵀ, of which only
        # the edges count: dâ_e = Σ_k dy_{t_e k} z_{s_e k}. That last only if asked for.
        dy = upstream("gcn_conv", dy, y)
        dx, dkernel = pullback_z(_times(a.T, dy))
        dbias = None if bias is None else dy.sum(axis=0)
        if edge_weight is None:
            return dx, dkernel, dbias, None
        dedge_weight = pullback_weight((dy[target] * z[source]).sum(axis=1))
        return dx, dkernel, dbias, *dedge_weight

    return y, pullback


def sage_conv(
    x, kernel, root_kernel, bias=None, *, edge_index, aggregate="mean", normalize=False
):
    """GraphSAGE, Y = D⁻¹ A X W + X R + 1 bᵀ: `mmlearn.reference.sage_conv`, quicker.

    Args:
        x: (N, F) features of the nodes, an array or a SciPy sparse matrix.
        kernel, root_kernel, bias: as for `mmlearn.reference.sage_conv`.
        edge_index, normalize: as for `mmlearn.reference.sage_conv`.
        aggregate: "mean": a maximum is no product of matrices.

    Returns:
        y: (N, U), and its pullback: dy (N, U) -> dx (None if x is sparse), dkernel,
        droot_kernel, dbias.

    Raises: ShapeError, ValueError: what does not fit, and what would.

    Source: W. Hamilton, R. Ying, J. Leskovec, *Inductive representation learning on
    large graphs*, NeurIPS 2017, algorithm 1.
    """
    if aggregate != "mean":
        raise ValueError(
            f"sage_conv: aggregate is {aggregate!r}; expected 'mean' of the sparse "
            "twin: mmlearn.reference.sage_conv has the others"
        )
    x, source, target, sizes = _expect_graph("sage_conv", x, edge_index)
    kernel, root_kernel, bias = expect_weights(
        "sage_conv",
        sizes,
        kernel=(kernel, "F U"),
        root_kernel=(root_kernel, "F U"),
        bias=(bias, "U"),
    )
    a = adjacency(source, target, np.ones(len(source), wide(x.dtype)), sizes["N"])
    inverse = 1 / np.maximum(a.sum(axis=1), 1)  # of the degrees, (N,)
    z, pullback_z = _product(x, kernel)  # (N, U)
    root, pullback_root = _product(x, root_kernel)  # (N, U)
    y = _add(_scale(inverse, _times(a, z)) + root, bias)
    y, pullback_length = unit_length(y) if normalize else (y, lambda dy: (dy,))

    def pullback(dy):
        # Y = D⁻¹ A Z + X R + 1 bᵀ, so dZ = Aᵀ D⁻¹ dY
        (dy,) = pullback_length(upstream("sage_conv", dy, y))
        dx, dkernel = pullback_z(_times(a.T, _scale(inverse, dy)))
        dx_root, droot_kernel = pullback_root(dy)
        dx = None if dx is None else dx + dx_root
        return dx, dkernel, droot_kernel, None if bias is None else dy.sum(axis=0)

    return y, pullback


def adjacency(source, target, weight, nodes):
    """A (N, N) in COO form: A_vu adds up the weights of the edges u → v.

    Its product with a few columns is as quick as in CSR form, which costs more to make.
    """
    return sparse.coo_array((weight, (target, source)), shape=(nodes, nodes))


def _product(x, kernel):
    """Z = X W, and its pullback: dX = dZ Wᵀ (None if X is sparse), dW = Xᵀ dZ."""
    if not sparse.issparse(x):
        return x @ kernel, lambda dz: (dz @ kernel.T, x.T @ dz)
    return x @ kernel, lambda dz: (None, x.T @ dz)


def _times(a, z):
    """A Z in float32 or wider, in the dtype of Z."""
    return (a @ z.astype(wide(z.dtype), copy=False)).astype(z.dtype, copy=False)


def _scale(r, z):
    """diag(r) Z: each row by its number."""
    return (r[:, None] * z).astype(z.dtype, copy=False)


def _add(y, bias):
    """Y + 1 bᵀ; in place where that keeps the dtype: Y was made here."""
    if bias is None:
        return y
    if np.result_type(y, bias) != y.dtype:
        return y + bias
    y += bias
    return y


def _expect_graph(where, x, edge_index):
    """As `expect_graph`, for sparse x too: in CSR form, of floating point."""
    if sparse.issparse(x):
        sizes = expect_shape(where, "x", x, "N F")
        if sizes["N"] == 0:
            raise ShapeError(f"{where}: x is {x.shape}; expected one node or more")
        x = sparse.csr_array(x, dtype=np.promote_types(x.dtype, np.float32))
    else:
        x, sizes = expect_nodes(where, x)
    return x, *expect_edges(where, edge_index, sizes), sizes
