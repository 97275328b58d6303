"""Storyboard's clips as networks take them."""

import numpy as np

from mmlearn.datasets import storyboard as sb
from mmlearn.recipes.storyboard import inputs


def test_every_modality_is_an_array_and_says_whether_it_is_there():
    clips = sb.simulate(16, sb.Dials(missing={"sound": 0.5, "text": 0.5}), size=16)
    x = inputs(clips)
    shapes = {name: array.shape[1:] for name, array in x.items()}
    assert shapes == {
        **{"graph": (5, 52), "graph_available": ()},
        **{"sound": (61, 32), "sound_mask": (61,), "sound_available": ()},
        **{"text": (9,), "text_mask": (9,), "text_available": ()},
        **{"video": (12, 16, 16, 3), "video_available": ()},
    }
    assert all(np.isfinite(array).all() for array in x.values())
    assert x["video"].min() >= 0 and 0.5 < x["video"].max() <= 1
    here = x["sound_available"]
    assert not x["sound"][~here].any() and abs(x["sound"][here].mean()) < 1
    words = (None, "?", *sb.VOCABULARY)
    for ids, mask, caption in zip(
        x["text"], x["text_mask"], clips.captions, strict=True
    ):
        assert " ".join(words[i] for i in ids[mask]) == caption
    edges = x["graph"][..., 7:].reshape(16, 5, 9, 5)  # (B, N, R, N)
    graph, node, kind, target = np.nonzero(edges)
    np.testing.assert_array_equal(clips.relations[graph, kind, node, target], True)
    assert len(graph) == clips.relations.sum()
    assert sorted(inputs(clips, ["video"])) == ["video", "video_available"]
