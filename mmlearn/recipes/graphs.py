"""Recipes on one whole graph: every step sees all nodes, the masks say who counts.

    recipe = recipes.get("gcn_digits")
    result = recipe.run(seed=0)
    result.test_accuracy, result.best_test_accuracy   # last epoch, lowest val. loss

Where labels are few, *which* ones they are matters more than the initial weights, so
that a seed may fix both: `load(profile, seed)`.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

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

    The others are those of `Recipe`; batch_size is 1, one graph.
    """

    sparse: bool = False
    steps: int = 1
    published: bool = False

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

    def run(
        self,
        seed=0,
        profile=None,
        log_dir=None,
        progress=None,
        dry_run=False,
        callbacks=(),
    ):
        """Train once, on the seed's data, and measure: a GraphResult."""
        splits = self.data(profile, seed)
        return self.run_on(splits, seed, profile, log_dir, progress, dry_run, callbacks)

    def run_on(
        self,
        splits,
        seed=0,
        profile=None,
        log_dir=None,
        progress=None,
        dry_run=False,
        callbacks=(),
    ):
        """`run` on data that is loaded already; without "test" it is never measured."""
        from mmlearn import train
        from mmlearn.models.gcn import graph_dataset

        epochs = self.epochs[current_profile(profile)]
        model = self.model(seed, epochs * self.steps)
        graph, options = splits["graph"], {"sparse": self.sparse}
        source = graph_dataset(graph, splits["train"], steps=self.steps, **options)
        validation = graph_dataset(graph, splits["validation"], **options)
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
        )
        if dry_run:
            return None
        inputs, *_ = source[0]
        return self._graph_result(model, history, splits, seed, inputs, lowest)

    def _graph_result(self, model, history, splits, seed, inputs, lowest):
        import keras

        y, test = splits["graph"].y, splits.get("test")

        def right():
            """(N,) which nodes are named rightly."""
            logits = keras.ops.convert_to_numpy(model(inputs, training=False))
            return logits.argmax(axis=-1) == y

        last, weights = right(), model.get_weights()
        model.set_weights(lowest.weights)
        best = right()
        model.set_weights(weights)
        return GraphResult(
            recipe=self.name,
            seed=seed,
            validation_accuracy=float(last[splits["validation"]].mean()),
            validation_loss=float(history.history["val_loss"][-1]),
            test_accuracy=math.nan if test is None else float(last[test].mean()),
            test_size=0 if test is None else int(test.sum()),
            seconds=history.seconds,
            parameters=model.count_params(),
            history=history,
            model=model,
            best_epoch=lowest.epoch,
            best_test_accuracy=math.nan if test is None else float(best[test].mean()),
        )

    def protocol(self, seeds=range(5), profile=None, log_dir=None, progress=None):
        """Run once for each seed, on its data; `RecipeSummary` of test accuracies."""
        from mmlearn.evaluate import protocol

        results = []

        def run(seed):
            folder = None if log_dir is None else f"{log_dir}/seed_{seed}"
            results.append(self.run(seed, profile, folder, progress))
            return results[-1].test_accuracy

        summary = protocol(run, seeds)
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


def load_digits_graph(profile, seed):
    """1,797 digits, four labels of each class, which ones by the seed."""
    from mmlearn import datasets

    return datasets.load_digits_graph(seed=seed)


def load_digits_without_edges(profile, seed):
    """The same images and labels, and nobody hears anybody."""
    graph = load_digits_graph(profile, seed)
    return replace(graph, edge_index=np.zeros((2, 0), np.int64))


def load_cora(profile, seed):
    """Cora with the public split, each paper's words as shares of its words."""
    from mmlearn import datasets

    graph = datasets.load_cora()
    return replace(graph, x=graph.x / np.maximum(graph.x.sum(axis=1, keepdims=True), 1))


def build_gcn_digits(seed):
    """16 hidden units; on the graph without edges a network of as many weights."""
    from mmlearn import models

    return models.gcn(64, 10, seed=seed)


def build_gcn_cora(seed):
    """As published: 16 units, dropout on features and units, decay on W₁, no bias."""
    from mmlearn import models

    return models.gcn(
        1433, 7, dropout=0.5, l2=5e-4, use_bias=False, sparse=True, seed=seed
    )


RATES = tuple({"learning_rate": rate} for rate in (3e-3, 1e-2, 3e-2))
RECIPES = (
    GraphRecipe(
        name="gcn_digits",
        description="a GCN on digits as a graph, 4 labels of each class (lesson 11)",
        dataset="digits_graph",
        load=load_digits_graph,
        build=build_gcn_digits,
        epochs={"quick": 10, "full": 10},
        steps=10,
        batch_size=1,
        learning_rate=1e-2,
        expected=(0.86, 0.91),
        grid=RATES,
    ),
    GraphRecipe(
        name="dense_digits_graph",
        description="the same without edges: gcn_digits' baseline (lesson 11)",
        dataset="digits_graph",
        load=load_digits_without_edges,
        build=build_gcn_digits,
        epochs={"quick": 10, "full": 10},
        steps=10,
        batch_size=1,
        learning_rate=1e-2,
        expected=(0.72, 0.82),
        grid=RATES,
    ),
    GraphRecipe(
        name="gcn_cora",
        description="the published GCN on Cora's public split (lesson 11)",
        dataset="cora",
        load=load_cora,
        build=build_gcn_cora,
        epochs={"quick": 200, "full": 200},
        batch_size=1,
        learning_rate=1e-2,
        expected=(0.812, 0.82),
        grid=({"learning_rate": 1e-2},),  # published: nothing was chosen here
        sparse=True,
        published=True,
    ),
)
