"""check: the ladder, the seed, what goes on below."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from mmlearn.exercises import UnknownExercise, check, examine, find, forget

SOFTMAX = find("02.1")


def untouched(logits):
    raise NotImplementedError


def over_columns(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def over_all(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum()


def twice(logits):
    return 2 * SOFTMAX.solution(logits)


def half_written(logits):
    if logits.max() > 100:
        raise NotImplementedError
    return SOFTMAX.solution(logits)


def as_lists(logits):
    return SOFTMAX.solution(logits).tolist()


def test_right_function_goes_on():
    verdict = check("2.1", over_rows := lambda logits: SOFTMAX.solution(logits))
    assert verdict.passed
    assert verdict
    assert verdict.function is over_rows


def test_stub_is_not_attempted_and_leaves_no_trace(journal_file):
    verdict = check("02.1", untouched, seed=0)
    assert (verdict.passed, verdict.attempted) == (False, False)
    assert verdict.function is SOFTMAX.solution
    assert "not attempted" in verdict.text
    assert not journal_file.exists()


def test_a_stub_left_in_one_path_is_an_error():
    verdict = check("02.1", half_written)
    assert verdict.attempted
    assert "for some of the cases" in verdict.text


def test_lists_count_but_the_lesson_goes_on_with_arrays():
    verdict = check("02.1", as_lists)
    assert verdict.passed
    assert "It returns lists" in verdict.text
    assert verdict.function is SOFTMAX.solution


def test_the_ladder():
    first = check("02.1", over_columns).text
    assert SOFTMAX.question in " ".join(first.split())
    assert "samples compete" not in first
    second = " ".join(check("02.1", over_all).text.split())
    assert "all numbers together sum to 1" in second
    assert "Read again" not in second
    third = " ".join(check("02.1", twice).text.split())
    assert "2 times the expected" in third
    assert f"“{SOFTMAX.reread}”" in third
    assert 'solution("02.1")' in third


def test_the_same_function_again_is_the_same_try():
    texts = [check("02.1", over_columns, seed=3).text for _ in range(4)]
    assert len(set(texts)) == 1


def test_rung_is_shown_without_the_journal(journal_file):
    texts = [check("02.1", over_columns, seed=3, rung=2).text for _ in range(2)]
    assert texts[0] == texts[1]
    assert "samples compete" in texts[0]
    assert not journal_file.exists()


def test_seed_fixes_the_cases():
    one, two = (check("02.1", over_columns, seed=5, rung=1) for _ in range(2))
    assert one.text == two.text
    assert one._repr_html_() == two._repr_html_()
    assert "seed=" in check("02.1", over_columns).text


def test_forget_starts_anew():
    check("02.1", over_columns)
    check("02.1", over_all)
    forget("02.1")
    assert SOFTMAX.question in " ".join(check("02.1", twice).text.split())


def test_two_mistakes_at_once_are_both_named():
    wrong = SOFTMAX.wrong({"no maximum subtracted", "not normalised"})
    text = check("02.1", wrong, rung=2).text
    assert "No maximum subtracted" in text
    assert "Not normalised" in text


def test_the_journal_keeps_what_was_wrong(journal_file):
    check("02.1", over_all, seed=4)
    entry = json.loads(journal_file.read_text())
    assert entry["mistakes"] == ["normalised over the whole array"]
    assert (entry["id"], entry["passed"], entry["seed"]) == ("02.1", False, 4)


def test_unknown_exercise_lists_what_there_is():
    with pytest.raises(
        UnknownExercise, match=r"no exercise '77\.1'; there are:.*03\.2"
    ):
        check("77.1", untouched)


def test_import_is_light():
    code = (
        "import sys, mmlearn.exercises;"
        "heavy = {'tensorflow', 'keras', 'ipywidgets', 'matplotlib', 'IPython'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_kernel_read_as_width_and_height_is_named_though_it_only_raises():
    def naive_conv2d(x, kernel, bias, strides=1):
        if kernel.shape[0] != kernel.shape[1]:
            raise IndexError("index 1 is out of bounds for axis 0 with size 1")
        return find("03.2").solution(x, kernel, bias, strides)

    text = " ".join(check("03.2", naive_conv2d, seed=0, rung=2).text.split())
    assert text.index("IndexError") < text.index("Kernel shape read as (kw, kh)")


@pytest.mark.parametrize(
    ("id", "mistake", "shape"),
    [
        ("03.2", "kernel flipped", "(1, 3, 4, 1)"),
        ("03.2", "stride ignored", "(1, 3, 5, 1)"),
        ("03.5", "mean in place of maximum", "(1, 4, 5, 1)"),
        ("03.5", "blocks side by side", "(1, 4, 5, 1)"),
    ],
)
def test_the_case_shown_can_be_done_by_hand(id, mistake, shape):
    text = check(id, find(id).wrong({mistake}), seed=0, rung=1).text
    assert f"`x`:\n    shape {shape}\n    [0, :, :, 0] =" in text


def test_a_fraction_where_windows_are_counted():
    wrong = find("03.3").wrong({"`/` in place of `//`"})
    assert "do you divide with `/`?" in check("03.3", wrong, seed=0, rung=1).text
    assert "`/` keeps the fraction" in check("03.3", wrong, seed=0, rung=2).text


def test_sums_cut_at_every_step_are_seen():
    def correlate1d(x, kernel, bias):
        y = np.full(len(x) - len(kernel) + 1, int(bias))
        for i in range(len(y)):
            for p in range(len(kernel)):
                y[i] += kernel[p] * x[i + p]
        return y

    assert "stored in an int array?" in check("03.1", correlate1d, seed=0, rung=2).text


@pytest.mark.parametrize("id", ["03.2", "04.3", "08.1"])
def test_three_mistakes_at_once_are_named(id):
    exercise = find(id)
    (three, *_) = exercise.threes()
    names = [mistake.name for mistake in three]
    assert examine(exercise, exercise.wrong(names), 0).mistakes == three


def test_three_that_cannot_be_told_from_three_others_are_not_named():
    exercise = find("14.1")
    (three, *_) = exercise.threes()
    again = tuple(replace(one, name=f"{one.name} again") for one in three)

    def attempt(*args, wrong, **kwargs):
        names = frozenset(name.removesuffix(" again") for name in wrong)
        made = names if len(names) == 3 else ()  # one or two do no harm
        return exercise.attempt(*args, wrong=frozenset(made), **kwargs)

    twice = replace(exercise, mistakes=exercise.mistakes + again, attempt=attempt)
    finding = examine(twice, exercise.wrong([one.name for one in three]), 0)
    assert finding.kind == "wrong" and finding.mistakes == ()
