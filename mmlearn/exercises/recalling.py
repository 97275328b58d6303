"""Recall: questions of earlier lessons that come back, those missed first.

Being asked teaches more than reading again (Roediger and Karpicke 2006), the more so
with time between; so each lesson opens with the last one, three and seven before.
"""

from dataclasses import dataclass

from mmlearn.exercises.card import Asked, asked
from mmlearn.exercises.journal import journal
from mmlearn.exercises.page import Page, Rows, Say, Shown
from mmlearn.exercises.registry import (
    UnknownExercise,
    exercise_ids,
    find,
    find_prompt,
    lessons_with_questions,
    normal_id,
    prompts,
    questions,
)

BACK = (1, 3, 7)  # lessons before this one that a question comes from


def recall(lesson) -> Asked:
    """Ask three short questions from earlier lessons; the answers open after.

    Args:
        lesson: the lesson that begins, "03".

    Returns:
        Asked: `.questions`. It shows itself.
    """
    chosen = choose(lesson)
    lesson = normal_id(lesson)
    notes = list(journal().take_notes())
    if not chosen:
        notes.append("Nothing to recall yet: this is where it begins.")
    return asked(f"Before lesson {lesson}: what is still there?", chosen, notes).show()


def explain(id) -> Asked:
    """Ask to explain something in one's own words; the model answer opens after.

    Args:
        id: the prompt, "03.e1".

    Raises:
        UnknownExercise: with the prompts that exist.
    """
    prompt = find_prompt(id)
    return asked("Explain to yourself", (prompt,), journal().take_notes()).show()


def choose(lesson, count=3):
    """The questions that `recall` asks: missed ones, then one for each step back.

    Args:
        lesson: "03".
        count: how many.

    Returns:
        tuple of Question; fewer where earlier lessons have fewer.
    """
    earlier = [one for one in lessons_with_questions() if one < normal_id(lesson)]
    ratings = latest_ratings()
    pool = [q for one in reversed(earlier) for q in questions(one)]
    # A lesson's questions: partly known, then new, then known; each in its order.
    weight = {"missed": 0, "partly": 1, None: 2, "got it": 3}
    chosen = [q for q in pool if ratings.get(q.id) == "missed"][:count]
    by_lesson = [
        sorted(questions(one), key=lambda q: weight.get(ratings.get(q.id), 2))
        for one in _steps_back(normal_id(lesson), earlier)
    ]
    depth = 0
    while len(chosen) < count and any(depth < len(part) for part in by_lesson):
        for part in by_lesson:
            if depth < len(part) and part[depth] not in chosen and len(chosen) < count:
                chosen.append(part[depth])
        depth += 1
    return tuple(chosen)


def _steps_back(lesson, earlier):
    """Earlier lessons in the order they are asked from: 1, 3, 7 back, then the rest."""
    wanted = [f"{int(lesson) - step:02d}" for step in BACK]
    first = [one for one in wanted if one in earlier]
    return first + [one for one in reversed(earlier) if one not in first]


def latest_ratings():
    """Question id -> how it was rated last."""
    entries = journal().entries(what="recall")
    return {entry["id"]: entry.get("rating") for entry in entries}


@dataclass(repr=False)
class Review(Shown):
    """What comes back. Args: items, (id, what, why) each; page."""

    items: tuple[tuple[str, str, str], ...]
    page: Page


def review() -> Review:
    """List what is worth another look: missed questions and unsolved exercises.

    Returns:
        Review: `.items`, (id, what it is, why it comes back) each. It shows itself.
    """
    book = journal()
    items = (*_questions_to_review(), *_exercises_to_review(book))
    title = f"To review: {len(items)}" if items else "Nothing to review"
    blocks: list = [Rows(("", "what", "why"), items)] if items else []
    if not items:
        blocks.append(Say("No question missed, no exercise left unsolved."))
    blocks += [Say(note) for note in book.take_notes()]
    return Review(items, Page("note", title, tuple(blocks))).show()


def _questions_to_review():
    known = {
        q.id: q
        for one in lessons_with_questions()
        for q in (*questions(one), *prompts(one))
    }
    for id, rating in sorted(latest_ratings().items()):
        if id in known and rating in ("missed", "partly"):
            yield id, known[id].question, rating


def _exercises_to_review(book):
    for id in exercise_ids():
        checks = book.entries(id, "check")
        if not checks or checks[-1].get("passed"):
            continue
        made = [name for entry in checks for name in entry.get("mistakes") or ()]
        often = ", ".join(dict.fromkeys(reversed(made)))
        yield id, _title(id), f"not solved yet{': ' + often if often else ''}"


def _title(id):
    try:
        return find(id).title
    except UnknownExercise:
        return id
