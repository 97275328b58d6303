"""A port in use is said, and the next one taken."""

import socket

import pytest

from mmlearn.cli import ports


@pytest.fixture
def busy_port():
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_busy_port_is_said(busy_port, capsys):
    assert not ports.is_free(busy_port)
    with pytest.raises(ports.PortError, match=f"port {busy_port} is in use"):
        ports.choose(busy_port, 8888, "JupyterLab")
    port, note = ports.choose(None, busy_port, "JupyterLab")
    assert port > busy_port
    assert note == f"Port {busy_port} is in use; JupyterLab takes {port}."
    assert ports.choose(port, 1, "JupyterLab") == (port, "")
