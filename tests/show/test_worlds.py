import numpy as np
import pytest

from mmlearn import show
from mmlearn.evaluate import information_parts


@pytest.fixture(scope="module")
def xor():
    table = np.zeros((2, 2, 2))
    for a, b in np.ndindex(2, 2):
        table[a, b, a ^ b] = 0.25
    return {"XOR": information_parts(table)}


def test_bits_and_gain_are_told_and_drawn(xor):
    figure = show.information_worlds(xor, {"XOR": (0.5, 0.5, 1.0, 0.5)}, title="All")
    assert figure.alt.startswith("All. Bits and gain: XOR 0.00 redundancy, 0.00 unique")
    assert "1.00 synergy, gain 0.50" in figure.alt
    bits, worth = figure.axes
    assert [round(bar.get_height(), 6) for bar in bits.patches] == [0, 0, 1]
    assert [bar.get_height() for bar in worth.patches] == [0.5, 1.0]
    assert "+0.50" in [text.get_text() for text in worth.texts]
    assert len({bar.get_hatch() for bar in bits.patches}) == 3, "not by colour alone"


def test_guesses_of_experts():
    guesses = {"one says": np.array([0.2, 0.8]), "two says": np.array([0.6, 0.4])}
    figure = show.expert_guesses(np.zeros((8, 8)), np.zeros((5, 4)), guesses)
    assert "one says 1 (0.80); two says 0 (0.60)" in figure.alt
    assert len(figure.axes) == 4
    assert [bar.get_height() for bar in figure.axes[2].patches] == [0.2, 0.8]
