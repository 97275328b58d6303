"""05.6: read a blueprint, and say where it breaks (transfer)."""

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Check a blueprint before anybody builds it. Return the number (index from 0) of the
first layer that cannot work, or −1 if all can. The input is a map `(H, W, C)`. A layer
is

- `("conv", units, k, padding)`: a map in, a map out; a whole window must fit;
- `("pool", k)`: a map in, a map out; a whole block must fit;
- `("rows",)`: a map `(H, W, C)` in, a sequence `(H, W * C)` out;
- `("flatten",)`: anything in, a vector out;
- `("lstm", units)`: a sequence `(T, F)` in, a vector `(units,)` out;
- `("dense", units)`: a **vector** in (we are strict here), a vector out.
"""

STUB = '''\
def first_fault(shape, layers):
    """(H, W, C), list of layers -> index of the first that cannot work, or -1."""
    raise NotImplementedError
'''


def solution(shape, layers):
    """Carry the shape along; its length says map (3), sequence (2) or vector (1)."""
    needs = {"conv": 3, "pool": 3, "rows": 3, "lstm": 2, "dense": 1}
    for number, (kind, *numbers) in enumerate(layers):
        if len(shape) != needs.get(kind, len(shape)):
            return number
        if kind == "conv":
            units, k, padding = numbers
            lost = k - 1 if padding == "valid" else 0
            shape = (shape[0] - lost, shape[1] - lost, units)
        elif kind == "pool":
            shape = (shape[0] // numbers[0], shape[1] // numbers[0], shape[2])
        elif kind == "rows":
            shape = (shape[0], shape[1] * shape[2])
        else:
            shape = (1,)  # a vector, of whatever length
        if min(shape) < 1:
            return number
    return -1


def attempt(shape, layers, *, wrong=frozenset()):
    """The reading with a student's mistakes in it."""
    needs = {"conv": 3, "pool": 3, "rows": 3, "lstm": 2, "dense": 1}
    if "LSTM reads a vector" in wrong:
        needs.pop("lstm")
    if "dense takes anything" in wrong:
        needs.pop("dense")
    fault = -1
    for number, (kind, *numbers) in enumerate(layers):
        after = _after(kind, numbers, shape, wrong)
        fits = len(shape) == needs.get(kind, len(shape)) and min(after) >= 1
        if not fits:
            fault = number
            if "the last fault" not in wrong:
                break
        shape = after if min(after) >= 1 else shape
    return fault + ("counted from 1" in wrong and fault >= 0)


