"""`mmlearn lab`: JupyterLab open at a lesson, in a folder that the student owns."""

import os
import subprocess
import sys
from pathlib import Path

from mmlearn import course
from mmlearn.cli import ports


def run(lesson, folder, port, browser, copy_only, jupyter):
    """Copy the course where it has to be copied, then serve it until Ctrl-C.

    Args:
        lesson: "03", "3" or a notebook's name.
        folder: the student's copy; None for the clone that we run from, else ~/mmlearn.
        port: the port asked for, or None.
        browser: whether to open a window.
        copy_only: stop after copying.
        jupyter: further words for JupyterLab.
    """
    place = prepare(folder, copy_only)
    if copy_only:
        return
    notebook = course.find_lesson(lesson, place / "lessons")
    port, note = ports.choose(port, 8888, "JupyterLab")
    if note:
        print(note)
    print(f"JupyterLab opens {notebook.name}, from {place}.")
    print("Its address, with the token, follows. Ctrl-C here stops it.", flush=True)
    serve(command(place, notebook, port, browser) + jupyter)


def prepare(folder, copy_only=False):
    """The folder that holds `lessons/` and `data/`, up to date if it is a copy."""
    clone = course.checkout()
    if clone and folder is None and not copy_only:
        return clone
    report = course.copy_course(folder or Path.home() / "mmlearn")
    print(report)
    return report.folder


def command(place, notebook, port, browser=True):
    """The command line that starts JupyterLab, whatever is on PATH.

    News and updates are never fetched: a lesson needs no network, and no popup.
    """
    words = [
        f"--ServerApp.root_dir={place}",
        f"--LabApp.default_url=/lab/tree/{notebook.relative_to(place).as_posix()}",
        f"--ServerApp.ip={ports.HOST}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.answer_yes=True",  # one Ctrl-C stops it
        "--Application.log_level=WARN",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if not browser:
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # a container
        words.append("--allow-root")
    return [sys.executable, "-m", "jupyterlab", *words]


def serve(words):
    """Hand this process over to a server, so that signals reach it alone."""
    env = os.environ | {"JUPYTER_PREFER_ENV_PATH": "1"}  # this environment's kernel
    # Beside this file: JupyterLab must not ask whether it may fetch news.
    paths = [str(Path(__file__).parent / "jupyter"), env.get("JUPYTER_CONFIG_PATH")]
    env["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(words[0], words, env)
    try:  # Windows has no exec worth the name
        raise SystemExit(subprocess.run(words, env=env, check=False).returncode)
    except KeyboardInterrupt:
        raise SystemExit(0) from None
