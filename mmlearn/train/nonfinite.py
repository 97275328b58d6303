"""A loss or a gradient that is not finite: in which step, and where it came from."""

from keras import tree

from mmlearn.train.watched import nonfinite, undisturbed, watched


class NonFiniteError(ArithmeticError):
    """The loss or a gradient is NaN or infinite; that step was not applied.

    Attributes:
        epoch: counted from 0.
        step: the number of the batch in the epoch, counted from 0.
        layer: name of the first layer with a non-finite value, None if none was found.
    """

    def __init__(self, message, *, epoch, step, layer=None):
        super().__init__(message)
        self.epoch, self.step, self.layer = epoch, step, layer


def explain(step, batch, epoch, number, kept):
    """The error for a step that was not finite, after taking it again, eagerly.

    Args:
        step: the backend's step; its variables are as they were before that step.
        batch: (x, y, sample_weight).
        epoch: counted from 0.
        number: the batch's number in the epoch, counted from 0.
        kept: a sentence on the checkpoint that is left.
    """
    layer, cause = _culprit(step, batch)
    return NonFiniteError(
        f"train.fit: epoch {epoch + 1}, step {number + 1}: {cause}. The step was not "
        f"applied: the model holds the weights from before it. {kept}",
        epoch=epoch,
        step=number,
        layer=layer,
    )


def _culprit(step, batch):
    """(layer name or None, what is wrong in words), in the order of the computation."""
    for name, part in zip(("x", "y", "sample_weight"), batch, strict=True):
        for path, array in tree.flatten_with_path(part):
            wrong = None if array is None else nonfinite(array)
            if wrong:
                key = "".join(f"[{k!r}]" for k in path)
                return None, f"the batch's {name}{key} holds {wrong}"
    found: list = []

    def see(layer, outputs):
        wrong = next(filter(None, map(nonfinite, outputs)), None)
        if wrong and not found:
            found.append((layer, wrong))

    with undisturbed(step.variables), watched(step.model, see):
        loss = step.loss(batch)
    if found:
        layer, wrong = found[0]
        weights = any(nonfinite(v.value) for v in layer.variables)
        why = ", and so do its weights" if weights else "; its weights are finite"
        return layer.name, (
            f"layer {layer.name!r} ({type(layer).__name__}) is the first whose output "
            f"holds {wrong}{why}"
        )
    if nonfinite(loss):
        return None, f"the loss is {nonfinite(loss)}, of predictions that are finite"
    with undisturbed(step.variables):
        gradients = step.gradients(batch)
    # Backpropagation runs from the last layer to the first.
    weights = step.model.trainable_variables
    for variable, gradient in reversed(list(zip(weights, gradients, strict=True))):
        wrong = None if gradient is None else nonfinite(gradient)
        if wrong:
            layer = variable.path.split("/")[-2]
            return layer, (
                f"the loss is finite, but the gradient of {variable.path} holds "
                f"{wrong} (the first on the way back from the loss)"
            )
    return None, "the loss or a gradient overflowed in the compiled step"
