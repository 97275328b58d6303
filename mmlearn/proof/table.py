"""The table that a proof returns: what was compared, how far apart, whether ok."""

from dataclasses import dataclass, field
from html import escape

import numpy as np

ROUND_OFF = 1e-13  # errors under this print as ≤ 1e-12 on every machine


@dataclass(frozen=True)
class Check:
    """One comparison: the largest error found, and the largest allowed."""

    error: float
    tolerance: float
    note: str = ""  # what else is wrong: a shape, a missing gradient

    @property
    def ok(self):
        return not self.note and bool(self.error <= self.tolerance)

    def __str__(self):
        if self.note:
            return f"✗ {self.note}"
        if not self.ok:
            return f"✗ {self.error:.1e}"
        # A bound instead of the figure: last digits differ between machines.
        small = self.error <= ROUND_OFF and self.tolerance > 1e-12
        return f"≤ {1e-12 if small else self.tolerance:.0e}"


@dataclass(frozen=True)
class Row:
    """One compared quantity: the value, or the gradient of one argument."""

    what: str
    shape: tuple[int, ...]
    checks: dict[str, Check] = field(default_factory=dict)  # column name -> Check

    @property
    def worst(self):
        """The check that is furthest beyond, or nearest to, its tolerance."""

        def badness(check):
            bad = check.note or np.isnan(check.error)
            return np.inf if bad else check.error / check.tolerance

        return max(self.checks.values(), key=badness)

    @property
    def error(self):
        return self.worst.error

    @property
    def tolerance(self):
        return self.worst.tolerance

    @property
    def ok(self):
        return all(check.ok for check in self.checks.values())


@dataclass(frozen=True)
class Table:
    """Rows of a proof. True when all are ok; prints as text, in a notebook as HTML.

    >>> row = Row("dx", (2, 3), {"numerical": Check(3e-11, 1e-6)})
    >>> table = Table("dense", (row,))
    >>> bool(table)
    True
    >>> print(table)
    dense
    what  shape   numerical  ok
    dx    (2, 3)  ≤ 1e-06    ✓
    """

    title: str
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def ok(self):
        return all(row.ok for row in self.rows)

    def __bool__(self):
        return self.ok

    def cells(self):
        """The header and the body as strings, alike for text and HTML."""
        columns = list(dict.fromkeys(c for row in self.rows for c in row.checks))
        body = [
            [row.what, str(row.shape)]
            + [str(row.checks.get(column, "")) for column in columns]
            + ["✓" if row.ok else "✗"]
            for row in self.rows
        ]
        return ["what", "shape", *columns, "ok"], body

    def __str__(self):
        header, body = self.cells()
        lines = [header, *body]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        return "\n".join([self.title, *text, *([self.note] if self.note else [])])

    __repr__ = __str__

    def _repr_html_(self):
        header, body = self.cells()
        pad = 'style="text-align:left;padding:0.15em 0.9em"'
        head = "".join(f'<th scope="col" {pad}>{escape(cell)}</th>' for cell in header)
        rows = "".join(
            "<tr>" + "".join(f"<td {pad}>{_mark(cell)}</td>" for cell in line) + "</tr>"
            for line in body
        )
        style = "text-align:left;padding-bottom:0.3em"
        return (
            f'<table><caption style="{style}">{escape(self.title)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            + (f"<small>{escape(self.note)}</small>" if self.note else "")
        )


def _mark(cell):
    """A failure stands out by weight and sign, not by colour alone."""
    return f"<b>{escape(cell)}</b>" if cell.startswith("✗") else escape(cell)


def compare(expected, got, tolerance):
    """Largest error relative to max(1, |expected|), as a Check.

    Args:
        expected: array.
        got: what should equal it; None or another shape is a failure with a note.
        tolerance: largest error allowed.
    """
    expected = np.asarray(expected)
    if got is None:
        return Check(np.inf, tolerance, "None, not an array")
    got = np.asarray(got)
    if got.shape != expected.shape:
        return Check(np.inf, tolerance, f"shape {got.shape}")
    if not expected.size:
        return Check(0.0, tolerance)
    scale = max(1.0, float(np.abs(expected).max()))
    return Check(float(np.abs(got - expected).max()) / scale, tolerance)
