"""CMU-MOSI: the real release where it is, tables of its format elsewhere."""

import numpy as np
import pytest

from mmlearn import datasets
from mmlearn.datasets import DataError, mosi


@pytest.fixture(scope="module")
def opinions():
    try:
        return datasets.load_mosi(download=False)
    except DataError:
        pytest.skip("needs the real CMU-MOSI: set MMLEARN_DATA to a folder with it")


def test_the_real_release(opinions):
    assert len(opinions) == 2199 and len(set(opinions.video)) == 93
    assert opinions.texts[0] == "KIDS ARE GONNA LOVE THE FILM" and opinions.y[0] == 1
    widths = {name: x.shape[1] for name, x in opinions.features.items()}
    assert widths == {"audio": 73, "text": 100, "video": 100}
    parts = opinions.splits()
    assert {n: (len(p), len(set(p.video))) for n, p in parts.items()} == {
        "train": (1447, 62),
        "test": (752, 31),
    }
    assert np.bincount(parts["train"].y).tolist() == [738, 709]
    assert parts["test"].y.mean() == pytest.approx(0.621, abs=0.001), "majority"
    places = set(zip(opinions.video, opinions.utterance, strict=True))
    assert len(places) == 2199


def test_nobody_is_in_two_parts(opinions):
    parts = opinions.splits(validation=12, seed=3)
    videos = [set(part.video) for part in parts.values()]
    assert [len(v) for v in videos] == [50, 12, 31]
    assert not (videos[0] & videos[1] | videos[0] & videos[2] | videos[1] & videos[2])
    assert sum(map(len, parts.values())) == 2199
    other = opinions.splits(validation=12, seed=4)["validation"]
    assert set(other.video) != videos[1]
    with pytest.raises(DataError, match="62 videos to validate; expected 0 to 61"):
        opinions.splits(validation=62)


SAID = [["a_1", "FINE", "1", "1"], ["a_2", "BAD", "1", "0"], ["b_c_7", "SO", "2", "1"]]


def put_together(lines=([2, 0], [1]), labels=(1, 1, 0)):
    features = {"audio": np.arange(6.0).reshape(3, 2)}
    return mosi.assemble(SAID, lines, features, {"audio": np.array(labels)})


def test_rows_follow_the_features():
    found = put_together()
    assert found.texts == ("SO", "FINE", "BAD") and found.y.tolist() == [1, 1, 0]
    assert found.video.tolist() == ["b_c", "a", "a"]
    assert found.utterance.tolist() == [7, 1, 2]
    assert found.test.tolist() == [False, False, True]
    one = found.select([2])
    assert one.texts == ("BAD",) and one.features["audio"].tolist() == [[4, 5]]


def test_rows_that_do_not_belong_together_are_refused():
    with pytest.raises(DataError, match="labels of audio are not the transcripts'"):
        put_together(labels=(1, 0, 1))
    with pytest.raises(DataError, match="2 rows name 3 transcripts"):
        put_together(lines=([2], [1]))


def test_without_the_files_the_way_round_is_named(home):
    with pytest.raises(DataError) as caught:
        datasets.load_mosi(download=False)
    assert "mmlearn data fetch cmu-mosi-bclstm" in str(caught.value)
    assert "Without a network: load_reviews()" in str(caught.value)


def test_an_altered_table_is_not_read(home):
    (home / "cmu-mosi-bclstm" / "data").mkdir(parents=True)
    table = home / "cmu-mosi-bclstm" / "data" / "transcripts.csv"
    table.write_bytes(b'"a_1","FINE","1","1"\n' * 10_000)
    with pytest.raises(DataError, match="transcripts.csv: altered"):
        datasets.load_mosi(download=False)
