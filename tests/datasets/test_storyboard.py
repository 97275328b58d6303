"""Clips show what their copies say and nothing else; every dial turns what it says."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from mmlearn.datasets import DataError, load_storyboard
from mmlearn.datasets import storyboard as sb
from mmlearn.datasets.storyboard import picture, relations, track, words

QUIET = sb.Dials(
    noise=dict.fromkeys(sb.MODALITIES, 0.0),
    static=dict.fromkeys(sb.MODALITIES, 0.0),
)
N = 32


@pytest.fixture(scope="module")
def quiet():
    return sb.simulate(N, QUIET, seed=3)


@pytest.fixture(scope="module")
def usual():
    return sb.simulate(N, seed=3)


def drawn(script, dials=QUIET):
    """All four modalities of a script, from the same random numbers."""
    rng = [np.random.default_rng(k) for k in range(4)]
    return {
        "video": picture.draw_frames(script, dials, 32, "test", rng[0]),
        "sound": track.sound_track(script, dials, "test", rng[1])[0],
        "text": np.array(words.captions(script, dials, rng[2])),
        "graph": relations.scene_graphs(script, dials, rng[3])[1],
    }


def test_shapes_types_and_the_seed(usual):
    assert usual.frames.shape == (N, 12, 32, 32, 3) and usual.frames.dtype == np.uint8
    assert usual.sound.shape == (N, 12_000) and usual.sound.dtype == np.float32
    assert usual.nodes.shape == (N, 5, 7) and usual.relations.shape == (N, 9, 5, 5)
    assert set(usual.labels) == set(sb.TASKS)
    assert usual.labels["sentiment"].dtype == np.float32
    few = sb.simulate(9, seed=3)
    np.testing.assert_array_equal(few.frames, usual.frames[:9])
    np.testing.assert_array_equal(few.sound, usual.sound[:9])
    assert few.captions.tolist() == usual.captions[:9].tolist()
    np.testing.assert_array_equal(few.relations, usual.relations[:9])
    for other in (
        sb.simulate(8, seed=4, size=16),
        sb.simulate(8, seed=3, part="test", size=16),
    ):
        assert (other.script.truth["digit"] != few.script.truth["digit"][:8]).any()


def test_a_modality_shows_its_own_copies_and_nothing_else():
    """Neither the truth nor others' copies change a pixel, sample, word or link."""
    script = sb.draw(6, sb.Dials(noise=dict.fromkeys(sb.MODALITIES, 0.5)),
                     np.random.default_rng(0))  # fmt: skip
    other = sb.draw(6, QUIET, np.random.default_rng(1))
    before = drawn(script)
    for m in sb.MODALITIES:
        mixed = {
            k: script.copies[k] if k == m else other.copies[k] for k in sb.MODALITIES
        }
        after = drawn(replace(script, truth=other.truth, copies=mixed))
        np.testing.assert_array_equal(after[m], before[m])
        for k in set(sb.MODALITIES) - {m}:
            assert (after[k] != before[k]).any()


def test_copies_are_wrong_as_often_as_the_noise_says():
    script = sb.draw(20_000, sb.Dials(), np.random.default_rng(0))
    for name, variable in sb.VARIABLES.items():
        for m in variable.carriers if name != "fit" else ():
            wrong = (script.copies[m][name] != script.truth[name]).mean()
            assert abs(wrong - sb.Dials().noise[m]) < 0.012
    half = script.copies["video"]["fit"] ^ script.copies["sound"]["fit"]
    assert abs((half == script.truth["fit"]).mean() - 0.78) < 0.012


