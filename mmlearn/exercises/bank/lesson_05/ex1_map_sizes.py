"""05.1: the size of the map after each layer, until nothing fits any more."""

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Follow the side of a square map through a list of layers. A layer is
`("conv", k, padding)` with stride 1, or `("pool", k)` with blocks side by side:

- `"conv"` with `"valid"`: $o = n - k + 1$; with `"same"`: $o = n$;
- `"pool"`: $o = \\lfloor n / k \\rfloor$: a block that does not fit whole is left out.

Return the list of sides, one after each layer. Where no window fits, write 0 and stop.
"""

STUB = '''\
def map_sizes(n, layers):
    """Side of the map after each layer, from an n × n image: a list of int."""
    raise NotImplementedError
'''


def solution(n, layers):
    """One formula a kind of layer; the side found is the next layer's input."""
    sizes = []
    for kind, k, *padding in layers:
        if kind == "pool":
            n = n // k
        elif padding == ["valid"]:
            n = max(0, n - k + 1)
        sizes.append(n)
        if n == 0:
            break
    return sizes


def attempt(n, layers, *, wrong=frozenset()):
    """The walk through the layers with a student's mistakes in it."""
    sizes = [n] if "input listed" in wrong else []
    for kind, k, *padding in layers:
        if kind == "pool":
            n = _pooled(n, k, wrong)
        elif padding == ["valid"] or "padding ignored" in wrong:
            n = n - k + ("one too few" not in wrong)
        if n <= 0 and "goes on below 1" not in wrong:
            n = 0
        if not (kind == "pool" and "pool not listed" in wrong):
            sizes.append(n)
        if n == 0 and "goes on below 1" not in wrong:
            break
    return sizes


def _pooled(n, k, wrong):
    if "pool forgotten" in wrong:
        return n
    if "pool moves by one" in wrong:
        return n - k + 1
    if "pool halves" in wrong:
        return n // 2
    return -(-n // k) if "pool rounds up" in wrong else n // k


def _blueprint(paddings, pools):
    layers = []
    for padding, k in zip(paddings, pools, strict=True):
        layers += [("conv", 3, padding), ("pool", k)]
    return layers


def draw(rng):
    """Some layers on an odd and on an even side, both paddings, pools of 2 and 3."""
    n = int(rng.integers(15, 40))
    paddings = [str(p) for p in rng.permutation(["valid", "same", "valid"])]
    pools = [int(k) for k in rng.permutation([2, 3, 2])]
    return Case((n, _blueprint(paddings, pools)))


def corners(rng):
    """One layer at a time, a rest in each pool, and a map that runs out."""
    odd = 2 * int(rng.integers(4, 8)) + 1
    short = [("conv", 5, "valid"), ("pool", 2)]
    return [
        Case((odd, [("pool", 2)])),
        Case((odd, [("conv", 3, "valid")])),
        Case((odd, [("conv", 3, "same"), ("pool", 3), ("conv", 2, "valid")])),
        Case((odd + 1, [("conv", 4, "valid"), ("conv", 3, "same"), ("pool", 4)])),
        Case((9, [*short, ("conv", 4, "valid"), ("pool", 2), ("conv", 3, "same")])),
    ]


def by_counting(n, layers):
    """Count the starts at which a whole window fits."""
    sizes = []
    for layer in layers:
        kind, k = layer[:2]
        if kind == "pool":
            n = len(range(0, n - k + 1, k))
        elif layer[2] == "valid":
            n = len(range(n - k + 1))
        sizes.append(n)
        if not n:
            return sizes
    return sizes


MISTAKES = (
    Mistake(
        "pool rounds up",
        "you kept a block that hangs over the edge; the layer leaves it out.",
        "How many whole blocks of 2 lie side by side on 5 pixels?",
        "The map shrinks",
        excludes=("pool forgotten", "pool moves by one", "pool halves"),
    ),
    Mistake(
        "pool forgotten",
        "your pooling leaves the side as it is.",
        "What does a maximum over blocks of 2 × 2 do to the number of pixels?",
        "The map shrinks",
        excludes=("pool moves by one", "pool halves", "goes on below 1"),
    ),
    Mistake(
        "pool moves by one",
        "your pooling windows overlap: they move by one pixel, as a convolution's do.",
        "By how many pixels do blocks move that lie side by side?",
        "The map shrinks",
        excludes=("pool halves",),
    ),
    Mistake(
        "pool halves",
        "your pooling always divides by 2; its blocks have k pixels.",
        "Is every number of the layer used?",
        "The map shrinks",
    ),
    Mistake(
        "one too few",
        "your convolution loses k pixels; it loses one less.",
        "How many windows of 3 fit on 3 pixels?",
        "The map shrinks",
    ),
    Mistake(
        "padding ignored",
        'your convolution shrinks the map with "same" too.',
        'What did "same" mean in lesson 03?',
        "The map shrinks",
    ),
    Mistake(
        "goes on below 1",
        "your list goes on after the map is used up, with 0 or below.",
        "What does Keras do when no window fits?",
        "The map shrinks",
    ),
    Mistake(
        "input listed",
        "your list begins with the input; it should hold one number for each layer.",
        "How many layers are there, and how many numbers do you return?",
        excludes=("pool not listed",),
    ),
    Mistake(
        "pool not listed",
        "your list leaves out the sides after the poolings.",
        "How many layers are there, and how many numbers do you return?",
    ),
)

EXERCISE = Exercise(
    id="05.1",
    title="the sizes of the maps",
    statement=STATEMENT,
    stub=STUB,
    function="map_sizes",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_counting,),
    question="Which is the first number that differs, and which layer made it?",
    hints=(
        "Keep one number, the side now, and change it once for each layer.",
        "Unpack a layer in the loop: `for kind, k, *padding in layers:`.",
        "Pooling is a whole division; a valid convolution loses k − 1 pixels.",
    ),
    reread="The map shrinks",
    minutes=8,
)
