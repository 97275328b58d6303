"""A convolution one can poke: hover an output pixel, see its window, products and sum.

Everything is computed in the browser (`convolution.js`), so that it answers at once and
needs no kernel; Python keeps the state, checks it, and draws the still twin for readers
who have no widgets.
"""

import numpy as np
import traitlets

from mmlearn.show.arrays import draw_numbers
from mmlearn.show.cells import along, matrix
from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

_SCRIPTS = ("convolution_sums.js", "convolution_grid.js", "convolution.js")
_WHERE = "ConvolutionWidget"
_STRUCTURE = ("image", "kernel", "strides", "padding", "dilation_rate")

KERNELS = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "blur": [[1 / 9, 1 / 9, 1 / 9]] * 3,
    "edge x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "edge y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
}


class ConvolutionWidget(StillWidget):
    """One image, one kernel, one output map, and the arithmetic between them.

    y[r, c] = bias + Σ_ab x[r·s + a·d − top, c·s + b·d − left] · kernel[a, b]

    Args:
        image: (H, W) or (H, W, 1), up to 64 × 64.
        kernel: (H, W), its own height and width.
        bias: added to every output pixel.
        strides, dilation_rate: 1, 2 or 3.
        padding: "valid" or "same", as in Keras.
        values: write the numbers into the cells.

    Every argument is a trait that may be read and set later, and `selected` is the
    output pixel (row, column) the student points at. `output` is the whole map.

    Raises:
        traitlets.TraitError: for a structure that leaves no output pixel.

    >>> widget = ConvolutionWidget(np.eye(4), [[1, 2], [3, 4]])
    >>> widget.output[0]
    array([5., 3., 0.])
    >>> widget.strides = 2
    >>> widget.output.shape
    (2, 2)
    """

    _esm = source(*_SCRIPTS)
    _css = source("convolution.css")

    image = traitlets.Any().tag(sync=True)
    kernel = traitlets.Any().tag(sync=True)
    bias = traitlets.Float(0.0).tag(sync=True)
    strides = traitlets.Int(1, min=1, max=3).tag(sync=True)
    padding = traitlets.Enum(["valid", "same"], "valid").tag(sync=True)
    dilation_rate = traitlets.Int(1, min=1, max=3).tag(sync=True)
    values = traitlets.Bool(True).tag(sync=True)
    selected = traitlets.List(traitlets.Int(min=0), [0, 0], 2, 2).tag(sync=True)
    presets = traitlets.Dict(KERNELS).tag(sync=True)

    def __init__(
        self,
        image,
        kernel,
        bias=0,
        strides=1,
        padding="valid",
        dilation_rate=1,
        values=True,
    ):
        yours = {"yours": matrix(_WHERE, "kernel", kernel)}
        known = yours["yours"] in KERNELS.values()
        super().__init__(
            image=matrix(_WHERE, "image", image),
            kernel=yours["yours"],
            bias=float(bias),
            strides=strides,
            padding=padding,
            dilation_rate=dilation_rate,
            values=values,
            presets=KERNELS if known else yours | KERNELS,
        )
        self.observe(self._keep_inside, names=list(_STRUCTURE))

    @property
    def output(self):
        """The output map, (H, W) of its own height and width."""
        padded, weights, rows, columns = self._geometry()
        s, d = self.strides, self.dilation_rate
        y = np.full((rows, columns), self.bias)
        for (a, b), weight in np.ndenumerate(weights):
            down, right = (rows - 1) * s + 1, (columns - 1) * s + 1
            y += weight * padded[a * d : a * d + down : s, b * d : b * d + right : s]
        return y

    def _geometry(self):
        x, weights = np.array(self.image), np.array(self.kernel)
        how = (self.strides, self.padding, self.dilation_rate)
        axes = [along(n, k, *how) for n, k in zip(x.shape, weights.shape, strict=True)]
        (rows, *above), (columns, *beside) = axes
        return np.pad(x, (above, beside)), weights, rows, columns

    @traitlets.validate(*_STRUCTURE)
    def _check_structure(self, proposal):
        name, value = proposal.trait.name, proposal.value
        value = matrix(_WHERE, name, value) if name in ("image", "kernel") else value
        now = {key: getattr(self, key) for key in _STRUCTURE} | {name: value}
        if now["image"] is None or now["kernel"] is None:
            return value  # still being built
        how = (now["strides"], now["padding"], now["dilation_rate"])
        shapes = np.shape(now["image"]), np.shape(now["kernel"])
        sizes = [along(n, k, *how)[0] for n, k in zip(*shapes, strict=True)]
        if 0 in sizes:
            spans = tuple(now["dilation_rate"] * (k - 1) + 1 for k in shapes[1])
            raise traitlets.TraitError(
                f"ConvolutionWidget: the kernel {shapes[1]} with dilation_rate "
                f"{now['dilation_rate']} spans {spans} cells of an image {shapes[0]}; "
                'take padding="same", a smaller kernel or less dilation'
            )
        return value

    def _keep_inside(self, _change):
        """A smaller output may have lost the pixel that was pointed at."""
        *_, rows, columns = self._geometry()
        row, column = self.selected
        self.selected = [min(row, rows - 1), min(column, columns - 1)]

    def still(self, title=""):
        """The same as a still figure: the selected pixel, its window, the kernel."""
        padded, weights, *_ = self._geometry()
        (row, column), s, d = self.selected, self.strides, self.dilation_rate
        high, wide = (d * (k - 1) + 1 for k in weights.shape)
        y = self.output
        widths = [padded.shape[1], weights.shape[1], y.shape[1]]
        cell = 0.42 if self.values and max(widths) <= 14 else 0.15
        figure, axes = new(
            1,
            3,
            size=(sum(widths) * cell + 3, max(padded.shape[0] * cell, 1.5) + 1.2),
            width_ratios=widths,
            title=title,
            alt=f"An image of {np.shape(self.image)} pixels, a kernel of "
            f"{weights.shape} and their output map {y.shape}; the window of output "
            f"pixel [{row}, {column}], {y[row, column]:.3g}, is outlined.",
        )
        text = cell > 0.4
        window = (row * s, column * s, high, wide)
        names = "input (with its padding)", "kernel", "output"
        draw_numbers(axes[0, 0], padded, window=window, text=text)
        draw_numbers(axes[0, 1], weights, colours="diverging", text=text)
        pixel = (row, column, 1, 1)
        draw_numbers(axes[0, 2], y, window=pixel, colours="diverging", text=text)
        for ax, name in zip(axes[0], names, strict=True):
            ax.set_title(name)
        return figure
