"""Ports of this machine for JupyterLab and TensorBoard, on 127.0.0.1 only."""

import socket

HOST = "127.0.0.1"


class PortError(RuntimeError):
    """The port that was asked for is in use."""


def is_free(port):
    """Whether a server could listen on 127.0.0.1:port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows would share it otherwise
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(asked, usual, what):
    """A port to serve on: the one asked for, else the first free one from the usual on.

    Args:
        asked: a port, or None.
        usual: the first to try when none was asked for.
        what: who will listen there, for the message ("JupyterLab").

    Returns:
        port, and a sentence to print when it is not the usual one, else "".

    Raises:
        PortError: the port asked for is in use, or there is no free one.
    """
    if asked is not None:
        if is_free(asked):
            return asked, ""
        raise PortError(
            f"port {asked} is in use, perhaps by another {what}; stop that one, or "
            "name another port with --port"
        )
    for port in range(usual, usual + 50):
        if is_free(port):
            note = (
                f"Port {usual} is in use; {what} takes {port}." if port > usual else ""
            )
            return port, note
    raise PortError(f"no free port from {usual} to {usual + 49}; name one with --port")
