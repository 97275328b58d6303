"""Skeletons to one format: gaps filled, centred, of one size, of one length.

A depth camera that loses a body writes zeros. Zeros are a pose like any other to a
network, and a far one: they are filled here, and a mask says where.
"""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.preprocess.arrays import expect_numbers

PELVIS = 6  # in the order of joints of `datasets.load_skeletons`


def tracked(x):
    """Which frames hold a body: those that are not zero everywhere.

    Args:
        x: (T, J, D) positions of J joints.

    Returns:
        (T,) bool.

    >>> tracked(np.array([[[0.0, 0.0]], [[0.1, 0.0]]]))
    array([False,  True])
    """
    return _expect_body("tracked", x).any(axis=(1, 2))


def fill(x):
    """Put a body into frames without one, on the straight line between its neighbours.

    Before the first and after the last tracked frame the nearest one is repeated.

    Args:
        x: (T, J, D) positions.

    Returns:
        filled: (T, J, D) of x's dtype; seen: (T,) bool, the frames that were tracked.

    Raises:
        ValueError: if no frame holds a body: leave such a sequence out.

    >>> filled, seen = fill(np.array([[[1.0]], [[0.0]], [[3.0]], [[0.0]]]))
    >>> filled.ravel(), seen
    (array([1., 2., 3., 3.]), array([ True, False,  True, False]))
    """
    x = _expect_body("fill", x)
    seen = x.any(axis=(1, 2))
    if not seen.any():
        raise ValueError(
            f"fill: all {len(x)} frames are zeros, there is no body in them; expected"
            " one at least: leave this sequence out"
        )
    return _at(x[seen], np.flatnonzero(seen), np.arange(len(x))), seen


def centre(x, joint=PELVIS, *, each_frame=True):
    """Move a body so that one of its joints is at the origin.

    Args:
        x: (T, J, D) positions, filled.
        joint: which, by default the pelvis.
        each_frame: whether in every frame; otherwise in the first, and the way that the
            body goes (sitting down, walking) stays.

    Returns:
        (T, J, D) of x's dtype.

    >>> centre(np.array([[[1.0], [3.0]], [[2.0], [5.0]]]), 0).ravel()
    array([0., 2., 0., 3.])
    """
    x = _expect_body("centre", x)
    if not 0 <= joint < x.shape[1]:
        raise ValueError(
            f"centre: joint is {joint}; expected 0 to {x.shape[1] - 1}, x is {x.shape}"
        )
    origin = x[:, joint] if each_frame else x[:1, joint]
    return x - origin[:, None]


def scale(x, bones):
    """Divide a body by its size, the mean length of its bones over all frames.

    Big and small people come out alike, and so do near and far ones in a flat picture.

    Args:
        x: (T, J, D) positions, filled and centred.
        bones: pairs of joints, as `datasets.load_skeletons().bones`.

    Returns:
        (T, J, D) of x's dtype.

    Raises:
        ValueError: for bones that name other joints, or have no length.

    >>> scale(np.array([[[0.0], [4.0]]]), [(0, 1)]).ravel()
    array([0., 1.])
    """
    x = _expect_body("scale", x)
    pairs = np.asarray(bones)
    expect_shape("scale", "bones", pairs, "* 2", hint="pairs of joints")
    if pairs.min() < 0 or pairs.max() >= x.shape[1]:
        raise ValueError(
            f"scale: bones name the joints {pairs.min()} to {pairs.max()}; expected 0"
            f" to {x.shape[1] - 1}, x is {x.shape}"
        )
    size = np.linalg.norm(x[:, pairs[:, 0]] - x[:, pairs[:, 1]], axis=-1).mean()
    if not size > 0:
        raise ValueError("scale: the bones have no length; fill zero frames before")
    return x / size.astype(x.dtype)


def resample(x, length):
    """Bring a sequence to another number of frames, by straight lines over time.

    Fast and slow then look alike; pad instead (`fit_length`) where the tempo matters.

    Args:
        x: (T, J, D) positions, filled. length: of the result, frames.

    Returns:
        (length, J, D) of x's dtype; the first and last frames stay.

    >>> resample(np.array([[[0.0]], [[3.0]]]), 4).ravel()
    array([0., 1., 2., 3.])
    """
    x = _expect_body("resample", x)
    if length < 1:
        raise ValueError(f"resample: length is {length}; expected 1 or more frames")
    return _at(x, np.arange(len(x)), np.linspace(0, len(x) - 1, length))


