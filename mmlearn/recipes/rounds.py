"""Many seeds of a graph recipe in one training, so that its step is traced once.

A training on a small graph takes seconds, and tracing its step takes as long. Here seed
after seed trains the same model: after a seed's last epoch its figures are taken, and
weights, dropout and optimizer begin again as those of the next seed. The numbers are
those of separate runs, bit for bit (tested).
"""

import time


def run_all(recipe, seeds, profile):
    """What `recipe.run(seed, profile)` returns for each seed, without the models.

    Args:
        recipe: a GraphRecipe.
        seeds: integers.
        profile: "quick" or "full".

    Returns:
        list of GraphResult; their `model` and `history` are None.
    """
    from mmlearn import train

    splits = [recipe.data(profile, seed) for seed in seeds]
    pairs = [recipe.sources(one) for one in splits]
    epochs = recipe.epochs[profile]
    training = Rounds([pair[0] for pair in pairs], epochs)
    validation = Rounds([pair[1] for pair in pairs], None)
    model = recipe.model(seeds[0], epochs * recipe.steps)
    model.optimizer.build(model.trainable_variables)
    restart = make_restart(recipe, seeds, splits, validation, epochs)
    train.fit(
        model,
        training,
        epochs=epochs * len(seeds),
        validation_data=validation,
        callbacks=[restart],
        progress=False,
        jit_compile=recipe.jit_compile,
    )
    return restart.results


class Rounds:
    """One source after another: by the epoch, or, with `epochs` None, by `round`."""

    def __init__(self, sources, epochs):
        self.sources, self.epochs, self.round = sources, epochs, 0
        self.steps_per_epoch = sources[0].steps_per_epoch

    def batches(self, epoch, start=0):
        """The batches of the source whose turn it is."""
        turn = self.round if self.epochs is None else epoch // self.epochs
        return self.sources[turn].batches(epoch, start)


def make_restart(recipe, seeds, splits, validation, epochs):
    """A callback that ends one seed's run and begins the next."""
    import keras

    from mmlearn.recipes.graph_recipe import lowest_loss

    class Restart(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.results = []
            self.start = [v.numpy() for v in self.model.optimizer.variables]
            self._watch()

        def on_epoch_end(self, epoch, logs=None):
            self.lowest.on_epoch_end(epoch % epochs, logs)
            if (epoch + 1) % epochs == 0:
                self._finish(logs["val_loss"])

        def _watch(self):
            self.lowest, self.began = lowest_loss(), time.perf_counter()
            self.lowest.set_model(self.model)

        def _finish(self, loss):
            number, seconds = len(self.results), time.perf_counter() - self.began
            figures = recipe.figures(self.model, splits[number], self.lowest, loss)
            found = recipe.result(seeds[number], seconds, self.model, figures)
            self.results.append(found)
            if number + 1 < len(seeds):
                self._begin(number + 1)

        def _begin(self, number):
            fresh = recipe.build(seeds[number])
            for old, new in zip(self.model.variables, fresh.variables, strict=True):
                old.assign(new)
            optimizer = self.model.optimizer.variables
            for old, new in zip(optimizer, self.start, strict=True):
                old.assign(new)
            validation.round = number
            self._watch()

    return Restart()
