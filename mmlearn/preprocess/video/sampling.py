"""Which frames of a clip, and which part of them: one for all its frames."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.preprocess.arrays import expect_numbers


def sample_frames(frames, n, *, how="uniform", seed=0):
    """Choose n of T frames.

    "uniform": the middle of each of n equal segments, floor((k + ½) T / n);
    "random": one drawn from each segment, floor((k + u_k) T / n), 0 ≤ u_k < 1;
    "dense": n that follow each other, from a random first one.

    Args:
        frames: (T, ...) array. If T < n, frames repeat.
        n: how many.
        how: as above; seed: of the random draws.

    Returns:
        chosen: (n, ...); index: (n,) int64, ascending.

    >>> sample_frames(np.arange(10), 5)[1]
    array([1, 3, 5, 7, 9])

    Source: segments as in Wang et al. (2016), Temporal Segment Networks.
    """
    frames = expect_array("sample_frames", "frames", frames)
    if frames.ndim < 1 or len(frames) == 0:
        raise ValueError(f"sample_frames: frames are {frames.shape}; expected (T, …)")
    if n < 1:
        raise ValueError(f"sample_frames: n is {n}; expected 1 or more")
    count, rng = len(frames), np.random.default_rng(seed)
    if how == "dense":
        first = rng.integers(0, max(1, count - n + 1))
        index = np.minimum(first + np.arange(n), count - 1)
    elif how in ("uniform", "random"):
        inside = 0.5 if how == "uniform" else rng.random(n)
        index = np.floor((np.arange(n) + inside) * count / n).astype(np.int64)
        index = np.minimum(index, count - 1)
    else:
        raise ValueError(
            f"sample_frames: how is {how!r}; expected 'uniform', 'random' or 'dense'"
        )
    return frames[index], index


def fit_frames(clips, length=None, *, how="uniform", seed=0):
    """Bring clips to one number of frames: of the longer some, the shorter padded.

    Args:
        clips: list of B arrays (T, ...), alike but for T.
        length: frames wanted; by default those of the longest clip.
        how, seed: which frames of a longer clip, as of `sample_frames`; clip n is
            drawn from seed + n.

    Returns:
        x: (B, length, ...), zeros after the end of a short clip; mask: (B, length)
        bool, True on frames.

    >>> x, mask = fit_frames([np.ones((1, 2)), np.ones((9, 2))], 3)
    >>> x.shape, mask.sum(axis=1).tolist()
    ((2, 3, 2), [1, 3])
    """
    arrays = [expect_numbers("fit_frames", "a clip", clip) for clip in clips]
    if not arrays:
        raise ValueError("fit_frames: no clips; expected at least one")
    if min(a.ndim for a in arrays) < 1 or len({a.shape[1:] for a in arrays}) > 1:
        shapes = sorted({a.shape for a in arrays})[:4]
        raise ShapeError(
            f"fit_frames: clips of {shapes}; only T may differ: resize them first"
        )
    length = max(map(len, arrays)) if length is None else int(length)
    if length < 1:
        raise ValueError(f"fit_frames: length is {length}; expected 1 or more")
    x = np.zeros((len(arrays), length, *arrays[0].shape[1:]), arrays[0].dtype)
    for n, (row, clip) in enumerate(zip(x, arrays, strict=True)):
        if len(clip) > length:
            clip, _ = sample_frames(clip, length, how=how, seed=seed + n)
        row[: len(clip)] = clip
    lengths = np.array([len(a) for a in arrays])
    return x, np.arange(length) < lengths[:, None]


def crop_clips(x, size, *, seed, epoch=0, first=0, flip=False):
    """Cut a window out of each clip, at one place for all its frames.

    A window of its own for every frame would look like a camera that shakes, and
    a mirror image now and then like nothing there is.

    Args:
        x: (B, T, H, W, C).
        size: (H, W) of the window, px, no larger than x.
        seed, epoch: whole numbers: the same ones give the same windows again.
        first: number of the first clip in its data set: then a batch gets what it
            would have got with all the others.
        flip: mirror every second clip, left and right, all its frames.

    Returns:
        (B, T, H', W', C) of x's dtype.

    >>> x = np.arange(12).reshape(1, 1, 3, 4, 1) * np.ones((1, 2, 1, 1, 1), int)
    >>> y = crop_clips(x, (2, 2), seed=0)
    >>> y.shape, bool((y[:, 0] == y[:, 1]).all())
    ((1, 2, 2, 2, 1), True)
    """
    x = expect_array("crop_clips", "x", x)
    found = expect_shape("crop_clips", "x", x, "B T H W C")
    height, width = size
    if not (1 <= height <= found["H"] and 1 <= width <= found["W"]):
        raise ShapeError(
            f"crop_clips: a window of {tuple(size)} in frames of ({found['H']}, "
            f"{found['W']}); expected one that fits: resize the frames first"
        )
    y = np.empty((*x.shape[:2], height, width, x.shape[-1]), x.dtype)
    for n, clip in enumerate(x):
        rng = np.random.default_rng([seed, epoch, first + n])
        # All draws are made, used or not: with a flip the places stay the same.
        top = int(rng.integers(found["H"] - height + 1))
        left = int(rng.integers(found["W"] - width + 1))
        mirrored = flip and rng.random() < 0.5
        part = clip[:, top : top + height, left : left + width]
        y[n] = part[:, :, ::-1] if mirrored else part
    return y
