"""A widget with a still twin: a notebook without its kernel shows the figure."""

import base64
from pathlib import Path

import anywidget

_HERE = Path(__file__).parent


def source(*names):
    """The widgets' own files beside this one, one after the other, as one text."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


class StillWidget(anywidget.AnyWidget):
    """An anywidget whose `still()` draws what it shows now, as a `Figure`.

    Both lie side by side in the notebook: readers that run widgets show the view, all
    others (GitHub, a printed page, a saved notebook) the figure with its alt text.
    """

    def still(self):
        """The widget as it stands, as a figure."""
        raise NotImplementedError(f"{type(self).__name__} draws no still figure")

    def _repr_mimebundle_(self, **options):
        """The widget's view, and the still figure for readers that have no widgets."""
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        still = self.still()
        data |= {"image/png": base64.b64encode(still.png()).decode()}
        data |= {"text/plain": still.alt}
        return data, metadata | {"image/png": {"alt": still.alt}}
