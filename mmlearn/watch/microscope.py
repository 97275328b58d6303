"""The microscope: the inside of a network, epoch by epoch, on TensorBoard."""

import numpy as np
from keras import ops, tree

from mmlearn.axes import ShapeError
from mmlearn.watch.callback import TensorBoard
from mmlearn.watch.confusion import confusion_counts, confusion_picture
from mmlearn.watch.embedding import projector
from mmlearn.watch.pictures import map_picture
from mmlearn.watch.probe import Probe, tag
from mmlearn.watch.tally import Tally

BEFORE, AFTER = "before training", "after training"
STILL = -10.0  # log10 of an update that is zero
_POINTS = 1000  # in the projector


class Microscope(TensorBoard):
    """All that `TensorBoard` writes, and what chosen samples show of the inside.

    Once an epoch, at inference (no dropout), in the run `samples`: pictures
    `LAYER/feature_maps` and `confusion`; histograms `LAYER/activation` and
    `WEIGHT_gradient` (of the samples' mean loss); scalars `dead_units/LAYER`, the
    fraction of a ReLU layer's units that are zero for every sample (of a convolution:
    zero at every place), and `not_finite/LAYER`, the fraction of activations that is
    NaN or infinite, if any is (on some processors a ReLU that TensorFlow fuses with the
    layer before makes 0 of NaN; then nothing is). In the run `train`
    log10(‖w_e − w_{e−1}‖ / ‖w_{e−1}‖), the `update_ratio_log10/WEIGHT`: how far an
    epoch e moved a weight w; −10 where it did not, none from w = 0. At the start and
    the end vectors for the projector.

    Args:
        log_dir: folder, as for `TensorBoard`.
        samples: arrays (B, …) as the model takes them, one or a dict. They cost what
            twice as many more in each epoch would: a hundredth of it is cheap.
        labels: (B, …) as the model's loss takes them; None: no gradients, no confusion.
        layers: names of layers; by default all with weights and all activations.
        maps: samples whose feature maps are drawn.
        classes: K names for the confusion matrix and the projector.
        images, image_shape, histogram_freq, graph: as for `TensorBoard`; what is seen
            inside is written as often as the histograms.

    Raises:
        LogError: at once, if the folder cannot be written to. ValueError: no such
            layer; ShapeError: samples that do not fit; before training.
    """

    def __init__(
        self,
        log_dir,
        samples,
        labels=None,
        *,
        layers=None,
        maps=4,
        classes=None,
        images=True,
        image_shape=None,
        histogram_freq=1,
        graph=True,
    ):
        super().__init__(
            log_dir,
            images=images,
            image_shape=image_shape,
            histogram_freq=histogram_freq,
            graph=graph,
        )
        self._x = tree.map_structure(np.asarray, samples)
        self._y = None if labels is None else tree.map_structure(np.asarray, labels)
        self._layers = None if layers is None else list(layers)
        self._maps, self._classes = maps, classes
        _expect_rows(self._x, self._y)
        self._probe: Probe | None = None
        self._tally: _Kept | None = None
        self._before: _Weights | None = None

    def on_train_begin(self, logs=None):
        """Layers and shapes must fit before anything is trained."""
        self._probe = self._before = None
        if self.histogram_freq and self.model.built:
            _expect_fit(self.model, self._x)
            self._probe = Probe(self.model, self._layers)
        super().on_train_begin(logs)

    def on_train_end(self, logs=None):
        """Vectors for the projector, and the files closed."""
        if self._tally is not None:
            self._timed(self._vectors, AFTER, self._tally.features)
        super().on_train_end(logs)

    def _start_epoch(self, epoch):
        super()._start_epoch(epoch)
        if self.histogram_freq and (epoch + 1) % self.histogram_freq == 0:
            self._before = _Weights(self.model)

    def _weights(self, step):
        super()._weights(step)
        if self._before is not None:
            self._updates(self._before.ratios(self.model), step)
            self._before = None
        if self._probe is not None:
            self._inside(self._probe, step)

    def _updates(self, ratios, step):
        writer = self._writer("train")
        for name, ratio in ratios.items():
            writer.scalar(f"update_ratio_log10/{name}", ratio, step)

    def _inside(self, probe, step):
        tally = Tally(probe, self._x, self._y, self._maps)
        writer, self._tally = self._writer("samples"), _Kept(tally)
        for name, values in tally.values.items():
            writer.histogram(f"{name}/activation", values, step)
            if tally.not_finite[name] > 0:
                writer.scalar(f"not_finite/{name}", tally.not_finite[name], step)
        for name, gradient in tally.gradients.items():
            writer.histogram(f"{name}_gradient", gradient, step)
        for name, fraction in tally.dead.items():
            writer.scalar(f"dead_units/{name}", fraction, step)
        if self.images:
            self._pictures(writer, tally, step)
        if step == 0:
            self._vectors(BEFORE, tally.features)

    def _pictures(self, writer, tally, step):
        for name, maps in tally.maps.items():
            picture = map_picture(maps, _images(self._x))
            if picture is not None:
                writer.image(f"{name}/feature_maps", picture, step)
        counts = self._counts(tally.prediction)
        if counts is not None:
            names = self._classes if len(self._classes or ()) == len(counts) else None
            writer.image("confusion", confusion_picture(counts, names), step)

    def _counts(self, prediction):
        if prediction is None or not isinstance(self._y, np.ndarray):
            return None
        return confusion_counts(self._y, prediction)

    def _vectors(self, name, features):
        if features is None or not np.isfinite(features).all():
            return
        pictures, labels = _images(self._x), None
        if isinstance(self._y, np.ndarray) and len(self._y) == self._y.size:
            labels = self._named(self._y.ravel())[:_POINTS]
        if pictures is not None:
            pictures = pictures[:_POINTS]
        projector(self.log_dir, features[:_POINTS], labels, pictures, name=name)

    def _named(self, labels):
        if self._classes is None:
            return labels
        return [str(self._classes[int(label)]) for label in labels]


