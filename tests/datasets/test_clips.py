"""Raw clips: the real ones where they are, clips made here elsewhere."""

import hashlib

import numpy as np
import pytest

from mmlearn import datasets, media
from mmlearn.datasets import DataError, clips, registry


@pytest.fixture(scope="module")
def fights():
    try:
        return datasets.load_fights(download=False)
    except DataError:
        pytest.skip("needs the real surv-fight: set MMLEARN_DATA to a folder with it")


@pytest.fixture(scope="module")
def spoken():
    try:
        return datasets.load_grid(download=False)
    except DataError:
        pytest.skip("needs the real grid-av: set MMLEARN_DATA to a folder with it")


def test_the_real_fights(fights):
    assert len(fights) == 60 and fights.y.sum() == 30
    assert [fights.has_sound[fights.y == k].sum() for k in (1, 0)] == [29, 26]
    assert (fights.frames.min(), fights.frames.max()) == (20, 142)
    assert (fights.size.min(), fights.size.max()) >= (240, 480)
    assert fights.bytes.max() < 500_000
    for fold in range(5):
        rows = fights.rows(fold)
        assert [len(part) for part in rows.values()] == [48, 12]
        assert fights.y[rows["test"]].sum() == 6
    clip = fights.read(0, size=(36, 64))
    assert clip.frames.shape == (fights.frames[0], 36, 64, 3)
    assert (clip.sound is not None) == fights.has_sound[0]
    with pytest.raises(DataError, match="no fold 5; there are 0 to 4"):
        fights.rows(5)


def test_the_real_sentences(spoken):
    assert len(spoken) == 11 and spoken.sentence(0) == "bin blue at f two now"
    assert spoken.words.shape == (11, 6)
    clip = spoken.read(3, size=(72, 90))
    assert clip.frames.shape == (75, 72, 90, 3) and clip.frame_rate == 25
    assert clip.sound_rate == 44_100 and 2.8 < len(clip.sound) / 44_100 < 3.1


def test_a_name_says_its_sentence():
    assert clips.parse("pwij3p") == ["place", "white", "in", "j", "three", "please"]
    assert clips.parse("lwbsza")[4] == "zero"
    for wrong in ("pwij3", "pwiw3p", "xwij3p", "", "pwij3pp"):
        with pytest.raises(DataError, match="no sentence of GRID; expected six"):
            clips.parse(wrong)


@pytest.fixture
def few(home, monkeypatch):
    """A registry of four clips of 6 frames, two of them fights, one with sound."""
    folder = home / "surv-fight"
    folder.mkdir(parents=True)
    files = []
    for n, name in enumerate(["fi1.mp4", "fi2.mp4", "nofi1.mp4", "nofi2.mp4"]):
        frames = np.full((6, 32, 48, 3), 60 * n, np.uint8)
        sound = (np.zeros(4800, np.float32), 8000) if n == 0 else ()
        media.write_video(folder / name, frames, 10, *sound)
        data = (folder / name).read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        files.append(registry.File(name, (), sha256, len(data)))
    old = registry.entry("surv-fight")
    entry = registry.Entry(**{**old.__dict__, "files": tuple(files)})
    monkeypatch.setattr(registry, "_ENTRIES", (entry,))
    return folder


def test_labels_and_metadata_come_with_the_paths(few):
    found = datasets.load_fights(download=False)
    assert [path.name for path in found.paths] == sorted(p.name for p in few.iterdir())
    assert found.y.tolist() == [1, 1, 0, 0]
    assert found.has_sound.tolist() == [True, False, False, False]
    assert found.frames.tolist() == [6] * 4 and found.frame_rate.tolist() == [10.0] * 4
    assert found.size.tolist() == [[32, 48]] * 4


def test_a_cut_clip_is_not_used(few):
    data = (few / "fi2.mp4").read_bytes()
    (few / "fi2.mp4").write_bytes(data[:-40])
    with pytest.raises(DataError, match="fi2.mp4: truncated"):
        datasets.load_fights(download=False)


@pytest.mark.parametrize(
    ("load", "name"),
    [(datasets.load_fights, "surv-fight"), (datasets.load_grid, "grid-av")],
)
def test_without_the_clips_the_way_round_is_named(home, load, name):
    with pytest.raises(DataError) as caught:
        load(download=False)
    assert f"mmlearn data fetch {name}" in str(caught.value)
    assert "Without a network: load_clip()" in str(caught.value)
