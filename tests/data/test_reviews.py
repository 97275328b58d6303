"""The reviews that ship are what their grammar draws, and what their card says."""

import importlib.util
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.naive_bayes import MultinomialNB

from mmlearn.datasets import load_reviews
from mmlearn.preprocess.ngrams import NgramCounts
from mmlearn.preprocess.text import clean, tokenize

FOLDER = Path(__file__).parents[2] / "data" / "reviews"
ROWS = [line.split("\t") for line in (FOLDER / "reviews.tsv").read_text().splitlines()]


@pytest.fixture(scope="module")
def prepare():
    spec = importlib.util.spec_from_file_location("prepare", FOLDER / "prepare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_prepare_writes_the_same_file_again(prepare, tmp_path):
    prepare.main(tmp_path)
    for name in ("reviews.tsv", "SHA256SUMS"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_sentences_and_labels_are_as_the_card_says():
    assert Counter(label for label, _ in ROWS) == {"0": 1000, "1": 1000}
    texts = [text for _, text in ROWS]
    assert len(set(texts)) == 2000 and all(t[0].isupper() for t in texts)
    lengths = [len(text.split()) for text in texts]
    assert (min(lengths), max(lengths)) == (4, 18)
    assert np.mean(lengths) == pytest.approx(7.6, abs=0.05)


def test_the_sense_of_plain_sentences_is_that_of_their_adjective(prepare):
    senses = {w: str(s) for s, words in prepare.ADJECTIVES.items() for w in words}
    turned = {"not", "never", "anything", "far", "hardly", "nobody", "if"}
    plain = 0
    for label, text in ROWS:
        words = tokenize(clean(text))
        found = [senses[word] for word in words if word in senses]
        if len(found) == 1:
            assert (label == found[0]) == (not turned & set(words)), text
            plain += 1
    assert plain > 1200


def test_order_matters_as_the_card_says():
    scores = []
    for n in (1, 3):
        found = []
        for seed in range(3):
            parts = load_reviews(seed=seed)
            counts = NgramCounts(n).fit(parts["train"][0])
            x, y = (counts.encode(parts["train"][0]), parts["train"][1])
            fitted = MultinomialNB().fit(x, y)
            for name in ("validation", "test"):
                texts, labels = parts[name]
                found.append(fitted.score(counts.encode(texts), labels))
        scores.append(np.mean(found))
    assert scores == pytest.approx([0.70, 0.77], abs=0.02)
