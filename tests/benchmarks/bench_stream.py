"""How fast do windows come from a file, and does memory stay flat? On one core.

Films of up to 10,000 frames with sound are written (mpeg4 + aac, 25 frames a second, a
picture that moves everywhere), each then streamed by `preprocess.video.stream` in
windows of 25 frames at 224×224 with sound at 16 kHz, scaled to float32 from 0 to 1 as a
network takes it. All of it on one core: decoding, resizing, sound, scaling. Real time
is 25 frames a second; where several processes share the core, frames per CPU second are
the sharper figure. Memory is that of the whole process, read from the system along the
way; beside it stands what the film would take whole. Latency is from a window's last
frame until it is out: waiting for its sound, by the film's clock, and the work on one
window, by the processor's.

    python tests/benchmarks/bench_stream.py

prints the table and keeps it in stream.md beside this file.
Not a test: no figure here makes a build fail.
"""

import os
import platform
import tempfile
import time
from pathlib import Path

import numpy as np

from mmlearn import media
from mmlearn.preprocess import images, video

RATE, SOUND_RATE, COUNT = 25, 16_000, 25
SIZE = (224, 224)
STORED = {(240, 320): 10_000, (480, 640): 2_500}  # px, H and W of films, and frames
HEAD = "# Windows from a file, on one core"


def film(path, size, count):
    """Write the film: a texture that drifts, a tone that warbles."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (size[0] // 16 + 4, size[1] // 16 + 4, 3), np.uint8)
    texture = video.resize(coarse, (size[0] + 64, size[1] + 64))

    def frames():
        for n in range(count):
            top, left = (int(32 + 31 * f(n / 40)) for f in (np.sin, np.cos))
            yield texture[top : top + size[0], left : left + size[1]]

    seconds = np.arange(count * SOUND_RATE // RATE) / SOUND_RATE
    tone = 0.3 * np.sin(2 * np.pi * (300 + 5 * np.sin(seconds)) * seconds)
    media.write_video(path, frames(), RATE, tone.astype(np.float32), SOUND_RATE)


def memory():
    """Resident memory of this process, MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(path):
    """Stream the film once: frames, CPU and wall seconds, MB along the way, waits."""
    megabytes, work, waits, seen = [], [], [], 0
    cpu, wall = time.process_time(), time.perf_counter()
    before = cpu
    for window in video.stream(path, COUNT, RATE, size=SIZE, sound_rate=SOUND_RATE):
        x = images.scale(window.frames)
        now = time.process_time()
        work.append(now - before)
        before = now
        seen += int(window.mask.sum())
        waits.append(window.latency)
        assert x.shape == (COUNT, *SIZE, 3) and window.sound_mask.mean() > 0.9
        megabytes.append(memory())
    spent = time.process_time() - cpu, time.perf_counter() - wall
    return seen, *spent, megabytes, work, waits


def row(size, found):
    """A row of the table."""
    seen, cpu, wall, mb, work, waits = found
    tenths = [mb[len(mb) * k // 10] for k in (1, 5)] + [mb[-1]]
    along = " / ".join(f"{m:.0f}" for m in tenths)
    return (
        f"| {size[1]}×{size[0]} | {seen:,} | {seen / cpu:.0f} | {seen / wall:.0f} "
        f"| {seen / wall / RATE:.1f} | {along} | {max(mb) - tenths[0]:.1f} "
        f"| {1000 * max(waits):.0f} | {1000 * np.median(work):.0f} |"
    )


def main():
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    whole = max(STORED.values()) * SIZE[0] * SIZE[1] * 3 / 1e9
    load = f"{os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "unknown"
    lines = [
        HEAD,
        "",
        f"One core, {platform.system()}; Python {platform.python_version()}; windows of"
        f" {COUNT} frames at {SIZE[0]}×{SIZE[1]}, {RATE} a second, with sound at "
        f"{SOUND_RATE} Hz. The longest film whole would take {whole:.1f} GB. Load "
        f"average at the beginning {load}.",
        "",
        "| stored | frames | frames per CPU s | frames per s | times real time "
        "| MB after 10, 50, 100 % | growth since 10 %, MB | waits, ms "
        "| work on a window, ms of CPU |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for size, count in STORED.items():
        with tempfile.TemporaryDirectory() as folder:
            film(Path(folder) / "film.mp4", size, count)
            lines.append(row(size, measure(Path(folder) / "film.mp4")))
        print(lines[-1], flush=True)
    section = "\n".join([*lines, ""])
    print(section)
    Path(__file__).with_name("stream.md").write_text(section, encoding="utf-8")


if __name__ == "__main__":
    main()
