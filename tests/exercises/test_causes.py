"""None, NaN, exceptions and wrong types: the cause first, the case short after it."""

import numpy as np
import pytest

from mmlearn.exercises import check, find

CONV = find("03.2")


def gives_none(*args, **options):
    CONV.solution(*args, **options)


def gives_nan(*args, **options):
    return np.nan * CONV.solution(*args, **options)


def misspells(x, kernel, bias, strides=1):
    raise NameError("name 'kernal' is not defined")


def gives_text(*args, **options):
    return "y"


def gives_dict(*args, **options):
    return {"y": CONV.solution(*args, **options)}


def y_and(what):
    return lambda *args, **options: (CONV.solution(*args, **options), what)


CAUSES = {
    "Your answer is None: does the function end in `return`?": gives_none,
    "Your answer is not a number (NaN) at [0, 0, 0, 0]": gives_nan,
    "`naive_conv2d` stopped in line 20 with NameError": misspells,
    "Your answer is text; expected numbers.": gives_text,
    "Your answer is a dict; expected an array of shape": gives_dict,
    "You returned 2 things; return only `y`, an array of shape": y_and(None),
}


def lines(id, function, rung):
    """The verdict, a string for each block."""
    verdict = check(id, function, seed=3, rung=rung)
    return [getattr(block, "text", "") for block in verdict.page.blocks]


@pytest.mark.parametrize("rung", [1, 2, 3])
@pytest.mark.parametrize("cause", CAUSES)
def test_the_cause_stands_first_and_the_case_short_after_it(cause, rung):
    told = lines("03.2", CAUSES[cause], rung)
    case = [k for k, text in enumerate(told) if "smallest case" in text]
    assert told[0].startswith(cause), told
    assert len(case) == 1
    assert "`x` of shape (1, " in told[case[0]]
    assert not [text for text in told if "A question" in text]
    assert not [t for t in told[: case[0]] if "A hint" in t]


@pytest.mark.parametrize("rest", [None, 3.0, np.zeros(2), print, "text"])
def test_one_thing_too_many(rest):
    assert "You returned 2 things; return only `y`" in lines("03.2", y_and(rest), 1)[0]


def test_twice_the_same_array_is_two_things():
    def both(logits):
        return (find("02.1").solution(logits),) * 2

    assert "You returned 2 things" in lines("02.1", both, 1)[0]


def test_a_number_and_something():
    def size(*args):
        return find("03.3").solution(*args), "pixels"

    told = lines("03.3", size, 1)
    assert told[0] == "You returned 2 things; return only `y`, a single number."
    assert "`padding` = 'valid'" in told[1]


def test_a_tuple_of_numbers_is_still_an_array():
    def as_tuples(logits):
        return tuple(tuple(row) for row in find("02.1").solution(logits))

    assert check("02.1", as_tuples).passed


def test_a_known_mistake_with_nan_is_named_above_its_numbers():
    told = lines("02.1", find("02.1").wrong({"no maximum subtracted"}), 2)
    assert "(NaN)" in told[0]
    assert told[1].startswith("No maximum subtracted")
    assert "smallest case" in told[3]


def test_a_part_that_is_two_things():
    def parabola(a, x):
        y, pullback = find("00.2").solution(a, x)
        return (y, None), pullback

    assert "`y` is 2 things" in lines("00.2", parabola, 1)[0]
