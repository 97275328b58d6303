"""19.4: what each modality is worth, over all orders in which they may come."""

from itertools import combinations
from math import factorial

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
What is each of $M$ modalities worth? `value` is a dict: the **sorted tuple** of the
modalities that are there → an accuracy, for all $2^M$ subsets, `()` included. `names`
is the list of the $M$ names. Return a dict, name → its Shapley value:

$$\\varphi_m = \\sum_{S \\not\\ni m} \\frac{|S|!\\,(M - |S| - 1)!}{M!}\\,
\\bigl(v(S \\cup \\{m\\}) - v(S)\\bigr)$$

the mean, over all orders in which the modalities could come, of what $m$ adds when it
comes.
"""

STUB = '''\
def modality_values(value, names):
    """dict sorted tuple -> accuracy, list of M names -> dict name -> value"""
    raise NotImplementedError
'''


def solution(value, names):
    """Every subset without m, weighted by how many orders begin with it."""
    M, found = len(names), {}
    for name in names:
        others = [other for other in names if other != name]
        total = 0.0
        for size in range(M):
            orders = factorial(size) * factorial(M - size - 1) / factorial(M)
            for S in combinations(others, size):
                before, after = tuple(sorted(S)), tuple(sorted((*S, name)))
                total += orders * (value[after] - value[before])
        found[name] = total
    return found


def attempt(value, names, *, wrong=frozenset()):
    """The values with a student's mistakes in them."""
    M, found = len(names), {}
    everything, nothing = tuple(sorted(names)), ()
    for name in names:
        others = [other for other in names if other != name]
        total = 0.0
        for size in range(M):
            orders = factorial(size) * factorial(M - size - 1) / factorial(M)
            if "all subsets alike" in wrong:
                orders = 1 / 2 ** (M - 1)
            if "each size alike, its subsets added" in wrong:
                orders = 1 / M
            for S in combinations(others, size):
                before, after = tuple(sorted(S)), tuple(sorted((*S, name)))
                low = 0.0 if "what the subset has" in wrong else value[before]
                total += orders * (value[after] - low)
        if "only as the first" in wrong:
            total = value[(name,)] - value[nothing]
        if "only as the last" in wrong:
            total = value[everything] - value[tuple(sorted(others))]
        found[name] = total
    if "made to add up to 1" in wrong:
        whole = sum(found.values())
        found = {name: each / whole for name, each in found.items()}
    return found


def _value(rng, names):
    """Any values of all subsets, in sixteenths; the whole is well above nothing."""
    found = {}
    for size in range(len(names) + 1):
        for S in combinations(sorted(names), size):
            found[S] = float(rng.integers(2, 13)) / 16 + size / 4
    return found


def draw(rng):
    """Three or four modalities, their names in no order."""
    names = ["video", "graph", "text", "sound"][: int(rng.integers(3, 5))]
    return Case((_value(rng, names), names))


def corners(rng):
    """By hand: two that tell only together, and a third that tells nothing; one."""
    xor = {(): 0.5, ("audio",): 0.5, ("image",): 0.5, ("audio", "image"): 1.0}
    idle = dict(xor)
    idle |= {tuple(sorted((*S, "text"))): v for S, v in xor.items()}
    return [
        Case((xor, ["image", "audio"])),
        Case((idle, ["text", "image", "audio"])),
        Case(({(): 0.25, ("sound",): 0.75}, ["sound"])),
    ]


HOW = (
    "all subsets alike",
    "each size alike, its subsets added",
    "only as the first",
    "only as the last",
)

MISTAKES = (
    Mistake(
        HOW[0],
        "you weighted all subsets alike. There are more of middling size than of few "
        "or many, and so they outvote the rest.",
        "Of the six orders of three modalities, in how many does m come first? Second "
        "after a given one?",
        excludes=(*HOW, "what the subset has"),
    ),
    Mistake(
        HOW[1],
        "you gave every size the weight 1/M, and then added up all its subsets.",
        "How many subsets of a size are there? Are their weights then 1 in sum?",
        excludes=(*HOW, "what the subset has"),
    ),
    Mistake(
        HOW[2],
        "you took what each modality is worth alone. Two that tell only together are "
        "then worth nothing.",
        "Which subsets S does the sum run over? You have one of them.",
        excludes=(*HOW, "what the subset has"),
    ),
    Mistake(
        HOW[3],
        "you took what is lost when each modality is left out of all. Two that say the "
        "same are then worth nothing.",
        "Which subsets S does the sum run over? You have one of them.",
        excludes=(*HOW, "what the subset has"),
    ),
    Mistake(
        "what the subset has",
        "you added up v(S ∪ {m}) and took nothing away: what the others reach without "
        "m is credited to m.",
        "What does a modality add that changes nothing?",
        excludes=HOW,
    ),
    Mistake(
        "made to add up to 1",
        "you scaled the values to add up to 1. They add up to v(all) − v(none) by "
        "themselves, and so stay in points of accuracy.",
        "What should the values of a useless model be?",
        excludes=HOW[:2],
    ),
)


def by_orders(value, names):
    """The definition: go through all M! orders, and see what m adds when it comes."""
    from itertools import permutations

    found = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        for place, name in enumerate(order):
            before = tuple(sorted(order[:place]))
            found[name] += value[tuple(sorted((*before, name)))] - value[before]
    return {name: total / len(orders) for name, total in found.items()}


def by_size(value, names):
    """The mean over sizes of the mean over subsets of that size."""
    found = {}
    for name in names:
        others, means = [n for n in names if n != name], []
        for size in range(len(names)):
            gains = [
                value[tuple(sorted((*S, name)))] - value[tuple(sorted(S))]
                for S in combinations(others, size)
            ]
            means.append(np.mean(gains))
        found[name] = float(np.mean(means))
    return found


EXERCISE = Exercise(
    id="19.4",
    title="what a modality is worth",
    statement=STATEMENT,
    stub=STUB,
    function="modality_values",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_orders, by_size),
    question="Take the first name that differs, and write all subsets without it down. "
    "What does it add to each, and how many orders begin with that subset?",
    hints=(
        "`itertools.combinations(others, size)` for size 0 to M − 1 gives every S.",
        "The keys are sorted tuples: `tuple(sorted((*S, name)))`.",
        "Or go through `itertools.permutations(names)`, and average what each adds.",
    ),
    reread="What is each modality worth?",
    minutes=8,
    points=3,
)
