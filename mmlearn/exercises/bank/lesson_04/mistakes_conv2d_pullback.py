"""04.3: the mistakes that students make in the pullback of conv2d."""

import numpy as np

from mmlearn.exercises.exercise import Mistake


def attempt(x, kernel, bias, *, strides=1, wrong=frozenset()):
    """The solution with the known mistakes in its pullback."""
    (B, H, W, _), (kh, kw, _, U), s = x.shape, kernel.shape, strides
    Ho, Wo = (H - kh) // s + 1, (W - kw) // s + 1

    def part(p, q, s=s):
        rows = slice(p, p + (Ho - 1) * s + 1, s)
        return slice(None), rows, slice(q, q + (Wo - 1) * s + 1, s)

    y = np.zeros((B, Ho, Wo, U)) + bias
    for p, q in np.ndindex(kh, kw):
        y += x[part(p, q)] @ kernel[p, q]

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        for p, q in np.ndindex(kh, kw):
            met = part(p, q, 1 if "stride ignored in dkernel" in wrong else s)
            dkernel[p, q] = np.einsum("bijc,biju->cu", x[met], dy)
            met = part(p, q, 1 if "stride ignored in dx" in wrong else s)
            message = dy @ _tap(kernel, p, q, wrong)
            dx[met] = message + (0 if "dx overwritten" in wrong else dx[met])
        if "rest of x left out" in wrong:
            dx = dx[:, : (Ho - 1) * s + kh, : (Wo - 1) * s + kw]
        if "mean over the batch" in wrong:
            dkernel /= B
        return dx, dkernel, _dbias(dy, wrong)

    return y, pullback


def _tap(kernel, p, q, wrong):
    """One tap as a matrix from units to channels, (U, C)."""
    if "kernel turned round" in wrong:
        kernel = kernel[::-1, ::-1]
    if "channels and units swapped" in wrong:
        return kernel[p, q]  # fits where C = U, and raises elsewhere
    return kernel[p, q].T


def _dbias(dy, wrong):
    if "dbias over the wrong axes" in wrong:
        return dy.sum(axis=(1, 2, 3))
    if "batch not summed in dbias" in wrong:
        return dy.sum(axis=(1, 2))
    return dy.sum(axis=(0, 1, 2))


MISTAKES = (
    Mistake(
        "kernel turned round",
        "dx gets its messages through the tap on the other side of the kernel. Written "
        "as a sum over taps, nothing is to be turned.",
        "Through which tap does the first pixel flow into the first output?",
        reread="One dimension, backwards",
    ),
    Mistake(
        "channels and units swapped",
        "you multiplied dy by kernel[p, q], (C, U). Where C = U it fits, and is wrong.",
        "dy ends in U, dx in C. Which matrix leads from U to C?",
    ),
    Mistake(
        "dx overwritten",
        "the messages of each tap replace those that came before.",
        "How many windows see a pixel in the middle?",
        reread="One dimension, backwards",
    ),
    Mistake(
        "stride ignored in dx",
        "the messages land side by side, as if the windows had moved by one pixel.",
        "Which pixels did this tap read in the forward pass?",
        reread="Stride: zeros between",
    ),
    Mistake(
        "stride ignored in dkernel",
        "dkernel pairs dy with pixels that its windows have not started at.",
        "Which pixels did this tap read in the forward pass?",
        reread="Stride: zeros between",
    ),
    Mistake(
        "rest of x left out",
        "dx ends where the last window ends. It should have the shape of x.",
        "What is the gradient of a pixel that no window sees?",
        reread="Stride: zeros between",
    ),
    Mistake(
        "dbias over the wrong axes",
        "you summed the units and kept the batch.",
        "Which letter does the bias have? All others go.",
        excludes=("batch not summed in dbias",),
    ),
    Mistake(
        "batch not summed in dbias",
        "each image has a gradient of its own here; they share one bias.",
        "What is the shape of the bias, and what that of your dbias?",
    ),
    Mistake(
        "mean over the batch",
        "dkernel is divided by B. The 1/B of a mean loss is in dy already.",
        "Where in the chain was it divided by B (lesson 02)?",
    ),
)
