"""The recipes on MNIST-1D are matched in size, and clip where they recur."""

import pytest

from mmlearn import recipes, train

NAMES = ("rnn_mnist1d", "mlp_mnist1d", "cnn_mnist1d", "gru_mnist1d")


def test_all_learn_about_as_many_numbers():
    found = [recipes.get(name).model().count_params() for name in NAMES]
    assert found == [4978, 5212, 5210, 5134]  # the last two as published


def test_the_recurrent_ones_clip_and_the_loop_is_told(monkeypatch):
    clips = [recipes.get(name).global_clipnorm for name in NAMES]
    assert clips == [1.0, None, None, 1.0]
    told = {}

    def fit(*given, **how):
        told.update(how)
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "fit", fit)
    with pytest.raises(KeyboardInterrupt):
        recipes.get("rnn_mnist1d").run(profile="quick")
    assert told["global_clipnorm"] == 1.0 and told["epochs"] == 5
