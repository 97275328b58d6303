"""The button in a lesson that opens TensorBoard below it."""

import html
import shlex
import threading
from pathlib import Path

import ipywidgets

from mmlearn.watch.events import LogError
from mmlearn.watch.server import Server, has_events, has_images

_servers: dict = {}  # folder to its running Server: one each, however often one presses


class Panel(ipywidgets.VBox):
    """A button, a line that says what happens, and TensorBoard's page."""

    def __init__(self, log_dir, height, tab):
        self.log_dir, self.height, self.tab = Path(log_dir), height, tab
        # As it was given: that is what one types. A whole path is this machine's.
        self.name = self.log_dir.name if self.log_dir.is_absolute() else str(log_dir)
        self.button = ipywidgets.Button(
            description=f"Open TensorBoard on {self.name}",
            icon="line-chart",
            layout={"width": "max-content"},
        )
        self.status = ipywidgets.HTML()
        self.page = ipywidgets.HTML()
        self.button.on_click(self.press)
        self._thread = None
        super().__init__([self.button, self.status, self.page])

    def press(self, _button=None):
        """Start (or show again) TensorBoard; the kernel stays free meanwhile."""
        if not has_events(self.log_dir):
            self.status.value = (
                "There are no events in the log folder yet: run the cell that trains, "
                "then press again."
            )
            return
        self.button.disabled = True
        self.status.value = "TensorBoard is starting; this takes 5 to 20 seconds …"
        self._thread = threading.Thread(target=self._open, daemon=True)
        self._thread.start()

    def _open(self):
        key = str(self.log_dir.resolve())
        try:
            if key not in _servers or not _servers[key].alive:
                _servers[key] = Server(key)
            url = _servers[key].wait()
        except LogError as error:
            self.status.value = html.escape(str(error))
        else:
            link = f'<a href="{url}" target="_blank" rel="noopener">{url}</a>'
            self.status.value = (
                f"TensorBoard runs at {link} and stops with this notebook's kernel. "
                "Where the page below stays empty (a remote machine), open the link."
            )
            found = "images" if has_images(self.log_dir) else "timeseries"
            page = f"{url}#{self.tab or found}"
            self.page.value = (
                f'<iframe src="{page}" title="TensorBoard" width="100%" '
                f'height="{self.height}" style="border: 1px solid gray"></iframe>'
            )
        self.button.disabled = False

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        command = f"mmlearn tensorboard {shlex.quote(self.name)}"
        text = (
            f"[A button that opens TensorBoard on the folder {self.name!r}: run this "
            f"cell in JupyterLab, or type: {command}]"
        )
        # The HTML twin is for readers without a kernel; JupyterLab prefers the widget.
        return (bundle or {}) | {
            "text/plain": text,
            "text/html": f"<em>{html.escape(text)}</em>",
        }


def tensorboard(log_dir, height=700, tab=None):
    """A button that opens TensorBoard in the notebook.

    Args:
        log_dir: the folder given to `watch.TensorBoard`; it may be written later.
        height: of TensorBoard's page, in px.
        tab: opened first: "images", "scalars", "histograms", "graphs", "projector",
            "audio"; by default the pictures, or where there are none all else.

    Returns:
        the Panel: the last value of a cell shows it.
    """
    return Panel(log_dir, height, tab)
