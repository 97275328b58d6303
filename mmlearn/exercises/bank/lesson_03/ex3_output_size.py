"""03.3: how many windows fit."""

import math

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
How many outputs does a convolution have on an axis of `n` pixels? Return an `int`.

`padding="valid"` adds no zeros. With `padding="same"` the output has
$\\lceil n / s \\rceil$ pixels, whatever the kernel.
"""

STUB = '''\
def output_size(n, kernel_size, strides, padding, dilation_rate):
    """Output pixels on one axis; padding is "valid" or "same"."""
    raise NotImplementedError
'''


def solution(n, kernel_size, strides, padding, dilation_rate):
    """Count the starts 0, s, 2s, … from which a window still fits."""
    if padding == "same":
        return math.ceil(n / strides)
    span = dilation_rate * (kernel_size - 1) + 1
    return (n - span) // strides + 1


def attempt(n, kernel_size, strides, padding, dilation_rate, *, wrong=frozenset()):
    """The count with a student's mistakes in it."""
    if padding == "same":
        if "same forgets the stride" in wrong:
            return n
        if "`/` with same" in wrong:
            return n / strides
        return n // strides if "same rounded down" in wrong else -(-n // strides)
    span = dilation_rate * (kernel_size - 1) + 1
    if "dilation ignored" in wrong:
        span = kernel_size
    if "span is d times k" in wrong:
        span = dilation_rate * kernel_size
    room = n - span
    steps = -(-room // strides) if "rounded up" in wrong else room // strides
    if "`/` in place of `//`" in wrong:
        steps = room / strides
    return steps + ("first window not counted" not in wrong)


def draw(rng):
    """Any setting; the input is always wide enough for one window."""
    k, s, d = (int(v) for v in rng.integers((2, 1, 1), (6, 4, 4)))
    n = int(rng.integers(d * k + 1, 40))
    return Case((n, k, s, str(rng.choice(["valid", "same"])), d))


def corners(rng):
    """A setting for each mistake, so that none hides behind a lucky draw."""
    k = int(rng.integers(3, 6))
    n = 2 * k + 2 * int(rng.integers(2, 6))
    # n is even: with stride 3 one of n, n + 2, n + 4 leaves each remainder.
    odd = [
        Case((n + 2 * i, k, 3, padding, 2)) for i in range(3) for padding in PADDINGS
    ]
    # Five taps three apart span 13: rounded up is one window too many, as if one apart
    # four; and with three taps two apart, stride 3, the two cannot be told.
    wide = Case((n + 10, 5, 2, "valid", 3))
    return [*odd, wide, Case((n + 1, k, 2, "same", 1)), Case((n, k, 1, "valid", 1))]


PADDINGS = ("valid", "same")


def by_counting(n, kernel_size, strides, padding, dilation_rate):
    """Count the windows instead of computing how many there are."""
    if padding == "same":
        return len(range(0, n, strides))
    last_tap = dilation_rate * (kernel_size - 1)
    return sum(1 for start in range(0, n, strides) if start + last_tap < n)


MISTAKES = (
    Mistake(
        "dilation ignored",
        "your window is as wide as its kernel; with dilation the taps stand apart.",
        "Draw three taps with dilation 2. How many pixels from the first to the last?",
        excludes=("span is d times k",),
    ),
    Mistake(
        "span is d times k",
        "you took d·k pixels for the window. There are only k − 1 gaps between k taps.",
        "Draw three taps with dilation 2. How many pixels from the first to the last?",
    ),
    Mistake(
        "first window not counted",
        "you counted the steps. The window also stands where it begins.",
        "How many windows are there if the window is exactly as wide as the input?",
    ),
    Mistake(
        "rounded up",
        "you rounded up: your last window hangs over the edge.",
        "8 pixels, 3 taps, stride 2: write down all starts that fit.",
    ),
    Mistake(
        "`/` in place of `//`",
        "`/` keeps the fraction, and gives a float. A window fits, or it does not.",
        "What are `7 / 2` and `7 // 2` in Python?",
        excludes=("rounded up",),
    ),
    Mistake(
        "`/` with same",
        'for "same" you divided and did not round. There is no half window.',
        "What does the bracket around n / s in the exercise stand for?",
        excludes=("same rounded down", "same forgets the stride"),
    ),
    Mistake(
        "same rounded down",
        'with "same" and a stride, Keras rounds up: the last pixels get a window too.',
        "5 pixels, stride 2: windows are centred on which pixels?",
        excludes=("same forgets the stride",),
    ),
    Mistake(
        "same forgets the stride",
        '"same" keeps the size only for stride 1.',
        "What does stride 2 do to the number of windows, whatever the padding?",
    ),
)

EXERCISE = Exercise(
    id="03.3",
    title="output size",
    statement=STATEMENT,
    stub=STUB,
    function="output_size",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_counting,),
    question="What is the last pixel at which a window can start?",
    hints=(
        "First find how many pixels one window spans, from its first tap to its last.",
        "Starts are 0, s, 2s, … How many of them are no larger than n − span?",
        'For "same" the kernel does not matter: divide n by the stride, round up.',
    ),
    reread="How large is the output?",
    minutes=5,
)
