"""The hostile and broken submissions of `hostile/`, by name.

They stand in text files, so that nothing ever imports them. Each that gets out of its
sandbox, or fools the grader, returns the right answer: a mark that it must not get.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "hostile"
PRELUDE = (FOLDER / "prelude.txt").read_text("utf-8")


def read(name):
    """Name -> source, of one file."""
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    _, *parts = re.split(r"^### (.+)\n", text, flags=re.M)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {f"{name}: {what}": PRELUDE + code for what, code in pairs}


ATTACKS = {**read("marks"), **read("walls"), **read("bombs")}