class _Kept:
    """What the projector is given; an object, so that no checkpoint carries it."""

    def __init__(self, tally):
        self.features = tally.features


class _Weights:
    """A copy of all trainable weights; an object, so that no checkpoint carries it."""

    def __init__(self, model):
        self.values = _copied(model)

    def ratios(self, model):
        """Weight to log10 of how far it has moved since, as a fraction of its norm."""
        found = {}
        for name, now in _copied(model).items():
            before = self.values[name]
            size, moved = np.linalg.norm(before), np.linalg.norm(now - before)
            if size > 0 and np.isfinite(moved):
                found[name] = np.log10(moved / size) if moved > 0 else STILL
        return found


def _copied(model):
    return {
        tag(model, v): np.array(_numbers(v), np.float64).ravel()
        for v in model.trainable_variables
    }


def _numbers(variable):
    return ops.convert_to_numpy(ops.convert_to_tensor(variable))


def _images(x):
    """The samples, if they are images: (B, H, W) or (B, H, W, 1 or 3)."""
    if not isinstance(x, np.ndarray) or x.ndim not in (3, 4):
        return None
    return x if x.ndim == 3 or x.shape[3] in (1, 3) else None


def _expect_rows(x, y):
    counts = {len(a) for a in tree.flatten([x, [] if y is None else y]) if a.ndim}
    if len(counts) != 1 or 0 in counts:
        shapes = [a.shape for a in tree.flatten(x)]
        told = "none" if y is None else [a.shape for a in tree.flatten(y)]
        raise ShapeError(
            f"Microscope: samples is {shapes}, labels {told}; expected the same number "
            "of rows B ≥ 1 in each"
        )


def _expect_fit(model, x):
    """The samples have the shape of the model's inputs, where these are known."""
    inputs = getattr(model, "inputs", None) or []
    given = tree.flatten(x)
    if isinstance(x, dict) or not inputs:
        return  # the model itself says which keys it misses
    fits = len(given) == len(inputs)
    for array, tensor in zip(given, inputs, strict=False):
        pairs = zip(array.shape[1:], tensor.shape[1:], strict=False)
        same = all(size is None or size == had for had, size in pairs)
        fits = fits and same and array.ndim == len(tensor.shape)
    if not fits:
        wanted = ", ".join(str(("B", *t.shape[1:])).replace("'", "") for t in inputs)
        had = ", ".join(str(a.shape) for a in given)
        raise ShapeError(
            f"Microscope: samples is {had}; expected {wanted}, as {model.name!r} takes "
            "them"
        )
