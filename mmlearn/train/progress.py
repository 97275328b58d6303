"""The progress bar: in a terminal, in a notebook, or none.

In a notebook the bar is replaced at the end by one line that is the same in every run,
so that committed notebooks stay as they are; nothing ever goes to stderr.
`MMLEARN_PROGRESS=0` (or 1) decides for every run that does not say `progress=` itself.
"""

import os
import sys
import time

from tqdm import tqdm

WIDTH = 110


def make_progress(progress, epochs, steps_per_epoch):
    """The bar that suits where we run.

    Args:
        progress: True, False, or None for "where somebody watches": a terminal or a
            notebook.
        epochs: number of epochs of the run.
        steps_per_epoch: number of steps of an epoch, None if not known yet.
    """
    if progress is None:
        setting = os.environ.get("MMLEARN_PROGRESS", "")
        progress = setting not in ("0", "off", "no") if setting else None
    notebook = _in_notebook()
    if progress is None:
        progress = notebook or sys.stdout.isatty()
    if not progress:
        return Quiet(epochs, steps_per_epoch)
    return (Notebook if notebook else Terminal)(epochs, steps_per_epoch)


class Quiet:
    """No bar, and what every bar has in common."""

    def __init__(self, epochs, steps_per_epoch):
        self.epochs, self.steps = epochs, steps_per_epoch
        self.began = time.perf_counter()
        self.first = None  # steps done before this run: a resumed run starts inside
        self.epoch = self.position = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        return None

    def update(self, epoch, position, logs):
        """Show that `position` steps of `epoch` are done."""

    def _meter(self, epoch, position, logs):
        """The line to show."""
        shown = {"loss": "mean loss", "last_batch_loss": "last batch"}
        figures = [
            f"{shown.get(name, name)} {value:.3g}"
            for name, value in logs.items()
            if isinstance(value, float)
        ]
        self.epoch, self.position = epoch, position
        done = epoch * self.steps + position if self.steps else position
        self.first = done if self.first is None else self.first
        return tqdm.format_meter(
            done,
            self.steps * self.epochs if self.steps else None,
            time.perf_counter() - self.began,
            ncols=WIDTH,
            prefix=f"epoch {epoch + 1}/{self.epochs}",
            postfix=", ".join(figures),
            unit=" steps",
            initial=self.first,
        )


class Terminal(Quiet):
    """One line that is written over and over on stdout."""

    def update(self, epoch, position, logs):
        """Write the line again."""
        sys.stdout.write("\r" + self._meter(epoch, position, logs).ljust(WIDTH))
        sys.stdout.flush()

    def __exit__(self, kind, *_):
        sys.stdout.write("\n")
        sys.stdout.flush()


class Notebook(Quiet):
    """A display that is updated in place."""

    def __init__(self, epochs, steps_per_epoch):
        super().__init__(epochs, steps_per_epoch)
        self.handle = None

    def _show(self, text):
        from IPython.display import display

        data = {"text/plain": text}
        if self.handle is None:
            self.handle = display(data, raw=True, display_id=True)
        else:
            self.handle.update(data, raw=True)

    def update(self, epoch, position, logs):
        """Replace the text."""
        self._show(self._meter(epoch, position, logs))

    def __exit__(self, kind, *_):
        steps = "" if self.steps is None else f" of {self.steps} steps"
        text = f"trained {self.epoch + 1} epochs{steps}"
        if kind is not None:
            inside = "" if self.steps is None else f" of {self.steps}"
            text = (
                f"stopped in epoch {self.epoch + 1} of {self.epochs} after step "
                f"{self.position}{inside}"
            )
        if self.handle is not None:
            self._show(text)


def _in_notebook():
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
