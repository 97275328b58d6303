"""How early is it known? Accuracy of a forecast against the time before the event."""

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.evaluate.classification import class_numbers
from mmlearn.evaluate.robustness import Measured


def lead_time_curve(forecasts, labels, event, *, horizon=None, level=0.95):
    """Accuracy of forecasts by lead ℓ, the frames from the last one seen to the event.

    A_ℓ = mean over n of [ŷ_n(s) = y_n] with s = e_n + 1 − ℓ: who has seen s frames has
    seen frames 0 … s − 1, and the event is in frame e_n. Where ℓ < 1 it has been seen,
    and is no forecast any more: left out.

    Args:
        forecasts: dict, frames seen s -> (N,) class numbers or (N, K) logits, made from
            these frames alone.
        labels: (N,) class numbers.
        event: (N,) whole numbers, the frame in which it happens, in the film or later.
        horizon: the largest ℓ wanted; None: any.
        level: of the intervals.

    Returns:
        dict, ℓ ascending -> Measured(accuracy, low, high). Every clip counts at most
        once at each ℓ, so that Wilson's interval holds; the clips differ with ℓ.

    Raises:
        ValueError: no forecasts, s below 1, a horizon below 1, no ℓ left.
        ShapeError: forecasts that are not one a label.

    >>> seen = {1: [0, 0], 2: [1, 0]}
    >>> curve = lead_time_curve(seen, [1, 1], event=[2, 3])
    >>> {lead: found.accuracy for lead, found in curve.items()}
    {1: 1.0, 2: 0.0, 3: 0.0}
    """
    where = "lead_time_curve"
    if not forecasts or min(forecasts) < 1 or (horizon is not None and horizon < 1):
        raise ValueError(
            f"{where}: forecasts after {sorted(forecasts)} frames, horizon {horizon}; "
            "expected some, each after 1 frame or more, and a horizon of 1 or more"
        )
    labels = expect_array(where, "labels", labels)
    sizes = expect_shape(where, "labels", labels, "B")
    event = expect_array(where, "event", event)
    expect_shape(where, "event", event, "B", sizes=sizes)
    if event.dtype.kind not in "iu":
        raise ValueError(f"{where}: event is {event.dtype}; expected whole frames")
    right: dict[int, list[bool]] = {}
    for seen in sorted(forecasts):
        correct = _right(where, forecasts[seen], labels)
        for lead, one in zip(event + 1 - seen, correct, strict=True):
            if lead >= 1 and (horizon is None or lead <= horizon):
                right.setdefault(int(lead), []).append(bool(one))
    if not right:
        raise ValueError(
            f"{where}: no forecast is left: every event had been seen, or lies beyond "
            f"the horizon {horizon}"
        )
    return {k: Measured.of(sum(right[k]), len(right[k]), level) for k in sorted(right)}


def _right(where, answers, labels):
    """(N,) bool."""
    answers = expect_array(where, "a forecast", answers)
    answers = answers.argmax(axis=1) if answers.ndim == 2 else answers
    if answers.shape != labels.shape:
        raise ShapeError(
            f"{where}: a forecast is {answers.shape}; expected (N,) class numbers, or "
            f"(N, K) logits, of {len(labels)} clips"
        )
    labels, answers = class_numbers(where, labels, answers)
    return labels == answers
