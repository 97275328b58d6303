import numpy as np
import pytest

from mmlearn import show
from mmlearn.axes import ShapeError


def test_every_place_has_its_word_and_its_number():
    figure = show.token_grid([["not", "dull"], ["bold"]], [[5, 1, 0], [7, 0, 0]])
    texts = [t.get_text() for t in figure.axes[0].texts]
    assert texts == ["not", "5", "dull", "1", "0", "bold", "7", "0", "0"]
    hatched = [p.get_hatch() for p in figure.axes[0].patches]
    assert hatched == [None, None, "//", None, "//", "//"]
    assert "3 of 6 cells are padding" in figure.alt


def test_words_and_numbers_must_fit():
    with pytest.raises(ShapeError, match="1 lists of at most 3 words; expected 1 of"):
        show.token_grid([["a", "b", "c"]], [[2, 3]])
    with pytest.raises(ShapeError, match="GRU"):
        show.word_by_word(["a", "b"], {"GRU": np.zeros(3)}, label="p")


def test_a_line_for_each_reader():
    lines = {"GRU": np.array([0.5, -2.0]), "mean": np.array([0.5, 1.0])}
    figure = show.word_by_word(["not", "good"], lines, label="log-odds", limits=(-3, 3))
    ax = figure.axes[0]
    drawn = [line.get_ydata() for line in ax.get_lines()[1:]]
    np.testing.assert_array_equal(drawn, list(lines.values()))
    assert [t.get_text() for t in ax.get_xticklabels()] == ["not", "good"]
    assert "GRU at -2" in figure.alt and ax.get_ylim() == (-3, 3)


def test_words_lie_where_their_vectors_are_most_spread():
    rng = np.random.default_rng(0)
    side = np.repeat([-1.0, 1.0], 4)
    vectors = np.outer(side, [3.0, 4.0, 0.0]) + rng.normal(size=(8, 3)) / 10
    kinds = ["for"] * 4 + ["against"] * 4
    figure = show.word_plane(list("abcdefgh"), vectors, kinds)
    ax = figure.axes[0]
    first, second = (line.get_xdata() for line in ax.get_lines())
    assert abs(first.mean() - second.mean()) == pytest.approx(10, abs=0.2)
    written = [t.get_text() for t in ax.texts]
    assert len(written) >= 2 and set(written) <= set("abcdefgh")
    figure.png()
    boxes = [t.get_window_extent() for t in ax.texts]
    for n, box in enumerate(boxes):  # no name lies on another
        assert not box.count_overlaps(boxes[:n])
    assert "2 kinds (for, against)" in figure.alt
    with pytest.raises(ShapeError, match="one kind for each word"):
        show.word_plane(["a"], np.ones((1, 3)), ["x", "y"])
