"""04.5: the receptive field, layer by layer."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Return a list: how many pixels of the input one pixel sees after each layer, along one
axis.

`layers` is a list of pairs `(kernel_size, strides)`, from the input on. A pooling layer
is such a pair too.
"""

STUB = '''\
def receptive_field(layers):
    """[(kernel_size, strides), ...] -> [r after the first layer, ...]"""
    raise NotImplementedError
'''


def solution(layers):
    """Two numbers are carried along: the field, and the jump between neighbours."""
    field, jump, fields = 1, 1, []
    for k, s in layers:
        field += (k - 1) * jump
        jump *= s
        fields.append(field)
    return fields


def attempt(layers, *, wrong=frozenset()):
    """The recursion with a student's mistakes in it."""
    field, jump, fields = int("field starts at 0" not in wrong), 1, []
    for k, s in layers:
        gaps = k if "k in place of k − 1" in wrong else k - 1
        before, after = jump, jump * s
        if "jumps added" in wrong:
            after = jump + s
        if "only the last stride" in wrong:
            after = s
        if "stride ignored" in wrong:
            after = 1
        if not ("pooling skipped" in wrong and k == s):
            field += gaps * (after if "jump updated first" in wrong else before)
        jump = after
        fields.append(field)
    return field if "only the last field" in wrong else fields


def draw(rng):
    """Three to five layers, at least two of them with a stride; strides differ."""
    layers = [(3, 1), (2, 2), (4, 3), (2, 2), (5, 1)]
    layers += [(int(rng.integers(2, 6)), int(rng.integers(1, 4)))]
    order = rng.permutation(len(layers))[: int(rng.integers(4, 7))]
    return Case(([layers[int(i)] for i in order] + [(3, 2)],))


def corners(rng):
    """Two layers to do by hand; three with strides; the blueprint of lesson 05."""
    blueprint = [(3, 1), (2, 2)] * 3
    return [
        Case(([(3, 2), (3, 1)],)),
        Case(([(3, 3), (2, 2), (3, 2), (2, 1)],)),
        Case((blueprint,)),
    ]


MISTAKES = (
    Mistake(
        "k in place of k − 1",
        "you added k jumps for a kernel of k taps.",
        "How many gaps lie between three taps?",
        excludes=("field starts at 0",),
    ),
    Mistake(
        "jump updated first",
        "you used the jump after the layer. Its taps stand on the pixels before it.",
        "A first layer of 3 taps and stride 2: how many pixels does an output see?",
        excludes=("stride ignored",),
    ),
    Mistake(
        "stride ignored",
        "the jump never grows: all layers are taken to have stride 1.",
        "After a stride of 2, how far apart are two neighbours, in input pixels?",
        excludes=("jumps added", "only the last stride"),
    ),
    Mistake(
        "jumps added",
        "you added the strides. They multiply.",
        "Two layers of stride 2: how far apart are two neighbours of the last one?",
        excludes=("only the last stride",),
    ),
    Mistake(
        "only the last stride",
        "the jump is that of the last layer alone. Those before count as well.",
        "Two layers of stride 2: how far apart are two neighbours of the last one?",
    ),
    Mistake(
        "only the last field",
        "you returned one number. A list is asked for, one field for each layer.",
        "How many layers are there, and how many numbers did you return?",
    ),
    Mistake(
        "pooling skipped",
        "layers whose kernel is as wide as their stride widen the field too.",
        "One pixel of a 2 × 2 maximum has seen how many pixels of its input?",
    ),
    Mistake(
        "field starts at 0",
        "your fields are one pixel short.",
        "Before any layer, how many pixels does a pixel see?",
    ),
)


def backwards(layers):
    """From the output back: n pixels come from (n − 1)·s + k."""
    fields = []
    for last in range(1, len(layers) + 1):
        n = 1
        for k, s in reversed(layers[:last]):
            n = (n - 1) * s + k
        fields.append(n)
    return fields


def by_cumprod(layers):
    """All jumps at once."""
    k, s = np.array(layers).T
    jumps = np.cumprod([1, *s])[:-1]
    return [int(r) for r in 1 + np.cumsum((k - 1) * jumps)]


EXERCISE = Exercise(
    id="04.5",
    title="the receptive field",
    statement=STATEMENT,
    stub=STUB,
    function="receptive_field",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(backwards, by_cumprod),
    question="How far apart, in input pixels, are two neighbours that a layer reads?",
    hints=(
        "Carry two numbers from layer to layer: the field r and the jump j.",
        "Start with r = 1 and j = 1: a pixel of the input sees itself.",
        "A kernel of k taps reaches k − 1 jumps further than one pixel does.",
    ),
    reread="How far does a pixel see?",
    minutes=6,
)
