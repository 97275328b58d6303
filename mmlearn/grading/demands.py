"""What a statement demands of the way, not of the numbers: looked at, never marked."""

import re

LOOPS = "seems to loop, and the statement says “without a loop”: the points stand"
_WITHOUT = re.compile(r"without\s+a\s+loop")
_LOOP = re.compile(r"^[ \t]*while\b|\bfor\s[^\n]{1,100}\bin\b", re.M)
_LENGTH = 100_000  # letters of an answer that are looked at
_SAID = re.compile(r"#[^\n]*|\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"")  # comments, docstrings


def not_met(exercise, source):
    """What an instructor should look at in a right answer.

    The text is searched and not parsed: a program of a stranger may be made to be hard
    to parse.

    Args:
        exercise: the Exercise.
        source: the answer's.

    Returns:
        tuple of flags.
    """
    if not _WITHOUT.search(exercise.statement):
        return ()
    return (LOOPS,) if _LOOP.search(_SAID.sub("", source[:_LENGTH])) else ()
