"""The second witness: a Keras layer, a Keras loss or a plain function, made ready."""

import contextlib
import inspect

import numpy as np

from . import autodiff
from .structure import keyword_only, read_structure
from .tree import as_float64, leaves, rebuild


def witness(layer, inputs, call):
    """Wrap what `agree` was given; refuse what computes in another precision."""
    import keras

    if isinstance(layer, keras.layers.Layer):
        return LayerWitness(layer, inputs, call)
    if isinstance(layer, keras.losses.Loss):
        return LossWitness(layer, inputs, call)
    if callable(layer):
        return FunctionWitness(layer, inputs, call)
    raise TypeError(
        f"agree: layer is a {type(layer).__name__}; expected a Keras layer, a Keras "
        "loss or a function"
    )


class FunctionWitness:
    """A function of tensors: no weights, no configuration."""

    def __init__(self, layer, inputs, call):
        import keras

        self.layer, self.inputs, self.call = layer, inputs, call
        self.kind = getattr(layer, "__name__", type(layer).__name__)
        self.backend = keras.backend.backend()
        self.named = []  # arguments of the call that op differentiates, in order

    def ready(self, seed):
        return contextlib.nullcontext()

    def differentiate(self, names):
        self.named = names

    def structure(self, op):
        return {name: self.call[name] for name in keyword_only(op) if name in self.call}

    def weights(self):
        return []

    def accepted(self):
        """The part of `call` that the layer's own signature knows."""
        target = getattr(self.layer, "call", self.layer)
        parameters = inspect.signature(target).parameters.values()
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            return dict(self.call)
        known = {p.name for p in parameters}
        return {name: value for name, value in self.call.items() if name in known}

    def value_and_gradients(self, dy):
        """The flat value, and the gradients of inputs, named arguments and weights."""
        tree = (self.inputs, [as_float64("agree", self.call[n], n) for n in self.named])
        flat = [leaf for _, leaf in leaves(tree, "")]

        def run(tensors, *values):
            inputs, named = rebuild(tree, iter(tensors))
            arguments = self.accepted() | dict(zip(self.named, named, strict=True))
            outputs = self.invoke(inputs, _tensors(arguments), *values)
            return _expect_float64(self.kind, [y for _, y in leaves(outputs, "y")])

        outputs, d_inputs, d_weights = autodiff.vector_jacobian(
            run, flat, self.variables(), dy
        )
        return outputs, d_inputs + d_weights

    def variables(self):
        return []

    def invoke(self, inputs, arguments, *values):
        return self.layer(*inputs, **arguments)


class LossWitness(FunctionWitness):
    """A Keras loss: called (y_true, y_pred), while operators take y_pred first."""

    def __init__(self, layer, inputs, call):
        super().__init__(layer, inputs, call)
        _expect_dtype(layer)

    def accepted(self):
        return {}

    def invoke(self, inputs, arguments, *values):
        if len(inputs) == 2:
            prediction, target = inputs
        elif len(inputs) == 1 and len(self.call) == 1:
            (prediction,), (target,) = inputs, self.call.values()
        else:
            raise ValueError(
                f"agree: {self.kind} compares a prediction with a target; expected "
                "agree(op, loss, prediction, target) or (op, loss, logits, labels=…)"
            )
        return self.layer(target, prediction)


class LayerWitness(FunctionWitness):
    """A Keras layer: weights, configuration, and statistics to put back."""

    def __init__(self, layer, inputs, call):
        super().__init__(layer, inputs, call)
        self.kind = type(layer).__name__
        _expect_dtype(layer)

    @contextlib.contextmanager
    def ready(self, seed):
        """Build; fill constant weights with random numbers; put everything back."""
        fresh = not self.layer.built
        if fresh:
            self._build()
        before = [np.array(v.numpy()) for v in self.layer.variables]
        try:
            rng = np.random.default_rng([seed, 0xA5])
            for v in self.layer.trainable_variables:
                constant = np.ptp(v.numpy()) == 0 if np.prod(v.shape) else True
                if fresh or constant:
                    v.assign(rng.standard_normal(v.shape))
            for v in self.layer.non_trainable_variables:
                # Moving statistics 0 and 1 would hide an operator that ignores them.
                if "float" in str(v.dtype) and np.ptp(v.numpy()) == 0:
                    v.assign(v + np.abs(rng.standard_normal(v.shape)))
            yield
        finally:
            for v, old in zip(self.layer.variables, before, strict=True):
                v.assign(old)

    def _build(self):
        import keras

        def symbolic(leaf):
            return keras.KerasTensor(np.shape(leaf), dtype="float64")

        arrays = (symbolic(leaf) for _, leaf in leaves(self.inputs, ""))
        self.layer(*rebuild(self.inputs, arrays), **_tensors(self.accepted()))

    def structure(self, op):
        call = {n: v for n, v in self.call.items() if n not in self.named}
        known = set(keyword_only(op)) | set(self.named)
        unknown = [name for name in call if name not in known]
        if unknown:
            raise ValueError(
                f"agree: {op.__name__} has no argument {', '.join(unknown)}; it takes "
                f"{', '.join(inspect.signature(op).parameters)}"
            )
        return read_structure(op, self.layer, call)

    def accepted(self):
        """By name; what is no input goes where the layer needs one (ids)."""
        accepted = super().accepted()
        parameters = inspect.signature(self.layer.call).parameters.values()
        needed = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        needed = needed[len(self.inputs) :]
        required = [
            p.name for p in parameters if p.name in needed and p.default is p.empty
        ]
        free = [name for name in required if name not in accepted]
        others = [name for name in self.call if name not in accepted]
        pairs = zip(free, others, strict=False)
        return accepted | {name: self.call[other] for name, other in pairs}

    def weights(self):
        """Name and value of each: `kernel`, or `query_kernel` where two are alike."""
        variables = self.variables()
        names = [v.name for v in variables]
        if len(set(names)) < len(names):
            names = ["_".join(v.path.split("/")[-2:]) for v in variables]
        return [(n, np.array(v.numpy())) for n, v in zip(names, variables, strict=True)]

    def variables(self):
        return self.layer.trainable_variables

    def invoke(self, inputs, arguments, *values):
        if not values:
            return self.layer(*inputs, **arguments)
        others = [v.value for v in self.layer.non_trainable_variables]
        outputs, _ = self.layer.stateless_call(values[0], others, *inputs, **arguments)
        return outputs


def _tensors(arguments):
    import keras

    return {
        name: keras.ops.convert_to_tensor(value)
        if isinstance(value, np.ndarray)
        else value
        for name, value in arguments.items()
    }


def _expect_dtype(layer):
    policy = getattr(layer, "dtype_policy", None)
    dtype = policy.name if policy is not None else layer.dtype
    if dtype != "float64":
        kind = type(layer).__name__
        raise ValueError(
            f"agree: {kind} has dtype {dtype}; expected float64, a proof needs the "
            f'digits: build it as {kind}(…, dtype="float64")'
        )


def _expect_float64(kind, outputs):
    import keras

    for y in outputs:
        dtype = keras.backend.standardize_dtype(y.dtype)
        if dtype != "float64":
            raise ValueError(
                f"agree: {kind} returned {dtype}; expected float64: it must keep the "
                "precision of its inputs"
            )
    return outputs
