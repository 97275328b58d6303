"""05.3: how many numbers a layer learns: convolution, LSTM, dense."""

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
How many weights does a layer have, biases counted?

- `"dense"`: a weight for each pair of input and unit, and a bias $b_u$ for each unit;
- `"conv"`: a $k × k$ kernel for each pair of input channel and unit, and $b_u$;
- `"lstm"`: four small layers (three gates and one candidate). Each sees the $F$
  features of this step and the $U$ units of the step before, and has a bias for each
  unit.

`features` is $F$ (for a convolution the channels in), `units` is $U$, `kernel_size` is
$k$, and the layer is applied at `places` places (windows, or time steps). Return an
`int`.
"""

STUB = '''\
def count_weights(kind, features, units, kernel_size, places):
    """Weights of one layer; kind is "conv", "lstm" or "dense"."""
    raise NotImplementedError
'''


def solution(kind, features, units, kernel_size, places):
    """The same weights serve at every place: `places` does not matter."""
    if kind == "conv":
        return kernel_size * kernel_size * features * units + units
    if kind == "lstm":
        return 4 * (features * units + units * units + units)
    return features * units + units


def attempt(kind, features, units, kernel_size, places, *, wrong=frozenset()):
    """The count with a student's mistakes in it."""
    bias = 0 if "no bias" in wrong else units
    if "multiplied by the places" in wrong and kind != "dense":
        rest = wrong - {"multiplied by the places"}
        return places * attempt(kind, features, units, kernel_size, 1, wrong=rest)
    if kind == "conv":
        taps = kernel_size if "k in place of k²" in wrong else kernel_size**2
        depth = 1 if "channels in forgotten" in wrong else features
        return taps * depth * units + bias
    if kind == "lstm":
        gates = {"one gate": 1, "three gates": 3}
        times = next((g for name, g in gates.items() if name in wrong), 4)
        recurrent = 0 if "state forgotten" in wrong else units * units
        if "two biases" in wrong:
            bias *= 2
        if "bias once" in wrong:
            return times * (features * units + recurrent) + bias
        return times * (features * units + recurrent + bias)
    return features * units + bias


def draw(rng):
    """Numbers that all differ, of any kind."""
    kind = str(rng.choice(["conv", "lstm", "dense"]))
    features, units, places = (int(v) for v in rng.permutation([2, 3, 5, 6, 7, 11])[:3])
    return Case((kind, features, units, int(rng.integers(3, 6)), places))


def corners(rng):
    """Each kind once, small enough to draw every weight."""
    places = int(rng.integers(4, 9))
    return [
        Case(("dense", 2, 3, 3, places)),
        Case(("lstm", 2, 3, 3, places)),
        Case(("conv", 2, 3, 3, places)),
    ]


def by_arrays(kind, features, units, kernel_size, places):
    """Make the arrays and count."""
    import numpy as np

    shapes = {
        "conv": [(kernel_size, kernel_size, features, units), (units,)],
        "lstm": [(features, 4 * units), (units, 4 * units), (4 * units,)],
        "dense": [(features, units), (units,)],
    }
    return sum(np.zeros(shape).size for shape in shapes[kind])


MISTAKES = (
    Mistake(
        "one gate",
        "you counted one layer in the LSTM; there are four of the same size.",
        "How many gates has an LSTM, and what else is there besides them?",
        "What a layer costs",
        excludes=("three gates",),
    ),
    Mistake(
        "three gates",
        "you counted the gates and left out the candidate, which has weights too.",
        "What is it that the input gate lets in?",
        "What a layer costs",
    ),
    Mistake(
        "state forgotten",
        "your LSTM sees the features of this step only. It sees its own units of the "
        "step before as well.",
        "How long is the vector that each gate sees?",
        "What a layer costs",
    ),
    Mistake(
        "bias once",
        "your LSTM has one bias for each unit; each of its four layers has its own.",
        "Is the bias inside the bracket that is taken four times?",
        "What a layer costs",
        excludes=("one gate", "no bias"),
    ),
    Mistake(
        "two biases",
        "your LSTM has two biases for each unit, as PyTorch's has. Keras adds one.",
        "Two numbers that are only ever added: how many can be told apart?",
        "What a layer costs",
        excludes=("no bias",),
    ),
    Mistake(
        "multiplied by the places",
        "you counted the weights again at every place; they are shared by all.",
        "Do two windows, or two time steps, have weights of their own?",
        "What a layer costs",
    ),
    Mistake(
        "k in place of k²",
        "your kernel has k weights; it is k wide and k high.",
        "How many numbers are in a 3 × 3 kernel?",
        "What a layer costs",
    ),
    Mistake(
        "channels in forgotten",
        "your kernel looks at one channel; it has a slice for each.",
        "A kernel over a colour image: how many slices?",
        "What a layer costs",
    ),
    Mistake(
        "no bias",
        "the products are right; the biases are missing.",
        "Does the question count the biases?",
        "What a layer costs",
    ),
)

EXERCISE = Exercise(
    id="05.3",
    title="what a layer costs",
    statement=STATEMENT,
    stub=STUB,
    function="count_weights",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_arrays,),
    question="Which array would you need for these weights, and what is its shape?",
    hints=(
        "A dense layer from F to U: an array (F, U) and one (U,). Start there.",
        "A gate of the LSTM is a dense layer from F + U numbers to U units.",
        "One of the five arguments does not change the count at all.",
    ),
    reread="What a layer costs",
    minutes=8,
)
