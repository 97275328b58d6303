"""`mmlearn tensorboard`: this Python's, and on this machine only."""

import sys

import pytest

from mmlearn.cli import tensorboard
from mmlearn.watch import LogError


def test_tensorboard_is_this_python_s_and_local(tmp_path, monkeypatch, capsys):
    served = []
    monkeypatch.setattr(tensorboard, "serve", served.append)
    with pytest.raises(LogError, match="holds no TensorBoard events"):
        tensorboard.run(tmp_path, None)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "events.out.tfevents.1").write_bytes(b"")
    tensorboard.run(tmp_path, None)
    (words,) = served
    assert words[0] == sys.executable and str(tmp_path) in words
    assert words[words.index("--host") + 1] == "127.0.0.1"
    assert f":{words[words.index('--port') + 1]}/" in capsys.readouterr().out
