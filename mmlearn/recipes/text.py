"""The recipes on text: what reads a review, and what writes verse (lessons 09, 10)."""

CLASSES = 2
EMBEDDING, UNITS = 16, 24
LENGTH = 20  # tokens of the longest review, its marks included


def review_vocabulary():
    """The words of the 1,200 shipped training reviews, fitted; V = 76 with two more."""
    from mmlearn.datasets import load_reviews
    from mmlearn.preprocess.text import Vocabulary

    return Vocabulary().fit(load_reviews()["train"][0])


def load_review_ids(profile=None):
    """The shipped reviews as numbers, padded with 0 to one length.

    Args:
        profile: both profiles read the same reviews.

    Returns:
        dict "train", "validation", "test" -> (ids, y): ids (N, L) int64; y (N,) int64,
        0 against, 1 for. L = 20 tokens, and no review is longer.
    """
    from mmlearn.datasets import load_reviews

    vocabulary = review_vocabulary()
    return {
        name: (vocabulary.encode(texts, LENGTH)[0], y)
        for name, (texts, y) in load_reviews().items()
    }
