"""Talking with a process that may lie, flood, or never answer.

A thread of its own writes and another reads, a little ahead and no further, so that
nothing the child does (or leaves undone) makes the grader wait past its deadline or
hold more than one frame.
"""

import os
import queue
import signal
import subprocess
import threading
import time

from mmlearn.grading import wire

_CHUNK = 1 << 16
_AHEAD = 4  # chunks that are read before anybody wants them


class Silent(Exception):
    """The deadline passed without a whole frame."""


class Gone(Exception):
    """The process ended, or closed its pipe, without a whole frame."""


class Child:
    """A started process and two pipes, as a context manager that ends it.

    Args:
        command: words to start it with.
        output: bytes of arrays that one of its frames may hold.
        options: for `subprocess.Popen`.
    """

    def __init__(self, command, output, **options):
        self.output = output
        self.got = bytearray()
        self.chunks: queue.Queue[bytes] = queue.Queue(_AHEAD)
        self.frames: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.over = False
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            **options,
        )
        pipes = self.process.stdin, self.process.stdout, self.process.stderr
        self.ear, self.mouth, self.errors = map(_there, (pipes[1], pipes[0], pipes[2]))
        self.threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._listen, self._speak)
        ]
        for thread in self.threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.end()

    def send(self, value):
        """Write a frame; returns at once."""
        self.frames.put(wire.encode(value))

    def receive(self, deadline):
        """The next frame as plain data.

        Raises:
            Silent: `time.monotonic()` reached the deadline.
            Gone: the process closed its pipe.
            wire.WireError: what came is no frame.
        """
        self._fill(wire.HEAD.size, deadline)
        head = bytes(self.got[: wire.HEAD.size])
        size = wire.HEAD.size + sum(wire.sizes(head, self.output)[:2])
        self._fill(size, deadline)
        frame = bytes(self.got[:size])
        del self.got[:size]
        return wire.decode(frame, self.output)

    def early(self):
        """Whether something came that nobody asked for."""
        return bool(self.got) or not self.chunks.empty()

    def end(self):
        """Kill it and all that belongs to it; returns its exit status."""
        self.over = True
        kill(self.process)
        self.frames.put(None)
        while self.threads[0].is_alive():
            try:
                self.chunks.get(timeout=0.02)
            except queue.Empty:
                break  # a process that got away holds the pipe, and the thread
        for pipe, thread in zip((self.ear, self.mouth), self.threads, strict=True):
            thread.join(2.0)
            if not thread.is_alive():
                pipe.close()
        self.errors.close()
        return self.process.returncode

    def status(self):
        """The exit status of a process that has gone; None if it has not."""
        try:
            return self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return None

    def complaint(self):
        """The end of what a process that has gone wrote as its errors."""
        if self.status() is None:
            return ""
        data = self.errors.read(4096) or b""
        return data.decode("utf-8", "replace").strip()[-400:]

    def _fill(self, size, deadline):
        while len(self.got) < size:
            try:
                wait = max(0.0, deadline - time.monotonic())
                data = self.chunks.get(timeout=wait)
            except queue.Empty:
                raise Silent from None
            if not data:
                self.chunks.put(b"")  # whoever asks again hears the same
                raise Gone
            self.got += data

    def _listen(self):
        while not self.over:
            try:
                data = os.read(self.ear.fileno(), _CHUNK)
            except (OSError, ValueError):
                data = b""
            self.chunks.put(data)
            if not data:
                return

    def _speak(self):
        while (frame := self.frames.get()) is not None:
            try:
                while frame:
                    frame = frame[os.write(self.mouth.fileno(), frame) :]
            except (OSError, ValueError):
                return


def _there(pipe):
    assert pipe is not None  # Popen was told to make it
    return pipe


def kill(process):
    """End a process and its group, where the system has groups."""
    if process.returncode is not None:
        return  # its number may be somebody else's by now
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    else:
        process.kill()
    process.wait()
