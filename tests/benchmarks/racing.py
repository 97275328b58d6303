"""What the benchmarks share: one side against the other in CPU time, and on what."""

import os
import platform
import statistics
import time
from pathlib import Path

import numpy as np


def expect_equal(ours, theirs):
    """A benchmark of a wrong result is worth nothing: compare first."""
    for a, b in zip(ours, theirs, strict=True):
        b = np.asarray(b)
        np.testing.assert_allclose(a, b, atol=1e-4 * np.abs(b).max(), rtol=1e-3)


def cpu_time(call, times):
    """CPU seconds of one call, of all threads of the process together."""
    start = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - start) / times


def race(ours, theirs, seconds, repetitions):
    """Median CPU ms of each side; ratios: median, of the quickest, least, largest."""
    times = max(1, round(seconds / max(cpu_time(theirs, 3), 1e-6)))
    pairs = [
        (cpu_time(ours, times), cpu_time(theirs, times)) for _ in range(repetitions)
    ]
    ratios = [a / b for a, b in pairs]
    milliseconds = [1e3 * statistics.median(side) for side in zip(*pairs, strict=True)]
    quickest = min(a for a, _ in pairs) / min(b for _, b in pairs)
    return *milliseconds, statistics.median(ratios), quickest, min(ratios), max(ratios)


def machine():
    """CPU model, cores, Python and NumPy; nothing that names the machine."""
    lines = Path("/proc/cpuinfo")
    models = [platform.processor() or platform.machine()]
    if lines.exists():
        text = lines.read_text()
        models = [
            x.split(":")[1].strip() for x in text.splitlines() if "model name" in x
        ]
    return (
        f"{models[0]}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, NumPy {np.__version__}"
    )


def load():
    """The load average, rounded."""
    return f"{os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "unknown"