def test_what_is_written_and_related_can_be_read_back(quiet):
    truth = quiet.script.truth
    assert set(" ".join(quiet.captions).split()) <= set(sb.VOCABULARY)
    for i, caption in enumerate(quiet.captions):
        names = caption.split()
        assert sb.VARIABLES["digit"].values[truth["digit"][i]] in names
        assert sb.VARIABLES["target"].values[truth["target"][i]] in names
        assert sb.VARIABLES["motion"].values[truth["motion"][i]] + "s" in names
        kinds, places, edges = quiet[i].node_names, quiet[i].node_places, quiet[i].edges
        assert sorted(kinds) == sorted(sb.KINDS)
        named = {(kinds[a], r, kinds[b]) for a, b, r in edges}
        shape = sb.VARIABLES["target"].values[truth["target"][i]]
        assert ("digit", "heads for", shape) in named
        x = dict(zip(kinds, places[:, 0], strict=True))
        for a, r, b in named:
            assert r != "left of" or x[a] < x[b]
    index, kind = quiet.edges()
    assert index.shape == (2, len(kind)) and len(kind) == quiet.relations.sum()
    assert (index[0] // 5 == index[1] // 5).all() and index.max() < 5 * N
    firsts = {tuple(row) for row in quiet.nodes[:, 0, :5]}
    assert len(firsts) == 5, "the nodes come in any order"


def test_what_is_heard_can_be_read_back(quiet):
    """A spectrum is enough: thud or ping, and the mood's pitch."""
    script = quiet.script
    frequency = np.fft.rfftfreq(1600, 1 / 8000)
    for i in range(N):
        at = script.landing[i] * 1000
        power = abs(np.fft.rfft(quiet.sound[i, at : at + 1600])) ** 2
        before = abs(np.fft.rfft(quiet.sound[i, at - 1600 : at])) ** 2
        ping = power[(frequency > 1450) & (frequency < 1550)].sum()
        quieter = before[(frequency > 1450) & (frequency < 1550)].sum()
        heard = script.copies["sound"]["fit"][i]
        low = power[frequency < 110].sum()
        assert (ping > low) == heard and (not heard or ping > quieter)
    power = abs(np.fft.rfft(quiet.sound[:, -4000:])) ** 2  # the word is over, mostly
    power[:, np.fft.rfftfreq(4000, 1 / 8000) < 150] = 0
    top = np.fft.rfftfreq(4000, 1 / 8000)[power[:, :250].argmax(axis=1)]
    tone = abs(top[:, None] - track.PITCHES).argmin(axis=1)
    assert (tone == script.truth["tone"]).mean() > 0.9


def test_what_is_seen_can_be_read_back(quiet):
    script = quiet.script
    boxes = sb.digit_boxes(script)
    assert boxes.shape == (N, 12, 4) and (boxes[..., 2:] > boxes[..., :2]).all()
    target = script.places[np.arange(N), script.truth["target"]]
    ways = np.linalg.norm(script.path[:, [0, -1]] - target[:, None], axis=2)
    moves = script.truth["motion"] != 1  # a bounce goes up besides
    assert (ways[moves, 1] < ways[moves, 0]).all()
    assert (script.arrival() > 12 / 8).all()
    # The digit is the brightest of its colour: blue, white or orange.
    still = (script.truth["motion"] == 0) & (script.truth["scene"] == 3)
    ink = quiet.frames[still, 0, 12:20, 12:20].reshape(still.sum(), -1, 3)
    brightest = np.take_along_axis(
        ink, ink.sum(axis=2).argmax(axis=1)[:, None, None], 1
    )
    away = np.linalg.norm(brightest - picture.INK, axis=2)
    np.testing.assert_array_equal(away.argmin(axis=1), script.truth["tone"][still])
    # Stone or bell lies, dark or bright, where the truth says it does.
    x, y = (sb.visitor_path(script)[:, -1] * 32 - 0.5).round().astype(int).T
    apart = abs(script.path[:, -1, 0] - x / 32) > 0.3
    light = quiet.frames[np.arange(N), -1, y, x].mean(axis=1) > 128
    assert (light == script.copies["video"]["fit"])[apart].all()


def test_a_bounce_is_heard_when_it_lands(monkeypatch):
    """The nearer a frame's time is to the loudest moment, the lower the digit is."""
    monkeypatch.setattr(
        track, "_speak", lambda sound, digit, *_: np.zeros((len(digit), 2))
    )
    script = sb.draw(64, QUIET, np.random.default_rng(0))
    sound, _ = track.sound_track(script, QUIET, "test", np.random.default_rng(0))
    before = (script.truth["motion"] == 1) & (script.turn >= 4) & (script.landing > 5)
    time = np.arange(4) / 8  # one period
    assert before.sum() >= 3
    for i in np.flatnonzero(before):
        bursts = abs(np.diff(sound[i, :4002], 2)).reshape(-1, 40).max(axis=1)
        away = abs(time - bursts.argmax() / 200)
        order = np.argsort(np.minimum(away, 0.5 - away))
        heights = 0.5 - script.path[i, :4, 1]
        assert (np.diff(heights[order]) > -0.02).all()


def test_labels_and_events(quiet, usual):
    script = usual.script
    scores = 0.4 * (script.truth["tone"] - 1.0)
    scores += 0.6 * np.array([-1, -0.5, 0.5, 1])[script.truth["word"]]
    np.testing.assert_allclose(usual.labels["sentiment"], scores, rtol=1e-6)
    assert (usual.labels["sentiment"] != 0).all()
    np.testing.assert_array_equal(usual.labels["anomaly"], script.truth["fit"])
    heard = next(e for e in quiet.events(0) if e["what"] in ("thud", "ping"))
    assert heard["start"] == quiet.script.landing[0] / 8
    word = [e for e in quiet.events(0) if e["modality"] == "sound"][0]
    assert word["what"] == sb.VARIABLES["digit"].values[quiet.labels["class"][0]]
    start, end = (round(word[k] * 8000) for k in ("start", "end"))
    assert 0.2 < (end - start) / 8000 < 0.85


def test_select_and_until(usual):
    some = usual.select(usual.labels["anomaly"] == 1)
    assert len(some) == usual.labels["anomaly"].sum() and len(some.script) == len(some)
    assert (some.labels["anomaly"] == 1).all()
    early = usual.until(6)
    assert not early.frames[:, 6:].any() and not early.sound[:, 6000:].any()
    np.testing.assert_array_equal(early.frames[:, :6], usual.frames[:, :6])
    shapes = set(sb.VARIABLES["target"].values)
    for i, turn in enumerate(usual.script.turn):
        known = turn < 5
        assert bool(shapes & set(early.captions[i].split())) == known
        assert early.relations[i, 2].any() == known
    assert usual.frames[:, 6:].any(), "the clips themselves stay as they are"


def test_what_is_missing_is_said_and_zero():
    clips = sb.simulate(32, sb.Dials(missing=dict.fromkeys(sb.MODALITIES, 0.5)))
    for m in sb.MODALITIES:
        assert 4 < clips.available[m].sum() < 28
    here = clips.available
    np.testing.assert_array_equal(clips.frames.any(axis=(1, 2, 3, 4)), here["video"])
    np.testing.assert_array_equal(clips.sound.any(axis=1), here["sound"])
    np.testing.assert_array_equal(clips.captions != "", here["text"])
    np.testing.assert_array_equal(clips.relations.any(axis=(1, 2, 3)), here["graph"])
    np.testing.assert_array_equal(clips.nodes.any(axis=(1, 2)), here["graph"])
    alone = clips[int(np.flatnonzero(~here["graph"])[0])]
    assert alone.edges == [] and alone.node_names == []


def test_offset_shift_and_static(quiet):
    def turned(**dials):
        return sb.simulate(16, sb.Dials(**{**QUIET.as_dict(), **dials}), seed=3)

    plain = quiet.select(np.arange(16))
    late, early = turned(offset=0.1), turned(offset=-0.1)
    np.testing.assert_array_equal(late.sound[:, 800:], plain.sound[:, :-800])
    np.testing.assert_array_equal(early.sound[:, :-800], plain.sound[:, 800:])
    np.testing.assert_allclose(late.spoken, plain.spoken + 0.1)
    np.testing.assert_array_equal(late.frames, plain.frames)
    moved = turned(shift=1)
    assert not {"seven", "nice"} & set(" ".join(moved.captions).split())
    assert np.abs(moved.frames.astype(int) - plain.frames).mean() > 10
    longer, usual = (np.ptp(c.spoken, axis=1) for c in (moved, plain))
    np.testing.assert_allclose(longer, 1.3 * usual, rtol=0.01)
    for m, name in (("video", "frames"), ("sound", "sound"), ("graph", "relations")):
        noisy = turned(static={**QUIET.static, m: 0.2})
        assert (getattr(noisy, name) != getattr(plain, name)).any()
    mumbled = turned(static={**QUIET.static, "text": 0.3}).captions
    share = np.mean([w == "hm" for c in mumbled for w in c.split()])
    assert 0.2 < share < 0.4


def test_streams_and_parts():
    endless = sb.stream(batch=5, size=16)
    assert [len(c) for c in itertools.islice(endless, 3)] == [5, 5, 5]
    assert [len(c) for c in sb.stream(7, batch=3, size=16)] == [3, 3, 1]
    parts = load_storyboard(samples=(3, 2, 1), size=16)
    assert [len(c) for c in parts.values()] == [3, 2, 1]
    assert parts["test"].frames.shape == (1, 12, 16, 16, 3)
    for wrong in ({"part": "dev"}, {"size": 8}, {"batch": 0}):
        with pytest.raises(DataError, match="expected one of train, validation, test"):
            next(sb.stream(1, **wrong))
    with pytest.raises(DataError, match="samples is 0"):
        sb.simulate(0)
