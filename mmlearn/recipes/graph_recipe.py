"""Recipes on one whole graph: every step sees all nodes, the masks say who counts.

    recipe = recipes.get("gcn_digits")
    result = recipe.run(seed=0)
    result.test_accuracy, result.best_test_accuracy   # last epoch, lowest val. loss

Where labels are few, *which* ones they are matters more than the initial weights, so
that a seed may fix both: `load(profile, seed)`.
"""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from mmlearn.recipes.recipe import Recipe, Result, current_profile
from mmlearn.recipes.summary import RecipeSummary


@dataclass(frozen=True)
class GraphResult(Result):
    """One run; the test accuracy is that of the last epoch, as for all recipes."""

    best_epoch: int  # from 1; the epoch of the lowest validation loss
    best_test_accuracy: float  # with that epoch's weights; NaN if not opened


@dataclass(frozen=True)
class GraphRecipe(Recipe):
    """A recipe whose data is one graph with masks.

    Attributes:
        load: (profile, seed) -> Graph with train_mask, validation_mask, test_mask.
        sparse: features as SparseFeatures.
        steps: of the optimizer, in what is called an epoch here; then it is validated.
        published: a protocol that others published; nothing in it was chosen here.
        jit_compile: XLA for the steps, or None: as Keras would. It pays where many
            steps follow its compilation.

    The others are those of `Recipe`; batch_size is 1, one graph.
    """

    sparse: bool = False
    steps: int = 1
    published: bool = False
    jit_compile: bool | None = None
    counted: ClassVar[str] = "weighted_metrics"  # metrics= would count every node

    def data(self, profile=None, seed=0):
        """{"graph": Graph without masks, "train" | "validation" | "test": mask}."""
        graph = self.load(current_profile(profile), seed)
        masks = {
            "train": graph.train_mask,
            "validation": graph.validation_mask,
            "test": graph.test_mask,
        }
        none = {f"{part}_mask": None for part in masks}
        return {"graph": replace(graph, **none), **masks}

    def run(self, seed=0, profile=None, **how):
        """Train once, on the seed's data, and measure: a GraphResult."""
        return self.run_on(self.data(profile, seed), seed, profile, **how)

    def run_on(
        self,
        splits,
        seed=0,
        profile=None,
        log_dir=None,
        progress=None,
        dry_run=False,
        callbacks=(),
        **given,
    ):
        """`run` on data that is loaded already; without "test" it is never measured."""
        from mmlearn import train

        profile = current_profile(profile)
        splits = self.prepared(splits, seed, profile, **given)
        epochs = self.epochs[profile]
        model = self.model(seed, epochs * self.steps)
        source, validation = self.sources(splits)
        lowest = lowest_loss()
        history = train.fit(
            model,
            source,
            epochs=epochs,
            validation_data=validation,
            seed=seed,
            callbacks=[lowest, *callbacks],
            log_dir=log_dir,
            progress=progress,
            dry_run=dry_run,
            jit_compile=self.jit_compile,
            graphs=self.graphs,
        )
        if dry_run:
            return None
        loss = history.history["val_loss"][-1]
        figures = self.figures(model, splits, lowest, loss)
        whole = self.result(seed, history.seconds, model, figures)
        return replace(whole, history=history, model=model)

    def sources(self, splits):
        """Data for `train.fit`, to train on and to validate with."""
        from mmlearn.models.gcn import graph_dataset

        graph, options = splits["graph"], {"sparse": self.sparse}
        return (
            graph_dataset(graph, splits["train"], steps=self.steps, **options),
            graph_dataset(graph, splits["validation"], **options),
        )

    def figures(self, model, splits, lowest, loss):
        """What was reached: in the last epoch, and in that of the lowest loss."""
        import keras

        y, test = splits["graph"].y, splits.get("test")
        inputs, *_ = self.sources(splits)[0][0]

        def right():
            """(N,) which nodes are named rightly."""
            logits = keras.ops.convert_to_numpy(model(inputs, training=False))
            return logits.argmax(axis=-1) == y

        def on_test(rights):
            return math.nan if test is None else float(rights[test].mean())

        last, weights = right(), model.get_weights()
        model.set_weights(lowest.weights)
        best = right()
        model.set_weights(weights)
        return {
            "validation_accuracy": float(last[splits["validation"]].mean()),
            "validation_loss": float(loss),
            "test_accuracy": on_test(last),
            "test_size": 0 if test is None else int(test.sum()),
            "best_epoch": lowest.epoch,
            "best_test_accuracy": on_test(best),
        }

    def result(self, seed, seconds, model, figures):
        """A GraphResult of these figures."""
        parts = {"parameters": model.count_params(), "history": None, "model": None}
        return GraphResult(
            recipe=self.name, seed=seed, seconds=seconds, **parts, **figures
        )

    def protocol(self, seeds=None, profile=None, log_dir=None, progress=None):
        """Run once for each seed, on its data; `RecipeSummary` of test accuracies.

        With `log_dir`, or where a subclass runs otherwise, they are separate runs; else
        one training, one seed after another, to the same numbers (`rounds.py`), and the
        results have no model.
        """
        from mmlearn.evaluate import protocol
        from mmlearn.recipes.rounds import run_all

        def folder(seed):
            return log_dir and f"{log_dir}/seed_{seed}"

        seeds = tuple(range(self.seeds) if seeds is None else seeds)
        plain = type(self).run_on is GraphRecipe.run_on and log_dir is None
        if plain and len(set(seeds)) > 1:
            results = run_all(self, seeds, current_profile(profile))
        else:
            results = [
                self.run(s, profile, log_dir=folder(s), progress=progress)
                for s in seeds
            ]
        of = dict(zip(seeds, results, strict=True))
        summary = protocol(lambda seed: of[seed].test_accuracy, seeds)
        return RecipeSummary(summary.values, summary.seeds, tuple(results))


def lowest_loss():
    """A callback that keeps the weights of the lowest validation loss."""
    import keras

    class LowestLoss(keras.callbacks.Callback):
        loss, epoch, weights = math.inf, 0, ()

        def on_epoch_end(self, epoch, logs=None):
            if logs["val_loss"] < self.loss:
                self.loss, self.epoch = logs["val_loss"], epoch + 1
                self.weights = self.model.get_weights()

    return LowestLoss()
