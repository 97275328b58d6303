"""Answers examined in a sandbox: right ones pass, wrong ones are named."""

import inspect
import textwrap
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import FATES, own

from mmlearn.exercises import find
from mmlearn.exercises.answers import Junk
from mmlearn.exercises.exercise import Case
from mmlearn.exercises.guard import Outcome
from mmlearn.grading import sandbox, talk, ways
from mmlearn.grading.examine import _alike, examine_source, fingerprint
from mmlearn.grading.questions import Questions

SOFTMAX = """
import numpy as np
def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""


@pytest.fixture(params=["bubblewrap", "limits"])
def level(request):
    """Both ways to start a child."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "limits":
            told = sandbox.Protection("limits", ("Nothing is sure.",))
            patch.setattr(sandbox, "_reached", lambda: (told, ways.in_limits))
        else:
            request.getfixturevalue("bubblewrap")
        yield request.param


def source_of(exercise, head="import numpy as np\n"):
    """Its solution as a student would hand it in."""
    code = textwrap.dedent(inspect.getsource(exercise.solution))
    return head + code.replace("def solution(", f"def {exercise.function}(", 1)


def test_every_kind_of_exercise_passes(level):
    """A function, a pullback, one with our library, an answer by hand; in parallel."""
    counter = "from collections import Counter\nimport numpy as np\n"
    kinds = {"02.1": SOFTMAX, "06.6": "diagnosis = [8, 1, 4, 6, 3, 7, 2, 5]"}
    kinds |= {id: source_of(find(id)) for id in ("02.3", "02.5")}
    kinds["09.7"] = source_of(find("09.7"), counter)

    def work(id):
        return examine_source(Questions(find(id), 11), kinds[id])

    with ThreadPoolExecutor(2) as pool:
        for id, result in zip(kinds, pool.map(work, kinds), strict=True):
            assert result.finding.kind == "passed", (id, result)
            assert (result.flags, result.fingerprint) == ((), "")


def test_wrong_answers_are_named_and_grouped():
    questions = Questions(find("02.1"), 5)
    unnamed = SOFTMAX.replace("return e", "return 2 * e")
    shifted = unnamed.replace("2 * e", "(2 + 1e-13) * e").replace("np.exp", "+np.exp")
    other = SOFTMAX.replace("return e", "return 3 * e")
    known = SOFTMAX.replace(" - logits.max(axis=-1, keepdims=True)", "")
    one, same, another, named = (
        examine_source(questions, source) for source in (unnamed, shifted, other, known)
    )
    assert one.finding.kind == "wrong" and not one.finding.mistakes
    assert one.fingerprint == same.fingerprint != another.fingerprint
    assert [m.name for m in named.finding.mistakes] == ["no maximum subtracted"]
    assert named.finding.right < named.finding.total


def test_cases_are_drawn_once_and_after_the_code_has_loaded(monkeypatch):
    events = []

    def draw(rng):
        events.append("drawn")
        return Case((int(rng.integers(9)),))

    load = talk.Talk._load
    monkeypatch.setattr(
        talk.Talk, "_load", lambda *a: (load(*a), events.append("loaded"))
    )
    questions = Questions(own(draw=draw), 1)
    for _ in range(2):
        assert examine_source(questions, "f = lambda n: n").finding.kind == "passed"
    assert events == ["loaded", *["drawn"] * 8, "loaded"]
    numbers = [case.args for case in questions.cases]
    assert numbers == [case.args for case in Questions(own(), 1).cases]
    assert numbers != [case.args for case in Questions(own(), 2).cases]
    assert sorted(questions.second_order) == [*range(8)] != questions.second_order


@pytest.mark.parametrize("kind", FATES)
def test_every_fate_has_its_finding(kind):
    limits = sandbox.Limits(wall_seconds=1 if kind == "timeout" else 30)
    found = examine_source(Questions(own(), 3), FATES[kind], limits=limits).finding
    assert found.kind == kind
    if kind == "raised":
        told = found.outcome.error, found.outcome.line, found.outcome.source
        assert told == ("IndexError", 2, "return [][n]")


