"""What modalities tell of a label, in bits and in accuracy: tables of probabilities.

A table has an axis for each modality's symbol and the label's axis last: p(x1, x2, y).
"""

from dataclasses import dataclass

import numpy as np

from mmlearn.axes import ShapeError, expect_array

LEAST = 1e-15  # in place of 0 below a logarithm
TURNS = 10  # searches for the least information, at most


def mutual_information(joint):
    """I(x; y) = Σ p(x, y) log₂ [p(x, y) / (p(x) p(y))], in bits.

    Args:
        joint: (…, K) probabilities; all axes but the last together are x.

    Returns:
        float ≥ 0: by how many bits the best cross-entropy falls when x is seen.

    Raises:
        ValueError: for numbers that are no probabilities, or do not add up to 1.

    >>> round(mutual_information([[0.45, 0.05], [0.05, 0.45]]), 3)
    0.531
    """
    p = _rows(_table("mutual_information", joint))
    apart = p.sum(axis=1, keepdims=True) * p.sum(axis=0)
    there = p > 0
    return max(0.0, float((p[there] * np.log2(p[there] / apart[there])).sum()))


def bayes_accuracy(joint):
    """The best accuracy for those who see x: Σ_x max_y p(x, y).

    Args:
        joint: (…, K) probabilities; all axes but the last together are x.

    >>> round(bayes_accuracy([[0.45, 0.05], [0.05, 0.45]]), 3)
    0.9
    """
    return float(_rows(_table("bayes_accuracy", joint)).max(axis=1).sum())


@dataclass(frozen=True)
class Parts:
    """Where the bits of I(x1, x2; y) are.

    Attributes:
        redundancy: in either modality alone. unique: (2,) in that modality only.
        synergy: in none alone, only in how they combine.
    """

    redundancy: float
    unique: tuple[float, float]
    synergy: float

    def __str__(self):
        first, second = self.unique
        return (
            f"redundancy {self.redundancy:.3f}, unique {first:.3f} and {second:.3f}, "
            f"synergy {self.synergy:.3f} bits"
        )


def information_parts(joint):
    """Cut I(x1, x2; y) into redundancy, unique parts and synergy, in bits.

    Of all tables q in which each modality alone tells of y what it does here, q(x1, y)
    = p(x1, y) and q(x2, y) = p(x2, y), one tells least: I* = min_q I_q(x1, x2; y). Then
    synergy = I(x1, x2; y) − I*, unique_1 = I* − I(x2; y), unique_2 = I* − I(x1; y),
    redundancy = I(x1; y) + I(x2; y) − I*. All are ≥ 0; found to about 1e-6 bits.

    Args:
        joint: (A, B, K) probabilities: of two modalities' symbols, and the label last.

    Returns:
        Parts.

    Source: Bertschinger, Rauh, Olbrich, Jost and Ay (2014), Quantifying unique
    information, Entropy 16(4).

    >>> xor = np.zeros((2, 2, 2))
    >>> xor[[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]] = 0.25
    >>> print(information_parts(xor))
    redundancy 0.000, unique 0.000 and 0.000, synergy 1.000 bits
    """
    p = _table("information_parts", joint)
    if p.ndim != 3:
        raise ShapeError(
            f"information_parts: joint is {p.shape}; expected (A, B, K): the symbols "
            "of two modalities, and the label"
        )
    first, second = (mutual_information(p.sum(axis=a)) for a in (1, 0))
    both = mutual_information(p)
    least = min(max(_least(p), first, second), both)
    unique = (least - second, least - first)
    return Parts(max(0.0, first + second - least), unique, both - least)


def _least(p):
    """min_q I_q: over the tables that differ from p by swaps within one label."""
    labels = p.sum(axis=(0, 1))
    p, labels = p[:, :, labels > 0], labels[labels > 0]
    apart = (
        p.sum(axis=1)[:, None] * p.sum(axis=0)[None] / labels
    )  # given y, independent
    inner = (0.5 * p + 0.5 * apart).ravel()  # no cell is 0 that may be more
    swaps = _swaps(p.shape)
    if not len(swaps):
        return mutual_information(p)
    least, q = np.inf, inner
    for turn in range(TURNS):
        # At the edge the slope is a cliff and the search may stop too early: it goes on
        # from a little inside until that gains nothing.
        found, at = _descend(q if turn == 0 else 0.9 * q + 0.1 * inner, swaps, labels)
        gained = least - found
        least, q = (found, at) if gained > 0 else (least, q)
        if turn and gained < 1e-8:
            break
    return least


def _descend(start, swaps, labels):
    """The least I_q that one search from `start` finds, and its q (flat)."""
    from scipy.optimize import minimize

    def information(t):
        q = np.maximum(start + t @ swaps, 0).reshape(-1, len(labels))
        x = q.sum(axis=1, keepdims=True)  # q(x1, x2)
        ratio = np.log2(np.maximum(q, LEAST) / np.maximum(x * labels, LEAST))
        return (q * ratio).sum(), swaps @ ratio.ravel()

    positive = {
        "type": "ineq",
        "fun": lambda t: start + t @ swaps,
        "jac": lambda t: swaps.T,
    }
    found = minimize(
        information,
        np.zeros(len(swaps)),
        jac=True,
        constraints=positive,
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    return float(found.fun), np.maximum(start + found.x @ swaps, 0)


def _swaps(shape):
    """(n, A·B·K): + − over − + in one label's table keeps all its margins."""
    a, b, k = shape
    rows = []
    for y, i, j in np.ndindex(k, a - 1, b - 1):
        d = np.zeros(shape)
        d[0, 0, y] = d[i + 1, j + 1, y] = 1
        d[0, j + 1, y] = d[i + 1, 0, y] = -1
        rows.append(d.ravel())
    return np.array(rows)


def _rows(p):
    """(X, K): all of x in one axis."""
    return p.reshape(-1, p.shape[-1])


def _table(where, joint):
    p = expect_array(where, "joint", joint).astype(float)
    if p.ndim < 2 or not (p >= 0).all() or abs(p.sum() - 1) > 1e-6:
        raise ValueError(
            f"{where}: joint is {p.shape} and adds up to {p.sum():.4g}; expected "
            "probabilities ≥ 0 that add up to 1, an axis for x and the label's last"
        )
    return p
