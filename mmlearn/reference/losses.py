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
    labels = _class_numbers("softmax_cross_entropy", labels, sizes)
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


def focal_loss(logits, *, labels, gamma=2.0, alpha=0.25):
    """Cross-entropy that fades where the model is right: −α (1 − p)^γ log p, the mean.

    p_b = softmax(z_b)_{k_b} is the probability of the true class. With γ = 0 and α = 1
    this is `softmax_cross_entropy`.

    Args:
        logits: (B, K) scores z.
        labels: (B,) integers k_b, from 0 to K − 1.
        gamma: γ ≥ 0, the focusing parameter; 0, 1 or more for a gradient at p = 1.
        alpha: a factor for all classes, or (K,) one for each, such as class weights.
            The mean is over B, whatever the weights add up to.

    Returns:
        loss: a number, and its pullback: dloss -> (dlogits,).

    Raises:
        ShapeError: as softmax_cross_entropy, and for an alpha of another shape.
        ValueError: as softmax_cross_entropy, and for a gamma or alpha below 0.

    Source: Lin et al. (2017), Focal loss for dense object detection, ICCV, eq. 5; here
    with a softmax, as Keras' CategoricalFocalCrossentropy, whose defaults these are.

    >>> loss, _ = focal_loss(np.log([[0.9, 0.1]]), labels=[0], gamma=2, alpha=1)
    >>> print(f"{loss:.6f}, one hundredth of {-np.log(0.9):.4f}")
    0.001054, one hundredth of 0.1054
    """
    where = "focal_loss"
    sizes = expect_shape(where, "logits", logits, "B K")
    labels = _class_numbers(where, labels, sizes)
    logits = expect_array(where, "logits", logits)
    rows = np.arange(sizes["B"])
    weights = _weights(where, gamma, alpha, sizes, logits.dtype)[labels]  # (B,)
    z = logits - logits.max(axis=1, keepdims=True)  # (B, K)
    log_softmax = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    log_p = log_softmax[rows, labels]  # (B,)
    missing = -np.expm1(log_p)  # 1 − p, exact where p is nearly 1
    fading = missing**gamma
    loss = -(weights * fading * log_p).mean()

    def pullback(dloss):
        # ℓ = −(1 − p)^γ log p, so dℓ/dp = γ (1 − p)^(γ−1) log p − (1 − p)^γ / p.
        # ∂p/∂z_j = p ([j = k] − p_j). Multiplied, with the sign taken out:
        # ∂ℓ/∂z_j = f (p_j − [j = k]),  f = (1 − p)^γ (1 − γ p log p / (1 − p)):
        # the gradient of cross-entropy times a factor. As p → 1, log p / (1 − p) → −1.
        dloss = upstream(where, dloss, loss)
        gone = missing == 0
        ratio = np.where(gone, -1, log_p / np.where(gone, 1, missing))
        factor = weights * fading * (1 - gamma * np.exp(log_p) * ratio)  # (B,)
        dlogits = np.exp(log_softmax)
        dlogits[rows, labels] = -missing
        return (dlogits * (factor * dloss / len(rows))[:, None],)

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


def _class_numbers(where, labels, sizes):
    """Check that labels (B,) are class numbers from 0 to K − 1."""
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


def _weights(where, gamma, alpha, sizes, dtype):
    """(K,) factors of the classes, from one for all or one for each."""
    alpha = np.asarray(alpha, dtype)
    if not (np.isfinite(gamma) and gamma >= 0) or not (alpha >= 0).all():
        raise ValueError(
            f"{where}: gamma is {gamma}, alpha {alpha}; expected 0 or more of both"
        )
    if alpha.ndim:
        hint = "one factor for each class, or a single number"
        expect_shape(where, "alpha", alpha, "K", sizes=sizes, hint=hint)
    return np.broadcast_to(alpha, (sizes["K"],))
