"""The results table: what every recipe reached, against what was expected of it.

`write_table` puts what was measured beside what was measured before (`records.py`), so
that the table can be made recipe by recipe.
"""

from pathlib import Path

from mmlearn.recipes import side_by_side, storyboard_table
from mmlearn.recipes.catalogue import get, names
from mmlearn.recipes.divisions import divided
from mmlearn.recipes.goal import Goal
from mmlearn.recipes.recipe import current_profile
from mmlearn.recipes.records import read_records, record, write_records, write_whole

HEADER = (
    "recipe",
    "data",
    "parameters",
    "validation accuracy",
    "test accuracy",
    "95 % of the mean",
    "95 % interval of the test set",
    "seconds a seed",
)
SIDES = ("recipe", "beside", "points", "95 % interval", "drawn", "so")
SIDES_NOTES = """\
On the same test samples, in points of accuracy. The interval is a bootstrap's over
samples and seeds; where several samples are of one video, whole videos are drawn. It
is at least ± 1 − 0.025^(1/N), of N samples or videos: what none of them showed.
"""
GOALS = ("recipe", "published", "at least", "aim", "found", "so")
NOTES = """\
A ± is the standard deviation over what stands in brackets. "95 % of the mean" is where
more seeds (or folds) would take the mean; "95 % interval of the test set" is what as
many other samples might have shown. Every choice was made on validation data.
"""


def table(records):
    """One row for each record, aligned to be read as text too.

    Args:
        records: dict, recipe name -> Record.

    Returns:
        str, Markdown.
    """
    return aligned([HEADER, *(_row(one) for one in records.values())])


def aligned(rows):
    """Rows of texts, the first the header, as a Markdown table with even columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines) + "\n"


def _row(one):
    quick = " (quick)" if one.profile == "quick" else ""
    return (
        one.recipe + quick,
        get(one.recipe).dataset,
        f"{one.parameters:,}",
        one.validation,
        one.test,
        "–" if one.low is None else f"{one.low:.3f} to {one.high:.3f}",
        f"{one.sample_low:.3f} to {one.sample_high:.3f} ({one.test_size:,})",
        f"{one.seconds:.1f}",
    )


def verdict(one, goal):
    """What a measured figure says of the one expected, in a word or two.

    "not reproduced" if the published figure lies above the interval of the mean (above
    the mean, where there was one run), "as published" if inside, "above" if below it.
    Then what the recipe promises and aims at: reached or not.

    Args:
        one: Record.
        goal: Goal.

    Returns:
        str.
    """
    words = []
    if goal.published is not None:
        low, high = (one.mean, one.mean) if one.low is None else (one.low, one.high)
        above = "above" if goal.published < low else "as published"
        words.append("not reproduced" if goal.published > high else above)
    if goal.least is not None and one.mean < goal.least:
        words.append("promise not kept")
    if goal.aim is not None:
        words.append("aim reached" if one.mean >= goal.aim else "aim not reached")
    return ", ".join(words)


def goals(records):
    """Two sections: every figure beside the one expected, and those that fall short.

    Args:
        records: dict, recipe name -> Record.

    Returns:
        str, Markdown.
    """
    known = [(one, get(name).goal) for name, one in records.items()]
    rows = [
        (
            one.recipe,
            goal.text,
            _figure(goal.least),
            _figure(goal.aim),
            one.test,
            verdict(one, goal),
        )
        for one, goal in known
        if goal is not None
    ]
    lines = ["## Found and expected", "", aligned([GOALS, *rows])] if rows else []
    lines += ["## What did not reproduce", ""]
    short = [line for one, goal in known for line in _short(one, goal or Goal())]
    lines += short or ["Of what was measured: nothing."]
    without = [n for n in names() if get(n).goal is not None and n not in records]
    if without:
        lines += ["", f"Expected and not measured yet: {', '.join(without)}."]
    return "\n".join(lines) + "\n"


def _short(one, goal):
    """A line for every figure that was expected and not found."""
    found = f"found {one.test}"
    if one.low is not None:
        found += f", 95 % of the mean {one.low:.3f} to {one.high:.3f}"
    said = verdict(one, goal)
    if "not reproduced" in said:
        yield f"- {one.recipe}: expected {goal.text}, {found}."
    if "promise not kept" in said:
        yield f"- {one.recipe}: promised {goal.least:.3f}, {found}."
    if "aim not reached" in said:
        yield f"- {one.recipe}: aimed at {goal.aim:.3f}, {found}."
    low, high = get(one.recipe).expected
    if one.profile == "full" and not low <= one.mean <= high:
        yield f"- {one.recipe}: its band is {low:.3f} to {high:.3f}, {found}."


def sides(records):
    """The section of all that is compared on the same samples; empty for none.

    Args:
        records: dict, recipe name -> Record.

    Returns:
        str, Markdown.
    """
    rows = [
        (
            name,
            other,
            f"{100 * found.value:+.1f}",
            f"{100 * found.low:+.1f} to {100 * found.high:+.1f}",
            side_by_side.drawn(records[name]),
            side_by_side.SO[found.sign],
        )
        for name, other, found in side_by_side.pairs(records)
    ]
    if not rows:
        return ""
    return f"## Side by side\n\n{SIDES_NOTES}\n{aligned([SIDES, *rows])}"


def tried(records):
    """The section of what did not work, each recipe in its own words."""
    lines = [f"- {n}: {get(n).tried}" for n in records if get(n).tried]
    return "\n".join(["## What did not work", "", *lines, ""]) if lines else ""


def _figure(value):
    return "–" if value is None else f"{value:.3f}"


def _machines(records):
    """Where it was measured; by recipe, where not all on the same machine."""
    found: dict[str, list[str]] = {}
    for name, one in records.items():
        found.setdefault(one.machine, []).append(name)
    if len(found) == 1:
        return f"Measured on {next(iter(found))}.\n"
    return "".join(f"- {', '.join(n)}: measured on {m}.\n" for m, n in found.items())


def write_table(path, summaries, profile=None):
    """Write the table to a file, whole or not at all; other recipes' rows stay.

    The rows are kept in a JSON file of the same name beside it.

    Args:
        path: file to write; an older one is replaced.
        summaries: dict, recipe name -> RecipeSummary, of what was measured now.
        profile: "quick" or "full", what it was run with.

    Raises:
        OSError: if the folder cannot be written; the old file stays as it was.
        RecipeError: if the rows kept beside it cannot be read.
    """
    path = Path(path)
    kept = path.with_suffix(".json")
    profile = current_profile(profile)
    rows = read_records(kept)
    for name, s in summaries.items():
        more = side_by_side.kept(name, s, profile)
        rows[name] = record(name, s, profile, **more)
    write_rows(path, rows)


def write_rows(path, records):
    """Write the table of these records, and the JSON file beside it.

    Args:
        path: file to write. records: dict, recipe name -> Record, in any order.
    """
    path = Path(path)
    records = {name: records[name] for name in names() if name in records}
    parts = ["# Results\n", table(records), NOTES, _machines(records)]
    parts += [part(records) for part in (sides, goals, tried)]
    if "storyboard_fused" in records:
        parts.append(storyboard_table.tables())
    parts.append(divided([get(name) for name in records]))
    write_records(path.with_suffix(".json"), records)
    write_whole(path, "\n".join(part for part in parts if part))
