"""Moving shapes: what their frames tell, and what only the frames' order tells."""

import numpy as np
import pytest

from mmlearn.datasets import DataError, simulate_moves
from mmlearn.datasets.moves import PERIOD, answers


@pytest.fixture(scope="module")
def clean():
    return simulate_moves(400, noise=0, seed=3)


def test_twelve_classes_are_three_answers(clean):
    found = answers(clean.y)
    for name in ("what", "way", "first"):
        np.testing.assert_array_equal(found[name], getattr(clean, name))
    assert len(np.unique(clean.y)) == 12 and len(clean) == 400
    counts = np.bincount(clean.way[clean.what == 1])
    assert abs(counts[0] - counts[1]) < 4 * np.sqrt(counts.sum())


def lamps(x):
    """(N, 2) frames in which the upper and the lower lamp are on."""
    rows = x[..., 0][:, :, [0, -1]].mean(axis=3)  # (N, T, 2)
    assert ((rows == 1).sum(axis=1) == 1).all()
    return rows.argmax(axis=1)


def test_lamps_light_up_a_round_apart(clean):
    top, low = lamps(clean.x).T
    np.testing.assert_array_equal(low - top, PERIOD * (1 - 2 * clean.first))
    assert set(np.minimum(top, low)) == {4, 5}


def test_played_backward_it_goes_the_other_way(clean):
    x = clean.x[:, ::-1]
    top, low = lamps(x).T
    assert ((low < top) == (clean.first == 0)).all()
    # The next frame is this one moved by two pixels: to the right, or to the left.
    band = [clean.x[:, t, 3:-3, :, 0] for t in (0, 1)]
    moved = [np.roll(band[0], shift, axis=2) for shift in (2, -2)]
    for way, seen in enumerate(moved):
        some = clean.way == way
        np.testing.assert_allclose(seen[some], band[1][some], atol=1e-5)


def exchanged(x, window):
    """Whether a clip with its lamps exchanged has the same windows, in any order."""
    top, low = lamps(x[None])[0]
    other = x.copy()
    other[[top, low]] = other[[low, top]]
    padded = [np.pad(clip, ((2, 2), (0, 0), (0, 0), (0, 0))) for clip in (x, other)]
    sets = [
        np.lib.stride_tricks.sliding_window_view(clip, window, axis=0)
        for clip in padded
    ]
    rows = [np.round(s.reshape(len(s), -1), 4) + 0.0 for s in sets]
    return np.array_equal(*(r[np.lexsort(r.T)] for r in rows))


def test_lamps_exchanged_windows_of_five_frames_are_the_same(clean):
    assert all(exchanged(x, 5) for x in clean.x[:20])
    assert not any(exchanged(x, 7) for x in clean.x[:20])


def test_longer_clips_go_on_and_seeds_differ():
    long = simulate_moves(3, noise=0, frames=80, seed=1)
    assert long.x.shape == (3, 80, 12, 12, 1)
    np.testing.assert_allclose(long.x[:, 20], long.x[:, 20 + PERIOD], atol=1e-4)
    one, same, other = (simulate_moves(3, seed=s).x for s in (1, 1, 2))
    assert np.array_equal(one, same) and not np.allclose(one, other)
    noise = simulate_moves(3, noise=0.2, seed=1).x - long.x[:, :16]
    assert noise.std() == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("wrong", [{"samples": 0}, {"samples": 2, "frames": 15}])
def test_no_samples_or_too_few_frames_are_refused(wrong):
    with pytest.raises(DataError, match="expected 1 or more of 16 or more"):
        simulate_moves(**wrong)
