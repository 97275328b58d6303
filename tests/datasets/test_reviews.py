"""Reviews and verses: the real sentences where they are, what ships everywhere."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from mmlearn import course, datasets, media
from mmlearn.datasets import DataError, Reviews


@pytest.fixture(scope="module")
def critics():
    try:
        return datasets.load_movie_reviews(download=False)
    except DataError:
        pytest.skip("needs the real MR polarity: set MMLEARN_DATA to a folder with it")


def test_the_real_sentences(critics):
    assert len(critics) == 10_662 and np.bincount(critics.y).tolist() == [5331, 5331]
    assert critics.texts[0].startswith("the rock is destined to be the 21st century's")
    assert critics.texts[5331].startswith("simplistic , silly and tedious")
    assert all(text and text == text.strip() for text in critics.texts)
    for k in range(10):
        fold = critics.y[critics.fold == k]
        assert len(fold) in (1066, 1067) and abs(fold.sum() - len(fold) / 2) <= 1
    other = datasets.load_movie_reviews(seed=1, download=False)
    assert (other.fold != critics.fold).mean() > 0.8


def test_naive_bayes_gets_what_is_known_of_it(critics):
    counter = CountVectorizer(token_pattern=r"\S+", ngram_range=(1, 2))
    pairs = counter.fit_transform(critics.texts)
    single = [i for gram, i in counter.vocabulary_.items() if " " not in gram]
    for counts, step, published in [(pairs[:, single], 1, 0.777), (pairs, 3, 0.787)]:
        found = []
        for k in range(0, 10, step):  # the pairs' folds take their time
            train = critics.fold != k
            fitted = MultinomialNB().fit(counts[train], critics.y[train])
            found.append(fitted.score(counts[~train], critics.y[~train]))
        assert np.mean(found) == pytest.approx(published, abs=0.006)


def test_folds_share_nothing_and_lose_nothing():
    y = np.arange(60) % 2
    reviews = Reviews(tuple(f"text {n}" for n in range(60)), y, np.arange(60) // 6)
    parts = reviews.splits(3, validation=10)
    assert [len(t) for t, _ in parts.values()] == [44, 10, 6]
    assert sorted(t for texts, _ in parts.values() for t in texts) == sorted(
        reviews.texts
    )
    assert parts["test"][0] == [f"text {n}" for n in range(18, 24)]
    assert parts["validation"][1].sum() == 5
    assert list(reviews.splits(0)) == ["train", "test"]
    with pytest.raises(DataError, match="no fold 10; there are 0 to 9"):
        reviews.splits(10)


def test_without_the_files_the_way_round_is_named(home):
    with pytest.raises(DataError) as caught:
        datasets.load_movie_reviews(download=False)
    assert "mmlearn data fetch rt-polarity" in str(caught.value)
    assert "Without a network: load_reviews()" in str(caught.value)


def test_the_latin_1_copy_of_the_original_archive_is_told_apart(home):
    folder = home / "rt-polarity"
    folder.mkdir(parents=True)
    for name in ("rt-polarity.pos", "rt-polarity.neg"):
        (folder / name).write_bytes("a caf\xe9 of a film \n".encode("latin-1") * 40_000)
    with pytest.raises(DataError, match=r"rt-polarity.pos: altered.*sha256"):
        datasets.load_movie_reviews(download=False)


def test_the_shipped_reviews():
    splits = datasets.load_reviews()
    assert [len(y) for _, y in splits.values()] == [1200, 400, 400]
    texts = [t for part, _ in splits.values() for t in part]
    assert len(set(texts)) == 2000
    assert all(y.mean() == 0.5 and y.dtype == np.int64 for _, y in splits.values())
    other = datasets.load_reviews(seed=1)["test"][0]
    assert len(set(other) & set(splits["test"][0])) < 150


def test_what_ships_and_was_altered_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "data_folder", lambda: tmp_path)
    for name, load in [
        ("reviews", datasets.load_reviews),
        ("verses", datasets.load_text),
    ]:
        folder = tmp_path / name
        folder.mkdir()
        file = folder / ("reviews.tsv" if name == "reviews" else "verses.txt")
        with pytest.raises(DataError, match=f"{file.name}.*reinstall mmlearn"):
            load()
        file.write_text("good film\n" if name == "reviews" else "")
        if name == "reviews":
            with pytest.raises(DataError, match="reviews.*reinstall mmlearn"):
                load()
        (folder / "SHA256SUMS").write_text(f"{'0' * 64}  {file.name}\n")
        with pytest.raises(DataError, match=f"{file.name}: altered"):
            load()


def test_verses_are_plain_text_of_whole_lines():
    text = datasets.load_text()
    poems = text.split("\n\n\n")
    assert len(poems) == 19 and text.isascii() and text.endswith("\n")
    assert len(set(text)) < 65
    assert not any(line != line.strip() for line in text.split("\n"))
    folder = course.data_folder() / "verses"
    assert text == media.read_text(folder / "verses.txt")
