"""`mmlearn doctor --grading`: how safely this machine can run submissions."""

from mmlearn.cli.doctor import Finding, plain

_KEPT = (
    "its own files, no home, no other submission",
    "no network, no other process",
    "memory, processor time, output and files limited",
)


def run():
    """Start a child that tries to break out, and print what it could do.

    Returns:
        exit status: 1 if something is not protected.
    """
    from mmlearn.grading.sandbox import reached

    protection = reached()
    print(plain(findings(protection), "submissions can do no harm here"))
    return int(bool(protection.missing))


def findings(protection):
    """What a Protection means, a line each."""
    what = {
        "bubblewrap": "bubblewrap: a namespace, a filter and limits for each exercise",
        "limits": "limits on a plain process, and nothing around it",
    }
    found = [Finding("sandbox", what[protection.level], protection.advice)]
    if not protection.missing:
        found += [Finding("a submission has", words) for words in _KEPT]
    for sentence in protection.missing:
        found.append(Finding("NOT PROTECTED", sentence, bad=True))
    return found
