"""The storyboard's six tasks and its XOR dial for the results table, as stored.

Nothing is computed anew: the figures are those that `storyboard_measure` compared and
put into `storyboard_tasks.json`.
"""

from mmlearn.evaluate import Summary
from mmlearn.recipes import storyboard_measure

TASKS = (
    "task",
    "ceiling",
    "fused",
    "of the ceiling",
    "best single",
    "fused − single",
    "could gain",
    "so",
)
XOR = ("model", "test accuracy", "95 % interval", "so")
NOTES = """\
The ceiling is the script's: exact, the best that anybody could do. Intervals are a
bootstrap's over test clips and seeds, 95 %. What fusing could gain is the ceiling of
all modalities less that of the best one. Reached: the mean over seeds is at least 0.95
of the ceiling; on the XOR dial 0.99. All was chosen on validation clips.
"""


def tables(found=None):
    """Both tables with what they say.

    Args:
        found: dict "tasks", "xor" as of `storyboard_measure.main`; None: the stored
            ones of the full profile.

    Returns:
        str, Markdown.
    """
    from mmlearn.recipes.results import aligned

    found = storyboard_measure.measured()["full"] if found is None else found
    tasks = aligned([TASKS, *(_task(*row) for row in found["tasks"].items())])
    xor = aligned([XOR, *(_xor(*row) for row in found["xor"].items())])
    head = "## The storyboard's six tasks\n"
    return "\n".join([head, NOTES, tasks, "## Its XOR dial\n", xor])


def _task(name, row):
    test = {model: _summary(values) for model, values in row["test"].items()}
    above, low, high = (100 * value for value in row["above"])
    bar = storyboard_measure.SHARE * row["ceiling"]
    over = [value >= bar for value in row["test"]["fused"]]
    said = ["reached" if row["reached"] else "not reached"]
    said[0] += f" ({sum(over)} of {len(over)} seeds)"
    if "fusing pays" in row:
        said.append("fusing pays" if row["fusing pays"] else "fusing not above")
    if "equivalent" in row:
        equal = "equivalent" if row["equivalent"] else "not equivalent"
        said.append(f"{equal} within ± {100 * storyboard_measure.MARGIN:.0f} points")
    return (
        name,
        f"{row['ceiling']:.3f}",
        test["fused"],
        f"{row['share']:.3f} ({row['low']:.3f} to {row['high']:.3f})",
        f"{row['best']} {test[row['best']]}",
        f"{above:+.1f} ({low:+.1f} to {high:+.1f})",
        f"{100 * row['gain']:.1f}",
        ", ".join(said),
    )


def _xor(name, row):
    _, low, high = row["interval"]
    said = "not held to anything"
    if "reached" in row:
        said = "reached" if row["reached"] else "not reached"
    if "equivalent" in row:
        within = f"to 0.5 within ± {100 * storyboard_measure.MARGIN:.0f} points"
        said = f"{'equivalent' if row['equivalent'] else 'not equivalent'} {within}"
    return name, _summary(row["test"]), f"{low:.3f} to {high:.3f}", said


def _summary(values):
    return Summary(tuple(values), tuple(range(len(values)))).text
