"""A time limit for code that runs in this thread.

Python can interrupt a loop of Python code between two of its instructions, on every
system. A `time.sleep`, or waiting for a lock or a socket, ends where the system has
signals and the code runs in the main thread, as a notebook's cells do. One long call
into compiled code cannot be interrupted.
"""

import ctypes
import signal
import threading
import time


class TimeUp(BaseException):
    """Raised inside code that ran past its time; no `except Exception` stops it."""


class Watchdog:
    """Raises `TimeUp` in the thread that starts it, once `seconds` have passed.

    The code between `start` and `stop` must stand in a `try` that catches TimeUp, with
    `stop` in its `finally`. After `stop` nothing is raised any more.
    """

    def __init__(self, seconds):
        self.seconds = seconds
        self._thread_id = threading.get_ident()
        self._running = threading.Lock()  # held while the watched code runs
        self._stopping = False
        self._over = False
        self._before = None  # what the signal did, where we may use it

    def start(self):
        """Let the time begin."""
        self._running.acquire()
        main = threading.current_thread() is threading.main_thread()
        if main and hasattr(signal, "pthread_kill"):
            self._before = signal.signal(signal.SIGURG, _ring)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        stopped = self._running.acquire(timeout=self.seconds)
        while not stopped and not self._stopping:
            # Again and again: an `except:` inside the loop may swallow the first.
            if self._before is None:
                _raise_in(self._thread_id, TimeUp)
            else:
                signal.pthread_kill(self._thread_id, signal.SIGURG)
            stopped = self._running.acquire(timeout=0.2)
        self._over = True

    def stop(self):
        """End the watch, and take back a TimeUp that was sent but has not arrived."""
        self._stopping = True
        while True:
            try:
                # Plain locks and a short sleep only: a TimeUp that arrives inside an
                # Event or a join could leave their inner lock held for ever.
                while not self._over:
                    if self._running.locked():
                        self._running.release()
                    time.sleep(0.0005)
                _raise_in(self._thread_id, None)
                if self._before is not None:  # first lets a signal under way arrive
                    signal.signal(signal.SIGURG, self._before)
                return
            except TimeUp:
                continue


def _ring(*_):
    raise TimeUp


def _raise_in(thread_id, exception):
    target = None if exception is None else ctypes.py_object(exception)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), target)
