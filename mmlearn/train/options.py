"""How a run computes, apart from what it learns: the options of `fit`, checked."""

import contextlib
from dataclasses import dataclass
from typing import Any

import keras

from mmlearn.train.parts import expect_divisible
from mmlearn.train.precision import PRECISIONS, own_optimizer
from mmlearn.train.source import expect_int

KERAS_CLIPS = ("clipnorm", "global_clipnorm", "clipvalue")


@dataclass
class Options:
    """Precision, parts of a batch, clipping, XLA and devices of a run.

    Raises:
        ValueError: a value that cannot be meant.
    """

    precision: str | None = None
    gradient_accumulation_steps: int = 1
    global_clipnorm: float | None = None
    jit_compile: bool | None = None
    strategy: Any = None

    def __post_init__(self):
        expect_int("gradient_accumulation_steps", self.gradient_accumulation_steps)
        if self.precision not in (None, *PRECISIONS):
            raise ValueError(
                f"train.fit: precision is {self.precision!r}; expected one of "
                f"{', '.join(PRECISIONS)}, or None for what the model was built in"
            )
        clip = self.global_clipnorm
        number = isinstance(clip, int | float) and not isinstance(clip, bool)
        if clip is not None and not (number and clip > 0):
            raise ValueError(
                f"train.fit: global_clipnorm is {clip!r}; expected the largest length "
                "that a gradient may have, above 0, or None"
            )

    @property
    def identity(self):
        """What changes the numbers of a run, and so must be the same to go on."""
        return {"precision": self.precision, "global_clipnorm": self.global_clipnorm}

    def scope(self):
        """Inside, metrics and slots are made on all devices of the strategy."""
        return (
            contextlib.nullcontext() if self.strategy is None else self.strategy.scope()
        )

    def expect_suited(self, model, batch):
        """Refuse what this model's optimizer or loss would turn into wrong numbers.

        Raises:
            ValueError: with the reason, and what to write instead.
        """
        optimizer = own_optimizer(model)
        if self.global_clipnorm is not None:
            for name in KERAS_CLIPS:
                if getattr(optimizer, name, None) is not None:
                    raise ValueError(
                        f"train.fit: global_clipnorm={self.global_clipnorm} and the "
                        f"optimizer's own {name}: gradients would be clipped twice; "
                        "remove one of them"
                    )
        if self.gradient_accumulation_steps > 1:
            expect_divisible(model, batch, "gradient_accumulation_steps")
            if optimizer.gradient_accumulation_steps:
                raise ValueError(
                    "train.fit: gradient_accumulation_steps here and in the optimizer; "
                    "remove it from the optimizer: it updates after several batches, "
                    "this loop cuts one batch into parts"
                )
        if self.strategy is not None:
            self._expect_strategy(model, batch, optimizer)
        elif getattr(model, "_distribute_strategy", None) is not None:
            raise ValueError(
                "train.fit: the model was made under a tf.distribute strategy; pass "
                "the same one: train.fit(…, strategy=strategy)"
            )

    def _expect_strategy(self, model, batch, optimizer):
        backend = keras.backend.backend()
        if backend != "tensorflow":
            raise ValueError(
                f"train.fit: strategy={type(self.strategy).__name__} needs TensorFlow; "
                f"Keras runs on {backend}, whose step uses one device. Leave strategy "
                "out, or set KERAS_BACKEND=tensorflow before importing keras"
            )
        for name in KERAS_CLIPS:
            if getattr(optimizer, name, None) is not None:
                raise ValueError(
                    f"train.fit: the optimizer has {name}="
                    f"{getattr(optimizer, name)}: under a strategy Keras clips each "
                    "replica's gradient before it adds them up, which is another "
                    "gradient than one device has. Make the optimizer without it and "
                    "pass train.fit(…, global_clipnorm=…)"
                )
        if optimizer.gradient_accumulation_steps:
            raise ValueError(
                "train.fit: the optimizer has gradient_accumulation_steps="
                f"{optimizer.gradient_accumulation_steps}: under a strategy Keras "
                "cannot add up its replicas' accumulators. Make the optimizer without "
                "it and pass train.fit(…, gradient_accumulation_steps=…)"
            )
        _expect_made_under(self.strategy, model, optimizer)
        expect_divisible(model, batch, "a strategy")
        if type(model).compute_loss is not keras.Model.compute_loss:
            raise ValueError(
                f"train.fit: {type(model).__name__} has its own compute_loss; under a "
                "strategy Keras divides its own losses by the number of replicas, and "
                "it cannot be told whether this one is so divided. Use compile(loss=…) "
                "and add_loss"
            )


def _expect_made_under(strategy, model, optimizer):
    """Weights and optimizer slots must be one per replica, from the beginning."""
    inside = strategy.extended.variable_created_in_scope
    strangers = [v.path for v in model.variables if not inside(v.value)]
    if optimizer._distribution_strategy is not strategy:
        strangers += [optimizer.name]
    if strangers:
        raise ValueError(
            f"train.fit: {strangers[0]} was not made under this strategy; build and "
            "compile the model inside `with strategy.scope():`"
        )
