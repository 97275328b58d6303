"""What a sandboxed Python needs to run, gathered once for a batch.

The interpreter, its standard library, the shared libraries below it, the packages that
an exercise allows, and six small files of ours: nothing else of this machine is shown.
"""

import compileall
import importlib.metadata
import os
import re
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

import mmlearn
from mmlearn.grading.staging import folder, open_to_all, readable

OURS = (
    *("exercises/answers.py", "exercises/guard.py", "exercises/screen.py"),
    *("exercises/watchdog.py", "grading/wire.py", "grading/child.py"),
)
# Of our own library an exercise may be given the operators in NumPy; never exercises.
LIBRARY = ("__init__.py", "axes.py", "samples.py", "reference")
_PACKAGE = Path(mmlearn.__file__).parent
_PREFIX_LIBRARIES = re.compile(
    r"lib(python|ffi|z|bz2|lzma|crypto|ssl|stdc|gcc_s|gomp|gfortran|quadmath)\b.*\.so"
)


class NoRoom(RuntimeError):
    """Something that the sandbox needs cannot be found or made readable."""


@cache
def ours(library=False):
    """A folder with our own files for the sandbox, and `reference` if wanted."""
    path = folder() / ("ours-and-library" if library else "ours")
    for name in OURS:
        target = path / "mmlearn" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_PACKAGE / name, target)
    for name in LIBRARY if library else ():
        source, target = _PACKAGE / name, path / "mmlearn" / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, ignore=ignore)
        else:
            shutil.copyfile(source, target)
    compileall.compile_dir(path, quiet=1)  # saves each child some milliseconds
    open_to_all(path)
    return path


@cache
def packages(imports):
    """Name -> folder or file, of the packages that these imports need."""
    found: dict[str, Path] = {}
    names = {"numpy", *imports} - {"mmlearn"}
    if "mmlearn" in imports:
        names.add("scipy")  # reference.graph_sparse is made of it
    wanted = [name for name in sorted(names) if name not in sys.stdlib_module_names]
    seen: set[str] = set()
    while wanted:
        distribution = _distribution(wanted.pop())
        name = distribution.metadata["Name"].lower()
        if name in seen or name == "mmlearn":
            continue
        seen.add(name)
        tops = {file.parts[0] for file in distribution.files or ()} - {"..", "/"}
        for top in tops - {"__pycache__"}:
            found[top] = readable(Path(str(distribution.locate_file(top))))
        wanted += _requirements(distribution)
    return found


def _distribution(name):
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        owners = importlib.metadata.packages_distributions().get(name)
    if not owners:
        raise NoRoom(f"an exercise allows {name!r}, which is not installed here")
    return importlib.metadata.distribution(owners[0])


def _requirements(distribution):
    for line in distribution.requires or ():
        name, marker = re.match(r"[\w.-]+", line), line.partition(";")[2]
        if name and "extra" not in marker:
            try:
                importlib.metadata.distribution(name[0])
            except importlib.metadata.PackageNotFoundError:
                continue  # for another system
            yield name[0]


@cache
def python():
    """(program, standard library, its name in `lib`): of the base, not of a venv."""
    program = Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()
    library = Path(os.__file__).resolve().parent
    inside = f"{sys.platlibdir}/python{sys.version_info[0]}.{sys.version_info[1]}"
    return readable(program), readable(library), inside


@cache
def libraries():
    """(files for Python's own lib folder, folders of the system's libraries)."""
    base = Path(sys.base_prefix).resolve()
    mapped = _mapped()
    if base in (Path("/usr"), Path("/")):
        return {}, _system(mapped)
    own = {
        path.name: readable(path.resolve())
        for path in (base / "lib").iterdir()
        if ".so" in path.name
        and (_PREFIX_LIBRARIES.match(path.name) or path.resolve() in mapped)
    }
    return own, _system(p for p in mapped if not p.is_relative_to(base))


def _system(mapped):
    """Folders of libraries that are no part of a Python."""
    folders = {path.parent for path in mapped}
    return sorted(d for d in folders if "python" not in d.as_posix())


def _mapped():
    """Shared libraries of this very process, which has loaded Python and NumPy."""
    try:
        text = Path("/proc/self/maps").read_text()
    except OSError:
        raise NoRoom("/proc/self/maps cannot be read") from None
    return {Path(m) for m in re.findall(r"\s(/\S+\.so[\w.]*)$", text, re.M)}


@cache
def empty():
    """An empty folder, to put over what nobody should see."""
    path = folder() / "empty"
    path.mkdir()
    return path


@cache
def together(imports):
    """One folder that leads to the packages, where nothing can be mounted."""
    path = Path(tempfile.mkdtemp(prefix="packages-", dir=folder()))
    path.chmod(0o755)
    for name, source in packages(imports).items():
        try:
            (path / name).symlink_to(source)
        except OSError:  # Windows, for most users
            return source.parent
    return path


def hidden(system, library, inside):
    """Places in the sandbox where packages stand that no exercise asked for."""
    for place in system:
        for pattern in ("python*/site-packages", "python*/dist-packages"):
            yield from map(str, place.glob(pattern))
    for name in ("site-packages", "dist-packages"):
        if (library / name).is_dir():
            yield f"{inside}/{name}"


def loader():
    """Words for bubblewrap: the program that loads shared libraries, and its table."""
    words = []
    for place in ("/lib", "/lib64"):
        path = Path(place)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), place]
        for file in path.glob("ld-*"):
            inside = path.resolve() / file.name
            words += ["--ro-bind", str(file.resolve()), str(inside)]
    return [*words, *("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache")]
