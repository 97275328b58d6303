"""The progress bar: in a terminal, in a notebook, or none.

In a notebook the bar is replaced at the end by one line that is the same in every run,
so that committed notebooks stay as they are; nothing ever goes to stderr.
`MMLEARN_PROGRESS=0` (or 1) decides for every run that does not say `progress=` itself.
"""

import os
import sys
import time

from tqdm import tqdm


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
        self.done = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def update(self, epoch, position, logs):
        """Show that `position` steps of `epoch` are done."""

    def _text(self, epoch, logs):
        shown = {"loss": "mean loss", "last_batch_loss": "last batch"}
        figures = [f"{shown.get(k, k)} {v:.3g}" for k, v in logs.items()]
        return f"epoch {epoch + 1}/{self.epochs}", ", ".join(figures)

    def _meter(self, epoch, position, logs):
        prefix, postfix = self._text(epoch, logs)
        total = self.steps * self.epochs if self.steps else None
        self.done = epoch * self.steps + position if self.steps else position
        self.first = self.done if self.first is None else self.first
        seconds = time.perf_counter() - self.began
        return tqdm.format_meter(
            self.done,
            total,
            seconds,
            ncols=110,
            prefix=prefix,
            postfix=postfix,
            unit=" steps",
            initial=self.first,
        )


class Terminal(Quiet):
    """One line that is written over and over on stdout."""

    def update(self, epoch, position, logs):
        """Write the line again."""
        line = self._meter(epoch, position, logs)
        sys.stdout.write("\r" + line.ljust(110))
        sys.stdout.flush()

    def __exit__(self, *_):
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
        if kind is None:
            self._show(f"trained {self.epochs} epochs")


def _in_notebook():
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")
