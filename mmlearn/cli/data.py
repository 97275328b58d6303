"""`mmlearn data`: the data sets that the course knows, on this machine or not."""

from mmlearn import datasets
from mmlearn.datasets import registry, storage

_KINDS = {
    "ships": "ships with the course",
    "library": "comes with a library",
    "made": "made on this machine when it is loaded",
}


def states():
    """Yield each entry of the registry, and in words where it is."""
    for entry in registry.entries():
        size = f"{entry.size / 1e6:.0f} MB"
        state = _KINDS.get(entry.kind) or f"not here, {size} to fetch"
        yield entry, "here" if _is_here(entry) else state


def show_list():
    """Print name, title, state and licence of every data set."""
    for entry, state in states():
        print(f"{entry.name:<14} {entry.title}")
        print(f"{'':<14} {state}; licence: {entry.licence}")
    print(f"Fetched sets lie in {storage.data_home()} (set MMLEARN_DATA to change it).")


def fetch(names):
    """Download data sets by name; "all" for every one that is downloaded."""
    for entry in _chosen(names):
        datasets.fetch(entry.name)
        state = _KINDS.get(entry.kind) or "here, every file as published"
        print(f"{entry.name}: {state}; {entry.loader} loads it", flush=True)


def verify(names):
    """Check the files of data sets; those that are not here only when named.

    Args:
        names: data sets; none for all.

    Raises:
        DataError: naming the files that are missing or altered, and what to do.
    """
    wrong = []
    for entry in _chosen(names or ["all"]):
        if not names and entry.kind == "downloads" and not _is_here(entry):
            print(f"{entry.name}: not here")
            continue
        findings = datasets.verify(entry.name)
        bad = [f for f in findings if not f.ok]
        for finding in bad[:10]:
            print(finding)
        if bad:
            wrong.append(entry.name)
        else:
            print(f"{entry.name}: {_KINDS.get(entry.kind) or 'as published'}")
    if wrong:
        ships = {e.name for e in registry.entries() if e.kind == "ships"}
        again = " ".join(name for name in wrong if name not in ships)
        cures = [f"mmlearn data fetch {again}"] if again else []
        cures += ["reinstall mmlearn"] if ships & set(wrong) else []
        raise registry.DataError(f"to mend that: {', and '.join(cures)}")


def _chosen(names):
    if "all" in names:
        return registry.entries()
    return [registry.entry(name) for name in names]


def _is_here(entry):
    return bool(entry.files) and all(storage.locate(entry, f) for f in entry.files)
