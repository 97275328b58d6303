"""The page for instructors: its numbers are those of the bank, its commands exist.

    python tests/grading/test_instructors.py

writes the numbers of its two tables anew.
"""

import json
import re
from pathlib import Path

from typer.main import get_command

from mmlearn.cli.commands import app
from mmlearn.exercises import exercise_ids, find

PAGE = Path(__file__).parents[2] / "lessons" / "INSTRUCTORS.md"
WEEK = re.compile(
    r"^\| (\d+) \| ([\d, ]+) \| (\d\d\.\d[\d., ]*) \| \d+ \| \d+ \|$", re.M
)
LESSONS = re.compile(r"(?<=\|:--\|---:\|---:\|---:\|---:\|\n)(\|.*\|\n)+")


def sums(ids):
    """Minutes and points of these exercises."""
    chosen = [find(id) for id in ids]
    return sum(one.minutes for one in chosen), sum(one.points for one in chosen)


def week(match):
    number, lessons, ids = match.groups()
    minutes, points = sums(ids.split(", "))
    return f"| {number} | {lessons} | {ids} | {minutes} | {points} |"


def whole_lessons():
    rows = []
    for path in sorted(PAGE.parent.glob("[0-9]*.ipynb")):
        facts = json.loads(path.read_text("utf-8"))["metadata"]["mmlearn"]
        ids = [id for id in exercise_ids() if id.startswith(facts["lesson"] + ".")]
        minutes, points = sums(ids)
        name = f"[{facts['lesson']}]({path.name})"
        read = facts["minutes_reading"]
        rows.append(f"| {name} | {read} | {len(ids)} | {minutes} | {points} |\n")
    return "".join(rows)


def with_numbers(text):
    """The page with the numbers that it should have."""
    return LESSONS.sub(lambda _: whole_lessons(), WEEK.sub(week, text))


def test_the_numbers_are_those_of_the_bank():
    text = PAGE.read_text("utf-8")
    assert with_numbers(text) == text, f"run: python {__file__}"
    assert text.count("](") > 20


def test_a_term_is_in_order_and_asks_for_a_reasonable_time():
    weeks = WEEK.findall(PAGE.read_text("utf-8"))
    assert [int(number) for number, *_ in weeks] == list(range(1, 15))
    asked = [id for *_, ids in weeks for id in ids.split(", ")]
    assert asked == sorted(set(asked))
    assert {id[:2] for id in asked} == {f"{k:02}" for k in range(20)}
    for _, lessons, ids in weeks:
        assert {id[:2] for id in ids.split(", ")} == set(lessons.split(", "))
        assert 30 <= sums(ids.split(", "))[0] <= 60


def test_every_command_on_the_page_exists():
    text = PAGE.read_text("utf-8")
    commands = get_command(app).commands
    found = re.findall(r"mmlearn (assign|grade|doctor|exercise)\b([^`\n]*)", text)
    assert {name for name, _ in found} == {"assign", "grade", "doctor", "exercise"}
    for name, words in found:
        command = commands[name]
        options = {o for part in command.params for o in part.opts}
        assert set(re.findall(r"--[a-z]+", words)) <= options, (name, words)


def test_its_links_lead_somewhere():
    text = PAGE.read_text("utf-8")
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith("#"):
            assert link[1:] in anchors, link
        elif not link.startswith("https:"):
            assert (PAGE.parent / link).exists(), link


if __name__ == "__main__":
    PAGE.write_text(with_numbers(PAGE.read_text("utf-8")), "utf-8")