BROKEN = {
    "def f(n:\n    return n": ("SyntaxError", 1),
    "x = 1\nx[0]": ("TypeError", 2),
    "def g(n):\n    return n": ("NameError", 0),
    "import subprocess\ndef f(n):\n    return n": ("ImportError", 1),
}


def test_what_does_not_load_is_said_with_its_line():
    for source, told in BROKEN.items():
        outcome = examine_source(Questions(own(), 3), source).finding.outcome
        assert (outcome.error, outcome.line) == told, outcome
    assert "it may import numpy, math and Python's everyday" in outcome.message


def test_a_source_without_end_is_not_read():
    result = examine_source(Questions(own(), 3), "x = 1\n" * 50_000)
    assert result.finding.outcome.error == "TooLong"
    assert result.finding.kind == "raised" and result.flags == ()


answers = st.recursive(
    st.one_of(
        st.none(),
        st.integers(-(2**1020), 2**1020),
        st.floats(),
        st.complex_numbers(),
        st.text(max_size=5),
        st.just(Junk("a thing")),
        st.sampled_from([np.zeros((2, 3)), np.array(["a"]), np.array(np.nan)]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
    ),
    max_leaves=6,
)


DISTORTED = {
    "not a number": lambda a: np.full(a.shape, np.nan),
    "infinite": lambda a: np.where(np.arange(a.size).reshape(a.shape) % 2, np.inf, -1),
    "as large as there are": lambda a: np.full(a.shape, -1.7e308),
    "complex": lambda a: a * complex(1, np.nan),
    "truth": lambda a: a > 0,
    "unsigned": lambda a: np.full(a.shape, 2**64 - 1, np.uint64),
    "text": lambda a: np.full(a.shape, "x"),
    "empty": lambda a: np.zeros((0, 2)),
    "another axis": lambda a: a[..., None],
    "giant integers": lambda a: [2**1020] * a.size,
    "ragged": lambda a: [[1.0], [1.0, 2.0]],
}


@pytest.mark.parametrize("how", DISTORTED)
def test_no_number_stops_the_judge(how):
    for id in ("02.1", "02.3"):
        questions = Questions(find(id), 4)
        one = DISTORTED[how]
        given = [
            tuple(map(one, a)) if isinstance(a, tuple) else one(a)
            for a in questions.expected
        ]
        finding = questions.judge([Outcome("returned", answer) for answer in given])
        assert finding.kind == "wrong"


@pytest.mark.parametrize("id", ["02.1", "02.3", "06.6"])
def test_no_answer_stops_the_judge(id):
    questions = Questions(find(id), 4)

    @settings(max_examples=20, deadline=None, database=None, derandomize=True)
    @given(answers, answers)
    def judged(one, other):
        outcomes = [Outcome("returned", one) for _ in questions.cases]
        finding = questions.judge(outcomes)
        assert finding.kind != "passed"
        assert len(fingerprint(finding, outcomes)) == 16
        assert _alike(one, one, 1e-4)
        assert _alike(one, other, 1e-4) == _alike(other, one, 1e-4)

    judged()


MANY = {
    "a dict": {str(k): 1.5 for k in range(60_000)},
    "a tuple": (1.5,) * 60_000,
    "tuples in a tuple": (((1.5,) * 30,) * 3_000, 1.5),
    "a ragged list": [[1.5] * (k % 7) for k in range(20_000)],
    "a list of anything": [1, "x", (2.5, None)] * 15_000,
}


@pytest.mark.parametrize("name", MANY)
def test_an_answer_of_very_many_pieces_is_compared_once(name):
    """Sixty thousand comparisons, for each case and each mistake, took a minute."""
    outcome = talk._outcome({"status": "returned", "answer": MANY[name]})
    answer = outcome.answer[0] if name.startswith("tuples") else outcome.answer
    assert answer == Junk("more than can be compared")


def test_long_lists_of_numbers_are_answers():
    lists = np.arange(6_000.0).reshape(20, 300).tolist()
    outcome = talk._outcome({"status": "returned", "answer": (lists, 1.5)})
    assert outcome.answer[1] == 1.5 and outcome.answer[0].tolist() == lists
    short = {"status": "returned", "answer": ([[1.5, 2.0]], {"a": [1]})}
    assert talk._outcome(short).answer == short["answer"]
