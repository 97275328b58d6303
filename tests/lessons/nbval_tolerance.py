"""A pytest plugin: nbval compares numbers as numbers.

nbval compares outputs as strings. Here two strings are equal if their words are, their
integers are, and their floats agree within a tolerance: float64 arithmetic gives the
last digit differently on another processor.

It wraps `IPyNbCell.sanitize`, through which nbval sends every string that it compares;
`test_nbval_tolerance.py` pins that this is still so. stderr is not compared here: the
stored one is empty, so the fresh one must match the allowlist of `notebooks.py`.
"""

import math
import re

import notebooks
from nbval.plugin import IPyNbCell, IPyNbFile

NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
RELATIVE, ABSOLUTE = 1e-5, 1e-8


class Loose(str):
    """A string that equals another if only its floats differ, and those hardly."""

    __hash__ = str.__hash__

    def __eq__(self, other):
        mine, theirs = NUMBER.findall(self), NUMBER.findall(other)
        same_words = NUMBER.sub("#", self) == NUMBER.sub("#", other)
        return same_words and all(map(close, mine, theirs))

    def __ne__(self, other):
        return not self == other


def close(a, b):
    """Integers exactly; floats within the tolerance."""
    if re.fullmatch(r"[-+]?\d+", a) or re.fullmatch(r"[-+]?\d+", b):
        return a == b
    return math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def loosen(sanitize):
    def wrapped(self, s):
        s = sanitize(self, s)
        return Loose(s) if isinstance(s, str) else s

    return wrapped


def watch_stderr(runtest):
    def wrapped(self):
        runtest(self)
        lines = [
            line
            for output in self.test_outputs or []
            if output.get("name") == "stderr"
            for line in output.text.split("\n")
        ]
        bad = [line for line in lines if not notebooks.ALLOWED_STDERR.match(line)]
        assert not bad, "on stderr: " + "\n".join(bad[:10])

    return wrapped


def skip_stderr(init):
    def wrapped(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.skip_compare += ("stderr",)

    return wrapped


def pytest_configure(config):
    IPyNbCell.sanitize = loosen(IPyNbCell.sanitize)
    IPyNbCell.runtest = watch_stderr(IPyNbCell.runtest)
    IPyNbFile.__init__ = skip_stderr(IPyNbFile.__init__)
