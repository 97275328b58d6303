import json
import pathlib
import subprocess
import sys

import pytest

# The lesson tools import each other by name; pytest's importlib mode adds no folders.
HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))


@pytest.fixture(scope="session")
def nursery(tmp_path_factory):
    """Words that start Python with all that lessons import, and that import's seconds.

    Where a process with threads cannot be forked safely, Python as it is.
    """
    if sys.platform != "linux":
        yield [sys.executable], 0.0
        return
    import notebooks

    folder = tmp_path_factory.mktemp("nursery")
    environment = notebooks.environment(folder / "journal.jsonl")
    with (folder / "printed.txt").open("w") as printed:
        process = subprocess.Popen(
            [sys.executable, HERE / "nursery.py", folder / "door"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=printed,
        )
    with process:  # closes its input at the end, and so ends it
        seconds = process.stdout.readline()
        assert seconds, (folder / "printed.txt").read_text()
        words = [sys.executable, "-IS", str(HERE / "born.py"), str(folder / "door")]
        yield words, float(seconds)


@pytest.fixture
def kernel(nursery, tmp_path):
    """The environment variable that makes the kernel `forked` known to Jupyter."""
    words, _ = nursery
    words = [*words, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    folder = tmp_path / "jupyter" / "kernels" / "forked"
    folder.mkdir(parents=True)
    spec = {"argv": words, "display_name": "forked", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    return {"JUPYTER_PATH": str(tmp_path / "jupyter")}