def batch(sequences, *, bones, length=None, resampled=True, joint=PELVIS):
    """Bodies ready for a network: each filled, centred, scaled, then of one length.

    Args:
        sequences: list of B arrays (T, J, D), as `datasets.load_skeletons().positions`.
        bones: pairs of joints, for the size.
        length: T; by default that of the longest.
        resampled: whether sequences are stretched or squeezed to it; otherwise the
            shorter are padded with zeros at the end, and the longer cut.
        joint: at the origin in the first frame.

    Returns:
        x: (B, T, J, D) float32; mask: (B, T) bool: resampled, the frames with a tracked
        neighbour in time; padded, those that were tracked.

    Raises:
        ValueError: naming the sequence that holds no body; for bodies of other joints.
    """
    bodies, masks = [], []
    for number, sequence in enumerate(sequences):
        try:
            filled, seen = fill(sequence)
        except ValueError as error:
            raise ValueError(f"batch: sequence {number}: {error}") from None
        bodies.append(scale(centre(filled, joint, each_frame=False), bones))
        masks.append(seen)
    shapes = {body.shape[1:] for body in bodies}
    if len(shapes) != 1:
        told = f"bodies are {sorted(shapes)}" if bodies else "no sequences"
        raise ValueError(f"batch: {told}; expected one or more of one (J, D)")
    total = max(map(len, bodies)) if length is None else length
    if total < 1:
        raise ValueError(f"batch: length is {length}; expected 1 or more frames")
    x = np.zeros((len(bodies), total, *bodies[0].shape[1:]), np.float32)
    mask = np.zeros((len(bodies), total), bool)
    for n, (body, seen) in enumerate(zip(bodies, masks, strict=True)):
        if resampled:
            place = np.linspace(0, len(seen) - 1, total).round().astype(int)
            x[n], mask[n] = resample(body, total), seen[place]
        else:
            x[n, : len(body)], mask[n, : len(seen)] = body[:total], seen[:total]
    return x, mask


def skeleton_edges(bones, centre=PELVIS):
    """A body as a graph in three partitions: each joint hears itself, and both ways.

    Args:
        bones: pairs of joints, as `datasets.load_skeletons().bones`: a tree of all
            joints.
        centre: the joint from which distances are counted, in bones.

    Returns:
        edge_index: (2, E) int64, row 0 source, row 1 target joints, E = J + 2 (J − 1).
        edge_type: (E,) int64. 0: a joint itself; 1: from its neighbour nearer to the
            centre; 2: from its neighbours farther away.

    Raises:
        ValueError: for bones that do not hold all joints together, or form a ring.

    Source: S. Yan, Y. Xiong, D. Lin, *Spatial temporal graph convolutional networks for
    skeleton-based action recognition*, AAAI 2018, section 3.3, spatial configuration
    partitioning; a body's centre of gravity is nearest to the pelvis.

    >>> edge_index, edge_type = skeleton_edges([(0, 1), (2, 1)], centre=0)
    >>> edge_index[:, edge_type == 1]  # outward
    array([[0, 1],
           [1, 2]])
    """
    pairs = np.asarray(bones)
    expect_shape("skeleton_edges", "bones", pairs, "* 2", hint="pairs of joints")
    joints = int(pairs.max(initial=0)) + 1
    inner = {centre: centre}  # each joint's neighbour towards the centre
    reached = [centre]
    for joint in reached:
        for end in (pairs[pairs[:, 0] == joint, 1], pairs[pairs[:, 1] == joint, 0]):
            outward = [j for j in end.tolist() if j not in inner]
            inner |= dict.fromkeys(outward, joint)
            reached += outward
    if len(reached) != joints or len(pairs) != joints - 1:
        raise ValueError(
            f"skeleton_edges: {len(pairs)} bones reach {len(reached)} joints from joint"
            f" {centre}; expected {joints - 1} bones that hold {joints} joints together"
        )
    outer = np.array([j for j in range(joints) if j != centre], np.int64)
    nearer = np.array([inner[j] for j in outer.tolist()], np.int64)
    every = np.arange(joints)
    source = np.concatenate([every, nearer, outer])
    target = np.concatenate([every, outer, nearer])
    edge_type = np.repeat([0, 1, 2], [joints, joints - 1, joints - 1])
    return np.stack([source, target]), edge_type


def _at(x, times, wanted):
    """x (T, J, D), known at times, read off at wanted, by straight lines."""
    after = np.clip(np.searchsorted(times, wanted), 1, max(len(times) - 1, 1))
    after = np.minimum(after, len(times) - 1)
    before = np.maximum(after - 1, 0)
    gap = np.maximum(times[after] - times[before], 1)
    share = np.clip((wanted - times[before]) / gap, 0, 1)
    share = share[:, None, None].astype(x.dtype)
    return (1 - share) * x[before] + share * x[after]


def _expect_body(where, x):
    x = expect_numbers(where, "x", x)
    if x.ndim != 3 or x.dtype.kind != "f":
        raise ValueError(
            f"{where}: x is {x.shape} {x.dtype}; expected (T, J, D) floats: frames,"
            " joints, coordinates"
        )
    return x
