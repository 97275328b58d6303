"""Graph and projector: written, read by TensorBoard, drawn as still figures."""

import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import watch
from mmlearn.axes import ShapeError
from mmlearn.watch.events import EventWriter, events
from mmlearn.watch.stills_structure import principal

VECTORS = np.random.default_rng(0).normal(size=(7, 4)).astype("float32")
IMAGES = np.arange(7 * 3 * 2, dtype=np.uint8).reshape(7, 3, 2)


def theirs(folder):
    """What TensorBoard's own plugin makes of a log folder."""
    from tensorboard.backend.event_processing.data_provider import (
        MultiplexerDataProvider,
    )
    from tensorboard.backend.event_processing.plugin_event_multiplexer import (
        EventMultiplexer,
    )
    from tensorboard.plugins.base_plugin import TBContext
    from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin

    runs = EventMultiplexer().AddRunsFromDirectory(str(folder))
    runs.Reload()
    provider = MultiplexerDataProvider(runs, str(folder))
    plugin = ProjectorPlugin(TBContext(logdir=str(folder), data_provider=provider))
    plugin._update_configs()
    return plugin


def test_tensorboards_own_plugin_finds_the_vectors(tmp_path):
    labels = {"digit": list("abcdefg"), "seen": range(7)}
    folder = watch.projector(tmp_path, VECTORS, labels, IMAGES, name="layer 1")
    watch.projector(tmp_path, VECTORS[:3], name="raw")
    plugin = theirs(tmp_path)
    first, second = plugin._configs["projector"].embeddings
    assert (first.tensor_name, second.tensor_name) == ("layer 1", "raw")
    assert list(first.tensor_shape) == [7, 4]
    found = plugin.tensor_cache.get(("projector", "raw"))  # it keeps the last only
    np.testing.assert_allclose(found, VECTORS[:3], rtol=1e-3)
    assert (folder / first.metadata_path).read_text().splitlines()[:2] == [
        "digit\tseen",
        "a\t0",
    ]
    assert not second.metadata_path


def test_the_pictures_lie_row_by_row(tmp_path):
    from PIL import Image

    folder = watch.projector(tmp_path, VECTORS, images=IMAGES)
    sprite = np.asarray(Image.open(folder / "embedding.png"))
    assert sprite.shape == (9, 9, 3)  # 3 × 3 pictures of 3 × 3 px
    assert sprite[-1, -1].tolist() == [255, 255, 255]  # two places are empty


def test_the_same_name_is_replaced(tmp_path):
    watch.projector(tmp_path, VECTORS, name="a")
    folder = watch.projector(tmp_path, VECTORS[:2], ["x\ty", ""], name="a")
    ((vectors, labels),) = watch.read_projector(tmp_path).values()
    assert vectors.shape == (2, 4)
    assert labels == ["x y", "(none)"]  # no tab, no empty line: rows would move
    assert len(list(folder.glob("*tfevents*"))) == 1


@pytest.mark.parametrize(
    ("given_", "error", "message"),
    [
        ({"vectors": VECTORS[0]}, ShapeError, r"vectors is \(4,\); expected \(N, F\)"),
        ({"vectors": VECTORS * np.nan}, ValueError, "NaN or infinity in row 0"),
        ({"labels": "ab"}, ShapeError, "2 labels .'label'. for 7 vectors"),
        ({"images": IMAGES[:2]}, ShapeError, r"expected \(7, H, W\)"),
    ],
)
def test_vectors_that_do_not_fit(tmp_path, given_, error, message):
    with pytest.raises(error, match=message):
        watch.projector(tmp_path, **({"vectors": VECTORS} | given_))
    assert not (tmp_path / "projector").exists()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_principal_components_are_scikit_learns(rows, columns, seed):
    from sklearn.decomposition import PCA

    x = np.random.default_rng(seed).normal(size=(rows, columns))
    points, share = principal(x)
    k = min(rows, columns, 2)
    if rows > 1:
        pca = PCA(k).fit(x)
        np.testing.assert_allclose(
            np.abs(points[:, :k]), np.abs(pca.transform(x)), atol=1e-9
        )
        assert share == pytest.approx(pca.explained_variance_ratio_.sum())
    assert points.shape == (rows, 2)