def _after(kind, numbers, shape, wrong):
    """The shape after a layer, if it works."""
    if kind == "conv" and len(shape) == 3:
        units, k, padding = numbers
        valid = padding == "valid" or "padding ignored" in wrong
        lost = k - 1 if valid else 0
        width = shape[0] if "square maps" in wrong else shape[1]
        return (shape[0] - lost, width - lost, units)
    if kind == "pool" and len(shape) == 3:
        up = numbers[0] - 1 if "pool rounds up" in wrong else 0
        sides = [(n + up) // numbers[0] for n in shape[:2]]
        if "square maps" in wrong:
            sides[1] = sides[0]
        return (*sides, shape[2])
    if kind == "rows" and len(shape) == 3:
        return (shape[0], shape[1] * shape[2])
    if kind == "lstm" and "LSTM keeps the steps" in wrong and len(shape) == 2:
        return (shape[0], numbers[0])
    return (1,)


def _stem(rng):
    """Some layers that work on the smallest image drawn here."""
    k = int(rng.integers(2, 4))
    return [("conv", int(rng.integers(4, 9)), k, "valid"), ("pool", 2)]


def _shape(rng):
    """High and narrow: 14 to 16 rows, 8 or 9 columns."""
    H, W, C = (int(n) for n in rng.integers((14, 8, 1), (17, 10, 4)))
    return H, W, C


ENDS = (
    [("rows",), ("lstm", 8), ("dense", 10)],
    [("flatten",), ("lstm", 8), ("dense", 10)],
    [("rows",), ("lstm", 8), ("lstm", 8), ("dense", 10)],
    [("rows",), ("dense", 10)],
    [("lstm", 8), ("rows",), ("lstm", 8), ("lstm", 6)],
    [("pool", 8), ("flatten",), ("dense", 4)],
    [("dense", 4), ("rows",), ("dense", 4)],
    [("conv", 5, 20, "valid"), ("conv", 5, 6, "same"), ("rows",), ("lstm", 4)],
    [("conv", 6, 3, "same"), ("rows",), ("conv", 6, 3, "same"), ("dense", 10)],
    [("pool", 2), ("pool", 2), ("rows",), ("lstm", 5)],
    [("conv", 5, 6, "valid"), ("flatten",), ("dense", 4)],
    [("conv", 5, 6, "same"), ("pool", 3), ("conv", 5, 2, "same"), ("dense", 4)],
)


def draw(rng):
    """A stem that works, and an end that may not."""
    end = ENDS[int(rng.integers(len(ENDS)))]
    return Case((_shape(rng), [*_stem(rng), *end]))


def corners(rng):
    """Every end once."""
    return [Case((_shape(rng), [*_stem(rng), *end])) for end in ENDS]


def by_trying(shape, layers):
    """Build shapes until something is wrong, in the manner of a framework."""

    def build(kind, numbers, shape):
        if kind in ("conv", "pool", "rows"):
            H, W, C = shape
        if kind == "conv":
            units, k, padding = numbers
            side = {"valid": k - 1, "same": 0}[padding]
            assert side < H and side < W
            return H - side, W - side, units
        if kind == "pool":
            assert numbers[0] <= H and numbers[0] <= W
            return H // numbers[0], W // numbers[0], C
        if kind == "rows":
            return H, W * C
        if kind == "lstm":
            T, F = shape
        if kind == "dense":
            (F,) = shape
        return (numbers[0] if numbers else 1,)

    for number, (kind, *numbers) in enumerate(layers):
        try:
            shape = build(kind, numbers, shape)
        except (ValueError, AssertionError):
            return number
    return -1


MISTAKES = (
    Mistake(
        "LSTM reads a vector",
        "your LSTM accepts what has no axis of time.",
        "How many axes, the batch not counted, must the input of an LSTM have?",
        "A sequence of rows",
    ),
    Mistake(
        "LSTM keeps the steps",
        "your LSTM gives one vector for each step. By default only the last one is "
        "given on.",
        "Can a second LSTM follow the first?",
        "A sequence of rows",
    ),
    Mistake(
        "dense takes anything",
        "your dense layer accepts a sequence or a map; here it wants a vector.",
        "What does the last line of the exercise ask for?",
    ),
    Mistake(
        "padding ignored",
        'your convolutions shrink the map with "same" too.',
        "Do you use all that a layer says?",
        "The map shrinks",
    ),
    Mistake(
        "pool rounds up",
        "your pooling keeps incomplete blocks, so that the map never runs out.",
        "What is left of 1 pixel after blocks of 2?",
        "The map shrinks",
    ),
    Mistake(
        "square maps",
        "you followed the rows and took the columns to be as many.",
        "Which side of the map runs out first here?",
        "The map shrinks",
    ),
    Mistake(
        "the last fault",
        "yours is the last layer that cannot work; the first one is asked for.",
        "After the first fault, what is the input of the next layer?",
    ),
    Mistake(
        "counted from 1",
        "you counted the layers from 1.",
        "What is the index of the first layer in a list?",
    ),
)

EXERCISE = Exercise(
    id="05.6",
    title="the first fault",
    statement=STATEMENT,
    stub=STUB,
    function="first_fault",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_trying,),
    question="What shape reaches the first layer on which you and we disagree?",
    hints=(
        "Keep the shape as a tuple: three numbers a map, two a sequence, one a vector.",
        "First ask how many axes each kind needs (dense: one), then what it makes.",
        "A size below 1 is a fault of the layer that made it.",
    ),
    reread="Transfer",
    minutes=15,
    points=3,
)
