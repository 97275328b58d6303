"""A network that writes, letter by letter, while one types: what comes next, and why?

As with the other widgets the browser computes (`writing.js`): it has the trained
weights and reads the text itself. Python checks them, computes the same, and draws the
still twin.
"""

import base64

import numpy as np
import traitlets

from mmlearn.axes import expect_shape
from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

_NAMES = ("embeddings", "kernel", "recurrent_kernel", "bias", "dense", "dense_bias")
SHOWN, TAIL = 14, 48  # likeliest next tokens, last letters of the text
PRINTED = {" ": "␣", "\n": "⏎"}


class WritingWidget(StillWidget):
    """A GRU that reads a text and says what comes next, at a temperature.

    Type, and see how surprised it is by each letter; choose a next letter, or let it
    draw some. Padding and unknown (tokens 0 and 1) are never written.

    Args:
        tokens: list of V str, by number, the first two reserved.
        weights: embeddings (V, F), kernel (F, 3 U), recurrent kernel (U, 3 U), bias
            (2, 3 U) of a GRU with reset_after, then kernel (U, V) and bias (V,) of the
            dense layer: `character_model(…).get_weights()`.
        text: what it has read.
        temperature: T, from 0.1 to 3.
        title: the finding, above the still figure.

    `text` and `temperature` are traits; `answers` has what becomes of them.

    Raises:
        ShapeError: where the weights do not fit.
        traitlets.TraitError: for a temperature out of range.

    >>> V, F, U = 4, 2, 3
    >>> shapes = [(V, F), (F, 3 * U), (U, 3 * U), (2, 3 * U), (U, V), (V,)]
    >>> widget = WritingWidget(["", "?", "a", "b"], [np.zeros(s) for s in shapes])
    >>> widget.answers["p"]
    array([0. , 0. , 0.5, 0.5])
    """

    _esm = source("sliders.js", "writing.js")
    _css = source("sliders.css", "writing.css")

    tokens = traitlets.List(traitlets.Unicode()).tag(sync=True)
    parameters = traitlets.Unicode().tag(sync=True)  # float32, in base64
    features = traitlets.Int().tag(sync=True)
    units = traitlets.Int().tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    temperature = traitlets.Float(1.0, min=0.1, max=3).tag(sync=True)

    def __init__(self, tokens, weights, text="", temperature=1.0, *, title=""):
        sizes = _sizes(tokens, weights)
        self._title = title
        self._weights = [np.asarray(w, np.float32) for w in weights]
        packed = np.concatenate([w.ravel() for w in self._weights]).astype("<f4")
        super().__init__(
            tokens=list(tokens),
            parameters=base64.b64encode(packed.tobytes()).decode(),
            features=sizes["F"],
            units=sizes["U"],
            text=text,
            temperature=temperature,
        )

    @property
    def answers(self):
        """{"p": (V,) of the next token, "surprise": (S,) −ln p of each letter}."""
        number = {token: n for n, token in enumerate(self.tokens) if n > 1}
        h, surprise = np.zeros(self.units), []
        for letter in self.text:
            n = number.get(letter, 1)
            p = self._next(h, 1.0)
            surprise.append(-np.log(p[n]) if n > 1 else np.nan)
            h = self._step(h, n)
        return {"p": self._next(h, self.temperature), "surprise": np.array(surprise)}

    def _step(self, h, n):
        table, kernel, recurrent, bias = self._weights[:4]
        a_z, a_r, a_g = np.split(table[n].astype(float) @ kernel + bias[0], 3)
        b_z, b_r, b_g = np.split(h @ recurrent + bias[1], 3)
        z, r = (1 / (1 + np.exp(-a)) for a in (a_z + b_z, a_r + b_r))
        return z * h + (1 - z) * np.tanh(a_g + r * b_g)

    def _next(self, h, temperature):
        logits = (h @ self._weights[4] + self._weights[5])[2:] / temperature
        e = np.exp(logits - logits.max())
        return np.concatenate([[0.0, 0.0], e / e.sum()])

    def still(self, title=None):
        """The same as a still figure: the surprise above, the next token below."""
        found = self.answers
        order = found["p"].argsort()[::-1][:SHOWN]
        names = [_printed(self.tokens[n]) for n in order]
        letters = [_printed(letter) for letter in self.text[-TAIL:]]
        surprise = np.nan_to_num(found["surprise"][-TAIL:])
        alt = (
            f"After {self.text[-20:]!r}, at temperature {self.temperature:.2g}, the "
            f"likeliest next letter is {names[0]} with p = {found['p'].max():.2f}"
        )
        if len(letters):
            worst = letters[int(surprise.argmax())]
            alt += f"; the most surprising letter was {worst}"
        title = self._title if title is None else title
        figure, axes = new(2, 1, size=(9, 4.6), title=title, alt=f"{alt}.")
        above, below = axes[:, 0]
        above.bar(range(len(letters)), surprise, color="#e0790b")
        above.set_xticks(range(len(letters)), letters, family="DejaVu Sans Mono")
        above.set(xlabel="the text, letter by letter", ylabel="surprise\n−ln p (nats)")
        below.bar(range(len(names)), found["p"][order])
        below.set_xticks(range(len(names)), names, family="DejaVu Sans Mono")
        below.set(xlabel=f"next letter, T = {self.temperature:.2g}", ylabel="p")
        return figure


def _printed(token):
    return PRINTED.get(token, token)


def _sizes(tokens, weights):
    """V, F and U, once all six arrays are known to fit each other."""
    if len(tokens) < 3:
        raise ValueError(f"WritingWidget: {len(tokens)} tokens; expected 3 or more")
    if len(weights) != len(_NAMES):
        raise ValueError(
            f"WritingWidget: {len(weights)} weights; expected {len(_NAMES)}: "
            f"{', '.join(_NAMES)}"
        )
    where, V = "WritingWidget", len(tokens)
    F = expect_shape(where, _NAMES[0], np.asarray(weights[0]), f"{V} F")["F"]
    U = np.shape(weights[2])[0]
    shapes = (f"{F} {3 * U}", f"{U} {3 * U}", f"2 {3 * U}", f"{U} {V}", f"{V}")
    for name, array, shape in zip(_NAMES[1:], weights[1:], shapes, strict=True):
        expect_shape(where, name, np.asarray(array), shape)
    return {"V": V, "F": F, "U": U}
