"""A card that asks: the answer opens only once something was written.

With a running kernel the card is made of ipywidgets; the stored notebook, GitHub and a
printed page get the same question with the answer folded. `$MMLEARN_STATIC=1` leaves
the widgets out: the tool that executes committed lessons sets it, because a widget
whose kernel is gone shows as an error instead of falling back.
"""

import os
from dataclasses import dataclass

from mmlearn.exercises.exercise import Question
from mmlearn.exercises.journal import journal
from mmlearn.exercises.page import Fold, Page, Say, Shown, inline

RATINGS = ("got it", "partly", "missed")
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(repr=False)
class Asked(Shown):
    """Questions put to the student.

    Args:
        questions: the questions, in the order asked.
        page: the static form.
    """

    questions: tuple[Question, ...]
    page: Page

    def bundle(self):
        stored = super().bundle()
        if not self.questions or not widgets_wanted():
            return stored
        try:
            view = widget(self.questions)._repr_mimebundle_()
        except Exception:  # ipywidgets missing or broken: the static form still asks
            return stored
        return {**stored, _WIDGET: view[_WIDGET]}


def asked(title, questions, notes=()):
    """The questions as one page with folded answers, and as widgets where they live."""
    blocks: list = []
    for k, question in enumerate(questions, start=1):
        number = f"{k}. " if len(questions) > 1 else ""
        blocks.append(Say(f"{number}{question.question} ({question.id})"))
        blocks.append(
            Fold("Answer it in your own words first, then open", question.answer)
        )
    blocks += [Say(note) for note in notes]
    return Asked(tuple(questions), Page("note", title, tuple(blocks)))


def rate(id, rating, answer=""):
    """Say how well a question was answered: it comes back the sooner the worse.

    Args:
        id: the question, "02.q1".
        rating: "got it", "partly" or "missed".
        answer: what was written.
    """
    if rating not in RATINGS:
        raise ValueError(f"rating is {rating!r}; expected one of {RATINGS}")
    journal().add("recall", id, rating=rating, answer=answer[:2000])


def widgets_wanted():
    """Whether a kernel that can answer clicks is running here."""
    if os.environ.get("MMLEARN_STATIC", "") not in ("", "0"):
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def widget(questions):
    """One box with a card for every question."""
    from ipywidgets import VBox

    return VBox([card(question) for question in questions])


def card(question):
    """A question, a field to write in, and what opens after something is written."""
    from ipywidgets import HTML, Button, HBox, Layout, Textarea, VBox

    wide = Layout(width="98%")
    field = Textarea(placeholder="Your answer, in your own words", layout=wide)
    field.rows = 3
    opener = Button(description="Show the answer", disabled=True)
    answer = HTML()
    rates = [Button(description=rating) for rating in RATINGS]
    said = HTML()
    below = VBox([answer, HBox([HTML("How was yours?"), *rates]), said])
    below.layout.display = "none"

    def written(change):
        opener.disabled = not change["new"].strip()

    def opened(_):
        answer.value = f"<p>{inline(question.answer)}</p>"
        below.layout.display = ""

    def rated(button):
        rate(question.id, button.description, field.value)
        for one in rates:
            one.disabled = True
        notes = " ".join(inline(note) for note in journal().take_notes())
        said.value = f"<p>Noted: {button.description}. {notes}</p>"

    field.observe(written, names="value")
    opener.on_click(opened)
    for button in rates:
        button.on_click(rated)
    head = HTML(f"<p><strong>{question.id}</strong> {inline(question.question)}</p>")
    return VBox([head, field, opener, below])
