"""One clip and all that a model says of it: with any modalities, after any frame.

As with the other widgets the browser looks up (`verdicts.js`), and Python keeps and
checks the state, and draws the still twin. Nothing is computed twice: all answers were
asked for beforehand.
"""

import base64
import io

import numpy as np
import traitlets

from mmlearn.axes import expect_shape
from mmlearn.show.figure import NEGATIVE, POSITIVE, mosaic
from mmlearn.show.still import StillWidget, source

_LARGER = 3  # each pixel of a frame becomes so many


class VerdictWidget(StillWidget):
    """A film strip, a switch for each modality, and the verdict of each head.

    Args:
        frames: (T, H, W, 3) uint8.
        answers: dict, (sorted tuple of the modalities that are on, frames seen) ->
            dict task -> (K,) probabilities, or (1,) the score. All 2^M subsets, the
            empty one too, and each number of frames from 1 to T.
        labels: dict, task -> names of its K classes; of a score [].
        truth: dict, task -> class number, or score.
        captions: T texts, what is written once so many frames were seen.
        kept, seen: modalities that are on at first, and frames seen.

    Raises:
        ValueError: an answer is missing, or of another size than its labels.
        TraitError: a setting out of range.

    >>> answers = {(k, 1): {"a": [0.9, 0.1]} for k in ((), ("sound",))}
    >>> film = np.zeros((1, 4, 4, 3), np.uint8)
    >>> VerdictWidget(film, answers, {"a": ["x", "y"]}, {"a": 0}, [""]).said
    {'a': ('x', 0.9, True)}
    """

    _esm = source("sliders.js", "verdicts.js")
    _css = source("sliders.css", "verdicts.css")

    film = traitlets.List(traitlets.Unicode()).tag(sync=True)
    table = traitlets.Dict().tag(sync=True)
    heads = traitlets.Dict().tag(sync=True)
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    kept = traitlets.List(traitlets.Unicode()).tag(sync=True)
    seen = traitlets.Int(1, min=1).tag(sync=True)

    def __init__(self, frames, answers, labels, truth, captions, kept=None, seen=None):
        frames = np.asarray(frames)
        sizes = expect_shape("VerdictWidget", "frames", frames, "T H W 3")
        names = sorted({name for subset, _ in answers for name in subset})
        self._frames, steps = frames, sizes["T"]
        table = _table(answers, names, steps, labels)
        heads = {
            task: {"labels": list(labels[task]), "truth": float(truth[task])}
            for task in sorted(labels)
        }
        super().__init__(
            film=[_png(frame) for frame in frames],
            table=table,
            heads=heads,
            captions=[str(text) for text in captions],
            names=names,
            kept=names if kept is None else sorted(kept),
            seen=steps if seen is None else seen,
        )

    @traitlets.validate("kept")
    def _known(self, proposal):
        strange = [n for n in proposal["value"] if n not in self.names]
        if strange:
            raise traitlets.TraitError(
                f"VerdictWidget: kept holds {', '.join(strange)}; expected some of "
                f"{', '.join(self.names)}"
            )
        return sorted(proposal["value"])

    @traitlets.validate("seen")
    def _possible(self, proposal):
        if proposal["value"] > len(self.film):
            raise traitlets.TraitError(
                f"VerdictWidget: seen is {proposal['value']}; expected 1 to "
                f"{len(self.film)} frames"
            )
        return proposal["value"]

    @property
    def said(self):
        """Of each head (label, its probability, whether it is right) as it stands.

        Of a score (the score as text, NaN, whether its sign is right).
        """
        row = self.table["+".join(self.kept)][self.seen - 1]
        found = {}
        for task, head in self.heads.items():
            values, labels = row[task], head["labels"]
            if labels:
                best = int(np.argmax(values))
                right = best == round(head["truth"])
                found[task] = labels[best], values[best], right
            else:
                same = (values[0] > 0) == (head["truth"] > 0)
                found[task] = f"{values[0]:+.2f}", float("nan"), same
        return found

    def still(self, title=""):
        """The same as a still figure: the frames seen, and a bar for each head."""
        told = ", ".join(
            f"{task} {label}{'' if right else ' (wrong)'}"
            for task, (label, _, right) in self.said.items()
        )
        on = ", ".join(self.kept) or "nothing"
        figure, axes = mosaic(
            [["film", "film"], ["heads", "heads"]],
            size=(10, 4.4),
            title=title or f"after {self.seen} frames, with {on}",
            alt=f"After {self.seen} of {len(self.film)} frames, with {on}: {told}.",
            height_ratios=[1, 2.2],
        )
        strip = np.concatenate(
            [f if k < self.seen else f // 6 for k, f in enumerate(self._frames)], axis=1
        )
        axes["film"].imshow(strip, interpolation="nearest")
        axes["film"].set(xticks=[], yticks=[], xlabel=self.captions[self.seen - 1])
        axes["film"].grid(False)
        _bars(axes["heads"], self.said)
        return figure


def _bars(axis, said):
    for k, (label, p, right) in enumerate(said.values()):
        width = 0.0 if np.isnan(p) else p
        hatch = "" if right else "///"
        colour = POSITIVE if right else NEGATIVE
        shade = 0.35 if np.isnan(p) else 1.0
        axis.barh(k, width, color=colour, hatch=hatch, alpha=shade, edgecolor="white")
        mark = "✓" if right else "✗"
        sure = "score" if np.isnan(p) else f"{p:.2f}"
        axis.text(1.02, k, f"{mark} {label}, {sure}", va="center")
    axis.set_yticks(range(len(said)), list(said))
    axis.set(xlim=(0, 1.4), xlabel="probability of what is said")
    axis.set_xticks(np.linspace(0, 1, 5))
    axis.invert_yaxis()


def _table(answers, names, steps, labels):
    """ "graph+sound" -> one dict for each number of frames; checked, rounded."""
    table: dict[str, list] = {}
    for number in range(2 ** len(names)):
        subset = tuple(n for k, n in enumerate(names) if number >> k & 1)
        rows = []
        for seen in range(1, steps + 1):
            found = answers.get((subset, seen))
            if found is None or sorted(found) != sorted(labels):
                raise ValueError(
                    f"VerdictWidget: the answers with {subset} after {seen} frames are "
                    f"{'missing' if found is None else 'of ' + ', '.join(found)}; "
                    f"expected {', '.join(sorted(labels))}"
                )
            for task, values in found.items():
                if len(values) != max(len(labels[task]), 1):
                    raise ValueError(
                        f"VerdictWidget: {len(values)} numbers of {task!r}; expected "
                        f"{max(len(labels[task]), 1)}"
                    )
            rows.append(
                {t: [round(float(v), 4) for v in vs] for t, vs in found.items()}
            )
        table["+".join(subset)] = rows
    return table


def _png(frame):
    """A frame as a data address, its pixels enlarged."""
    from PIL import Image

    larger = np.repeat(np.repeat(frame, _LARGER, axis=0), _LARGER, axis=1)
    file = io.BytesIO()
    Image.fromarray(larger).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
