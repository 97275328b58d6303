"""`mmlearn tensorboard`: this Python's, and on this machine only."""

import re
import sys

import pytest

from mmlearn.cli import ports, tensorboard
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
    told, port = " ".join(words), ports.choose(None, 6006, "")[0]
    assert words[0] == sys.executable and str(tmp_path) in told
    assert re.search(rf"--port[= ]{port}\b", told)
    assert re.search(r"--host[= ]127\.0\.0\.1\b", told)
    assert f"http://127.0.0.1:{port}/" in capsys.readouterr().out
