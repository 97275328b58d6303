"""Who trains, who validates and who tests: in words, beside every figure."""

# By data set; where a recipe divides it otherwise, by recipe.
DIVISIONS = {
    "digits": "1,077 images train, 360 validate, 360 test, every class in each",
    "mnist": "55,000 images train, 5,000 validate, its own 10,000 test",
    "mnist1d": "4,000 curves train, 1,000 validate, 1,000 test",
    "spoken_digits": "of every voice takes 2 to 4 train, 1 validates, 0 tests",
    "fsdd": "takes 5 to 49 of every speaker train, 0 to 4 test",
    "gru_fsdd_strangers": "five speakers train, the sixth tests, six times",
    "rt-polarity": "nine of ten stratified folds train, one tests, ten times",
    "digits_graph": "four labels of a class train (the seed's), 300 validate, 1,457 "
    "test",
    "cora": "the public split: 140 labels train, 500 validate, 1,000 test",
    "stick_figures": "the odd five bodies train, the even five test",
    "msr-action3d": "cross-subject, 557 sequences: subjects 1, 3, 5, 7, 9 train, the "
    "others test",
    "reviews": "1,200 sentences train, 400 validate, 400 test",
    "storyboard": "12,000 clips train, the readers on 3,000 of them, 1,000 validate, "
    "2,000 test (XOR dial: 2,000, 500, 10,000); writers and takes are each part's own",
    "video_model": "2,500 clips train, 300 validate, 600 test; its readers learned "
    "from 3,000 others",
    "moves": "1,500 clips train, 500 validate, 1,000 test",
    "verses": "15 poems train, 2 validate, 2 test",
}


def division(recipe):
    """How a recipe's data are divided, or "" where nobody has put it in words.

    >>> from mmlearn import recipes
    >>> division(recipes.get("cnn_mnist1d"))
    '4,000 curves train, 1,000 validate, 1,000 test'
    """
    return DIVISIONS.get(recipe.name) or DIVISIONS.get(recipe.dataset, "")


def divided(chosen):
    """The section that says of every data set who trains and who tests.

    Args:
        chosen: list of Recipe.

    Returns:
        str, Markdown; "" if nothing is known.
    """
    told: dict[str, list[str]] = {}
    for recipe in chosen:
        if division(recipe):
            told.setdefault(division(recipe), []).append(recipe.name)
    lines = [f"- {', '.join(names)}: {words}." for words, names in told.items()]
    return "\n".join(["## Who trains and who tests", "", *lines, ""]) if lines else ""
