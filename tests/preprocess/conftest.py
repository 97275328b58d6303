"""librosa, as an oracle for sound."""

import importlib
import pkgutil

import pytest


def uncompiled(*arguments, **_):
    """Numba's decorators without Numba: the function stays as it was written."""
    if len(arguments) == 1 and callable(arguments[0]):
        return arguments[0]
    return lambda function: function


@pytest.fixture(scope="session")
def librosa():
    """librosa, but for what it compiles when it is first imported.

    That takes half a minute in a fresh environment, all of it for functions (peaks,
    beats, zero crossings) that no test here calls; called, they would raise.
    """
    numba = pytest.importorskip("numba", reason="librosa is not installed")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("jit", "guvectorize", "stencil", "vectorize"):
            patch.setattr(numba, name, uncompiled)
        for room in ("core", "util", "feature"):  # lazy ones: their files by name
            files = pkgutil.iter_modules(
                importlib.import_module(f"librosa.{room}").__path__, f"librosa.{room}."
            )
            for file in files:
                importlib.import_module(file.name)
        importlib.import_module("librosa.effects")
    return importlib.import_module("librosa")
