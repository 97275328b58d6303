"""What a class did, in numbers: the facts behind the report."""

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import ceil

from mmlearn.exercises.registry import in_course
from mmlearn.grading.talk import CRASHED, MEMORY, STOPPED

BARS = 12  # of the histogram, at most
STATES = {  # a mark's verdict -> what the report calls it
    "passed": "right",
    "wrong": "wrong",
    "raised": "did not run through",
    "stub": "not attempted",
    "missing": "not found",
    "error": "not graded",
}
_NO_NUMBERS = {  # what came instead of numbers, for one and for several
    "raised": ("stopped with an error", "stopped with an error"),
    "mutated": ("changed its input", "changed their input"),
    "timeout": ("did not return in time", "did not return in time"),
    "wrong": ("returned None or no numbers", "returned None or no numbers"),
}
_FLAGS = {
    STOPPED: "did not return in time, and was stopped",
    MEMORY: "needed more memory than there is for it, and was stopped",
    CRASHED: "its process died",
}
_NOT_THERE = "is not there when this exercise is graded"
_CALLED = ("could not be called as asked", "could not be called as asked")


@dataclass(frozen=True)
class Bar:
    """How many did something, of how many; `of` is what a full bar stands for."""

    name: str
    count: int
    of: int

    @property
    def percent(self):
        """The share in percent."""
        return round(100 * self.count / self.of) if self.of else 0


@dataclass(frozen=True)
class Row:
    """An exercise: its points, what came of it, and how much was earned on average."""

    exercise: object
    of: float
    bars: tuple[Bar, ...]
    mean: float


@dataclass(frozen=True)
class Taught:
    """A known mistake, how often it was made, and what to read again."""

    exercise: object
    mistake: object
    bar: Bar
    reread: str


@dataclass(frozen=True)
class Group:
    """Wrong answers that are the same ones, and no known mistake."""

    exercise: object
    members: tuple
    sentences: tuple[str, ...]
    excerpt: str


def state(mark):
    """A mark's verdict as one of STATES."""
    if mark.kind == "mutated":  # it ran
        return "wrong"
    return mark.kind if mark.kind in STATES else "raised"


def handed_in(graded):
    """Those who handed in something."""
    return [one for one in graded if one.submission.notebooks]


def points(graded):
    """Mean, median and standard deviation of the points of a class."""
    earned = [one.points for one in graded] or [0.0]
    return statistics.mean(earned), statistics.median(earned), statistics.pstdev(earned)


def distribution(graded, of):
    """How many students earned how much: bars from no points to all."""
    width = _width(of)
    bars = max(1, ceil(of / width))
    counts: Counter = Counter()
    for one in graded:
        counts[min(bars - 1, max(0, int(one.points / width + 1e-9)))] += 1
    top = max(counts.values(), default=0)
    edges = [*(width * k for k in range(bars)), of]
    names = [f"{a:.3g} to {b:.3g}" for a, b in zip(edges, edges[1:], strict=False)]
    return [Bar(name, counts[k], top) for k, name in enumerate(names)]


def _width(of):
    """The points that a bar spans: a half, or whole ones."""
    round_ones = (0.5, *(m * 10**k for k in range(9) for m in (1, 2, 5)))
    return next((w for w in round_ones if of <= BARS * w), of)


def per_exercise(graded, plan):
    """A Row for every exercise, over those who handed in something."""
    rows = []
    for k, exercise in enumerate(plan.exercises):
        marks = [one.marks[k] for one in graded]
        counts = Counter(map(state, marks))
        bars = [Bar(STATES[s], counts[s], len(marks)) for s in STATES]
        mean = statistics.mean([m.points for m in marks] or [0.0])
        rows.append(Row(exercise, plan.worth[exercise.id], tuple(bars), mean))
    return rows


def known_mistakes(graded, plan):
    """Every known mistake that was made, the most frequent first."""
    rows = []
    for k, exercise in enumerate(plan.exercises):
        counts = Counter(name for one in graded for name in one.marks[k].mistakes)
        for mistake in exercise.mistakes:
            bar = Bar(mistake.name, counts[mistake.name], len(graded))
            place = f"“{mistake.reread or exercise.reread}”"
            if in_course(exercise.id):
                place = f"lesson {exercise.lesson}, {place}"
            rows.append(Taught(exercise, mistake, bar, place))
    return sorted((r for r in rows if r.bar.count), key=lambda row: -row.bar.count)


def unnamed(graded, plan):
    """Wrong answers without a name, grouped, the largest group first."""
    groups = []
    for k, exercise in enumerate(plan.exercises):
        found = defaultdict(list)
        for one in graded:
            if one.marks[k].excerpt:
                found[one.marks[k].fingerprint].append(one)
        for members in found.values():
            mark = members[0].marks[k]
            groups.append(Group(exercise, tuple(members), mark.sentences, mark.excerpt))
    return sorted(groups, key=lambda group: -len(group.members))


def without_numbers(graded):
    """Answers that failed without wrong numbers: ["3 stopped with an error", …]."""
    counts: Counter = Counter()
    for one in graded:
        for mark in one.marks:
            if state(mark) in ("wrong", "raised") and not mark.mistakes:
                counts[_NO_NUMBERS.get(mark.kind, _CALLED)] += not mark.excerpt
    return [f"{n} {words[n > 1]}" for words, n in counts.most_common() if n]


def flagged(graded):
    """(Graded, what to look at) for everything an instructor should look at."""
    found = []
    for one in graded:
        note = one.submission.note
        if note or not one.submission.notebooks:
            found.append((one, note or "Nothing was handed in."))
        if not one.submission.notebooks:
            continue
        for mark in one.marks:
            seen = filter(None, (*mark.flags, _noted(mark)))
            told = (_FLAGS.get(text, text) for text in seen)
            found += [(one, f"{mark.exercise}: {text}") for text in told]
    return found


def _noted(mark):
    """What an instructor should know of how an answer was found, or was not."""
    lost = f"{mark.of:g} point" + ("" if mark.of == 1 else "s")
    if mark.kind == "raised" and any(_NOT_THERE in text for text in mark.sentences):
        return f"an import that is not allowed, {lost} lost. {mark.sentences[0]}"
    if mark.kind != "missing":
        return mark.note
    why = mark.note or " ".join(mark.sentences)
    return f"no code that could be tried, {lost} lost. {why}"
