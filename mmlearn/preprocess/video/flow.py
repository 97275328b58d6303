"""Optical flow: how far what is seen at each pixel moves until the next frame."""

from typing import Any

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.preprocess.arrays import expect_numbers
from mmlearn.preprocess.images import to_gray


def optical_flow(frames, *, window=15, levels=3, iterations=3):
    """Dense flow from each frame to the next, by Farnebäck's polynomials.

    Around each pixel the picture is taken for a quadratic, f(p) ≈ pᵀA p + bᵀp + c. If
    it moves by d, b changes by −2 A d: least squares over a window give d, from coarse
    pictures to fine ones. What has no texture has no flow that could be seen.

    Args:
        frames: (T, H, W, 3) or (T, H, W, 1) uint8, T ≥ 2.
        window: side of the window, px: larger is smoother, and blurs edges.
        levels: of the pyramid, each half the size: for moves up to about
            2^levels · 2 px.
        iterations: at each level.

    Returns:
        (T − 1, H, W, 2) float32, px a frame: down, then across, so that frame t at p is
        found in frame t + 1 at p + flow[t, p].

    Source: G. Farnebäck (2003), Two-frame motion estimation based on polynomial
    expansion, SCIA; computed by OpenCV.

    >>> optical_flow(np.zeros((3, 32, 32, 1), np.uint8)).shape
    (2, 32, 32, 2)
    """
    import cv2

    frames = expect_numbers("optical_flow", "frames", frames)
    sizes = expect_shape("optical_flow", "frames", frames, "T H W C")
    if frames.dtype != np.uint8 or sizes["C"] not in (1, 3):
        raise ValueError(
            f"optical_flow: frames are {frames.dtype} of {sizes['C']} channels; "
            "expected uint8, gray or RGB"
        )
    if sizes["T"] < 2:
        raise ValueError("optical_flow: one frame; expected two or more, to compare")
    for name, value in [
        ("window", window),
        ("levels", levels),
        ("iterations", iterations),
    ]:
        if value < 1:
            raise ValueError(f"optical_flow: {name} is {value}; expected 1 or more")
    gray = frames if sizes["C"] == 1 else to_gray(frames)
    gray = np.ascontiguousarray(gray[..., 0])  # (T, H, W)
    flow = np.empty((sizes["T"] - 1, sizes["H"], sizes["W"], 2), np.float32)
    how: Any = (0.5, levels, window, iterations, 5, 1.1, 0)
    guess: Any = None
    for t, (now, then) in enumerate(zip(gray[:-1], gray[1:], strict=True)):
        # OpenCV counts across, then down.
        flow[t] = cv2.calcOpticalFlowFarneback(now, then, guess, *how)[..., ::-1]
    return flow
