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


def processor():
    """What the ratios depend on most: the CPU, for many are sold under one name."""
    lines = Path("/proc/cpuinfo")
    if not lines.exists():
        return platform.processor() or platform.machine()
    pairs = (
        line.split(":", 1) for line in lines.read_text().splitlines() if ":" in line
    )
    found = {key.strip(): value.strip() for key, value in pairs}
    name = found.get("model name", platform.machine())
    if "cpu family" not in found:
        return name
    return f"{name} (family {found['cpu family']}, model {found['model']})"


def machine():
    """CPU, cores, Python and NumPy; nothing that names the machine."""
    return (
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, NumPy {np.__version__}"
    )


def keep(path, title, section):
    """Put a section, whose first words are the processor's, before those of others."""
    found = path.read_text("utf-8") if path.exists() else ""
    others = found.split("\n## ")[1:]
    others = [other for other in others if not other.startswith(processor())]
    path.write_text("\n## ".join([f"# {title}\n", section, *others]), "utf-8")


def load():
    """The load average, rounded."""
    return f"{os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "unknown"
