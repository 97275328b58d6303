"""`mmlearn tensorboard LOGDIR`: TensorBoard on a log folder, whatever is on PATH."""

from mmlearn.cli import ports
from mmlearn.cli.lab import serve


def run(log_dir, port):
    """Serve a log folder on 127.0.0.1 until Ctrl-C.

    Args:
        log_dir: the folder that `--log-dir` or `watch.TensorBoard` wrote to.
        port: the port asked for, or None.

    Raises:
        LogError: no such folder, or no event file in it.
        PortError: the port asked for is in use.
    """
    from mmlearn.watch import LogError, command, server

    if not log_dir.is_dir():
        raise LogError(f"{log_dir} is no folder; expected the one given to --log-dir")
    if not server.has_events(log_dir):
        raise LogError(f"{log_dir} holds no TensorBoard events; train with --log-dir")
    port, note = ports.choose(port, 6006, "TensorBoard")
    if note:
        print(note)
    print(f"TensorBoard on {log_dir}: http://{ports.HOST}:{port}/ (in some seconds)")
    print("Ctrl-C here stops it.", flush=True)
    serve(command(log_dir, port))
