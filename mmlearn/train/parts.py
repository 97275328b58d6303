"""A batch in parts: for accumulation one after another, for replicas side by side.

A step is always one batch of the source and one update. Its rows are dealt to P parts
as equally as can be: with B = q·P + r rows, the first r parts have q + 1 rows, the
others q. The batch's loss is the mean over rows, so that with n_p rows in part p

    L = Σ_p (n_p / B) L_p,     ∇L = Σ_p (n_p / B) ∇L_p,

whatever B is: the last, smaller batch of an epoch needs no rule of its own. Terms that
do not depend on the rows (a regularizer of the weights) count once, as Σ n_p = B.
"""

from keras import tree


def spans(rows, first, count, parts):
    """Runs of equally large parts among parts `first` … `first + count − 1`.

    Args:
        rows: B; None where the graph does not know it.
        first: number of the first part wanted.
        count: how many are wanted.
        parts: P.

    Returns:
        list of (begin, end, size): parts begin … end − 1 have `size` rows (None if B is
        None); parts without rows are left out.

    >>> spans(10, 0, 4, 4)
    [(0, 2, 3), (2, 4, 2)]
    >>> spans(2, 0, 4, 4)
    [(0, 2, 1)]
    """
    stop = first + count
    if rows is None:
        return [(first, stop, None)]
    small, larger = divmod(rows, parts)
    cut = min(max(larger, first), stop)
    found = [(first, cut, small + 1), (cut, stop, small)]
    return [(b, e, size) for b, e, size in found if b < e and size]


def offset(part, rows, parts, minimum=min):
    """The first row of a part; `minimum` is the backend's where these are tensors."""
    return part * (rows // parts) + minimum(part, rows % parts)


def expect_divisible(model, batch, why):
    """Refuse what cannot be cut into parts without becoming another number.

    Args:
        model: compiled keras.Model.
        batch: (x, y, sample_weight), a first batch.
        why: the argument that cuts, for the message.

    Raises:
        ValueError: an array that is not (B, …), or a loss that is not a mean over rows.
    """
    rows = {}
    for name, part in zip(("x", "y", "sample_weight"), batch, strict=True):
        for path, array in tree.flatten_with_path(part):
            if array is not None:
                rows[name + "".join(f"[{k!r}]" for k in path)] = array.shape[0]
    if len(set(rows.values())) > 1:
        told = ", ".join(f"{name} {n}" for name, n in rows.items())
        raise ValueError(
            f"train.fit: {why} cuts every array of a batch along its first axis, B; "
            f"here the first axes are {told}. A graph's edges cannot be cut so: train "
            "on whole batches"
        )
    for loss in tree.flatten(model.loss):
        reduction = getattr(loss, "reduction", "sum_over_batch_size")
        if reduction not in ("sum_over_batch_size", "mean"):
            raise ValueError(
                f"train.fit: {why} needs a loss that is a mean over the rows of a "
                f"batch; {loss.name} has reduction={reduction!r}, which the means over "
                'parts do not add up to: use "sum_over_batch_size"'
            )


def expect_no_mask(prediction):
    """Refuse losses over masked steps: each part would divide by its own count."""
    if any(
        getattr(p, "_keras_mask", None) is not None for p in tree.flatten(prediction)
    ):
        raise ValueError(
            "train.fit: the predictions carry a mask, so the loss divides by the "
            "number of valid steps, which differs between the parts of a batch; train "
            "without gradient_accumulation_steps and strategy, or weigh the steps "
            "yourself with sample_weight"
        )
