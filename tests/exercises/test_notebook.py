"""In a real kernel: each thing shows itself once, and reads the same again."""

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = [
    "from mmlearn.exercises import check, find, predict, recall\n"
    "softmax = find('02.1').solution",
    "check('02.1', softmax, seed=0)",
    "function = check('02.1', softmax, seed=0).function",
    "verdict = check('02.1', lambda z: z, seed=0, rung=1)",
    "verdict",
    "predict('02.p1', 3)",
    "recall('04')",
    "def softmax(logits):\n    return logits[len(logits)]\ncheck('02.1', softmax)",
    "check('02.1', lambda z: input('?'))",
]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    monkeypatch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("notebook")
    monkeypatch.setenv("MMLEARN_JOURNAL", str(folder / "journal.jsonl"))
    monkeypatch.delenv("MMLEARN_STATIC", raising=False)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS]
    )
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    monkeypatch.undo()
    return [cell.outputs for cell in notebook.cells]


def test_each_cell_shows_its_page_once(executed):
    for outputs in executed[1:]:
        assert [output.output_type for output in outputs] == ["display_data"]
        assert {"text/plain", "text/html"} <= set(outputs[0].data)


def test_shown_again_it_reads_the_same(executed):
    assert executed[3][0].data == executed[4][0].data


def test_recall_has_a_widget_and_a_page_without_one(executed):
    data = executed[6][0].data
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "<details>" in data["text/html"]


def test_the_line_of_a_notebook_cell_is_found(executed):
    text = executed[7][0].data["text/plain"]
    assert "in line 2" in text
    assert "return logits[len(logits)]" in text
    assert "ipykernel" not in text


def test_input_does_not_wait(executed):
    assert "asked for `input()`" in executed[8][0].data["text/plain"]
