"""The proof: one call that shows, and asserts, that an operator's numbers are right.

`gradients` holds a hand-derived pullback against central differences; `agree` adds the
third witness, a Keras layer with its backend's autodiff. Both return a `Table` that
reads well in a notebook and in the message of a failed assertion.
"""

from .agreement import agree
from .numerical import gradients
from .table import Row, Table

__all__ = ["Row", "Table", "agree", "gradients"]
