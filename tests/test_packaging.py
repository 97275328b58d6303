"""What is shipped: the wheel through the sdist, the versions, the two make targets."""

import ast
import doctest
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

import mmlearn
from mmlearn import course

ROOT = course.checkout()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OPTIONAL = [r for extra in PROJECT["optional-dependencies"].values() for r in extra]


def canonical(requirement):
    name = re.match(r"[\w.-]+", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def pins():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    found = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in found)
    return {canonical(line): line.split("==")[1] for line in found}


def shipped(folder):
    """The committed files of a folder, as a clone has them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a clone: git does not know what is committed")
    return [name for name in listed.stdout.split("\0") if name]


def copy_of_the_project(target):
    """What is committed of the project, as it now stands, in a folder with a space."""
    for name in shipped("."):
        if (ROOT / name).is_file():
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place)
    return target


@pytest.mark.slow
def test_the_wheel_is_complete_through_the_sdist(tmp_path):
    project = copy_of_the_project(tmp_path / "the project")
    for name in (".ipynb_checkpoints/00-checkpoint.ipynb", "runs/03/log"):
        junk = project / "lessons" / name
        junk.parent.mkdir(parents=True)
        junk.write_text("{}")
    build = [sys.executable, "-m", "build", "--no-isolation", str(project)]
    words = [*build, "-o", str(tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

    (sdist,) = (tmp_path / "out").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {n.split("/", 1)[1] for n in archive.getnames() if "/" in n}
    kept = ["mmlearn", "lessons", "data", "tests", "scripts", "Makefile", "LICENSE"]
    assert {n for folder in kept for n in shipped(folder)} <= inside
    assert "constraints.txt" in inside
    junk = re.compile(r"\.ipynb_checkpoints|lessons/runs")
    assert not [n for n in inside if junk.search(n)]

    (wheel,) = (tmp_path / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    assert set(shipped("mmlearn")) <= inside
    for folder in ("lessons", "data"):
        assert {f"mmlearn/_course/{n}" for n in shipped(folder)} <= inside
    outside = [n for n in inside if not re.match(r"mmlearn(/|-[\d.]+\.dist-info/)", n)]
    assert not outside and not [n for n in inside if junk.search(n)]
    shows_that_it_is_complete(wheel, project, tmp_path)


def shows_that_it_is_complete(wheel, project, tmp_path):
    """Unpacked anywhere, the wheel copies the whole course into a student's folder."""
    site = tmp_path / "site packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    words = ["-m", "mmlearn.cli", "lab", "--copy-only", "--folder", "my course"]
    environment = os.environ | {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    for said in (r"[1-9]\d* new", "0 new, 0 refreshed, 0 of yours"):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert re.search(said, done.stdout)
    for name in shipped("lessons") + shipped("data"):
        theirs = (tmp_path / "my course" / name).read_bytes()
        assert theirs == (project / name).read_bytes()


def test_the_version_is_said_once_and_cited():
    assert re.fullmatch(r"\d+\.\d+\.\d+", mmlearn.__version__)
    assert "version" in PROJECT["dynamic"]
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {mmlearn.__version__}\n" in cited
    assert f"\n## {mmlearn.__version__} " in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_dependency_has_a_range_and_a_tested_version():
    known = pins()
    for requirement in PROJECT["dependencies"] + OPTIONAL:
        assert ">=" in requirement and "==" not in requirement, requirement
        assert canonical(requirement) in known, f"{requirement}: not in constraints.txt"


def test_the_tested_versions_are_those_installed_here():
    differing = {}
    for name, version in pins().items():
        try:
            installed = distribution(name).version
        except PackageNotFoundError:
            continue  # only some need it
        if installed != version:
            differing[name] = f"{installed} here, {version} in constraints.txt"
    assert not differing


def test_no_file_names_a_package_index():
    needles = ("index-url", "find-links", "trusted-host", "/simple/")
    for name in ("constraints.txt", "pyproject.toml", "environment.yml", "Makefile"):
        text = (ROOT / name).read_text("utf-8")
        assert not [n for n in needles if n in text], name


def test_conda_is_in_step_by_construction():
    text = (ROOT / "environment.yml").read_text("utf-8")
    entries = [line.strip() for line in text.splitlines() if line.strip()[:1] == "-"]
    python = f"- python{PROJECT['requires-python']}"
    wanted = ["- conda-forge", python, "- pip", "- pip:"]
    assert entries == [*wanted, "- -c constraints.txt", "- -e .[dev]"]


def test_what_is_imported_is_declared():
    """Every third-party import of the package has its dependency."""
    names = {"cv2": "opencv-python", "sklearn": "scikit-learn", "IPython": "ipykernel"}
    names |= {"traitlets": "ipywidgets", "requests": "pooch", "PIL": "matplotlib"}
    names |= {"cycler": "matplotlib", "google": "tensorboard"}  # google.protobuf
    declared = {canonical(r) for r in PROJECT["dependencies"] + OPTIONAL}
    ours = {"mmlearn", "torch", *sys.stdlib_module_names}  # torch: if you have it
    missing = set()
    for path in (ROOT / "mmlearn").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found = []
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found = [node.module]
            tops = {n.split(".")[0] for n in found} - ours
            missing |= {t for t in tops if canonical(names.get(t, t)) not in declared}
    assert not missing


def test_the_readme_s_example_runs():
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert results.attempted >= 4 and not results.failed


def test_the_readme_s_links_lead_somewhere():
    for page in (ROOT / "README.md", ROOT / "lessons" / "README.md"):
        links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))
        gone = [n for n in links if ":" not in n and not (page.parent / n).exists()]
        assert not gone, f"{page.name}: {gone}"


