"""What a student does in lesson 03: opens it, runs it, pokes it, gets an answer."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPEN = """async () => {
    const app = window.jupyterapp;
    await app.restored;
    const widget = app.shell.currentWidget;
    await widget.context.ready;
    await widget.context.sessionContext.ready;
    app.shell.collapseLeft();
}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
ADD_CELL = """async (source) => {
    const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = content.widgets.length - 1;
    await window.jupyterapp.commands.execute('notebook:insert-cell-below');
    content.activeCell.model.sharedModel.setSource(source);
    await window.jupyterapp.commands.execute('notebook:run-cell');
    content.scrollToItem(content.widgets.length - 1);
    const outputs = content.activeCell.model.sharedModel.getOutputs();
    return JSON.stringify(outputs);
}"""
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(c => c.model.type === 'code')
    .flatMap(c => c.model.sharedModel.getOutputs())
    .filter(o => o.output_type === 'error').map(o => o.evalue)"""
SCROLL_TO = """async (text) => {
    const { content } = window.jupyterapp.shell.currentWidget;
    const source = (cell) => cell.model.sharedModel.getSource();
    const index = content.widgets.findIndex((cell) => source(cell).includes(text));
    await content.scrollToItem(index, 'start');
}"""
WRONG = """
import numpy as np
def correlate1d(x, kernel, bias):
    return np.convolve(x, kernel, mode="valid") + bias
verdict = check("03.1", correlate1d, seed=1, rung=2)
"""


def test_lesson_03_in_jupyterlab(lab, page):
    url, token = lab
    page.set_default_timeout(240_000)
    page.goto(f"{url}/lab/tree/lessons/03_convolution.ipynb?token={token}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.evaluate(OPEN)
    page.evaluate(RUN_ALL)
    assert page.evaluate(ERRORS) == []

    page.evaluate(SCROLL_TO, "show.ConvolutionWidget(")
    output = page.locator(".mm-conv svg.output")
    output.wait_for()
    sentence = page.locator(".mm-conv .result")
    before = sentence.inner_text()
    box = output.bounding_box()
    output.hover(position={"x": box["width"] * 0.7, "y": box["height"] * 0.7})
    page.wait_for_timeout(300)
    page.picture("lesson_03_widget")
    assert sentence.inner_text() != before, "the widget does not follow the mouse"

    page.evaluate(SCROLL_TO, "watch.tensorboard(")
    page.get_by_role("button", name="Open TensorBoard").click()
    board = page.frame_locator('iframe[title="TensorBoard"]')
    board.locator("img").first.wait_for()
    page.locator('iframe[title="TensorBoard"]').scroll_into_view_if_needed()
    page.wait_for_timeout(2000)
    page.picture("lesson_03_tensorboard")
    assert board.get_by_text("conv1/kernel").count() > 0

    answer = page.evaluate(ADD_CELL, WRONG)
    page.wait_for_timeout(500)
    page.picture("lesson_03_verdict")
    assert "kernel flipped" in answer.lower()
    assert page.outside == [], f"asked for things outside: {page.outside[:3]}"
