"""Vectors for TensorBoard's projector: points, their labels, their pictures."""

from pathlib import Path

import numpy as np

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.watch.events import EventWriter, LogError, expect_writable
from mmlearn.watch.pictures import as_image

FOLDER, CONFIG = "projector", "projector_config.pbtxt"
_SPRITE = 8192  # px: what a browser takes as one picture
_THUMBNAIL = 64  # px along a side, at most


def projector(log_dir, vectors, labels=None, images=None, *, name="embedding"):
    """Write vectors for TensorBoard's *Projector* tab.

    TensorBoard reads its folder once: vectors that are written while it runs are seen
    after it is started anew.

    Args:
        log_dir: the log folder; the files go into `projector/` in it.
        vectors: (N, F) numbers, a row per point.
        labels: (N,) one per point, numbers or text; or a dict of several, by name.
        images: (N, H, W) or (N, H, W, C) with C 1 or 3, a picture per point, uint8 or
            float.
        name: of these vectors; others stay beside them, the same name is replaced.

    Returns:
        the folder, a pathlib.Path.

    Raises:
        ShapeError: the arrays do not fit each other. ValueError: a vector is not
            finite. LogError: the folder cannot be written to.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sorted(p.suffix for p in projector(folder, np.eye(3), "abc").iterdir())[1:]
    ['.pbtxt', '.tsv', '.tsv']
    """
    vectors = np.asarray(vectors, np.float32)
    count = expect_shape("projector", "vectors", vectors, "N F")["N"]
    if not np.isfinite(vectors).all():
        rows = np.unique(np.argwhere(~np.isfinite(vectors))[:, 0])
        raise ValueError(f"projector: vectors hold NaN or infinity in row {rows[0]}")
    columns = _columns(labels, count)
    if images is not None:
        images = _expect_images(images, count)
    folder = expect_writable(Path(log_dir) / FOLDER)
    try:
        _write(folder, _stem(name), name, vectors, columns, images)
    except OSError as error:
        raise LogError(
            f"projector: {folder.name} cannot be written ({error.strerror})"
        ) from None
    return folder


def read_projector(log_dir):
    """All vectors of a log folder: name to (vectors (N, F), labels (N,) or None).

    Raises:
        LogError: there are none.
    """
    folder = Path(log_dir) / FOLDER
    found = {}
    for entry in _config(folder).embeddings:
        rows = (folder / entry.tensor_path).read_text("utf-8").splitlines()
        vectors = np.array([row.split("\t") for row in rows], np.float32)
        labels = None
        if entry.metadata_path:
            lines = (folder / entry.metadata_path).read_text("utf-8").splitlines()
            several = "\t" in lines[0]  # a first line of names, only for several
            labels = [line.split("\t")[0] for line in lines[several:]]
        found[entry.tensor_name] = vectors, labels
    if not found:
        raise LogError(
            f"{Path(log_dir).name} holds no vectors for the projector; write some "
            "with watch.projector(log_dir, vectors) or a watch.Microscope"
        )
    return found


def _columns(labels, count):
    """Column name to one text per point; {} without labels."""
    if labels is None:
        return {}
    if not isinstance(labels, dict):
        labels = {"label": labels}
    columns = {}
    for name, values in labels.items():
        values = list(
            np.asarray(values).tolist() if hasattr(values, "shape") else values
        )
        if len(values) != count:
            raise ShapeError(
                f"projector: {len(values)} labels ({name!r}) for {count} vectors; "
                "expected one each"
            )
        # An empty first line would be skipped, and all labels would move up by one.
        columns[str(name)] = [" ".join(str(v).split()) or "(none)" for v in values]
    return columns


def _expect_images(images, count):
    images = np.asarray(images)
    fits = images.ndim in (3, 4) and len(images) == count
    if not fits or (images.ndim == 4 and images.shape[3] not in (1, 3)):
        raise ShapeError(
            f"projector: images is {images.shape}; expected ({count}, H, W) or "
            f"({count}, H, W, C) with C 1 or 3: a picture per vector"
        )
    return images


def _write(folder, stem, name, vectors, columns, images):
    from google.protobuf import text_format

    lines = ("\t".join(["%.4g"] * vectors.shape[1]) + "\n") * len(vectors)
    _put(folder / f"{stem}.tsv", lines % tuple(vectors.ravel().tolist()))
    config = _config(folder)
    kept = [entry for entry in config.embeddings if entry.tensor_name != name]
    del config.embeddings[:]
    config.embeddings.extend(kept)
    entry = config.embeddings.add(tensor_name=name, tensor_path=f"{stem}.tsv")
    entry.tensor_shape.extend(vectors.shape)
    if columns:
        head = ["\t".join(columns)] if len(columns) > 1 else []  # one has no name line
        rows = ["\t".join(row) for row in zip(*columns.values(), strict=True)]
        _put(folder / f"{stem}_labels.tsv", "\n".join([*head, *rows, ""]))
        entry.metadata_path = f"{stem}_labels.tsv"
    if images is not None:
        side = _write_sprite(folder / f"{stem}.png", images)
        entry.sprite.image_path = f"{stem}.png"
        entry.sprite.single_image_dim.extend([side, side])
    _put(folder / CONFIG, text_format.MessageToString(config))
    if not any(folder.glob("*tfevents*")):  # else TensorBoard does not look there
        EventWriter(folder).close()


def _write_sprite(path, images):
    """All pictures as one square of squares, row by row; returns the side of one."""
    from PIL import Image

    across = int(np.ceil(np.sqrt(len(images))))
    side = min(_THUMBNAIL, max(images.shape[1:3]), _SPRITE // across)
    whole = Image.new("RGB", (across * side, across * side), "white")
    for k, image in enumerate(images):
        picture = Image.fromarray(np.ascontiguousarray(as_image(image)))
        place = k % across * side, k // across * side
        whole.paste(picture.resize((side, side)), place)
    whole.save(path, format="PNG")
    return side


def _config(folder):
    from google.protobuf import text_format
    from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

    config, path = ProjectorConfig(), folder / CONFIG
    if path.is_file():
        text_format.Parse(path.read_text("utf-8"), config)
    return config


def _put(path, text):
    """Whole or not at all: TensorBoard may read at any time."""
    unfinished = path.with_name(f"{path.name}.tmp")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)


def _stem(name):
    return "".join(c if c.isalnum() else "_" for c in str(name)) or "embedding"
