"""The storyboard's six tasks, default dials: four modalities fused, and each alone.

Readers of frames and of sound are trained first (`storyboard_readers.py`); then, on
what they make of the clips, a GRU over the frames, the words' mean and messages in the
graph together with fusion and heads. All five models of a seed share its readers.
Everything was chosen on the validation clips with seed 10 (`storyboard_tasks.json`,
"chosen") before a test clip was made.

Given the truth, the modalities' copies err independently: but for the anomaly, whose
two halves are in cipher, the best answer adds up what each modality says. So fusion is
one affine map and heads are linear; the anomaly's has a hidden layer. The script's
ceilings are exact (`datasets.storyboard.ceilings`), so that every figure has something
to be held against. Test accuracy is the mean of the six tasks'; of the sentiment's
score the sign counts.

`python -m mmlearn.recipes.storyboard_measure FOLDER full` measures all from five seeds.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from mmlearn.recipes import storyboard_clips, storyboard_readers, storyboard_whole
from mmlearn.recipes.recipe import Recipe, Result

TASKS = ("action", "anomaly", "class", "next", "scene", "sentiment")
SINGLES = ("graph", "sound", "text", "video")
BANDS = {  # of the mean over the six tasks; five seeds: mean ± two s.d. and a point
    "graph": (0.495, 0.525),  # 0.509 ± 0.002
    "sound": (0.53, 0.58),  # 0.557 ± 0.006
    "text": (0.645, 0.67),  # 0.658 ± 0.001
    "video": (0.73, 0.8),  # 0.761 ± 0.011
    "fused": (0.87, 0.9),  # 0.886 ± 0.002; the ceilings' mean is 0.907
}
WEIGHTS = {"sentiment": 2.0}  # in the loss; the others' is 1
CHOSEN: dict[str, Any] = {  # an interaction is needed for one task alone
    "fusion": "concatenate",
    "units": 64,
    "hidden": {"anomaly": 16},
}


@dataclass(frozen=True)
class TasksResult(Result):
    """One run: `test_accuracy` is the mean over the tasks.

    Attributes:
        tasks: task -> test accuracy. right: task -> (N,) bool, of the test clips.
        validation: task -> validation accuracy.
    """

    tasks: dict[str, float]
    right: dict[str, np.ndarray] = field(repr=False)
    validation: dict[str, float]


@dataclass(frozen=True)
class TasksRecipe(Recipe):
    """A recipe of several tasks at once, on what readers of the same seed say.

    Attributes:
        modalities: those it looks at.
        weights: of tasks in the loss; the others' is 1.
        reduction: of each task's loss over a batch.

    The others are those of `Recipe`; load gives clips, and `seconds` of a result are
    those of its own training, without the readers'.
    """

    modalities: tuple[str, ...] = SINGLES
    weights: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    reduction: str = "sum_over_batch_size"

    def model(self, seed=0, steps=None):
        """A new model for readings, compiled."""
        import keras

        model = self.build(seed)
        rate = storyboard_readers.cosine(self.learning_rate, steps or 1)
        model.compile(
            keras.optimizers.Adam(rate),
            storyboard_readers.losses(TASKS, self.reduction),
            loss_weights={task: self.weights.get(task, 1.0) for task in TASKS},
        )
        return model

    def prepared(self, splits, seed, profile):
        """What the readers of this seed make of the clips: part -> (x, y)."""
        read = readings(splits, seed, profile)
        return {part: (self.chosen(x), y) for part, (x, y) in read.items()}

    def chosen(self, x):
        """Of readings, those of this recipe's modalities."""
        return {
            n: a for n, a in x.items() if n.removesuffix("_mask") in self.modalities
        }

    def _result(self, model, history, splits, seed):
        right = {p: rights(model, *splits[p]) for p in splits if p != "train"}
        means = {
            part: {task: float(r.mean()) for task, r in found.items()}
            for part, found in right.items()
        }
        none: dict[str, float] = {}
        test, validation = (means.get(p, none) for p in ("test", "validation"))
        return TasksResult(
            recipe=self.name,
            seed=seed,
            validation_accuracy=_mean(validation),
            validation_loss=float(history.history.get("val_loss", [np.nan])[-1]),
            test_accuracy=_mean(test),
            test_size=len(splits["test"][1]["class"]) if test else 0,
            seconds=history.seconds,
            parameters=model.count_params(),
            history=history,
            model=model,
            tasks=test,
            right=right.get("test", {}),
            validation=validation,
        )


_KEPT: dict[tuple, Any] = {}


def readings(splits, seed, profile):
    """Part -> (x, y) of readings, by the seed's readers; the last ones are kept."""
    key = (profile, seed, *(id(x["video"]) for x, _ in splits.values()))
    if key not in _KEPT:
        readers = storyboard_readers.trained(profile, seed)
        parts = {
            part: (readers.read(x), {task: y[task] for task in TASKS})
            for part, (x, y) in splits.items()
        }
        _KEPT.clear()
        _KEPT[key] = splits, parts  # the splits too: while they live, so do their ids
    return _KEPT[key][1]


def rights(model, x, y, rows=500):
    """Task -> (N,) bool: which clips a model gets right."""
    found: dict[str, list[np.ndarray]] = {task: [] for task in y}
    for i in range(0, len(y["class"]), rows):
        answers = model({name: a[i : i + rows] for name, a in x.items()})
        for task, labels in y.items():
            said, true = np.asarray(answers[task]), labels[i : i + rows]
            same = (
                (said[:, 0] > 0) == (true > 0)
                if task == "sentiment"
                else said.argmax(axis=1) == true
            )
            found[task].append(same)
    return {task: np.concatenate(same) for task, same in found.items()}


def _mean(accuracies):
    return float(np.mean(list(accuracies.values()))) if accuracies else float("nan")


@lru_cache(maxsize=1)
def ceilings():
    """Task -> dict: the script's ceiling of each modality, "all" and "gain"."""
    from mmlearn.datasets import storyboard

    return storyboard.ceilings(storyboard.Dials())


def _builder(modalities, **settings):
    return lambda seed: storyboard_whole.build(modalities, seed, **settings)


RATES = tuple({"learning_rate": rate} for rate in (1e-3, 3e-3, 1e-2))
RECIPES = tuple(
    TasksRecipe(
        name=f"storyboard_{name}",
        description=f"the storyboard's six tasks, {told} (lesson 19)",
        dataset="storyboard",
        load=storyboard_clips.load,
        build=_builder(modalities, **CHOSEN),
        epochs={"quick": 2, "full": 12},
        batch_size=64,
        learning_rate=3e-3,
        schedule="cosine",
        jit_compile=False,
        expected=BANDS[name],
        grid=RATES,
        modalities=modalities,
    )
    for name, told, modalities in (
        *((m, f"{m} alone", (m,)) for m in SINGLES),
        ("fused", "four modalities fused", SINGLES),
    )
)
