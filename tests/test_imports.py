"""The shape of the house: who imports whom, what stays light, what stays short."""

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import mmlearn

PACKAGE = Path(mmlearn.__file__).parent
ROOT = PACKAGE.parent
WORDS = {"axes", "samples"}  # the vocabulary: axis letters and modality dicts
COMPUTING = {
    *("reference", "layers", "proof", "media", "datasets", "preprocess", "models"),
    *("train", "evaluate", "explain", "show", "watch", "recipes"),
}
MAY_IMPORT = {
    "axes": set(),
    "course": set(),
    "lesson": set(),
    "samples": {"axes"},
    **dict.fromkeys(["reference", "layers", "media", "evaluate", "show"], WORDS),
    **dict.fromkeys(["proof", "train", "explain"], {"axes"}),
    "datasets": {"media", "samples", "course"},
    "preprocess": {"media", "samples"},
    "models": {"layers"},
    "watch": {"explain", "show"},
    # recipes.verdicts judges a file that somebody brings: hence media
    "recipes": {"datasets", "media", "preprocess", "models", "train", "evaluate"},
    "exercises": COMPUTING | WORDS | {"course"},
    "grading": {"exercises", "course"},  # a lesson's title; else exercises alone
    "cli": COMPUTING | WORDS | {"course", "exercises", "grading", "lesson"},
}
ANYWHERE = {"axes"}  # the one place that words a shape error, whoever finds it
NEVER = {
    **dict.fromkeys(
        ["axes", "samples", "course", "reference", "media"], ("keras", "tensorflow")
    ),
    **dict.fromkeys(["datasets", "preprocess", "evaluate"], ("keras", "tensorflow")),
    **dict.fromkeys(["layers", "models"], ("tensorflow", "jax", "torch")),
}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "misc"}
LINES_PER_FILE, LINES_PER_FUNCTION = 250, 40


@cache
def sources(*folders):
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py"))


def name(path):
    return path.relative_to(ROOT).as_posix()


def room(path):
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def files_of(place):
    return [p for p in sources("mmlearn") if room(p) == place]


rooms = pytest.mark.parametrize("place", sorted({room(p) for p in sources("mmlearn")}))


@cache
def imported(path):
    """Full names of all that a file imports, at its top and inside functions alike."""
    package = ("mmlearn", *path.relative_to(PACKAGE).parts[:-1])
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return names


def rooms_imported(path):
    ours = [n.split(".") for n in imported(path) if n.startswith("mmlearn.")]
    known = set(MAY_IMPORT)
    return {parts[1] for parts in ours} & known - {room(path)}


def test_every_room_has_its_row():
    rooms = {room(p) for p in sources("mmlearn")} - {"__init__"}
    assert rooms <= set(MAY_IMPORT)
    assert rooms >= mmlearn._ROOMS
    assert set(dir(mmlearn)) >= mmlearn._ROOMS


@rooms
def test_imports_keep_to_the_table(place):
    """A room's files in one test: thousands of tests cost seconds by themselves."""
    allowed = set() if place == "__init__" else MAY_IMPORT[place] | ANYWHERE
    wrong = {name(p): rooms_imported(p) - allowed for p in files_of(place)}
    wrong = {file: found for file, found in wrong.items() if found}
    assert not wrong, f"{place} may import {sorted(allowed)}"


@rooms
def test_no_import_that_the_room_must_not_have(place):
    never = set(NEVER.get(place, ()))
    wrong = {
        name(p): {n.split(".")[0] for n in imported(p)} & never for p in files_of(place)
    }
    assert not any(wrong.values()), {
        file: found for file, found in wrong.items() if found
    }


def child(code, **environment):
    """Run code in a fresh Python; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_rooms_that_load_without_keras():
    """One after another in one process: the first that loads one of them is named."""
    rooms = sorted(r for r in NEVER if r in mmlearn._ROOMS and "keras" in NEVER[r])
    code = f"""
import sys, mmlearn
for room in {rooms}:
    getattr(mmlearn, room)
    found = {{"keras", "tensorflow", "jax", "torch"}} & set(sys.modules)
    assert not found, f"{{room}} loads {{found}}"
print("all")
"""
    assert len(rooms) >= 8
    assert child(code).strip() == "all"


def test_import_mmlearn_costs_milliseconds():
    code = """
import time
start = time.process_time()  # CPU seconds: what else runs here must not matter
import mmlearn
print(time.process_time() - start)
import sys
assert "numpy" not in sys.modules
"""
    assert min(float(child(code)) for _ in range(3)) < 0.1


def test_unknown_attributes_are_refused():
    with pytest.raises(AttributeError, match="no attribute 'convolution'"):
        _ = mmlearn.convolution


def functions(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function):
    """Lines of a function without its docstring."""
    first = function.body[0]
    told = ast.get_docstring(function, clean=False) is not None
    docstring = first.end_lineno - first.lineno + 1 if told else 0
    return function.end_lineno - function.lineno + 1 - docstring


def too_long(path):
    """What is wrong with a file's size or name, in words."""
    lines = path.read_text("utf-8").count("\n")
    if lines > LINES_PER_FILE:
        yield f"{lines} lines"
    long = [f.name for f in functions(path) if body_lines(f) > LINES_PER_FUNCTION]
    if long:
        yield f"functions over {LINES_PER_FUNCTION} lines: {long}"
    if path.stem in FORBIDDEN_NAMES:
        yield "a name that says nothing"


@pytest.mark.parametrize("folder", ["mmlearn", "tests", "data"])
def test_files_and_functions_stay_short(folder):
    found = {name(path): list(too_long(path)) for path in sources(folder)}
    assert len(found) > 3
    assert not any(found.values()), {file: why for file, why in found.items() if why}


def test_the_checks_see_what_they_look_for(tmp_path, monkeypatch):
    """The tools of this file find a forbidden import wherever it hides."""
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    inner = tmp_path / "layers" / "graph.py"
    inner.parent.mkdir()
    inner.write_text(
        "from ..reference import dense\n"
        "from . import fusion\n"
        "def f():\n    '''One.\n    Two.'''\n    from mmlearn import train\n"
        "    import tensorflow.keras as k\n"
    )
    assert rooms_imported(inner) == {"reference", "train"}
    assert "tensorflow.keras" in set(imported(inner))
    assert [body_lines(f) for f in functions(inner)] == [3]
