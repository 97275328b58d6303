"""The time limit: what it interrupts, where, and that it leaves nothing behind."""

import contextlib
import signal
import threading
import time

import numpy as np
import pytest

from mmlearn.exercises import find
from mmlearn.exercises.guard import collect


def forever(case):
    while True:
        pass


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no such signals")
def test_endless_waiting_is_stopped():
    before = signal.getsignal(signal.SIGURG)
    cases = find("02.1").cases(np.random.default_rng(0))
    started = time.perf_counter()
    outcomes = collect(lambda logits: time.sleep(30), cases, seconds=0.2)
    assert [outcome.status for outcome in outcomes] == ["timeout"]
    assert time.perf_counter() - started < 5
    assert signal.getsignal(signal.SIGURG) is before


def test_the_limit_holds_in_another_thread():
    cases, found = find("02.1").cases(np.random.default_rng(0)), []
    work = threading.Thread(
        target=lambda: found.extend(collect(forever, cases, seconds=0.2))
    )
    work.start()
    work.join(10)
    assert [outcome.status for outcome in found] == ["timeout"]


def test_a_time_up_that_arrives_while_another_is_handled():
    class Slow:
        """Takes longer to go than the watchdog waits before it rings again."""

        def __del__(self):
            with contextlib.suppress(BaseException):
                time.sleep(0.3)

    def keeps(logits):
        kept = Slow()
        while kept:
            pass

    cases = find("02.1").cases(np.random.default_rng(0))
    outcomes = collect(keeps, cases, seconds=0.1)
    assert [outcome.status for outcome in outcomes] == ["timeout"]
