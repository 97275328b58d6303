"""Storyboard as real files: written, read, and the same but for the codecs' loss."""

import numpy as np
import pytest

from mmlearn import media
from mmlearn.datasets import DataError
from mmlearn.datasets import storyboard as sb

DIALS = sb.Dials(missing={"text": 0.4, "sound": 0.4, "graph": 0.3})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("films") / "new"
    return sb.write(place, 5, DIALS, seed=2, size=48)


def test_what_was_written_is_read(folder):
    clips = sb.simulate(5, DIALS, seed=2, part="test", size=48)
    recorded = list(sb.read(folder))
    assert [r.name for r in recorded] == [f"{i:05d}" for i in range(5)]
    for i, one in enumerate(recorded):
        assert one.labels == {
            t: pytest.approx(float(y[i])) for t, y in clips.labels.items()
        }
        assert one.available == {m: there[i] for m, there in clips.available.items()}
        assert one.caption == clips.captions[i]
        np.testing.assert_allclose(one.nodes, clips.nodes[i], atol=1e-6)
        assert len(one.edges) == clips.relations[i].sum()
        assert clips.relations[i][
            one.edges[:, 1], one.edges[:, 0], one.edges[:, 2]
        ].all()
        off = one.clip.frames.astype(float) - clips.frames[i]
        assert one.clip.frames.shape == clips.frames[i].shape
        assert np.sqrt((off**2).mean()) < 25, "grey levels that the codec may be off"
        np.testing.assert_allclose(one.clip.times, np.arange(12) / 8, atol=1e-3)
        if not clips.available["sound"][i]:
            assert one.clip.sound is None
            continue
        heard = one.clip.sound[:12_000, 0]
        assert np.corrcoef(heard, clips.sound[i, : len(heard)])[0, 1] > 0.9
    assert {r.available["text"] for r in recorded} == {True, False}
    assert {r.available["sound"] for r in recorded} == {True, False}


def test_any_player_finds_subtitles_beside_the_film(folder):
    one = next(r for r in sb.read(folder) if r.available["text"])
    (caption,) = media.read_subtitles(folder / f"{one.name}.srt")
    assert (caption.start, caption.end) == (0.0, 1.5)
    first = (folder / "labels.csv").read_text("utf-8").splitlines()[0]
    assert first.startswith("name,class,action,sentiment,scene,anomaly,next,graph")


def test_clips_are_not_overwritten_and_damage_is_named(folder, tmp_path):
    with pytest.raises(DataError, match="holds clips already"):
        sb.write(folder, 1)
    with pytest.raises(DataError, match="expected what storyboard.write writes"):
        list(sb.read(tmp_path))
    place = sb.write(tmp_path / "one", 1, size=16)
    sb.write(place, 1, size=16, overwrite=True)
    (place / "00000.mp4").write_bytes(b"nothing")
    with pytest.raises(DataError, match="00000.mp4"):
        list(sb.read(place))
