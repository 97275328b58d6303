"""13.1: a body's edges in three partitions: loops, from the centre, toward it."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The partition of every edge of a body. A joint's distance is the number of bones on the
way from the centre joint to it. An edge is of type

- 0 if it is a loop: the joint hears itself;
- 1 if its source is nearer to the centre than its target;
- 2 if its source is farther from the centre than its target.

`edge_index` is `(2, E)`: row 0 source joints, row 1 target joints. It holds a loop at
every joint and every bone in both directions, in any order; the body is a tree.
`centre` is a joint's number. Return the types, `(E,)` integers.
"""

STUB = '''\
def edge_types(edge_index, centre):
    """(2, E), a joint -> the type of each edge, (E,)"""
    raise NotImplementedError
'''


def solution(edge_index, centre):
    """Distances spread along the edges until nothing changes; then compare the ends."""
    source, target = edge_index
    distance = np.full(edge_index.max() + 1, np.inf)
    distance[centre] = 0
    for _ in distance:
        np.minimum.at(distance, target, distance[source] + 1)
    nearer = distance[source] < distance[target]
    return np.where(source == target, 0, np.where(nearer, 1, 2))


def attempt(edge_index, centre, *, wrong=frozenset()):
    """The types with a student's mistakes in them."""
    source, target = edge_index
    joints = edge_index.max() + 1
    distance = np.full(joints, np.inf)
    distance[0 if "measured from joint 0" in wrong else centre] = 0
    for _ in range(2 if "two rounds only" in wrong else joints):
        distance = np.minimum(distance, _spread(distance, source, target))
    if "numbers in place of distances" in wrong:
        distance = np.arange(joints)
    nearer = distance[source] < distance[target]
    if "loops among the bones" in wrong:
        return np.where(distance[source] <= distance[target], 1, 2)
    towards, away = (2, 1) if "1 and 2 exchanged" in wrong else (1, 2)
    return np.where(source == target, 0, np.where(nearer, towards, away))


def _spread(distance, source, target):
    """Each joint's distance by way of its best neighbour."""
    by_way = np.full(len(distance), np.inf)
    np.minimum.at(by_way, target, distance[source] + 1)
    return by_way


def _case(rng, parents, centre=None):
    """A tree: joint n + 1 hangs on parents[n]; then numbers and order are shuffled."""
    joints = len(parents) + 1
    name = rng.permutation(joints)
    child = np.arange(1, joints)
    bones = name[np.stack([parents, child])]
    loops = np.stack([np.arange(joints)] * 2)
    edges = np.concatenate([bones, bones[::-1], loops], axis=1)
    edges = edges[:, rng.permutation(edges.shape[1])]
    if centre is None:
        centre = int(rng.choice(np.flatnonzero(np.arange(joints) != 0)))
    return Case((edges, centre))


def draw(rng):
    joints = int(rng.integers(5, 8))
    parents = np.array([int(rng.integers(max(0, n - 2), n)) for n in range(1, joints)])
    return _case(rng, parents)


def corners(rng):
    """An arm of three joints; a chain long enough for several rounds; a branch."""
    return [
        _case(rng, np.array([0, 1]), 1),
        _case(rng, np.array([0, 1]), 2),
        _case(rng, np.array([0, 1, 2, 3, 4]), 1),
        _case(rng, np.array([0, 1, 2, 3, 4, 5]), 3),
        _case(rng, np.array([0, 1, 1, 3, 3, 4]), 2),
    ]


MISTAKES = (
    Mistake(
        "1 and 2 exchanged",
        "the types are seen from the wrong end of the edge. The target is the one who "
        "hears: to it, a neighbour nearer to the centre is of type 1.",
        "Take an edge that leaves the centre. Which of its ends is nearer?",
        excludes=("loops among the bones",),
    ),
    Mistake(
        "loops among the bones",
        "both ends of a loop are at one distance; you gave it the type of a bone.",
        "What is the type of the edge from joint 0 to joint 0?",
    ),
    Mistake(
        "numbers in place of distances",
        "you compared the joints' numbers. They are names: on another camera the same "
        "body is numbered otherwise.",
        "How many bones lie between this joint and the centre?",
        excludes=("measured from joint 0", "two rounds only"),
    ),
    Mistake(
        "measured from joint 0",
        "distances begin at joint 0, whatever `centre` says.",
        "Which joint has the distance 0?",
    ),
    Mistake(
        "two rounds only",
        "joints more than two bones from the centre never get a distance.",
        "How many rounds does it take until the farthest joint is reached?",
    ),
)


def by_walking(edge_index, centre):
    """Ring by ring outward from the centre, in plain Python."""
    pairs = [(int(u), int(v)) for u, v in edge_index.T]
    distance, ring = {centre: 0}, [centre]
    while ring:
        found = [v for u, v in pairs if u in ring and v not in distance]
        distance |= dict.fromkeys(found, distance[ring[0]] + 1)
        ring = found
    return [0 if u == v else 1 if distance[u] < distance[v] else 2 for u, v in pairs]


def by_powers(edge_index, centre):
    """How many powers of I + A it takes until the centre's row is there."""
    joints = edge_index.max() + 1
    a = np.eye(joints, dtype=int)
    a[edge_index[0], edge_index[1]] = 1
    power, distance = np.eye(joints, dtype=int), np.zeros(joints, int)
    for _ in range(joints):
        distance += power[centre] == 0
        power = np.minimum(power @ a, 1)
    step = distance[edge_index[1]] - distance[edge_index[0]]
    return np.choose(step + 1, [2, 0, 1])


EXERCISE = Exercise(
    id="13.1",
    title="three partitions",
    statement=STATEMENT,
    stub=STUB,
    function="edge_types",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_walking, by_powers),
    question="Take the first edge that differs: how far is its source from the centre, "
    "and how far its target?",
    hints=(
        "First the distances: the centre has 0, all others infinity. Then, along every "
        "edge, the target is at most one farther than the source; repeat.",
        "`np.minimum.at(distance, target, distance[source] + 1)` is one such round.",
        "With the distances in hand, compare `distance[source]` and "
        "`distance[target]`.",
    ),
    reread="The body as a graph",
    minutes=10,
    points=2,
)
