import numpy as np
import pytest

from mmlearn import watch
from mmlearn.watch import panel as panel_module
from mmlearn.watch.events import EventWriter


class FakeServer:
    url = "http://127.0.0.1:6006/"
    alive = True
    started = 0

    def __init__(self, log_dir):
        type(self).started += 1

    def wait(self):
        return self.url


@pytest.fixture
def servers(monkeypatch):
    FakeServer.started = 0
    monkeypatch.setattr(panel_module, "Server", FakeServer)
    monkeypatch.setattr(panel_module, "_servers", {})
    return FakeServer


def press(panel):
    panel.button.click()
    if panel._thread is not None:
        panel._thread.join(10)


def test_a_press_opens_tensorboard_below(log_dir, servers):
    panel = watch.tensorboard(log_dir, height=500, tab="scalars")
    press(panel)
    assert f'<iframe src="{servers.url}#scalars"' in panel.page.value
    assert 'height="500"' in panel.page.value
    assert "stops with this notebook's kernel" in panel.status.value
    assert not panel.button.disabled


def test_without_pictures_the_page_does_not_open_on_their_empty_tab(tmp_path, servers):
    def opened():
        panel = watch.tensorboard(tmp_path)
        press(panel)
        return panel.page.value

    writer = EventWriter(tmp_path / "train")
    writer.scalar("images", 1.0, 0)
    writer.flush()
    assert f'"{servers.url}#timeseries"' in opened()
    writer.image("kernel", np.zeros((2, 2, 3), np.uint8), 0)
    writer.close()
    assert f'"{servers.url}#images"' in opened()


def test_two_panels_on_one_folder_share_a_server(log_dir, servers):
    press(watch.tensorboard(log_dir))
    press(watch.tensorboard(log_dir))
    assert servers.started == 1


def test_before_any_training_it_says_so(tmp_path, servers):
    panel = watch.tensorboard(tmp_path / "later")
    press(panel)
    assert "no events in the log folder yet" in panel.status.value
    assert servers.started == 0


def test_what_goes_wrong_is_shown(log_dir, servers, monkeypatch):
    def fail(_self):
        raise watch.LogError("TensorBoard ended: <reason>")

    monkeypatch.setattr(FakeServer, "wait", fail)
    panel = watch.tensorboard(log_dir)
    press(panel)
    assert panel.status.value == "TensorBoard ended: &lt;reason&gt;"
    assert panel.page.value == ""
    assert not panel.button.disabled


def test_without_widgets_a_sentence_stands_there(log_dir):
    bundle = watch.tensorboard(log_dir)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "mmlearn tensorboard 'run 1'" in bundle["text/plain"]
    assert str(log_dir.parent) not in str(bundle)


def test_a_relative_folder_stands_there_as_it_was_given():
    bundle = watch.tensorboard("runs/02")._repr_mimebundle_()
    assert bundle["text/plain"].endswith("type: mmlearn tensorboard runs/02]")
    assert "mmlearn tensorboard runs/02" in bundle["text/html"]
