"""`mmlearn tensorboard LOGDIR`: TensorBoard on a log folder, whatever is on PATH."""

import sys

from mmlearn.cli import ports
from mmlearn.cli.lab import serve


class LogError(RuntimeError):
    """There is nothing to show in the log folder."""


def run(log_dir, port):
    """Serve a log folder on 127.0.0.1 until Ctrl-C.

    Args:
        log_dir: the folder that `--log-dir` or `watch.TensorBoard` wrote to.
        port: the port asked for, or None.

    Raises:
        LogError: no such folder, or no event file in it.
    """
    if not log_dir.is_dir():
        raise LogError(
            f"{log_dir} is no folder; give the one that was given to --log-dir"
        )
    if not any(log_dir.rglob("*tfevents*")):
        raise LogError(
            f"{log_dir} holds no TensorBoard events yet; train with --log-dir"
        )
    port, note = ports.choose(port, 6006, "TensorBoard")
    if note:
        print(note)
    print(f"TensorBoard on {log_dir}: http://{ports.HOST}:{port}/ (in some seconds)")
    print("Ctrl-C here stops it.", flush=True)
    serve(command(log_dir, port))


def command(log_dir, port):
    """The command line that starts TensorBoard with this Python."""
    words = ["--logdir", str(log_dir), "--host", ports.HOST, "--port", str(port)]
    return [sys.executable, "-m", "tensorboard.main", *words]
