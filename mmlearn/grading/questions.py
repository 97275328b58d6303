"""The questions that one batch asks of every answer to an exercise."""

import threading
from functools import cached_property

import numpy as np

from mmlearn.exercises import diagnose
from mmlearn.exercises.diagnose import expected_answers, judge
from mmlearn.exercises.numbers import argument_names

_ORDER = 1  # what the second order's random numbers are spawned from


class Questions:
    """An exercise's cases for a batch: the same for all, so the same code gets the
    same mark.

    They are drawn when they are first asked for, which is after a submission's code
    has loaded. Expected answers, and those of the known mistakes, are computed once.

    Args:
        exercise: the Exercise.
        seed: the batch's secret, an integer.
    """

    def __init__(self, exercise, seed):
        self.exercise = exercise
        self.seed = seed
        self._lock = threading.RLock()
        self._answers: dict = {}

    @cached_property
    def cases(self):
        """The corners, then random ones."""
        with self._lock:
            return self._drawn

    @cached_property
    def _drawn(self):
        return self.exercise.cases(self._rng(0))

    @cached_property
    def expected(self):
        """The solution's answers, one for each case."""
        return expected_answers(self.exercise, self.cases)

    @cached_property
    def second_order(self):
        """The cases' numbers in another order, in which they are asked again."""
        order = self._rng(_ORDER).permutation(len(self.cases)).tolist()
        return order[::-1] if order == sorted(order) else order

    @property
    def names(self):
        """The arguments' names."""
        return argument_names(self.exercise.solution)

    def judge(self, outcomes):
        """The finding on these outcomes; one at a time, whoever asks."""
        with self._lock:
            return judge(
                self.exercise, self.cases, outcomes, self.expected, ask=self._ask
            )

    def _ask(self, exercise, function, case):
        """A known mistake's outcome on a case, from memory where it was asked."""
        key = function.keywords["wrong"], id(case)
        if key not in self._answers:
            self._answers[key] = diagnose.ask(exercise, function, case)
        return self._answers[key]

    def _rng(self, purpose):
        lesson, number = map(int, self.exercise.id.split("."))
        keys = (lesson, number, purpose)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=keys))
