"""Figures to judge a classifier by: how sure, how wrong, because of which pixels."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.show.arrays import images
from mmlearn.show.figure import ACCENT, DIVERGING, new


def reliability(calibration, *, title="", alt="", size=4.2):
    """How often a model was right, by how sure it was; on the diagonal both agree.

    Args:
        calibration: anything with `.edges`, `.confidence`, `.accuracy`, `.counts` and
            `.error`, as `evaluate.calibration` returns it.
        title, alt: as for every figure.
        size: width in inches.

    Returns:
        the Figure: a bar a bin from the diagonal to its accuracy, below the counts.
    """
    edges, counts = np.asarray(calibration.edges), np.asarray(calibration.counts)
    full = counts > 0
    confidence, accuracy = calibration.confidence[full], calibration.accuracy[full]
    told = "; ".join(
        f"{n:,} at {c:.2f}, right {a:.2f}"
        for n, c, a in zip(counts[full], confidence, accuracy, strict=True)
    )
    figure, axes = new(
        2,
        1,
        size=(size, size + 0.6),
        title=title,
        alt=alt or f"Samples by mean confidence, and how often right: {told}.",
        height_ratios=[3, 1],
        sharex=True,
    )
    above, below = axes[:, 0]
    above.plot([0, 1], [0, 1], ":", color="gray", label="means what it says")
    above.vlines(confidence, confidence, accuracy, color=ACCENT, linewidth=2)
    above.plot(confidence, accuracy, "o", label="the model")
    above.set(ylabel="accuracy (fraction correct)", xlim=(0, 1.02), ylim=(0, 1.02))
    above.legend(loc="upper left", title=f"calibration error {calibration.error:.3f}")
    below.bar(edges[:-1], counts, np.diff(edges), align="edge", edgecolor="white")
    below.set(xlabel="confidence (largest probability)", ylabel="samples")
    below.set_yscale("symlog")
    return figure


def mistakes(x, labels, probabilities, *, title="", alt="", count=10, size=1.1):
    """The samples on which a classifier was most surely wrong, worst first.

    Args:
        x: (N, H, W) or (N, H, W, C) images.
        labels: (N,) class numbers.
        probabilities: (N, K).
        title, alt, size: as for `images`.
        count: at most so many.

    Returns:
        the Figure: true class → predicted class, and the probability of the latter.

    Raises:
        ValueError: if there is no mistake to show.
    """
    labels, probabilities = np.asarray(labels), np.asarray(probabilities)
    sizes = expect_shape("mistakes", "probabilities", probabilities, "N K")
    expect_shape("mistakes", "labels", labels, "N", sizes=sizes)
    said = probabilities.argmax(axis=1)
    loss = -np.log(np.maximum(probabilities[np.arange(sizes["N"]), labels], 1e-30))
    wrong = np.flatnonzero(said != labels)
    if not wrong.size:
        raise ValueError("mistakes: every prediction is right; there is none to show")
    worst = wrong[np.argsort(-loss[wrong], kind="stable")][:count]
    names = [f"{labels[n]} → {said[n]}\n{probabilities[n, said[n]]:.0%}" for n in worst]
    told = ", ".join(name.replace("\n", " ") for name in names)
    alt = alt or f"{len(worst)} of {len(wrong)} mistakes, true → predicted: {told}."
    return images(np.asarray(x)[worst], names, title=title, alt=alt, size=size)


def attributions(x, heat, titles=None, *, title="", alt="", unit="", size=1.5):
    """Images, and below each what spoke for its class (orange) or against it (blue).

    Args:
        x: (N, H, W) or (N, H, W, 1) images.
        heat: dict, name to (N, H, W) of an attribution, each on its own scale.
        titles: one for each image.
        title, alt: as for every figure.
        unit: of the attributions, for the colour bars.
        size: width of one image in inches.

    Returns:
        the Figure: a row of images, and a row for each attribution.
    """
    x = np.asarray(x)
    pictures = x[..., 0] if x.ndim == 4 else x
    sizes = expect_shape("attributions", "x", pictures, "N H W")
    for name, values in heat.items():
        expect_shape("attributions", name, np.asarray(values), "N H W", sizes=sizes)
    n, rows = sizes["N"], 1 + len(heat)
    tall = size * sizes["H"] / sizes["W"] + 0.12
    alt = alt or f"{n} images, and for each pixel: {', '.join(heat)}."
    extent = (n * size + 1.6, rows * tall + 0.6)
    figure, axes = new(rows, n, size=extent, title=title, alt=alt)
    for column, picture in enumerate(pictures):
        axes[0, column].imshow(picture, cmap="gray")
        if titles is not None:
            axes[0, column].set_title(titles[column], loc="center", fontsize=10)
    for row, (name, values) in enumerate(heat.items(), start=1):
        most = float(np.abs(values).max()) or 1.0
        signed = float(np.min(values)) < 0
        limits = {"vmin": -most if signed else 0.0, "vmax": most}
        colours = DIVERGING if signed else "Oranges"
        for ax, value in zip(axes[row], np.asarray(values), strict=True):
            drawn = ax.imshow(value, cmap=colours, **limits)
        figure.colorbar(drawn, ax=list(axes[row]), label=unit, aspect=12)
        axes[row, 0].set_ylabel(name)
    for ax in axes.flat:
        ax.grid(False)
        ax.set(xticks=[], yticks=[])
    axes[0, 0].set_ylabel("row (px)")
    axes[-1, 0].set_xlabel("column (px)")
    return figure
