"""What a model is trained to make small."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference.upstream import upstream


def softmax_cross_entropy(logits, *, labels):
    """Mean surprise, in nats, at the true classes: L = −1/B Σ_b log softmax(z_b)_{k_b}.

    With the largest logit subtracted from z_b (it cancels) nothing overflows:
    L = 1/B Σ_b (log Σ_j exp(z_bj) − z_b,k_b).

    Args:
        logits: (B, K) scores z.
        labels: (B,) integers k_b, from 0 to K − 1.

    Returns:
        loss: a number, and its pullback: dloss -> (dlogits,). Before training, with
        all logits alike, the loss is ln K.

    Raises:
        ShapeError: for shapes that differ, and for a batch of none, which has no mean.
        ValueError: for labels that are no integers, or out of range.

    >>> loss, pullback = softmax_cross_entropy(np.zeros((2, 10)), labels=[3, 7])
    >>> print(f"{loss:.4f} = ln 10 = {np.log(10):.4f}")
    2.3026 = ln 10 = 2.3026
    """
    sizes = expect_shape("softmax_cross_entropy", "logits", logits, "B K")
    labels = _class_numbers(labels, sizes)
    logits = expect_array("softmax_cross_entropy", "logits", logits)
    rows = np.arange(sizes["B"])
    z = logits - logits.max(axis=1, keepdims=True)  # (B, K)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))  # (B, K)
    loss = -log_p[rows, labels].mean()

    def pullback(dloss):
        # L_b = log Σ_j exp(z_bj) − z_b,k_b, and L is the mean of B such, so
        # ∂L/∂z_bj = 1/B (exp(z_bj) / Σ_i exp(z_bi) − [j = k_b])
        #          = 1/B (p_bj − [j = k_b])
        dloss = upstream("softmax_cross_entropy", dloss, loss)
        dlogits = np.exp(log_p)
        dlogits[rows, labels] -= 1
        return (dlogits * dloss / len(rows),)

    return loss, pullback


def mean_squared_error(prediction, target):
    """Mean of the squared differences: L = 1/n Σ_i (p_i − t_i)².

    Args:
        prediction: p, any shape.
        target: t, the same shape.

    Returns:
        loss: a number, and its pullback: dloss -> dprediction, dtarget.

    Raises:
        ShapeError: for shapes that differ (they would broadcast to a wrong mean), and
            for arrays of no element, which have no mean.

    >>> mean_squared_error(np.array([1.0, 2.0]), np.array([1.0, 4.0]))[0]
    np.float64(2.0)
    """
    where = "mean_squared_error"
    prediction = expect_array(where, "prediction", prediction)
    target = expect_array(where, "target", target)
    if prediction.shape != target.shape:
        raise ShapeError(
            f"{where}: prediction is {prediction.shape}, target is "
            f"{target.shape}; expected the same shape"
        )
    if prediction.size == 0:
        raise ShapeError(f"{where}: no element to take the mean of")
    difference = prediction - target
    loss = (difference * difference).mean()

    def pullback(dloss):
        # ∂L/∂p_i = 2/n (p_i − t_i), and ∂L/∂t_i = −∂L/∂p_i.
        dloss = upstream(where, dloss, loss)
        dprediction = dloss * 2 / difference.size * difference
        return dprediction, -dprediction

    return loss, pullback


def _class_numbers(labels, sizes):
    """Check that labels (B,) are class numbers from 0 to K − 1."""
    where = "softmax_cross_entropy"
    labels = expect_array(where, "labels", labels)
    hint = "one class number per row of logits, no one-hot rows"
    expect_shape(where, "labels", labels, "B", sizes=sizes, hint=hint)
    if sizes["B"] == 0:
        raise ShapeError(f"{where}: the batch is empty; expected one row or more")
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"{where}: labels are {labels.dtype}; expected integers")
    wrong = labels[(labels < 0) | (labels >= sizes["K"])]
    if wrong.size:
        raise ValueError(
            f"{where}: a label is {wrong[0]}; expected 0 to {sizes['K'] - 1}, "
            f"for logits have K = {sizes['K']} classes"
        )
    return labels
