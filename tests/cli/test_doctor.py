"""`mmlearn doctor`: it looks at everything and names nobody."""

import getpass
import re
from pathlib import Path

import pytest

from mmlearn import cli
from mmlearn.cli import doctor


def test_the_doctor_s_report_names_nobody(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.Path, "home", lambda: tmp_path / "jane doe")
    monkeypatch.setattr(getpass, "getuser", lambda: "janedoe")
    found = [
        doctor.Finding("lessons", f"in {tmp_path}/jane doe/course and /data/janedoe/x"),
        doctor.Finding("mail", "janedoette"),
    ]
    told = doctor.private(doctor.markdown(found))
    assert "in ~/course and /data/USER/x |" in told and "janedoette" in told


def test_the_doctor_looks_at_everything(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["doctor", "--quick", "--report"])
    told = capsys.readouterr().out
    rows = re.findall(r"^\| ([\w ]+) \|", told, re.M)
    wanted = [
        "Python",
        "packages",
        "machine",
        "memory",
        "GPU",
        "disk",
        "lessons",
        "data",
    ]
    assert [r for r in rows if r in wanted] == wanted
    assert stop.value.code == 0 and str(Path.home()) + "/" not in told


def test_the_doctor_says_what_is_bad(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "PACKAGES", "numpy no-such-package")
    assert doctor.run(quick=True) == 1
    told = capsys.readouterr().out
    assert re.search(r"^BAD  missing packages +no-such-package$", told, re.M)
    assert "→ run: make lab" in told and "1 to mend" in told