def test_the_projectors_still_twin(tmp_path):
    watch.projector(tmp_path, VECTORS, list("abcdefg"), name="before")
    watch.projector(tmp_path, VECTORS[:, :1], name="after")
    before, after = watch.still_projector(tmp_path).axes
    assert [t.get_text() for t in before.texts] == list("abcdefg")
    assert after.get_title() == "after (100% of the variance)"
    with pytest.raises(watch.LogError, match="holds no vectors"):
        watch.still_projector(tmp_path / "other")


def branched():
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("only TensorFlow has a graph")
    x = keras.Input((6, 6, 2), name="picture")
    h = keras.layers.Conv2D(2, 3, padding="same", activation="relu", name="conv")(x)
    h = keras.layers.Add(name="join")([x, h])
    h = keras.layers.Flatten(name="flat")(h)
    return keras.Model(x, keras.layers.Dense(2, name="logits")(h), name="small")


def test_a_graph_has_its_layers_at_the_top(tmp_path):
    from tensorflow.core.framework.graph_pb2 import GraphDef

    model = branched()
    for _ in range(2):  # the second in place of the first
        folder = watch.graph(model, tmp_path)
    (file,) = folder.iterdir()
    definition = next(e.graph_def for e in events(file) if e.graph_def)
    nodes = {node.name: node for node in GraphDef.FromString(definition).node}
    tops = {name.split("/")[0] for name in nodes}
    assert tops == {"picture", "conv", "join", "flat", "logits", "outputs"}
    for node in nodes.values():
        assert all(edge.split(":")[0] in nodes for edge in node.input)
    figure = watch.still_graph(tmp_path)
    assert "6 boxes, in order: picture, conv, join, flat, logits, outputs" in figure.alt
    texts = [t.get_text() for t in figure.axes[0].texts]
    assert "conv\nConv2D, Squeeze, BiasAdd" in texts or any(
        "Conv2D" in t for t in texts
    )


def test_an_input_whose_first_size_is_fixed_keeps_it(tmp_path):
    """The edges of a graph are (2, E), whatever the number of nodes."""
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("only TensorFlow has a graph to draw")
    edges = keras.Input(batch_shape=(2, None), dtype="int32", name="edges")
    source, target = keras.ops.unstack(edges, num=2)
    watch.graph(keras.Model(edges, source - target), tmp_path)
    assert "edges" in watch.still_graph(tmp_path).alt


def test_a_model_without_known_inputs_says_so(tmp_path):
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.layers.Dense(2)], name="open")
    if keras.backend.backend() == "tensorflow":
        with pytest.raises(watch.LogError, match="inputs of 'open' are not known"):
            watch.graph(model, tmp_path)
    EventWriter(tmp_path).close()
    with pytest.raises(watch.LogError, match="no graph in"):
        watch.still_graph(tmp_path)


@pytest.mark.slow
@pytest.mark.browser
def test_tensorboard_draws_graph_and_projector_at_once(tmp_path, browser):
    from mmlearn.watch.server import Server

    watch.graph(branched(), tmp_path)
    watch.projector(tmp_path, VECTORS, list("abcdefg"), np.zeros((7, 4, 4)))
    server = Server(tmp_path)
    try:
        url = server.wait()
        page = browser.new_page()
        page.goto(f"{url}#graphs")
        page.locator("g.node[data-name=logits]").first.wait_for(timeout=60_000)
        assert page.locator("g.node[data-name=conv]").count() == 1
        page.goto(f"{url}data/plugin/projector/info?run=projector")
        assert '"tensorName": "embedding"' in page.content()
        page.goto(
            f"{url}data/plugin/projector/sprite_image?run=projector&name=embedding"
        )
        width = "document.images[0].naturalWidth"
        assert page.evaluate(width) == 12  # 3 pictures of 4 px
        page.close()
    finally:
        server.stop()
        shutil.rmtree(tmp_path)
