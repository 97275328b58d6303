"""What runs inside the sandbox: it loads a submission and answers the grader.

It is started as a script, knows inputs and never an expected answer, and nothing that
it says is believed: `examine` looks at it from outside. It imports files that are
copied beside it (`room`), NumPy, and nothing else of ours.
"""

import builtins
import linecache
import os
import sys
import types

FILE = "<your notebook>"
_PARTS = ("args", "kwargs", "upstream")  # of a Case
_FIELDS = (  # of an Outcome
    *("status", "answer", "mutated", "error", "message", "line", "source", "printed"),
)
# Always there, as are the ones that an exercise names: tools that answer no exercise.
EVERYDAY = {
    *("__future__", "abc", "array", "bisect", "cmath", "collections", "contextlib"),
    *("copy", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools"),
    *("heapq", "inspect", "io", "itertools", "json", "logging", "math", "numbers"),
    *("operator", "pprint", "random", "re", "statistics", "string", "sys"),
    *("textwrap", "time", "timeit", "traceback", "types", "typing", "warnings"),
}


def main():
    """Say what can be said in frames; the parent closes the pipe at the end."""
    folders = sys.argv[1:]
    sys.path[:0] = folders
    asked, told = _take_the_pipes()
    from mmlearn.grading import wire

    def hear():
        head = _read(asked, wire.HEAD.size)
        size = sum(wire.sizes(head)[:2])
        return wire.decode(head + _read(asked, size))

    def say(turn, **facts):
        frame = wire.encode({"turn": turn, **facts})
        while frame:
            frame = frame[os.write(told, frame) :]

    from mmlearn.exercises import guard  # noqa: F401  before the limits

    say("here")
    job = hear()
    _limit(job["limits"])
    _work(job, hear, say)


def _take_the_pipes():
    """The two ends that lead to the grader, out of the way of input and print."""
    asked, told = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    return asked, told


def _read(pipe, size):
    got = bytearray()
    while len(got) < size:
        data = os.read(pipe, min(size - len(got), 1 << 20))
        if not data:
            os._exit(0)  # the grader has heard enough
        got += data
    return bytes(got)


def _limit(limits):
    """From here on; the names are those of `resource`, without RLIMIT_."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, most in limits.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is None:
            continue
        try:
            resource.setrlimit(number, (most, most + (name == "CPU")))
        except (ValueError, OSError):  # macOS refuses some
            continue


def _work(job, hear, say):
    from types import SimpleNamespace

    from mmlearn.exercises.guard import outcome_of
    from mmlearn.exercises.screen import quiet

    with quiet() as screen:
        function, problem = _load(job, outcome_of, SimpleNamespace, screen)
        say(job["turn"], outcome=_facts(problem) if problem else None)
        while True:
            question = hear()
            screen.clear()
            if "args" not in question:  # all is asked
                say(question["turn"], outcome=None)
                continue
            case = SimpleNamespace(**{k: question[k] for k in _PARTS})
            try:
                outcome = outcome_of(function, case, job["kind"], job["names"], screen)
            except KeyboardInterrupt:
                outcome = SimpleNamespace(status="raised", error="KeyboardInterrupt")
            _say_outcome(say, question["turn"], outcome)


def _facts(outcome):
    return {name: getattr(outcome, name, None) for name in _FIELDS}


def _say_outcome(say, turn, outcome):
    from mmlearn.exercises.answers import Junk

    facts = _facts(outcome)
    try:
        say(turn, outcome=facts)
    except (ValueError, MemoryError):  # a WireError: it does not fit
        facts["answer"] = Junk("more than can be compared")
        say(turn, outcome=facts)


def _load(job, outcome_of, Namespace, screen):
    """The student's function; or what came of it instead, as an outcome."""
    source, name = job["source"], job["function"]
    linecache.cache[FILE] = (len(source), None, source.splitlines(True), FILE)
    try:
        code = compile(source, FILE, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return None, Namespace(
            status="raised",
            error=type(problem).__name__,
            message=str(getattr(problem, "msg", problem))[:400],
            line=getattr(problem, "lineno", 0) or 0,
            source=str(getattr(problem, "text", "") or "").strip()[:200],
        )
    space = _space(job)
    run = types.FunctionType(code, space)  # as exec, and a traceback knows it as theirs
    nothing = Namespace(args=(), kwargs={}, upstream=None)
    outcome = outcome_of(run, nothing, "function", (), screen)
    if outcome.status != "returned":
        return None, outcome
    return _pick(job["kind"], name, space, Namespace)


def _pick(kind, name, space, Namespace):
    from mmlearn.exercises.guard import not_a_function

    if name not in space:
        told = f"name {name!r} is not defined"
        return None, Namespace(status="raised", error="NameError", message=told)
    if kind == "answer":
        if space[name] is Ellipsis:
            return None, Namespace(status="stub")
        return lambda: space[name], None
    refused = not_a_function(space[name])
    if refused:
        return None, Namespace(status="not a function", message=refused)
    return space[name], None


def _space(job):
    """The module that the submission is: its own, in the place of this script."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.__dict__["__builtins__"] = _builtins(job)
    if "numpy" in job["imports"]:
        import numpy as np

        module.__dict__["np"] = np  # every lesson has imported it
    return module.__dict__


def _builtins(job):
    """The usual ones; `import` refuses in words what the exercise does not allow."""
    allowed = EVERYDAY | set(job["imports"])
    real = builtins.__import__

    def careful(name, globals=None, locals=None, fromlist=(), level=0):
        top = str(name).partition(".")[0]
        if not level and top not in allowed:
            may = ", ".join(job["imports"]) or "nothing"
            raise ImportError(
                f"{top!r} is not there when this exercise is graded: it may import "
                f"{may} and Python's everyday modules"
            )
        return real(name, globals, locals, fromlist, level)

    leave = dict.fromkeys(("exit", "quit"), sys.exit)  # as in a notebook
    return {**vars(builtins), **leave, "__import__": careful}


if __name__ == "__main__":
    main()
