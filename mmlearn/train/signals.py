"""Ctrl-C and SIGTERM wait for the end of the chunk, so that what is saved is whole."""

import signal
import threading


class Signals:
    """Context in which the first Ctrl-C or SIGTERM is noted, and the second one acts.

    In the middle of a chunk the variables are ahead of the loop's own counters, and a
    checkpoint would be of no step at all: so the loop asks `received` between chunks.
    Outside the main thread Python delivers no signals, and this does nothing.
    """

    def __init__(self):
        self.received: int | None = None
        self._before: dict = {}

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_):
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._before = {}

    def _note(self, number, frame):
        if self.received is not None:
            self._raise(f"train.fit: stopped at once by {self.name}")
        self.received = number

    @property
    def name(self):
        """The signal's name."""
        return signal.Signals(self.received).name if self.received else ""

    def _raise(self, message):
        if self.received == signal.SIGTERM:
            raise SystemExit(message)
        raise KeyboardInterrupt(message)

    def stop(self, message):
        """End the run the way the signal asks for."""
        self._raise(message)
