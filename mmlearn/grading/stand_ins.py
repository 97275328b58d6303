"""Stand-ins for what lets a student look at a computation and is no part of it.

A progress bar, a plot or a `display` inside a graded function must not cost its points:
where the graded code runs there is nothing to look at.
"""

import ast
import builtins

_LOOKING = {"matplotlib", "seaborn", "plotly", "IPython", "ipywidgets", "tqdm", "rich"}
_BAR = "def {0}(iterable=(), *args, **how):\n    return iterable"
_QUIET = """\
class _Quiet:
    def __getattr__(self, name):
        return self
    def __call__(self, *args, **how):
        return self
    def __getitem__(self, key):
        return self
    def __iter__(self):
        return iter((self, self))
    def __enter__(self):
        return self
    def __exit__(self, *problem):
        return False
{0} = _Quiet()"""
_KNOWN = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "display": "def display(*things, **how):\n    pass",
}
_BUILTIN = {*dir(builtins), "__name__", "__doc__", "__annotations__"}


def provided(names):
    """Python that defines those of these names that a notebook need not define.

    Returns:
        list of source texts; list of the names that nothing defines.
    """
    names = sorted(set(names) - _BUILTIN)
    texts = [_KNOWN[name] for name in names if name in _KNOWN]
    return texts, [name for name in names if name not in _KNOWN]


def quiet_import(node):
    """A stand-in for the import of one name that draws or shows; "" for another.

    >>> quiet_import(ast.parse("from tqdm.auto import tqdm as bar").body[0])
    'def bar(iterable=(), *args, **how):\\n    return iterable'
    """
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return ""
    alias = node.names[0]
    module = node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
    root = module.partition(".")[0]
    if root not in _LOOKING or alias.name == "*":
        return ""
    name = alias.asname or alias.name.partition(".")[0]
    if alias.name == "trange":
        return f"def {name}(*args, **how):\n    return range(*args)"
    bar = alias.name == "tqdm" and isinstance(node, ast.ImportFrom)
    return _BAR.format(name) if bar else _QUIET.format(name)


def star(node):
    """`from numpy import *` so that nothing is lost where it is not allowed; or ""."""
    if not isinstance(node, ast.ImportFrom) or node.names[0].name != "*":
        return ""
    if (node.module or "").partition(".")[0] in (*_LOOKING, "mmlearn"):
        return ""
    return f"try:\n    {ast.unparse(node)}\nexcept ImportError:\n    pass"
