"""One conversation with one child, which may say anything, at any time, or nothing."""

import secrets
import time

from mmlearn.exercises.answers import Junk, leaf_array
from mmlearn.exercises.guard import Outcome
from mmlearn.grading.pipes import Gone, Silent
from mmlearn.grading.sandbox import job
from mmlearn.grading.wire import WireError

TURN = "spoke out of turn"
STOPPED = "killed: time"
MEMORY = "killed: memory"
CRASHED = "killed: crash"
LEFT = "ended its own process"
_STATUSES = {"returned", "stub", "raised", "exit", "input", "signature", "form"}
_STATUSES |= {"not a function"}
_TEXTS = {"mutated": 80, "error": 80, "message": 400, "source": 200, "printed": 2500}
_SIGNALS = {132: "4", 134: "6", 135: "7", 136: "8", 139: "11", 159: "31"}
_CPU_TIME, _KILLED = 152, 137
_START_SECONDS = 60.0
_PARTS, _PIECES = 20, 2_000  # of an answer that is no array
_SOURCE = 200_000  # letters of one answer, each up to twelve bytes on the wire


class NotStarted(RuntimeError):
    """The child did not come up, which is nobody's fault but the grader's."""


class _Ended(Exception):
    def __init__(self, outcome, flag):
        super().__init__(flag)
        self.outcome, self.flag = outcome, flag


class Talk:
    """Everything that is asked of one child, and what it answered.

    Args:
        child: a Child that has not been spoken to.
        questions: the Questions.
        limits: the Limits it was started with.

    Attributes:
        first: its outcomes, one a case, ended where it ended; never empty.
        again: the outcomes of the second time, in the same order; [] if there was none.
        flags: what was odd.
    """

    def __init__(self, child, questions, limits):
        self.child, self.questions, self.limits = child, questions, limits
        self.first: list[Outcome] = []
        self.again: list[Outcome] = []
        self.flags: list[str] = []
        self.born = time.monotonic()
        self.deadline = 0.0

    def hold(self, source):
        """Load the source, ask all cases, and all of them again in another order."""
        self._set_the_clock(_START_SECONDS)
        try:
            self.child.receive(self.deadline)
        except (Gone, Silent, WireError):
            raise NotStarted(self.child.complaint() or "no sandbox came up") from None
        try:
            self._load(source)
            self._ask_all(range(len(self.questions.cases)), self.first)
            if all(outcome.status == "returned" for outcome in self.first):
                self._ask_again()
        except _Ended as end:
            self.flags += [end.flag] if end.flag else []
            if end.flag == TURN:
                self.first, self.again = [], []
            if not self.again:
                self.first.append(end.outcome)

    def _load(self, source):
        if len(source) > _SOURCE:
            told = (
                f"it is {len(source):,} letters long; no more than {_SOURCE:,} are read"
            )
            raise _Ended(Outcome("raised", error="TooLong", message=told), "")
        exercise = self.questions.exercise
        facts = {
            "source": source,
            "function": exercise.function,
            "kind": exercise.kind,
            "names": self.questions.names,
            "imports": tuple(exercise.imports),
        }
        self._set_the_clock(self.limits.wall_seconds)
        outcome = self._hear(job(self.limits, **facts))
        if outcome is not None:
            raise _Ended(outcome, "")

    def _ask_all(self, order, outcomes):
        self._set_the_clock(self.limits.wall_seconds)
        for k in order:
            case = self.questions.cases[k]
            facts = {"args": case.args, "kwargs": dict(case.kwargs)}
            outcome = self._hear({**facts, "upstream": case.upstream})
            if outcome is None:
                raise _out_of_turn()
            outcomes.append(outcome)

    def _ask_again(self):
        """The second time; where it ends early, the rest is as the first time."""
        order = self.questions.second_order
        answers: list[Outcome] = []
        try:
            self._ask_all(order, answers)
            if self._hear({}) is not None:  # and nothing more was said
                raise _out_of_turn()
        except _Ended as end:
            if end.flag == TURN or len(answers) == len(order):
                raise _out_of_turn() from None
            answers.append(end.outcome)
            self.flags.append(end.flag)
        self.again = list(self.first)
        for k, outcome in zip(order, answers, strict=False):
            self.again[k] = outcome

    def _set_the_clock(self, seconds):
        self.deadline = time.monotonic() + seconds

    def _hear(self, question):
        """The outcome of one question; None where it says that there is none."""
        turn = question.get("turn") or secrets.token_hex(8)
        if self.child.early():
            raise _out_of_turn()
        self.child.send({**question, "turn": turn})
        try:
            reply = self.child.receive(self.deadline)
        except Silent:
            raise _Ended(Outcome("timeout"), STOPPED) from None
        except Gone:
            lived = time.monotonic() - self.born
            long = lived > self.limits.cpu_seconds
            raise _ended(self.child.status(), long) from None
        except WireError:
            raise _out_of_turn() from None
        if not isinstance(reply, dict) or reply.get("turn") != turn:
            raise _out_of_turn()
        return _outcome(reply.get("outcome"))


def _outcome(facts):
    if facts is None:
        return None
    if not isinstance(facts, dict) or facts.get("status") not in _STATUSES:
        raise _out_of_turn()
    texts = {}
    for name, length in _TEXTS.items():
        text = facts.get(name) or ""
        if not isinstance(text, str):
            raise _out_of_turn()
        texts[name] = text[:length]
    line = facts.get("line") or 0
    line = line if isinstance(line, int) and 0 <= line < 10**6 else 0
    return Outcome(facts["status"], _bounded(facts.get("answer")), line=line, **texts)


def _bounded(answer):
    """An answer as it is; one of very many pieces as an array, or as what it is: junk.

    Comparing takes a little for each piece, and an answer is compared many times.
    """
    if isinstance(answer, tuple) and len(answer) <= _PARTS:
        return tuple(map(_bounded, answer))
    if not _many(answer):
        return answer
    array = leaf_array(answer) if isinstance(answer, list) else None
    return Junk("more than can be compared") if array is None else array


def _many(answer):
    waiting, seen = [answer], 0
    while waiting and seen <= _PIECES:
        one = waiting.pop()
        seen += 1
        if isinstance(one, list | tuple | dict):
            waiting += one.values() if isinstance(one, dict) else one
    return seen > _PIECES


def _out_of_turn():
    told = "it wrote to the grader instead of returning its answer"
    return _Ended(Outcome("raised", error="OutOfTurn", message=told), TURN)


def _ended(status, long):
    """What an exit status means; bubblewrap adds 128 to a signal's number.

    Args:
        status: of the process, None if it does not end.
        long: whether it may have used up its processor time.
    """
    status = 128 - status if status is not None and status < 0 else status
    if status == _CPU_TIME or (status == _KILLED and long):
        return _Ended(Outcome("timeout"), STOPPED)
    if status == _KILLED:
        told = "it was ended by the system, as for want of memory"
        return _Ended(Outcome("raised", error="MemoryError", message=told), MEMORY)
    if status in _SIGNALS:
        told = f"Python itself crashed (signal {_SIGNALS[status]})"
        return _Ended(Outcome("raised", error="Crash", message=told), CRASHED)
    return _Ended(Outcome("exit"), LEFT)
