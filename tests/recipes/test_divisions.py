"""Who trains and who tests, as it is told beside the figures, and as it is."""

import re

import pytest

from mmlearn import recipes
from mmlearn.recipes.divisions import DIVISIONS, divided, division


@pytest.mark.parametrize("name", ["cnn_digits", "cnn_mnist1d", "gru_reviews"])
def test_the_numbers_told_are_those_of_the_data(name):
    recipe = recipes.get(name)
    sizes = [f"{len(y):,}" for _, y in recipe.data("quick").values()]
    assert re.findall(r"[\d,]+\d", division(recipe)) == sizes


def test_the_numbers_of_a_graph_are_those_of_its_masks():
    parts = recipes.get("gcn_digits").data("quick", seed=0)
    assert [int(parts[n].sum()) for n in ("train", "validation", "test")] == [
        4 * 10,
        300,
        1_457,
    ]
    assert "300 validate, 1,457 test" in DIVISIONS["digits_graph"]


def test_recipes_of_one_division_share_a_line():
    chosen = [recipes.get(n) for n in ("gru_fsdd", "gru_fsdd_strangers", "cnn_digits")]
    lines = divided([*chosen, recipes.get("dense_digits")]).splitlines()[2:]
    assert [line.split(":")[0] for line in lines] == [
        "- gru_fsdd",
        "- gru_fsdd_strangers",
        "- cnn_digits, dense_digits",
    ]
    assert divided([]) == ""
