"""13.5: how many frames and how many joints one number of a deep layer depends on."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
What one number of the last layer depends on: how many frames, far from the ends of the
film, and how many joints.

Every layer is a spatial convolution along the edges, then a convolution along time with
`kernel_sizes[l]` taps and stride `strides[l]`. `edge_index` is `(2, E)`, row 0 sources,
row 1 targets, without loops: a joint hears itself as well. The number belongs to the
joint `joint`. Return `(frames, joints)`, two integers; `joint` itself counts.
"""

STUB = '''\
def covers(kernel_sizes, strides, edge_index, joint):
    """L numbers, L numbers, (2, E), a joint -> (frames, joints)"""
    raise NotImplementedError
'''


def solution(kernel_sizes, strides, edge_index, joint):
    """Lesson 04's recursion along time; one hop more with every layer in space."""
    frames, jump, heard = 1, 1, {joint}
    for k, s in zip(kernel_sizes, strides, strict=True):
        frames += (k - 1) * jump
        jump *= s
        heard |= {int(u) for u, v in edge_index.T if v in heard}
    return frames, len(heard)


def attempt(kernel_sizes, strides, edge_index, joint, *, wrong=frozenset()):
    """Both counts with a student's mistakes in them."""
    if "rows swapped" in wrong:
        edge_index = edge_index[::-1]
    frames, jump, heard = 1, 1, {joint}
    layers = list(zip(kernel_sizes, strides, strict=True))
    for k, s in layers:
        before, after = jump, jump * s
        if "strides ignored" in wrong:
            after = 1
        gaps = k if "k in place of k − 1" in wrong else k - 1
        frames += gaps * (after if "jump updated first" in wrong else before)
        jump = after
        arrived = {int(u) for u, v in edge_index.T if v in heard}
        if "rows in place of sets" in wrong:  # only who is exactly so far
            heard = arrived
        elif not ("one hop only" in wrong and len(heard) > 1):
            heard = heard | arrived
    if "one hop too many" in wrong:
        heard = heard | {int(u) for u, v in edge_index.T if v in heard}
    joints = len(heard | {joint})
    if "the joint left out" in wrong:
        joints -= 1
    return frames, joints


def _case(rng, layers, edges, joint):
    kernel_sizes, strides = (list(column) for column in zip(*layers, strict=True))
    return Case((kernel_sizes, strides, np.asarray(edges), joint))


def draw(rng):
    """Directed edges on seven joints, and three layers, two of them with a stride."""
    layers = [(3, 2), (5, 1), (7, 3)]
    layers = [layers[int(i)] for i in rng.permutation(3)]
    edges = np.concatenate([random_graph(rng, 7, 8), [[1, 2], [6, 1]]], axis=1)
    return _case(rng, layers, edges, int(rng.integers(0, 7)))


def corners(rng):
    """A path heard from its end, then from its start; then a star with a tail."""
    path = [[0, 1, 2, 3], [1, 2, 3, 4]]
    both = np.concatenate([path, np.array(path)[::-1]], axis=1)
    star = [[1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 4, 5]]
    return [
        _case(rng, [(3, 1), (3, 1)], path, 4),
        _case(rng, [(3, 2), (5, 1)], path, 3),
        _case(rng, [(5, 2), (3, 2), (3, 1)], both, 1),
        _case(rng, [(3, 2), (3, 3), (5, 1)], star, 0),
        _case(rng, [(3, 3), (5, 1), (3, 2)], star, 1),
    ]


MISTAKES = (
    Mistake(
        "k in place of k − 1",
        "you added k jumps for a kernel of k taps.",
        "How many gaps lie between three taps?",
    ),
    Mistake(
        "jump updated first",
        "you used the jump after the layer. Its taps stand on the frames before it.",
        "A first layer of 3 taps and stride 2: how many frames does an output see?",
        excludes=("strides ignored",),
    ),
    Mistake(
        "strides ignored",
        "after a stride of 2 the next layer's taps stand two frames of the film apart.",
        "What is the jump after the first layer?",
    ),
    Mistake(
        "one hop only",
        "you counted the neighbours, as if there were one layer.",
        "Whom had the neighbour heard, one layer before?",
        excludes=("rows in place of sets",),
    ),
    Mistake(
        "one hop too many",
        "you went one hop farther than there are layers.",
        "With no layer at all, whom does the joint hear?",
        excludes=("rows in place of sets", "one hop only"),
    ),
    Mistake(
        "rows in place of sets",
        "only joints at exactly L hops were counted; those nearer are still heard, for "
        "every joint hears itself.",
        "After two layers, is the neighbour at one hop forgotten?",
    ),
    Mistake(
        "the joint left out",
        "the joint itself is not among those you counted.",
        "With no layer at all, on how many joints does a number depend?",
    ),
    Mistake(
        "rows swapped",
        "you counted who hears the joint. It depends on those whom it hears.",
        "In which row of edge_index does the joint stand when it hears?",
    ),
)


def by_matrix(kernel_sizes, strides, edge_index, joint):
    """(I + A) to the power of L; the jumps as a product of strides."""
    joints = max(int(edge_index.max()), joint) + 1
    a = np.eye(joints, dtype=int)
    a[edge_index[1], edge_index[0]] = 1
    row = np.linalg.matrix_power(a, len(strides))[joint]
    jumps = np.cumprod([1, *strides[:-1]])
    frames = 1 + int(np.dot(np.array(kernel_sizes) - 1, jumps))
    return frames, int((row > 0).sum())


def from_the_output_back(kernel_sizes, strides, edge_index, joint):
    """How many frames the layer before must deliver, from the last layer on."""
    frames, ring, distance = 1, [joint], {joint: 0}
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        frames = (frames - 1) * s + k
    while ring:
        found = [int(u) for u, v in edge_index.T if v in ring and u not in distance]
        distance |= dict.fromkeys(found, distance[ring[0]] + 1)
        ring = found
    return frames, sum(d <= len(strides) for d in distance.values())


EXERCISE = Exercise(
    id="13.5",
    title="frames and joints",
    statement=STATEMENT,
    stub=STUB,
    function="covers",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, from_the_output_back),
    question="How many frames and which joints does the first layer alone see, and "
    "what does the second add?",
    hints=(
        "Along time it is lesson 04: the field grows by (k - 1) jumps, then the jump "
        "is multiplied with the stride.",
        "Keep a set of joints. In every layer, whoever points at one of the set joins "
        "it.",
    ),
    reread="How far does it see?",
    parts=("frames", "joints"),
    minutes=8,
    points=2,
)
