"""A child process that can harm nobody: bubblewrap where there is one, else limits.

In bubblewrap the student's code has no network, no other process, no file of this
machine but Python's own and the packages that the exercise allows, and one small
folder in memory to write in. `reached` does not believe it: it tries.
"""

import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from mmlearn.grading import probe, ways
from mmlearn.grading.room import NoRoom
from mmlearn.grading.wire import LIMIT

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one child may use.

    Args:
        cpu_seconds: of processor time, for everything.
        wall_seconds: for loading the code, and for each time through the cases.
        memory: bytes of address space.
        processes: further processes and threads; 0 refuses the first.
        file_size: bytes of one file.
        scratch: bytes of the folder to write in.
        output: bytes of arrays in one answer.
    """

    cpu_seconds: int = 25
    wall_seconds: float = 15.0
    memory: int = 1024 * MIB
    processes: int = 0
    file_size: int = 4 * MIB
    scratch: int = 16 * MIB
    output: int = LIMIT

    @classmethod
    def of(cls, exercise):
        """What suits an exercise: its seconds, and room for a framework if allowed."""
        cpu = int(2 * exercise.seconds + 5)
        wall = 1.5 * exercise.seconds
        if ways.FRAMEWORKS & set(exercise.imports):
            return cls(cpu + 60, wall + 60, 16 * 1024 * MIB, processes=256)
        return cls(cpu, wall)

    def as_rlimits(self, already=0):
        """Names and values for `resource.setrlimit`."""
        return {
            "CORE": 0,
            "CPU": self.cpu_seconds,
            "AS": self.memory,
            "FSIZE": self.file_size,
            "NOFILE": 32 if not self.processes else 512,
            "NPROC": already + self.processes,
        }


@dataclass(frozen=True)
class Protection:
    """What stands between a student's code and everything else.

    Args:
        level: "bubblewrap" or "limits".
        missing: what is not protected, one sentence each; () where all is.
        advice: what would help.
    """

    level: str
    missing: tuple[str, ...] = ()
    advice: str = ""

    @property
    def loud(self):
        """A line for a report; "" where everything is protected."""
        if not self.missing:
            return ""
        return f"NOT FULLY PROTECTED ({self.level}): {' '.join(self.missing)}"


def reached():
    """What this machine reaches, tried once: a child that tries to break out."""
    return _reached()[0]


@contextmanager
def start(imports, limits):
    """A child that waits for its job, ended and cleaned up after, as a context.

    Args:
        imports: what the exercise allows.
        limits: a Limits.

    Yields:
        Child.
    """
    way = _reached()[1]
    with way(tuple(imports), limits.output, limits.scratch) as child:
        yield child


def job(limits, **facts):
    """The first frame that a child is sent; its answer has the turn "ready"."""
    already = ways.already() if limits.processes else 0
    return {"turn": "ready", "limits": limits.as_rlimits(already), **facts}


@cache
def _reached():
    reasons = []
    # Not every version of bubblewrap has every option.
    new = partial(ways.in_bubblewrap, sized=True, closed=True)
    middle = partial(ways.in_bubblewrap, sized=True)
    for way in (new, middle, ways.in_bubblewrap, ways.in_limits):
        try:
            missing = probe.holes(way, job(Limits(), **probe.JOB))
        except (OSError, NoRoom, probe.NoAnswer) as problem:
            reasons.append(str(problem))
            continue
        if way is not ways.in_limits:
            return Protection("bubblewrap", missing), way
        return Protection("limits", missing, _advice(reasons)), way
    raise RuntimeError(
        f"no sandbox can be started here: {reasons[-1]}. If you are root, try as an "
        "ordinary user"
    )


def _advice(reasons):
    if sys.platform != "linux":
        return "grade on Linux, or in a virtual machine with Linux, with bubblewrap"
    if shutil.which("bwrap") is None:
        return "install bubblewrap: sudo apt install bubblewrap"
    told = f"bubblewrap is here but does not work: {reasons[0]}"
    if _on("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"):
        told += "; allow it: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    return told


def _on(switch):
    try:
        return Path(switch).read_text().strip() == "1"
    except OSError:
        return False