def test_the_syllabus_asks_what_the_lessons_ask():
    syllabus = (ROOT / "lessons" / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d\d) \| .*\]\((.*)\) \| (.*) \| yes \|$", syllabus, re.M)
    assert [row[0] for row in rows] == list(course.lessons())
    for number, name, question in rows:
        notebook = json.loads(course.find_lesson(number).read_text("utf-8"))
        assert course.find_lesson(number).name == name
        assert notebook["metadata"]["mmlearn"]["question"] == question


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_help_names_every_public_target():
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True)
    for target in ("lab", "test", "check", "lessons", "benchmark", "results", "clean"):
        assert f"make {target}" in done.stdout
    for line in (ROOT / "Makefile").read_text("utf-8").splitlines():
        assert "$(CURDIR)" not in line and "$(PWD)" not in line, "an absolute path"


@pytest.mark.skipif(os.name != "posix", reason="make's set-up is a POSIX shell script")
@pytest.mark.parametrize(
    ("python", "says"),
    [
        ("import sys; sys.exit(1)", "needs Python 3.11, 3.12 or 3.13, and found none"),
        ("pass", "sudo apt install python3-venv"),
    ],
)
def test_set_up_says_what_is_missing(tmp_path, python, says):
    """With a Python too old, and with Debian's Python that lacks ensurepip."""
    place = tmp_path / "my clone"
    (place / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "environment.sh", place / "scripts")
    fake = tmp_path / "bin" / "python3"
    fake.parent.mkdir()
    stand_in = f"{Path(sys.executable)!s}"
    fake.write_text(
        "#!/bin/sh\n"
        'case "$2" in\n'
        "  *ensurepip*) exit 1 ;;\n"
        f'  *sys.exit*) exec "{stand_in}" -c "{python}" ;;\n'
        f'  *) exec "{stand_in}" "$@" ;;\n'
        "esac\n"
    )
    fake.chmod(0o755)
    for tool in ("sh", "dirname", "cat", "cksum"):
        (fake.parent / tool).symlink_to(shutil.which(tool))
    done = subprocess.run(
        ["sh", "scripts/environment.sh"],
        cwd=place,
        env={"PATH": str(fake.parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert says in done.stderr
    assert not (place / ".venv").exists()
