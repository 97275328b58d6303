"""TensorBoard's event files, written and read without TensorFlow.

A file is a row of records (`records.py`), each an `Event` protocol buffer. The protocol
buffers come with TensorBoard; TensorFlow, which costs seconds to import and is not
there under another Keras backend, is not needed for any of it.
"""

import itertools
import time
import weakref
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mmlearn.watch.records import FOOTER, HEADER, record

_COUNTER = itertools.count()  # two writers within one second get two names
GRAPH = "graph"  # a folder of its own: beside others TensorBoard may draw another
SAMPLES = "samples/"  # the run of what chosen samples show inside a network
IMAGE = "_image"  # after a variable's tag: one tag belongs to one of TensorBoard's tabs


class LogError(RuntimeError):
    """A log folder cannot be written to, or holds nothing to show."""


class Point(NamedTuple):
    """One value at one step: float, (buckets, 3) histogram, or (H, W, C) image."""

    step: int
    value: object


class EventWriter:
    """Write scalars, histograms, images, sounds and a graph into one folder.

    Args:
        folder: made if it is not there.

    Raises:
        LogError: the folder cannot be written to.
    """

    def __init__(self, folder):
        from tensorboard.compat.proto.event_pb2 import Event

        folder = expect_writable(folder)
        name = f"events.out.tfevents.{time.time():.0f}.mmlearn.{next(_COUNTER)}"
        self._file = (folder / name).open("wb")
        self._event = Event
        weakref.finalize(self, self._file.close)  # a run that fails leaves us open
        self._write(0, file_version="brain.Event:2")

    def scalar(self, tag, value, step):
        """One number at one step."""
        self._tensor("scalars", tag, np.float32(value), step)

    def histogram(self, tag, values, step, buckets=30):
        """How the finite numbers of an array are spread over equal buckets."""
        self._tensor("histograms", tag, bucketed(values, buckets), step)

    def image(self, tag, picture, step):
        """A uint8 picture (H, W, 3), kept as PNG."""
        height, width = picture.shape[:2]
        parts = [str(width).encode(), str(height).encode(), _png(picture)]
        self._tensor("images", tag, np.array(parts, dtype=object), step)

    def audio(self, tag, wav, caption, step):
        """A recording, as the bytes of a wav file, with a line of text below it."""
        pair = np.array([[wav, caption.encode()]], dtype=object)
        self._tensor("audio", tag, pair, step)

    def graph(self, definition):
        """A serialized TensorFlow GraphDef; it draws at once in a folder of its own."""
        self._write(0, graph_def=definition)

    def _tensor(self, plugin, tag, value, step):
        from tensorboard.compat.proto import summary_pb2
        from tensorboard.util.tensor_util import make_tensor_proto

        # The one plugin that must be told: 11 is WAV in its AudioPluginData.
        content = b"\x10\x0b" if plugin == "audio" else b""
        kind = summary_pb2.SummaryMetadata(
            plugin_data=summary_pb2.SummaryMetadata.PluginData(
                plugin_name=plugin, content=content
            ),
            data_class={
                "scalars": summary_pb2.DATA_CLASS_SCALAR,
                "histograms": summary_pb2.DATA_CLASS_TENSOR,
                "images": summary_pb2.DATA_CLASS_BLOB_SEQUENCE,
                "audio": summary_pb2.DATA_CLASS_BLOB_SEQUENCE,
            }[plugin],
        )
        tensor = make_tensor_proto(value)
        value = summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=kind)
        self._write(step, summary=summary_pb2.Summary(value=[value]))

    def _write(self, step, **content):
        event = self._event(wall_time=time.time(), step=int(step), **content)
        self._file.write(record(event.SerializeToString()))

    def flush(self):
        """Hand what was written to whoever reads."""
        self._file.flush()

    def close(self):
        """Close the file."""
        self._file.close()


def bucketed(values, buckets=30):
    """(buckets, 3) rows of left edge, right edge, count, as TensorBoard wants them."""
    x = np.asarray(values, np.float64).ravel()
    x = x[np.isfinite(x)]
    if not x.size:
        return np.zeros((buckets, 3))
    counts, edges = np.histogram(x, bins=buckets)
    return np.stack([edges[:-1], edges[1:], counts], axis=1)


def expect_writable(folder):
    """Make a folder and prove, before any training, that it can be written to."""
    folder = Path(folder)
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise LogError(
            f"TensorBoard: log_dir {str(folder)!r} cannot be written to "
            f"({error.strerror}); give a folder of your own"
        ) from None
    return folder


def read(log_dir):
    """All that a log folder holds.

    Args:
        log_dir: the folder given to the callback.

    Returns:
        dict, kind ("scalars", "histograms", "images") to a dict, "run/tag" to its
        Points in order of their steps. A record cut short (a run still writing, or
        killed) ends its file and is no error.

    Raises:
        LogError: no event files there.
    """
    log_dir = Path(log_dir)
    files = sorted(log_dir.rglob("*tfevents*")) if log_dir.is_dir() else []
    if not files:
        raise LogError(
            f"{log_dir.name} holds no TensorBoard events yet; train with "
            "callbacks=[watch.TensorBoard(log_dir)] first"
        )
    found: dict = {"scalars": {}, "histograms": {}, "images": {}}
    for path in files:
        run = path.parent.relative_to(log_dir).as_posix()
        for event in events(path):
            for value in event.summary.value:
                kind, content = _decoded(value)
                points = found.get(kind, {})  # a plugin we do not draw: into the void
                name = value.tag if run == "." else f"{run}/{value.tag}"
                points.setdefault(name, {})[event.step] = content
    return {
        kind: {
            name: [Point(step, points[step]) for step in sorted(points)]
            for name, points in tags.items()
        }
        for kind, tags in found.items()
    }


def events(path):
    """The events of one file, up to the first that is cut short."""
    from tensorboard.compat.proto.event_pb2 import Event

    content = path.read_bytes()
    at = 0
    while at + HEADER.size <= len(content):
        length, _ = HEADER.unpack_from(content, at)
        start, at = at + HEADER.size, at + HEADER.size + length + FOOTER
        if at > len(content):
            return
        yield Event.FromString(content[start : start + length])


def _decoded(value):
    """(plugin, content) of one summary value; train.fit's scalars are plain floats."""
    from tensorboard.util.tensor_util import make_ndarray

    if value.WhichOneof("value") == "simple_value":
        return "scalars", float(value.simple_value)
    kind = value.metadata.plugin_data.plugin_name
    if value.WhichOneof("value") != "tensor" or kind not in (
        "scalars",
        "histograms",
        "images",
    ):
        return kind, None
    array = make_ndarray(value.tensor)
    if kind == "images":
        return kind, _picture(array.ravel()[2])
    return kind, float(array) if kind == "scalars" else array


def _png(picture):
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, format="PNG", compress_level=1)  # quick
    return file.getvalue()


def _picture(png):
    import io

    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))
