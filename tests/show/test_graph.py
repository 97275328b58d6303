import numpy as np
import pytest

from mmlearn import show
from mmlearn.axes import ShapeError

EDGES = np.array([[0, 1, 2, 2], [1, 0, 1, 3]])


def places(figure):
    return np.concatenate([c.get_offsets() for c in figure.axes[0].collections[:1]])


def test_the_same_seed_gives_the_same_layout():
    first, again, other = (show.graph(EDGES, seed=s) for s in (0, 0, 1))
    np.testing.assert_array_equal(places(first), places(again))
    assert not np.array_equal(places(first), places(other))


def test_classes_have_a_legend_and_a_shape_each():
    figure = show.graph(
        EDGES, y=[0, 0, 1, 1], label_names=["red", "blue"], title="Two camps"
    )
    ax = figure.axes[0]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["red", "blue"]
    shapes = [c.get_paths()[0].vertices.shape for c in ax.collections[:2]]
    assert shapes[0] != shapes[1]
    assert ax.get_title(loc="left") == "Two camps"
    assert "4 nodes in 2 classes and 3 edges" in figure.alt


def test_a_node_without_edges_is_drawn():
    figure = show.graph(EDGES, node_names=list("abcde"))
    assert len(places(figure)) == 5
    assert {t.get_text() for t in figure.axes[0].texts} == set("abcde")


def test_direction_is_kept_when_asked_for():
    assert "4 directed edges" in show.graph(EDGES, directed=True).alt


def test_a_wrong_edge_index_is_refused():
    with pytest.raises(ShapeError, match="row 0 source nodes"):
        show.graph(EDGES.T)
    with pytest.raises(ValueError, match="names node 3"):
        show.graph(EDGES, y=[0, 1, 0])
    with pytest.raises(ValueError, match="count from 0"):
        show.graph(EDGES - 1)
