"""The `mmlearn` command.

`main` runs it and words every error in one line; `commands` declares what one can type,
and each command imports its own room when it runs, so that `--help` stays quick.
"""

import os
import sys


def main(arguments=None):
    """Run the command line.

    Args:
        arguments: words after `mmlearn`; by default those of this process. `--debug`
            among them, in any place, shows where an error arose.

    Raises:
        SystemExit: 0 when all went well, 1 when the work failed, 2 for a word that
            the command does not know.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    ours = words[: words.index("--")] if "--" in words else words
    debug = "--debug" in ours
    if debug:
        words.remove("--debug")
    from mmlearn.cli.commands import app

    try:
        app(words, prog_name="mmlearn")
    except BrokenPipeError:  # `mmlearn data list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as error:
        if debug:
            raise
        print(_one_line(error), file=sys.stderr)
        raise SystemExit(1) from None


def _one_line(error):
    text = " ".join(str(error).split()) or type(error).__name__
    known = type(error).__module__.startswith("mmlearn.")
    if known or isinstance(error, OSError):
        return f"mmlearn: {text}"
    where = "add --debug to see where it arose"
    return f"mmlearn: {type(error).__name__}: {text} ({where})"
