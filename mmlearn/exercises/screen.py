"""What a student's function prints, asks and warns while it is being checked.

Nothing of it reaches the notebook directly: a million printed lines cost a second, not
the browser; a question to the keyboard is refused instead of waiting for ever.
"""

import builtins
import contextlib
import io
import sys
import warnings

import numpy as np

KEEP = 2_000  # characters kept of what was printed


class AsksForInput(Exception):
    """The code under test called `input()` or read the keyboard."""


class Screen(io.TextIOBase):
    """Takes what is printed and keeps its beginning."""

    def __init__(self):
        self.kept = ""
        self.lines = 0

    def writable(self):
        return True

    def write(self, text):
        self.lines += text.count("\n")
        if len(self.kept) < KEEP:
            self.kept += text[: KEEP - len(self.kept)]
        return len(text)

    def clear(self):
        """Forget what was printed so far."""
        self.kept, self.lines = "", 0

    def text(self, lines=12):
        """The first lines printed, and how many more there were; "" if none."""
        shown = self.kept.splitlines()[:lines]
        more = self.lines - len(shown)
        if more > 0:
            shown.append(f"… and {more:,} more lines")
        return "\n".join(line[:200] for line in shown)


class _NoKeyboard(io.TextIOBase):
    def readable(self):
        return True

    def read(self, size=-1):
        raise AsksForInput

    def readline(self, size=-1):
        raise AsksForInput


def _refuse(prompt=""):
    raise AsksForInput


@contextlib.contextmanager
def quiet():
    """Catch prints, questions and warnings; put all back after; yields the Screen."""
    screen = Screen()
    keyboard, asks = sys.stdin, builtins.input
    with (
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
        warnings.catch_warnings(),
        np.errstate(),
    ):
        # One warning per place, as text on the screen; never an error inside a check.
        warnings.simplefilter("default")
        warnings.showwarning = _print_warning
        sys.stdin, builtins.input = _NoKeyboard(), _refuse
        try:
            yield screen
        finally:
            sys.stdin, builtins.input = keyboard, asks


def _print_warning(message, category, filename, lineno, file=None, line=None):
    print(f"{category.__name__}: {message}")
