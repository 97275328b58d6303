"""Execute lessons from top to bottom and write them back, clean: `make lessons`.

    python tests/lessons/execute.py [lessons/03_convolution.ipynb …] [--check]

A lesson that fails is not written. What is stripped: TensorFlow's greeting on stderr
(an allowlist; anything else on stderr is an error), the views of widgets (their still
twins stay), timings and other metadata. Cell ids stay.
"""

import argparse
import pathlib
import tempfile
import time

import nbformat
import notebooks
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

KERNEL = {"display_name": "Python 3 (mmlearn)", "language": "python", "name": "python3"}
CELL_METADATA = {"tags", "jupyter", "editable", "deletable", "mmlearn"}


def execute(path, timeout=600):
    """Run one lesson in a fresh kernel; return the notebook and its seconds."""
    notebook = notebooks.read(path)
    for cell in notebooks.code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory() as folder:
        env = notebooks.environment(pathlib.Path(folder) / "journal.jsonl")
        client = NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
            coalesce_streams=True,
            store_widget_state=False,
        )
        start = time.perf_counter()
        client.execute(env=env)
    return notebook, time.perf_counter() - start


def clean(notebook):
    """Strip what a reader must not see; raise on what must not have been there."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "mmlearn": notebook.metadata.get("mmlearn", {}),
        }
    )
    for cell in notebook.cells:
        for key in set(cell.metadata) - CELL_METADATA:
            del cell.metadata[key]
        if cell.cell_type == "code":
            cell.outputs = [o for o in map(_clean_output, cell.outputs) if o]
    return notebook


def _clean_output(output):
    if output.get("name") == "stderr":
        bad = [
            line
            for line in output.text.split("\n")
            if not notebooks.ALLOWED_STDERR.match(line)
        ]
        if bad:
            raise SystemExit("stderr: " + "\n".join(bad[:10]))
        return None
    data = output.get("data", {})
    if notebooks.WIDGET in data:
        del data[notebooks.WIDGET]
        if not {"text/html", "image/png"} & set(data):
            raise SystemExit(f"a widget without a still twin: {data}")
    return output


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("lessons", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    for path in arguments.lessons or notebooks.paths():
        print(f"{path.name}: running …", flush=True)
        try:
            notebook, seconds = execute(path.resolve())
        except CellExecutionError as error:
            raise SystemExit(f"{path.name}: not written.\n{error}") from None
        notebook = clean(notebook)
        found = notebooks.faults(notebook) + notebooks.contract_faults(notebook)
        nbformat.write(notebook, path)
        print(f"{path.name}: written, {seconds:.0f} s")
        for fault in found:
            print(f"  mend: {fault}")


if __name__ == "__main__":
    main()
