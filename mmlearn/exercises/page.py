"""What a student sees: one small page, as plain text and as HTML.

The HTML keeps to elements that read well anywhere: in JupyterLab's light and dark
theme (colours are inherited; the one bar of colour repeats what the mark says), on
GitHub (which drops styles), and in a screen reader. Everything is escaped.
"""

import html
import re
import sys
import textwrap
from dataclasses import dataclass

# Safe for colour blindness, and readable on white and on black (Okabe and Ito 2008).
_MARKS = {
    "passed": ("✓", "#009E73"),
    "failed": ("✗", "#D55E00"),
    "open": ("○", "#7F7F7F"),
    "note": ("•", "#0072B2"),
}


@dataclass(frozen=True)
class Say:
    """A paragraph; `code` in backticks."""

    text: str


@dataclass(frozen=True)
class Show:
    """Something to read as it stands: numbers, code, what was printed."""

    label: str
    text: str


@dataclass(frozen=True)
class Side:
    """Several things to read beside each other."""

    shows: tuple[Show, ...]


@dataclass(frozen=True)
class Rows:
    """A small table."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Fold:
    """Something that opens on a click."""

    summary: str
    text: str


@dataclass(frozen=True)
class Page:
    """A mark ("passed", "failed", "open", "note"), a title, and blocks under it."""

    mark: str
    title: str
    blocks: tuple = ()

    def text(self):
        """The page as plain text, 88 columns."""
        lines = [f"{_MARKS[self.mark][0]} {self.title}"]
        for block in self.blocks:
            lines += _block_text(block)
        return "\n".join(lines)

    def html(self):
        """The page as an HTML fragment without scripts, styles or ids."""
        sign, colour = _MARKS[self.mark]
        body = "".join(_block_html(block) for block in self.blocks)
        return (
            f'<div style="border-left: 4px solid {colour}; padding-left: 12px">'
            f"<p><strong>{sign} {inline(self.title)}</strong></p>{body}</div>"
        )


def _block_text(block):
    if isinstance(block, Say):
        return textwrap.wrap(
            block.text, 86, initial_indent="  ", subsequent_indent="  "
        )
    if isinstance(block, Show):
        return [f"  {block.label}:"] + textwrap.indent(block.text, "    ").split("\n")
    if isinstance(block, Side):
        return [line for show in block.shows for line in _block_text(show)]
    if isinstance(block, Rows):
        return ["  " + line for line in _table_text(block)]
    return [f"  {block.summary} (opens in the notebook)"]


def _table_text(block):
    table = [block.head, *block.rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _block_html(block):
    if isinstance(block, Say):
        return f"<p>{inline(block.text)}</p>"
    if isinstance(block, Show):
        label = inline(block.label)
        return f"<p>{label}:</p><pre>{html.escape(block.text)}</pre>"
    if isinstance(block, Side):
        return _side_html(block)
    if isinstance(block, Rows):
        head = "".join(f"<th>{inline(cell)}</th>" for cell in block.head)
        rows = "".join(
            "<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>"
            for row in block.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return (
        f"<details><summary>{inline(block.summary)}</summary>"
        f"<p>{inline(block.text)}</p></details>"
    )


def _side_html(block):
    left = 'style="text-align: left; vertical-align: top; padding-right: 2em"'
    head = "".join(f"<th {left}>{inline(show.label)}</th>" for show in block.shows)
    cells = "".join(
        f"<td {left}><pre>{html.escape(show.text)}</pre></td>" for show in block.shows
    )
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
    )


def inline(text):
    """Text as HTML: escaped, `code` in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


class Shown:
    """Shows its page in the notebook when made, and reads as text anywhere."""

    page: Page

    @property
    def text(self):
        """The page as plain text."""
        return self.page.text()

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return self.page.html()

    def bundle(self):
        """What the notebook stores: the same page in every form."""
        return {"text/plain": self.text, "text/html": self._repr_html_()}

    def show(self):
        """Show the page now, where there is a notebook to show it in."""
        shell = _shell()
        if shell is not None:
            from IPython.display import display

            self._cell = shell.execution_count
            display(self.bundle(), raw=True)
        return self

    def _ipython_display_(self):
        # `check(...)` on a cell's last line has shown itself already: once is enough.
        shell = _shell()
        if shell is None or getattr(self, "_cell", None) != shell.execution_count:
            self.show()


def _shell():
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return get_ipython()
