"""Whether an exercise can be trusted: what its author claims, tried out.

The course's own exercises are proven by the same functions (tests/exercises).
"""

import re
import warnings
from dataclasses import dataclass

import numpy as np

from mmlearn.exercises import diagnose
from mmlearn.exercises.checking import examine
from mmlearn.exercises.diagnose import expected_answers, judge
from mmlearn.exercises.words import problem_text, raised_text
from mmlearn.grading.broken import broke_off, not_drawn, undefined

SEEDS = (0, 1)
JUNK = (None, "seven", float("nan"), [[1], [1, 2]], object())


@dataclass(frozen=True)
class Claim:
    """One thing that should be so: in words, and what is wrong with it; "" if nothing.

    Args:
        what: "the solution passes".
        wrong: what to do where it is not so.
        count: how many were tried.
    """

    what: str
    wrong: str = ""
    count: int = 1

    def __bool__(self):
        return not self.wrong


def prove(exercise):
    """Try out everything that an exercise must do.

    Args:
        exercise: the Exercise.

    Yields:
        Claim, true or not; a claim that breaks off says how. Nothing else is tried
        where no cases can be drawn.
    """
    wrong = not_drawn(exercise)
    if wrong:
        yield Claim("`draw` and `corners` give cases", wrong)
        return
    for what, claim in CLAIMS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                problems = list(claim(exercise))
            except Exception as problem:  # the author's own code, in any state
                problems = [broke_off(exercise, problem)]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        yield Claim(what, problems[0] + more if problems else "")


def give(exercise, function):
    """What a student would pass to check: the function, or its answer."""
    return function() if exercise.kind == "answer" else function


def told_apart(exercise, seed):
    """Every known mistake, and every pair that can be made, judged on the same cases.

    Yields:
        (names of the mistakes made, Finding).
    """
    cases = exercise.cases(np.random.default_rng(seed))
    expected = expected_answers(exercise, cases)
    answers: dict = {}

    def ask_once(exercise, function, case):
        """Each mistake is tried against each other: its answers are the same then."""
        key = function.keywords["wrong"], id(case)
        if key not in answers:
            answers[key] = diagnose.ask(exercise, function, case)
        return answers[key]

    for mistakes in exercise.combinations():
        names = [mistake.name for mistake in mistakes]
        wrong = exercise.wrong(names)
        outcomes = [ask_once(exercise, wrong, case) for case in cases]
        yield names, judge(exercise, cases, outcomes, expected, ask=ask_once)


def stub_of(exercise):
    """What the stub defines."""
    space: dict = {"np": np}  # every lesson has imported it
    exec(compile(exercise.stub, "<stub>", "exec"), space)
    if exercise.function not in space:
        raise NameError(f"the stub defines no {exercise.function!r}")
    return space[exercise.function]


def _why(exercise, finding):
    """What a finding says by itself: an error, a time limit, a changed input."""
    if finding.kind == "raised":
        return raised_text(exercise.function, finding.outcome)
    return problem_text(exercise, finding)


def _passes(exercise):
    for seed in SEEDS:
        finding = examine(exercise, give(exercise, exercise.solution), seed)
        if finding.kind != "passed":
            why = "is all its randomness from a fixed seed?"
            yield _why(exercise, finding) or f"it is {finding.kind}, seed {seed}: {why}"
        cases = exercise.cases(np.random.default_rng(seed))
        if any(map(undefined, expected_answers(exercise, cases))):
            yield f"it gives NaN, seed {seed}: draw no case that has no answer (0 / 0)"


def _plain_attempt(exercise):
    if exercise.attempt is None:
        yield "there is no `attempt`"
        return
    for seed in SEEDS:
        finding = examine(exercise, give(exercise, exercise.wrong(())), seed)
        if finding.kind != "passed":
            why = "expected what `solution` does"
            yield _why(exercise, finding) or f"it is {finding.kind}, seed {seed}: {why}"


def _stub(exercise):
    kind = examine(exercise, stub_of(exercise), 0).kind
    if kind != "stub":
        yield f"it is {kind}: it should raise NotImplementedError and do nothing else"


def _enough(exercise):
    if len(exercise.mistakes) < 3:
        yield f"there are {len(exercise.mistakes)}: what do students get wrong?"


def _told(exercise):
    for seed in SEEDS:
        for names, finding in told_apart(exercise, seed):
            told = " and ".join(f"“{name}”" for name in names)
            found = [mistake.name for mistake in finding.mistakes]
            if finding.kind not in ("wrong", "raised"):
                why = "draw cases that show it, or does `attempt` ask for another name?"
                yield f"{told} is {finding.kind}, seed {seed}: {why}"
            elif found != names:
                taken = " and ".join(f"“{name}”" for name in found) or "no known one"
                yield (
                    f"{told} is taken for {taken}, seed {seed}: draw cases that tell "
                    "them apart, or name one in the other's `excludes`"
                )


def _variants(exercise):
    if not exercise.variants and exercise.kind != "answer":
        yield "there is none: write another honest solution, with other tools"
    for variant in exercise.variants:
        for seed in SEEDS:
            finding = examine(exercise, give(exercise, variant), seed)
            if finding.kind != "passed":
                name = getattr(variant, "__name__", "one")
                told = f"is {finding.kind}, seed {seed}: is `tolerance` right?"
                yield _why(exercise, finding) or f"`{name}` {told}"


def _junk(exercise):
    for answer in JUNK:
        given = answer if exercise.kind == "answer" else lambda *a, _=answer, **k: _
        kind = examine(exercise, given, 0).kind
        if kind not in ("wrong", "form"):
            yield f"{answer!r} is {kind}; expected wrong"


def _cases(exercise):
    first, second = (exercise.cases(np.random.default_rng(7)) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        before = repr(diagnose.plain(a.args))
        if before != repr(diagnose.plain(b.args)):
            yield "two drawings with one seed differ: take all randomness from `rng`"
        diagnose.ask(exercise, exercise.solution, a)
        if before != repr(diagnose.plain(a.args)):
            yield "the solution changes its inputs: copy what it writes into"


def _texts(exercise):
    texts = [exercise.statement, exercise.question, exercise.reread, exercise.title]
    texts += [t for m in exercise.mistakes for t in (m.name, m.says, m.hint)]
    if not all(text.strip() for text in (*texts, *exercise.hints)):
        yield "one is empty"
    if len(exercise.hints) < 2:
        yield f"there are {len(exercise.hints)} hints; expected two or three"
    if not exercise.question.strip().endswith("?"):
        yield "`question` should end in a question mark"
    shown = [exercise.question, exercise.title, *exercise.hints]
    shown += [t for m in exercise.mistakes for t in (m.name, m.says, m.hint)]
    for text in shown:
        if markup(text):
            yield f"no LaTeX or *emphasis* in “{text[:40]}…”: it is shown as it stands"


def markup(text):
    """LaTeX and emphasis in a text, outside of its `code`."""
    words = re.sub(r"`[^`]*`", "", text)
    return re.findall(r"\$|\\|(?<![\w*])\*+\w[^*]*\*|_\{|\^\{", words)


CLAIMS = {
    "the solution passes": _passes,
    "`attempt` without mistakes is the solution": _plain_attempt,
    "the stub counts as not attempted": _stub,
    "three known mistakes at least": _enough,
    "every mistake and pair is caught, named, told apart": _told,
    "honest variants pass": _variants,
    "junk is survived, and wrong": _junk,
    "cases are the same for a seed, and left alone": _cases,
    "texts are there, and read well": _texts,
}
