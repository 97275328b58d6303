"""Python reads this at its start if this folder is on its path: a lesson's kernel does.

A student's environment has no JAX. Where it is there, for the tests of other rooms,
TensorFlow imports it too, which takes a second: here it is not found.
"""

from importlib.machinery import PathFinder

_find = PathFinder.find_spec


def _find_spec(cls, fullname, path=None, target=None):
    return None if fullname == "jax" else _find(fullname, path, target)


if __name__ == "sitecustomize":  # not where pytest looks for examples in it
    PathFinder.find_spec = classmethod(_find_spec)
