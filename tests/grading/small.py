"""A small exercise of its own, and what a student may hand in for it."""

from mmlearn.exercises.exercise import Case, Exercise


def own(**facts):
    """A small exercise of its own."""
    texts = dict.fromkeys(("title", "statement", "question", "reread"), "?")
    settings = {"id": "99.1", "function": "f", "stub": "", "hints": ("?", "?")}
    settings |= {"draw": lambda rng: Case((int(rng.integers(9)),)), "seconds": 4.0}
    return Exercise(**texts | settings | {"solution": lambda n: n} | facts)


FATES = {
    "stub": "def f(n):\n    raise NotImplementedError",
    "raised": "def f(n):\n    return [][n]",
    "exit": "def f(n):\n    exit()",
    "input": "def f(n):\n    return input()",
    "signature": "def f(n, m):\n    return n",
    "not a function": "f = None",
    "timeout": "import time\ntime.sleep(1000)",
    "wrong": "def f(n):\n    return n + 1",
}
