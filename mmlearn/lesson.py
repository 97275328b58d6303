"""How every lesson begins: the same seed for everybody, and a quiet TensorFlow."""

import os
import sys
import tempfile
from contextlib import contextmanager


def begin(number):
    """Start a lesson: seed all generators with its number, import Keras quietly.

    Args:
        number: the lesson's number, "03".

    Raises:
        ValueError: if number is no number.

    >>> begin("03")
    """
    if not str(number).isdigit():
        raise ValueError(f"begin: number is {number!r}; expected a lesson's, like '03'")
    import_keras_quietly().utils.set_random_seed(int(number))


def import_keras_quietly():
    """Import Keras and let it look for a GPU; return the module.

    TensorFlow greets with several lines on stderr (no GPU found, instructions in use)
    that look like errors to a newcomer and are none. They are held back here, and shown
    only if the import fails.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with held_stderr():
        import keras

        keras.ops.zeros(1)  # the first operation looks for a GPU, and says so
    return keras


@contextmanager
def held_stderr():
    """Hold back what is written to stderr, by C++ too; show it if the body fails."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        kept = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(kept, 2)
            held.seek(0)
            print(held.read().decode(errors="replace"), file=sys.stderr)
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
