"""The backward pass of a convolution one can poke: hover a pixel, see its messages.

A pixel hears from every output whose window it was in, through the tap that joined
them. As with `convolution.py`, the browser computes (`backward.js`), Python keeps and
checks the state, and draws the still twin.
"""

import numpy as np
import traitlets
from matplotlib.patches import Rectangle

from mmlearn.show.arrays import draw_numbers, short
from mmlearn.show.cells import along, matrix
from mmlearn.show.figure import ACCENT, new
from mmlearn.show.still import StillWidget, source

_SCRIPTS = ("convolution_sums.js", "convolution_grid.js", "backward.js")
_STRUCTURE = ("dy", "kernel", "strides", "padding")
_WHERE = "BackwardWidget"
NUMBERED = {
    f"{n} × {n}": [[1 + n * a + b for b in range(n)] for a in range(n)]
    for n in (2, 3, 4, 5)
}


class BackwardWidget(StillWidget):
    """A picture's gradient, and the messages that each of its pixels is the sum of.

    dx[r, c] = Σ_ij dy[i, j] · kernel[r + top − i·s, c + left − j·s], over the outputs
    (i, j) whose window holds the pixel.

    Args:
        dy: (H, W), the gradients of the outputs; the picture has H × W pixels, and the
            first Ho × Wo of dy are used, however many outputs there are.
        kernel: its own height and width.
        strides: 1, 2 or 3.
        padding: "valid" or "same", as in Keras.
        counts: colour the picture by the number of messages in place of their sum.

    All are traits; `selected` is the pixel (row, column) the student points at.
    `gradient` is dx, `messages()` the list behind one pixel.

    Raises:
        traitlets.TraitError: for a structure that leaves no output.

    >>> widget = BackwardWidget(np.ones((1, 4)), [[1, 2, 3]])
    >>> widget.gradient
    array([[1., 3., 5., 3.]])
    >>> widget.messages(0, 1)
    [((0, 0), (0, 1), 2.0), ((0, 1), (0, 0), 1.0)]
    """

    _esm = source(*_SCRIPTS)
    _css = source("convolution.css")

    dy = traitlets.Any().tag(sync=True)
    kernel = traitlets.Any().tag(sync=True)
    strides = traitlets.Int(1, min=1, max=3).tag(sync=True)
    padding = traitlets.Enum(["valid", "same"], "valid").tag(sync=True)
    counts = traitlets.Bool(False).tag(sync=True)
    selected = traitlets.List(traitlets.Int(min=0), [0, 0], 2, 2).tag(sync=True)
    presets = traitlets.Dict(NUMBERED).tag(sync=True)

    def __init__(self, dy, kernel, strides=1, padding="valid", counts=False):
        dy, yours = matrix(_WHERE, "dy", dy), matrix(_WHERE, "kernel", kernel)
        known = yours in NUMBERED.values()
        super().__init__(
            dy=dy,
            kernel=yours,
            strides=strides,
            padding=padding,
            counts=counts,
            selected=[len(dy) // 2, len(dy[0]) // 2],
            presets=NUMBERED if known else {"yours": yours} | NUMBERED,
        )

    def messages(self, row, column):
        """What reaches one pixel: ((i, j) output, (p, q) tap, dy · kernel) each."""
        dy, weights, (top, left), _ = self._geometry()
        s, found = self.strides, []
        for i, j in np.ndindex(dy.shape):
            p, q = row + top - i * s, column + left - j * s
            if 0 <= p < len(weights) and 0 <= q < len(weights[0]):
                value = float(dy[i, j] * weights[p, q])
                found.append(((i, j), (p, q), value))
        return found

    @property
    def gradient(self):
        """dx, or with `counts` the number of messages, (H, W)."""
        dx = np.zeros(np.shape(self.dy))
        for pixel in np.ndindex(dx.shape):
            values = [value for *_, value in self.messages(*pixel)]
            dx[pixel] = len(values) if self.counts else sum(values)
        return dx

    def _geometry(self):
        """dy of the outputs that there are, the kernel, zeros before, outputs."""
        weights, dy = np.array(self.kernel), np.array(self.dy)
        how = self.strides, self.padding
        pairs = zip(dy.shape, weights.shape, strict=True)
        (rows, top, _), (columns, left, _) = (along(n, k, *how) for n, k in pairs)
        return dy[:rows, :columns], weights, (top, left), (rows, columns)

    @traitlets.validate(*_STRUCTURE)
    def _check_structure(self, proposal):
        name, value = proposal.trait.name, proposal.value
        value = matrix(_WHERE, name, value) if name in ("dy", "kernel") else value
        now = {key: getattr(self, key) for key in _STRUCTURE} | {name: value}
        if now["dy"] is None or now["kernel"] is None:
            return value  # still being built
        shapes = np.shape(now["dy"]), np.shape(now["kernel"])
        how = now["strides"], now["padding"]
        if 0 in [along(n, k, *how)[0] for n, k in zip(*shapes, strict=True)]:
            raise traitlets.TraitError(
                f"{_WHERE}: a kernel {shapes[1]} fits nowhere in a picture "
                f'{shapes[0]}; take padding="same" or a smaller kernel'
            )
        return value

    @traitlets.validate("selected")
    def _keep_inside(self, proposal):
        limits = np.subtract(np.shape(self.dy), 1) if self.dy is not None else (0, 0)
        pairs = zip(proposal.value, limits, strict=True)
        return [min(place, int(most)) for place, most in pairs]

    def still(self, title=""):
        """The same as a still figure: the pixel, its taps, the outputs they lead to."""
        dy, weights, *_ = self._geometry()
        pixel, dx = tuple(self.selected), self.gradient
        messages = self.messages(*pixel)
        widths = [dx.shape[1], weights.shape[1], dy.shape[1]]
        cell = 0.4 if max(widths) <= 14 else 0.15
        size = sum(widths) * cell + 3, max(len(dx) * cell, 1.5) + 1.2
        figure, axes = new(
            1, 3, size=size, width_ratios=widths, title=title, alt=self._words(messages)
        )
        text = cell > 0.3
        colours = "gray" if self.counts else "diverging"
        draw_numbers(axes[0, 0], dx, window=(*pixel, 1, 1), colours=colours, text=text)
        for ax, array, index in ((axes[0, 1], weights, 1), (axes[0, 2], dy, 0)):
            draw_numbers(ax, array, colours="diverging", text=text)
            for message in messages:
                row, column = message[index]
                frame = Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, zorder=3)
                frame.set(edgecolor=ACCENT, linewidth=2.5, clip_on=False)
                ax.add_patch(frame)
        first = "messages per pixel" if self.counts else "dx of the picture"
        names = first, "kernel", "dy"
        for ax, name in zip(axes[0], names, strict=True):
            ax.set_title(name)
        return figure

    def _words(self, messages):
        """The selected pixel's sum, written out."""
        row, column = self.selected
        terms = [f"dy[{i}, {j}] · k[{p}, {q}]" for (i, j), (p, q), _ in messages]
        number = "1 message" if len(terms) == 1 else f"{len(terms)} messages"
        total = short(sum(value for *_, value in messages))
        return (
            f"Stride {self.strides}, padding {self.padding}. The pixel [{row}, "
            f"{column}] gets {number}: {' + '.join(terms) or 'nothing'} = {total}."
        )
