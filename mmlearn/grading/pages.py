"""Pages that hold what students wrote: one Jinja environment, everything escaped."""

from functools import cache
from pathlib import Path

from mmlearn.exercises import page
from mmlearn.grading.summary import STATES, state

TEMPLATES = Path(__file__).parent / "templates"
_SIGNS = {"passed": "✓", "stub": "○", "missing": "○", "error": "?"}


def render(template, **values):
    """A page from a template: values are escaped, unknown ones are errors."""
    return _environment().get_template(template).render(**values)


@cache
def _environment():
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        points=show_points,
        inline=inline,
        sign=lambda mark: _SIGNS.get(mark.kind, "✗"),
        side=side,
        verdict=verdict,
        given=given,
        zip=zip,
    )
    return made


def show_points(number):
    """Points as one writes them.

    >>> show_points(3.0), show_points(2.25)
    ('3', '2.25')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")


def inline(text):
    """Text as HTML: escaped, `code` in backticks as code."""
    import markupsafe

    return markupsafe.Markup(page.inline(str(text)))  # escapes all that it is given


def side(mark):
    """The colour at a mark's side: "passed", "failed" or "open"."""
    if mark.kind in ("stub", "missing", "error"):
        return "open"
    return "passed" if mark.kind == "passed" else "failed"


def verdict(mark):
    """A mark in a few words: "right", "wrong: kernel flipped"."""
    if mark.kind == "mutated":
        return "it ran, but changes its input"
    said = STATES[state(mark)]
    return f"{said}: {and_so(mark.mistakes)}" if mark.mistakes else said


def and_so(names):
    """Names in a row.

    >>> and_so(["a"]), and_so(["a", "b"]), and_so(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def given(one, question):
    """What a written answer earned, as a table shows it."""
    if question.id in one.words:
        return show_points(one.words[question.id][0])
    return "open" if question.id in one.answers else "–"
