"""A Python that has imported TensorFlow and forks for whoever asks.

    python nursery.py SOCKET                       serves until its guests have gone
    python -IS born.py SOCKET -m module words …    as `python -m module words …`
    python -IS born.py SOCKET -c code words …      as `python -c code words …`

TensorFlow, Keras, scikit-learn and matplotlib take 6 s of processor time to import,
what reads and runs a notebook 3 s more. A fork of this process has them already. Until
then no operation has run, so that TensorFlow has no threads yet; OpenBLAS mends its
own. A fork gets the folder, the environment and the streams of who asked, and is ended
when that process ends.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import runpy
import select
import signal
import socket
import sys
import time
import types
from pathlib import Path

MODULES = (
    "tensorflow keras sklearn.datasets sklearn.linear_model matplotlib.pyplot seaborn "
    "networkx cv2 IPython ipykernel.kernelapp ipywidgets anywidget nbformat "
    "jupyter_client pytest"
)
BOOK = "NURSERY_BOOK"  # the file where each fork's seconds and megabytes are added
STAY = b"stay"
LARGEST = 2**20  # bytes of a request; the environment is in it


def serve(path):
    """Accept requests and fork for each; returns the request, in the fork.

    Whoever sends `STAY` is a guest, and so is who holds the other end of the input:
    the last one that leaves ends it.
    """
    guests = [sys.stdin]
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(path)
        door.listen()
        os.write(1, b"%f\n" % time.process_time())
        while guests:
            ready = select.select([door, *guests], [], [])[0]
            guests = [guest for guest in guests if guest not in ready]
            if door not in ready:
                continue
            caller, _ = door.accept()
            message, streams, _, _ = socket.recv_fds(caller, LARGEST, 3)
            if message == STAY:
                guests.append(caller)
            elif os.fork() == 0:
                return attend(caller, json.loads(message), streams)
            else:
                caller.close()
                close(streams)
    with contextlib.suppress(ChildProcessError):
        while True:  # what they used counts as used by this process
            os.wait()
    return None


def close(streams):
    """Whoever reads them waits until the last end is closed."""
    for stream in streams:
        os.close(stream)


def attend(caller, request, streams):
    """Fork once more; write down what it used, and tell the caller how it ended."""
    child = os.fork()
    if child == 0:
        return request, streams
    close(streams)
    ended = os.pidfd_open(child)
    if ended not in select.select([ended, caller], [], [])[0]:
        os.kill(child, signal.SIGKILL)  # the caller is gone
    _, status, usage = os.wait4(child, 0)
    if BOOK in request["environment"]:
        seconds, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        with Path(request["environment"][BOOK]).open("a") as book:
            book.write(json.dumps({"seconds": seconds, "megabytes": megabytes}) + "\n")
    with contextlib.suppress(BrokenPipeError):
        caller.send(b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def become(request, streams):
    """Be the process that was asked for: its streams, environment, folder, words."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    if "JPY_PARENT_PID" in os.environ:  # a kernel ends when that process does
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(request["folder"])
    random.seed()
    sys.modules["numpy"].random.seed()
    option, what, *words = request["words"]
    sys.path[0] = request["folder"] if option == "-m" else ""
    sys.argv = [what if option == "-m" else option, *words]
    if option == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(what, main.__dict__)


def main():
    for name in MODULES.split():
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what no collection touches stays shared
    request = serve(sys.argv[1])
    if request:
        become(*request)


if __name__ == "__main__":
    main()
