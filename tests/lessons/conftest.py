import json
import pathlib
import sys

import pytest

# The lesson tools import each other by name; pytest's importlib mode adds no folders.
sys.path.insert(0, str(pathlib.Path(__file__).parent))


@pytest.fixture
def kernel(forked_python, tmp_path):
    """The environment variable that makes the kernel `forked` known to Jupyter."""
    words, _ = forked_python
    words = [*words, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    folder = tmp_path / "jupyter" / "kernels" / "forked"
    folder.mkdir(parents=True)
    spec = {"argv": words, "display_name": "forked", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    return {"JUPYTER_PATH": str(tmp_path / "jupyter")}
