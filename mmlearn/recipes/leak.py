"""Features that were fitted to labels they should not have seen: lesson 16's case.

A small simulated copy of what happened to CMU-MOSI's shipped features: people talk in
videos, each sentence is for or against. Somebody trains a network on the training
videos and ships its hidden layer as "video features" of all sentences. Whoever takes a
validation set from the training videos sees what the network knew by heart.
"""

import numpy as np

VIDEOS, TEST_VIDEOS, SENTENCES = 60, 30, 12
HIDDEN, SHIPPED, RIDGE = 1500, 10, 30.0
WIDTHS = {"audio": 10, "text": 10, "video": 60}
CLUES = {"audio": 0.3, "text": 0.8, "video": 0.0}  # the picture knows nothing


def interviews(seed=0):
    """Sentences of 90 videos with raw features: text tells something, video nothing.

    Args:
        seed: of all that is drawn.

    Returns:
        `datasets.Opinions`: 720 sentences of 60 videos to train, 360 of 30 to test.

    >>> raw = interviews()
    >>> {name: x.shape for name, x in raw.features.items()}
    {'audio': (1080, 10), 'text': (1080, 10), 'video': (1080, 60)}
    """
    from mmlearn.datasets import Opinions

    rng = np.random.default_rng(seed)
    n = (VIDEOS + TEST_VIDEOS) * SENTENCES
    video = np.repeat(np.arange(VIDEOS + TEST_VIDEOS), SENTENCES)
    y = rng.integers(0, 2, n)
    features = {}
    for name, width in WIDTHS.items():
        x = rng.normal(size=(n, width))
        x += CLUES[name] / np.sqrt(width) * (2 * y - 1)[:, None]
        features[name] = x.astype("float32")
    return Opinions(
        texts=("",) * n,
        features=features,
        y=y,
        video=np.array([f"video {v:02}" for v in video]),
        utterance=np.tile(np.arange(SENTENCES), VIDEOS + TEST_VIDEOS),
        test=video >= VIDEOS,
    )


def extract(x, y, rows, seed=0):
    """A hidden layer of a network that was fitted on the labels of some rows.

    A wide random layer with ReLU, then one layer fitted by least squares (with a
    little ridge), mixed with projections that know nothing, so that no single feature
    gives it away.

    Args:
        x: (N, F) raw features of all rows.
        y: (N,) labels; those of other rows are not looked at.
        rows: (n,) which rows the network is fitted on.
        seed: of the network.

    Returns:
        (N, 10) float32 features of all rows.
    """
    rng = np.random.default_rng([seed, 1])
    first = rng.normal(size=(x.shape[1], HIDDEN)) / np.sqrt(x.shape[1])
    hidden = np.maximum(x @ first, 0) - 0.4  # (N, H), about centred
    some, t = hidden[rows], 2.0 * y[rows] - 1
    gram = some @ some.T + RIDGE * np.eye(len(some))
    score = hidden @ (some.T @ np.linalg.solve(gram, t))  # (N,)
    others = hidden @ rng.normal(size=(HIDDEN, SHIPPED - 1)) / np.sqrt(HIDDEN)
    both = np.column_stack([score, others])
    mix, _ = np.linalg.qr(rng.normal(size=(SHIPPED, SHIPPED)))
    return (both @ mix).astype("float32")


def shipped(raw, seed=0):
    """The release: audio and text as they are, video as somebody's hidden layer."""
    from dataclasses import replace

    train = np.flatnonzero(~raw.test)
    video = extract(raw.features["video"], raw.y, train, seed)
    return replace(raw, features=raw.features | {"video": video})
