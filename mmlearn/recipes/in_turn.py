"""Many seeds of one recipe in one training, so that its step is traced once.

Tracing the step of a small network takes longer than a run of it. So seed after seed
trains the same model: after a run's last epoch it is measured, and weights and
optimizer begin again as those of the next seed.
"""

import math

from mmlearn.recipes.recipe import current_profile


def run_in_turn(recipe, splits, seeds, measure, profile=None, callbacks=()):
    """Train a recipe from several seeds, and measure each trained model.

    Args:
        recipe: `Recipe`, whose model has no dropout.
        splits: of `recipe.data()`; its "train" is used.
        seeds: integers, of the weights. The first seeds the order of the batches too,
            and later runs go on in that order.
        measure: model -> anything.
        profile: "quick" or "full".
        callbacks: more of them.

    Returns:
        list of what `measure` found, one a seed; the model as the last seed left it;
        and its `train.History`.
    """
    from mmlearn import train

    epochs = recipe.epochs[current_profile(profile)]
    batches = math.ceil(len(splits["train"][1]) / recipe.batch_size)
    model = recipe.model(seeds[0], epochs * batches)
    model.optimizer.build(model.trainable_variables)
    restart = make_restart(recipe, list(seeds), epochs, measure)
    history = train.fit(
        model,
        splits["train"],
        epochs=epochs * len(seeds),
        batch_size=recipe.batch_size,
        seed=seeds[0],
        callbacks=[restart, *callbacks],
        progress=False,
        jit_compile=recipe.jit_compile,
        global_clipnorm=recipe.global_clipnorm,
    )
    return restart.found, model, history


def make_restart(recipe, seeds, epochs, measure):
    """A callback that ends one seed's run and begins the next."""
    import keras

    class Restart(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.found = []
            self.start = [v.numpy() for v in self.model.optimizer.variables]

        def on_epoch_end(self, epoch, logs=None):
            if (epoch + 1) % epochs:
                return
            self.found.append(measure(self.model))
            if len(self.found) < len(seeds):
                self._begin(seeds[len(self.found)])

        def _begin(self, seed):
            fresh = recipe.build(seed)
            for old, new in zip(self.model.variables, fresh.variables, strict=True):
                old.assign(new)
            optimizer = self.model.optimizer.variables
            for old, new in zip(optimizer, self.start, strict=True):
                old.assign(new)

    return Restart()
