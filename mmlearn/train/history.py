"""What a run leaves behind: one number per epoch for everything that was measured."""

import keras


class History(keras.callbacks.History):
    """The record of a run, and Keras' `History` callback, so that old habits work.

    Attributes:
        history: dict, name → list with one value per epoch. `loss` and the metrics are
            means over all samples of the epoch, as in Keras; `last_batch_loss` is the
            loss of the epoch's last batch alone, before its update; `val_…` are
            measured after the epoch with the weights it ended with.
        epochs: number of epochs finished, those before a resume included.
        steps: number of optimizer steps taken, those before a resume included.
        seconds: seconds of wall time, those before a resume included.

    >>> record = History()
    >>> record.on_epoch_end(0, {"loss": 0.5})
    >>> record.on_epoch_end(1, {"loss": 0.25})
    >>> record.history, record.epochs
    ({'loss': [0.5, 0.25]}, 2)
    """

    def __init__(self):
        super().__init__()
        self.epoch = []
        self.steps = 0
        self.seconds = 0.0

    @property
    def epochs(self):
        """Number of epochs finished."""
        return len(self.epoch)

    def on_train_begin(self, logs=None):
        """Keep what a resumed run brought along (Keras' own starts empty)."""

    def on_epoch_end(self, epoch, logs=None):
        """Append one value to every list; a late-comer's list starts with None."""
        for name, value in (logs or {}).items():
            values = self.history.setdefault(name, [None] * len(self.epoch))
            values.append(value)
        self.epoch.append(epoch)
        for values in self.history.values():
            values.extend([None] * (len(self.epoch) - len(values)))

    def __repr__(self):
        last = {k: v[-1] for k, v in self.history.items() if v}
        figures = ", ".join(
            f"{name} {value:.3g}"
            for name, value in last.items()
            if isinstance(value, int | float)
        )
        return f"<History: {self.epochs} epochs, {self.steps} steps; {figures or '–'}>"
