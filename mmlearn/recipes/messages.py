"""Recipes with other messages than GCN's: mean, sum and attention (lesson 12)."""

from dataclasses import dataclass

from mmlearn.recipes.goal import Goal
from mmlearn.recipes.graph_recipe import GraphRecipe
from mmlearn.recipes.graphs import RATES, load_cora, load_digits_graph


@dataclass(frozen=True)
class StoppedGraphRecipe(GraphRecipe):
    """A recipe on one graph that stops early, as its authors did.

    Attributes:
        patience: stop after so many epochs in a row without a new lowest validation
            loss, and take that loss's weights: the test accuracy is theirs.

    The others are those of `GraphRecipe`; epochs is the most there may be.
    """

    patience: int = 100

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
        import keras

        stop = keras.callbacks.EarlyStopping(
            "val_loss", patience=self.patience, restore_best_weights=True
        )
        callbacks = [*callbacks, stop]
        return super().run_on(
            splits, seed, profile, log_dir, progress, dry_run, callbacks, **given
        )


def build_gat_digits(seed):
    """Two heads of 8 units: 1,262 weights beside gcn_digits' 1,210."""
    from mmlearn.models.gat import gat

    return gat(64, 10, heads=2, seed=seed)


def build_gat_cora(seed):
    """As published: 8 heads of 8 units, ELU, dropout 0.6 on inputs and attention."""
    from mmlearn.models.gat import gat

    return gat(1433, 7, dropout=0.6, l2=5e-4, sparse=True, seed=seed)


RECIPES = (
    GraphRecipe(
        name="gat_digits",
        description="a GAT on digits as a graph, 4 labels of each class (lesson 12)",
        dataset="digits_graph",
        load=load_digits_graph,
        build=build_gat_digits,
        epochs={"quick": 10, "full": 10},
        steps=10,
        batch_size=1,
        learning_rate=3e-3,
        expected=(0.86, 0.91),
        grid=RATES,
    ),
    StoppedGraphRecipe(
        name="gat_cora",
        description="the published GAT on Cora's public split (lesson 12)",
        dataset="cora",
        load=load_cora,
        build=build_gat_cora,
        epochs={"quick": 2000, "full": 2000},
        batch_size=1,
        learning_rate=5e-3,
        expected=(0.82, 0.835),
        grid=({"learning_rate": 5e-3},),  # published: nothing was chosen here
        sparse=True,
        published=True,
        goal=Goal(
            0.83, "Veličković et al. (2018), table 2", 0.007, least=0.827, aim=0.832
        ),
        seeds=20,
    ),
)
