"""TensorBoard as a process of ours, whatever is on PATH.

It is started with this Python, listens on 127.0.0.1 only, and ends with us. TensorBoard
imports the whole of TensorFlow if it is installed (17 s here) and needs it for nothing
that a lesson looks at: told that there is none, it answers after 4 s.
"""

import atexit
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from mmlearn.watch.events import LogError

HOST = "127.0.0.1"
READING = 20  # seconds that it may take to read a folder's events
_USUAL = 6006
_IN_USE = "already in use"  # what it says last when another has its port
# A port where nobody listens may be the one that the asking side itself got: what it
# asked then comes back to it, which is no HTTP.
_NO_ANSWER = (OSError, http.client.HTTPException)
_START = (
    "import sys, types; "
    "sys.modules['tensorboard.compat.notf'] = types.ModuleType('notf'); "
    "from tensorboard.main import run_main; run_main()"
)


def command(log_dir, port):
    """The command line that starts TensorBoard with this Python."""
    words = [f"--logdir={log_dir}", f"--host={HOST}", f"--port={port}"]
    return [sys.executable, "-c", _START, *words, "--reload_interval=5"]


def free_port(asked=None):
    """The port asked for if it is free, else the next that is."""
    first = _USUAL if asked is None else asked
    for port in range(first, min(first + 50, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":  # there it would share a port in use
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise LogError(f"TensorBoard: no free port from {first} to {first + 49}")


def has_events(log_dir):
    """Whether there is anything to show yet."""
    return Path(log_dir).is_dir() and any(Path(log_dir).rglob("*tfevents*"))


def has_images(log_dir):
    """Whether there is a picture: without one TensorBoard's *Images* tab is empty."""
    named = b"\n\x08\n\x06images"  # how an event names the plugin that shows it
    return any(named in p.read_bytes() for p in Path(log_dir).rglob("*tfevents*"))


class Server:
    """One TensorBoard on one folder.

    Args:
        log_dir: the folder to show; it may still be empty.
        port: the port wanted; the next free one is taken if it is in use.

    Attributes:
        url: where it answers, once `wait` has returned.
        port: the port it got.
    """

    def __init__(self, log_dir, port=None):
        self.log_dir, port = Path(log_dir).resolve(), free_port(port)
        self._folder = tempfile.TemporaryDirectory()
        self._said = Path(self._folder.name) / "tensorboard.txt"
        self._start(port)
        atexit.register(self.stop)

    def _start(self, port):
        self.port, self.url = port, f"http://{HOST}:{port}/"
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                command(self.log_dir.name, self.port),  # its page shows what is here
                cwd=self.log_dir.parent,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    @property
    def alive(self):
        """Whether the process still runs."""
        return self._process.poll() is None

    def wait(self, seconds=90):
        """Wait until it answers and has read what lies in the folder; returns its url.

        It answers before it has read: a page opened then stays empty, since it does
        not look again by itself.

        Raises:
            LogError: it ended, or did not answer in time; with what it said last.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive:
                if _IN_USE not in self._last_words():
                    break
                self._start(free_port(self.port + 1))  # taken while this one started
            if self._answers():
                self._wait_for_runs(min(deadline, time.monotonic() + READING))
                return self.url
            time.sleep(0.2)
        why = "did not answer in time" if self.alive else "ended"
        said = self._last_words() or "it said nothing"
        self.stop()
        raise LogError(f"TensorBoard {why}: {said}")

    def _last_words(self):
        said = self._said.read_text(errors="replace").strip().splitlines()
        return said[-1] if said else ""

    def _answers(self):
        """Whether somebody answers at the port, and it is our process."""
        try:
            urllib.request.urlopen(self.url, timeout=5).close()
            ours = psutil.Process(self._process.pid).net_connections("tcp")
        except psutil.AccessDenied:
            return True
        except (*_NO_ANSWER, psutil.Error):
            return False
        listening = {c.laddr.port for c in ours if c.status == psutil.CONN_LISTEN}
        return self.port in listening

    def _wait_for_runs(self, deadline):
        """Until all runs are listed, and the pictures read that there are.

        (A file without events is never listed, hence an end.)
        """
        there = len({path.parent for path in self.log_dir.rglob("*tfevents*")})
        pictures = has_images(self.log_dir)
        while there and time.monotonic() < deadline and self.alive:
            tabs = self._ask("data/plugins_listing")
            shown = {name for name, tab in tabs.items() if tab["enabled"]}
            read = "images" in shown if pictures else shown
            if len(self._ask("data/runs")) >= there and read:
                return
            time.sleep(0.2)

    def _ask(self, page):
        try:
            with urllib.request.urlopen(self.url + page, timeout=5) as answer:
                return json.load(answer)
        except (*_NO_ANSWER, ValueError):
            return {}

    def stop(self):
        """End the process; may be called twice."""
        atexit.unregister(self.stop)
        if self.alive:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._folder.cleanup()


def open_tensorboard(log_dir, port=None):
    """Start TensorBoard on a log folder and say where it is.

    Args:
        log_dir: a folder with event files.
        port: the port wanted, by default 6006.

    Returns:
        the Server, answering.

    Raises:
        LogError: no folder, no events in it, or TensorBoard did not start.
    """
    if not has_events(log_dir):
        raise LogError(
            f"{log_dir} holds no TensorBoard events yet; train first, with "
            "callbacks=[watch.TensorBoard(log_dir)] or mmlearn train --log-dir"
        )
    server = Server(log_dir, port)
    wanted = _USUAL if port is None else port
    if server.port != wanted:
        print(f"Port {wanted} is in use; TensorBoard takes {server.port}.")
    print(f"TensorBoard starts at {server.url} (some seconds) …", flush=True)
    asked, found = server.url, server.wait()
    if found != asked:
        print(f"Another took that port meanwhile; TensorBoard is at {found}.")
    return server
