"""A model of sequences that says in words what does not fit, also when it is called.

`train.fit` looks at data before it trains. A model that is called is given arrays by
hand, and what its layers say of them would be in the words of Keras' backend.

Keras' own layers, called by themselves, stand behind no such line. A recurrent one, or
attention, refuses a mask of another length, and an `Embedding` text, in the backend's
words; but a mask of one row is read as every row's, and of one step, by attention, as
every step's. Before them write `axes.expect_mask("gru", "mask", mask, "x", x)`.
"""

import keras
import numpy as np

from mmlearn.axes import ShapeError, expect_mask, expect_shape
from mmlearn.layers.modality_batch import MASK
from mmlearn.layers.numeric import WORDS, expect_numbers

IDS = "vocabulary.encode(texts)[0], of a fitted preprocess.text.Vocabulary"


@keras.saving.register_keras_serializable("mmlearn")
class SequenceModel(keras.Model):
    """keras.Model(inputs, outputs), which looks at what comes before it computes.

    It refuses text, lists, sequences without a step, NumPy ids that its embedding has
    no row for (under JAX nothing would be said), and a mask that is not (B, T) of
    its sequence: an input x_mask beside x, or Keras' own `mask=`. Nothing is added to
    the graph; in a traced one only the trace is looked at.

    Its files load where `mmlearn.models` is imported. `keras.Model(model.inputs,
    model.outputs)` has the same layers, and needs Keras alone.

    Raises:
        ValueError: for text, a list or ids. ShapeError: for a mask, or no steps.

    >>> x, mask = keras.Input((None, 2), name="x"), keras.Input((None,), name="x_mask")
    >>> y = keras.layers.GRU(3)(x, mask=mask > 0)
    >>> model = SequenceModel({"x": x, "x_mask": mask}, y, name="gru")
    >>> five = keras.ops.ones((1, 5, 2))
    >>> model({"x": five, "x_mask": keras.ops.ones((1, 4))})
    Traceback (most recent call last):
        ...
    mmlearn.axes.ShapeError: gru: x_mask is (1, 4); expected (B, T) = (1, 5), as x is \
(1, 5, 2): True where a step counts
    """

    def __call__(self, inputs, *args, **kwargs):
        self._expect_numbers(inputs, *args, **kwargs)
        self._expect_shapes(inputs, kwargs.get("mask"))
        self._expect_ids(inputs)
        return super().__call__(inputs, *args, **kwargs)

    def predict(self, x, *args, **kwargs):
        """As Keras' own, whose batches are not made of text either."""
        self._expect_numbers(x)
        return super().predict(x, *args, **kwargs)

    def stateless_call(self, trainable, others, inputs, *args, **kwargs):
        """As Keras' own: how `predict` calls a model under JAX."""
        self._expect_shapes(inputs, kwargs.get("mask"))
        return super().stateless_call(trainable, others, inputs, *args, **kwargs)

    def _expect_numbers(self, inputs, *args, **kwargs):
        ids = any(str(x.dtype).startswith("int") for x in self.inputs)
        words = IDS if ids else WORDS
        expect_numbers(self.name, self.call, (inputs, *args), kwargs, words)

    def _expect_shapes(self, inputs, mask):
        parts = inputs if isinstance(inputs, dict) else {"inputs": inputs}
        arrays = {name: x for name, x in parts.items() if hasattr(x, "shape")}
        made = self._inputs_struct  # the symbols that the model was made of
        made = made if isinstance(made, dict) else {"inputs": made}
        for name, x in arrays.items():
            self._expect_batch(name, x, getattr(made.get(name), "shape", ()))
            self._expect_steps(name, x)
            beside = name.removesuffix(MASK)
            if beside != name and len(getattr(arrays.get(beside), "shape", ())) > 1:
                expect_mask(self.name, name, x, beside, arrays[beside])
        if hasattr(mask, "shape") and "inputs" in arrays:
            expect_mask(self.name, "mask", mask, "inputs", inputs)

    def _expect_batch(self, name, x, made):
        if len(x.shape) == len(made) - 1 and made[-1] != 1:  # Keras adds an axis of 1
            axes = ["B", *("*" if n is None else str(n) for n in made[1:])]
            hint = "one sequence is a batch of one, x[None]"
            expect_shape(self.name, name, x, " ".join(axes), hint=hint)

    def _expect_steps(self, name, x):
        if tuple(x.shape)[1:2] == (0,):
            raise ShapeError(
                f"{self.name}: {name} is {tuple(x.shape)}; expected one step or more: "
                "leave empty sequences out, or pad them and mask them"
            )

    def _expect_ids(self, ids):
        if not isinstance(ids, np.ndarray) or ids.dtype.kind not in "iu":
            return
        tables = (x for x in self.layers if isinstance(x, keras.layers.Embedding))
        rows = next((table.input_dim for table in tables), None)
        if rows and ids.size and not 0 <= ids.min() <= ids.max() < rows:
            raise ValueError(
                f"{self.name}: inputs holds {ids.min()} … {ids.max()}; expected ids 0 "
                f"… {rows - 1}: encode with the vocabulary that the model was made for"
            )
