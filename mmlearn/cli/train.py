"""`mmlearn train NAME`: the experiment of a lesson, from data to a number."""

from pathlib import Path

from mmlearn import lesson, recipes
from mmlearn.recipes.divisions import division


def run(name, seeds, profile, log_dir, every, table, select, dry_run):
    """Run one recipe, or all; print its figures and, if asked, write the table.

    Args:
        name: a recipe, or None: then all if `every`, else they are listed.
        seeds: number of seeds, 0 to seeds − 1; None: 1, for a table the recipe's own.
        profile: "quick", "full" or None ($MMLEARN_PROFILE).
        log_dir: folder for TensorBoard, or None.
        every: whether all recipes run.
        table: Markdown file to put the rows into, after each recipe, or None.
        select: whether schedules are compared instead, on the validation set.
        dry_run: only print what would run.

    Raises:
        RecipeError: for a recipe or a profile that there is not.
        OSError: for a table whose folder is not there, before anything is trained.
    """
    recipes.current_profile(profile)
    if name is None and not every:
        list_recipes()
        return
    chosen = [recipes.get(n) for n in ([name] if name else recipes.names())]
    if table is not None and not Path(table).absolute().parent.is_dir():
        raise FileNotFoundError(f"no folder {Path(table).parent} to write the table to")
    lesson.import_keras_quietly()
    for recipe in chosen:
        if select:
            print(recipes.select(recipe, profile=profile), flush=True)
        elif dry_run:
            recipe.run(profile=profile, dry_run=True)
        else:
            folder = _folder(log_dir, recipe, len(chosen))
            count = seeds or (recipe.seeds if table else 1)
            summary = measure(recipe, count, profile, folder)
            if table is not None:
                recipes.write_table(table, {recipe.name: summary}, profile)
                print(f"  table                {table}", flush=True)


def list_recipes():
    """Print what there is to train."""
    width = max(map(len, recipes.names()))
    for name in recipes.names():
        print(f"{name:<{width}}   {recipes.get(name).description}")
    print("mmlearn train NAME runs one; --seeds 5 five times; --all all of them.")


def measure(recipe, seeds, profile, log_dir):
    """Run the protocol, print its figures, and return the summary."""
    print(f"{recipe.name}: {recipe.description}", flush=True)
    if division(recipe):
        print(f"  split                {division(recipe)}", flush=True)
    summary = recipe.protocol(range(seeds), profile, log_dir)
    print(f"  parameters           {summary.results[0].parameters:,}")
    print(f"  validation accuracy  {summary.validation_text}")
    print(f"  test accuracy        {summary}")
    if len(summary.spread.values) > 1:
        low, high = summary.spread.mean_interval
        print(f"  95 % of the mean     {low:.3f} to {high:.3f}")
    print(f"  seconds a seed       {summary.seconds:.1f}", flush=True)
    return summary


def _folder(log_dir, recipe, count):
    """One recipe logs where it was told; several into a folder each."""
    return log_dir if log_dir is None or count == 1 else Path(log_dir) / recipe.name
