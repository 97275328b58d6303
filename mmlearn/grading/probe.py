"""A child that tries to break out, so that nobody has to believe that it cannot."""

import os
import tempfile
import time
from pathlib import Path

import mmlearn
from mmlearn.grading.pipes import Gone, Silent
from mmlearn.grading.wire import WireError

SECONDS = 30.0
_SOURCE = """
import ctypes, os, socket

def probe(places, parent):
    return [name for name, try_it in TRIES.items() if try_it(places, parent)]

def could(action):
    try:
        return bool(action())
    except (OSError, AttributeError, MemoryError):
        return False

def fork():
    child = os.fork()
    if not child:
        os._exit(0)
    return os.waitpid(child, 0)

def memory():
    return np.empty(4 * 2**30, np.uint8).size

def network():
    return any(name != "lo" for _, name in socket.if_nameindex())

def shared_memory():
    return ctypes.CDLL(None).shmget(0, 4096, 0o1600) != -1

def room():
    found = os.statvfs(".")
    return found.f_blocks * found.f_frsize > 2**30

TRIES = {
    "files": lambda places, parent: any(map(os.path.exists, places)),
    "writing": lambda places, parent: any(
        os.access(place, os.W_OK) for place in ("/", "/dev", "/tmp", "/ours", *places)
    ),
    "network": lambda places, parent: could(network),
    "processes": lambda places, parent: could(lambda: os.kill(parent, 0) is None),
    "starting": lambda places, parent: could(fork),
    "memory": lambda places, parent: could(memory),
    "scratch": lambda places, parent: could(room),
    "kernel": lambda places, parent: could(shared_memory),
}
"""
JOB = {
    "source": _SOURCE,
    "function": "probe",
    "kind": "function",
    "names": (),
    "imports": ("numpy", "os", "ctypes", "socket"),
}
_WORDS = {
    "files": "A submission can read files of this machine: other submissions, the "
    "solutions, your grades.",
    "writing": "It can write outside of its scratch folder.",
    "network": "It can use the network.",
    "processes": "It sees other processes, and can end those of its user.",
    "starting": "It can start processes, which may outlive it.",
    "memory": "Its memory is not limited.",
    "scratch": "Its scratch folder has no limit of its own.",
    "kernel": "It can fill the kernel's shared memory.",
}


class NoAnswer(RuntimeError):
    """The child did not start, or not as a child should."""


def holes(way, job):
    """What a child started in this way could do, in sentences.

    Args:
        way: see `ways`.
        job: the first frame, made of `JOB`.

    Raises:
        NoAnswer: with what it said instead.
    """
    places = {Path.home(), Path.cwd(), Path(mmlearn.__file__).parent}
    places |= {Path(tempfile.gettempdir())}
    told = [str(place) for place in places if place.parent != place]
    question = {"turn": "asked", "args": (told, os.getpid())}
    deadline = time.monotonic() + SECONDS
    with way(("numpy",), 2**20, 2**20) as child:
        try:
            child.receive(deadline)
            child.send(job)
            ready = child.receive(deadline)
            child.send({**question, "kwargs": {}, "upstream": None})
            outcome = child.receive(deadline)["outcome"]
        except Silent:
            raise NoAnswer(f"no answer in {SECONDS:g} seconds") from None
        except (Gone, WireError, KeyError, TypeError):
            raise NoAnswer(child.complaint() or "it ended without a word") from None
    if ready["outcome"] or outcome["status"] != "returned":
        raise NoAnswer(str((ready["outcome"] or outcome)["message"]))
    return tuple(words for name, words in _WORDS.items() if name in outcome["answer"])
