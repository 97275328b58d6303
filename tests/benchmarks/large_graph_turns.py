"""One side of bench_large_graph.py: steps when asked, and what they cost.

A side is a process of its own. It prints one JSON line when it is ready, one after
every step, and a last one with its memory when nothing more is asked. Standard library
only: PyTorch Geometric's environment has no mmlearn.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

MEGABYTE = 2**20


def resident():
    """MB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def largest():
    """MB that this process has held at most (Linux counts them in KB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def tell(**what):
    print(json.dumps(what), flush=True)


class Turns:
    """Call `done(loss)` after each step; it returns when the next one is wanted.

    Args:
        before: MB held before there was a model, libraries and arrays included.
        warm: steps at the start that nobody asks for: tracing, compiling.
    """

    def __init__(self, before, warm):
        self.before, self.warm, self.losses = before, warm, []
        self.began = time.process_time()

    def done(self, loss):
        """Report a step; False when there shall be no more."""
        seconds = time.process_time() - self.began
        self.losses.append(float(loss))
        if len(self.losses) == self.warm:
            tell(losses=self.losses)
        elif len(self.losses) > self.warm:
            tell(seconds=seconds)
        if len(self.losses) >= self.warm and not sys.stdin.readline():
            tell(before=self.before, largest=largest())
            return False
        self.began = time.process_time()
        return True
