"""Checkpoints."""


class CheckpointError(RuntimeError):
    """A checkpoint cannot be written, or must not be read into this run."""
