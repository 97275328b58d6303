"""Lesson 14's recipes: two worlds with known ceilings, models matched in size."""

import pytest
from scipy.stats import norm

from mmlearn import recipes
from mmlearn.recipes import fusion

PARTS = ("image", "weighted", "concatenate", "deep", "late", "product")
XOR = ("audio", "weighted", "concatenate", "late", "relu", "deep", "gated")


def test_all_are_in_the_catalogue():
    names = [f"fusion_parts_{n}" for n in PARTS] + [f"fusion_xor_{n}" for n in XOR]
    assert [recipe.name for recipe in fusion.RECIPES] == names
    assert set(names) <= set(recipes.names())


def test_ceilings_by_hand():
    world = fusion.world("parts")
    noise, own, weak = fusion.PARTS["noise"], 1.0, fusion.PARTS["redundancy"]
    expected = 1.0
    for shown in (("audio",), ("image",), ("text",)):  # who shows this bit well
        squares = sum(
            (own if m in shown else weak) ** 2 / s**2 for m, s in noise.items()
        )
        expected *= norm.cdf(squares**0.5)
    assert world.bayes_accuracy() == pytest.approx(expected)
    right = norm.cdf(1 / 0.3)
    xor = fusion.world("xor").bayes_accuracy()
    assert xor == pytest.approx(right**2 + (1 - right) ** 2)


def test_parts_of_the_data():
    splits = recipes.get("fusion_xor_audio").data()
    assert {part: len(y) for part, (_, y) in splits.items()} == {
        "train": 3000, "validation": 600, "test": 2400,
    }  # fmt: skip
    assert list(splits["test"][0]) == ["audio"]


@pytest.mark.parametrize(("kind", "names"), [("parts", PARTS), ("xor", XOR)])
def test_models_are_matched_in_size(kind, names):
    counts = [recipes.get(f"fusion_{kind}_{n}").build(0).count_params() for n in names]
    assert max(counts) < 1.07 * min(counts)
