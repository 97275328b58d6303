"""What tests of several rooms need: an order, a real browser, a Python of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

# Where several processes share the tests, each has a core: OpenBLAS' other threads
# would turn in circles. (TensorFlow's stay: a network's bits depend on their number.)
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# The packages that start slowly, for something that nothing here needs: in this process
# and in those that it starts.
QUICK = str(Path(__file__).parent / "quick")
collect_ignore = ["quick"]
if QUICK not in sys.path:
    sys.path.insert(0, QUICK)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [QUICK, before]))

# Of these each test takes up to a minute or more: they come first, since at the end one
# process would wait for the other, and each goes to the process that is free.
LONG = (
    "tests/test_backends.py",
    "tests/train/test_step_jax.py",
    "tests/browser/test_student.py",
    "tests/train/test_strategies.py",
    "tests/lessons/test_lessons.py",
    "tests/train/test_killed.py",
)
APART = {"tests/train/test_strategies.py", "tests/lessons/test_lessons.py"}

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]


def pytest_collection_modifyitems(items):
    """Long ones first, the others in their order."""
    rank = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.nodeid.split("::")[0], len(rank)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """For `--dist loadfile`: a file goes to one process, but those of `APART`."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return nodeid if file in APART else file

    return Scheduling(config, log)


class Chromium:
    """One browser at a time, since playwright holds an event loop: a place's own.

    A place is a file of tests; all widgets are one, for starting it takes a second.
    """

    def __init__(self):
        self.place = self._stack = self.window = None

    def open(self, place):
        """The browser, started unless it runs; without one the test is skipped."""
        if self.window is None:
            names = ("chromium", "chromium-browser", "google-chrome")
            found = next(filter(None, map(shutil.which, names)), None)
            if found is None:
                pytest.skip("needs chromium: sudo apt install chromium")
            api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
            self._stack = contextlib.ExitStack()
            playwright = self._stack.enter_context(api.sync_playwright())
            self.window = playwright.chromium.launch(executable_path=found, args=FLAGS)
            self._stack.callback(self.window.close)
        self.place = place
        return self.window

    def close(self):
        """End it, if there is one."""
        if self.window is not None:
            self._stack.close()
            self.place = self._stack = self.window = None


CHROMIUM = Chromium()


def _place(item):
    return item.path.parent if item.path.parent.name == "show" else item.path


def pytest_runtest_setup(item):
    if _place(item) != CHROMIUM.place:
        CHROMIUM.close()


def pytest_sessionfinish():
    CHROMIUM.close()


@pytest.fixture
def browser(request):
    """Chromium, driven by playwright."""
    return CHROMIUM.open(_place(request.node))


# JAX compiles every operation anew, and here each runs once or twice: without the
# passes and the emitters that make fast code it takes a third of the time.
QUICK_JAX = {
    "KERAS_BACKEND": "jax",
    "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
    "XLA_FLAGS": "--xla_cpu_use_fusion_emitters=false "
    "--xla_cpu_parallel_codegen_split_count=1",
}


@pytest.fixture(scope="session")
def jax_python(fresh_python):
    """Run this Python with Keras on JAX, which compiles in a hurry."""
    return partial(fresh_python, **QUICK_JAX)


@pytest.fixture(scope="session")
def fresh_python():
    """Run this Python once more: another Keras backend needs its own process."""

    def run(*arguments, **environment):
        settings = ("PYTEST", "JAX")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(settings)}
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            env=kept | environment,
            cwd=Path(__file__).parents[1],
        )

    return run


@pytest.fixture(scope="session")
def forked_python(tmp_path_factory):
    """Words that start a Python that has imported TensorFlow; what that took, seconds.

    The processes that share the tests share it. The environment is a lesson's, but for
    what a fork is given. Where a process with threads cannot be forked safely, it is
    Python as it is.
    """
    if sys.platform != "linux":
        yield [sys.executable], 0.0
        return
    import fcntl

    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    door, told, here = folder / "nursery", folder / "seconds", Path(__file__).parent
    words = [sys.executable, "-IS", str(here / "born.py"), str(door)]
    with contextlib.ExitStack() as stack:
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not told.exists():
                process = stack.enter_context(_nursery(door, folder / "printed.txt"))
                told.write_bytes(process.stdout.readline())
        seconds = told.read_text()
        assert seconds, (folder / "printed.txt").read_text()
        kind = socket.AF_UNIX, socket.SOCK_SEQPACKET
        guest = stack.enter_context(socket.socket(*kind))
        guest.connect(str(door))
        guest.send(b"stay")
        yield words, float(seconds)


def _nursery(door, printed):
    """Start it; it ends when its input is closed and its guests have gone."""
    here = Path(__file__).parent
    sys.path.insert(0, str(here / "lessons"))
    import notebooks

    with printed.open("w") as file:
        return subprocess.Popen(
            [sys.executable, here / "nursery.py", door],
            env=notebooks.environment(printed.with_name("journal.jsonl")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
        )
