"""The storyboard's readers that ship with the course: lesson 19's eyes and ears.

They are those of seed 0 in the full profile, trained on 3,000 clips for twelve and
eight epochs. `python -m mmlearn.recipes.shipped_readers FILE` makes their weights anew,
in minutes of processor time.
"""

import sys
from functools import lru_cache
from importlib import resources

import numpy as np

from mmlearn.recipes import storyboard_readers


@lru_cache(maxsize=1)
def shipped():
    """The readers that ship, made by `main`: `storyboard_readers.Readers`."""
    readers = storyboard_readers.new_readers()
    file = resources.files("mmlearn.recipes").joinpath("shipped_readers.npz")
    with file.open("rb") as stream, np.load(stream) as kept:
        for name in storyboard_readers.TOLD:
            reader = getattr(readers, name)
            weights = [kept[f"{name}{k}"] for k in range(len(reader.weights))]
            reader.set_weights([w.astype(np.float32) for w in weights])
    return readers


def main(path, folder=None):
    """Train the readers; write their weights as float16.

    Args:
        path: file to write. folder: as of `storyboard_readers.trained`.
    """
    readers = storyboard_readers.trained("full", 0, folder)
    kept = {
        f"{name}{k}": w.astype(np.float16)
        for name in storyboard_readers.TOLD
        for k, w in enumerate(getattr(readers, name).get_weights())
    }
    np.savez_compressed(path, **kept)


if __name__ == "__main__":
    main(*sys.argv[1:3])
