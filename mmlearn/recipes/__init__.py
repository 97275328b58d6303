"""Named experiments: data + model + schedule + protocol, each one thing.

A lesson, `mmlearn train NAME` and the results table all run the same recipe, so that
they cannot disagree.

    recipe = recipes.get("softmax_digits")
    result = recipe.run(seed=0)             # one run
    summary = recipe.protocol()             # its seeds, five: mean ± s.d.
"""

from mmlearn.recipes.catalogue import get, names
from mmlearn.recipes.folds import FoldRecipe
from mmlearn.recipes.goal import Goal
from mmlearn.recipes.graph_recipe import GraphRecipe
from mmlearn.recipes.recipe import Recipe, RecipeError, Result, current_profile
from mmlearn.recipes.records import Record, read_records
from mmlearn.recipes.results import table, write_table
from mmlearn.recipes.selection import Selection, select
from mmlearn.recipes.summary import RecipeSummary

__all__ = [
    "FoldRecipe",
    "Goal",
    "GraphRecipe",
    "Recipe",
    "RecipeError",
    "RecipeSummary",
    "Record",
    "Result",
    "Selection",
    "current_profile",
    "get",
    "names",
    "read_records",
    "select",
    "table",
    "write_table",
]
