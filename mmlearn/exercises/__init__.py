"""Exercises that answer back: check, predict, recall, hint, solution.

`check("03.2", conv2d)` runs a student's function on fresh random cases against the
solution and says what is wrong, one rung of a ladder at a time. How to write an
exercise, a question or a prediction: AUTHORING.md, beside this file.
"""

from mmlearn.exercises.card import rate
from mmlearn.exercises.checking import check, examine
from mmlearn.exercises.exercise import Case, Exercise, Mistake, Question
from mmlearn.exercises.journal import forget, journal_path
from mmlearn.exercises.lookup import hint, solution, statement
from mmlearn.exercises.predictions import calibration, predict, reveal
from mmlearn.exercises.recalling import explain, recall, review
from mmlearn.exercises.registry import UnknownExercise, exercise_ids, find
from mmlearn.exercises.verdict import Verdict

__all__ = [
    "Case",
    "Exercise",
    "Mistake",
    "Question",
    "UnknownExercise",
    "Verdict",
    "calibration",
    "check",
    "examine",
    "exercise_ids",
    "explain",
    "find",
    "forget",
    "hint",
    "journal_path",
    "predict",
    "rate",
    "recall",
    "reveal",
    "review",
    "solution",
    "statement",
]
