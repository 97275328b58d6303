"""The clip that ships shows, sounds and says what its script says, when it says it."""

import json
from pathlib import Path

import numpy as np
import pytest

from mmlearn.media import read_subtitles, read_video, read_wav

FOLDER = Path(__file__).parents[2] / "data" / "clip"
SCRIPT = json.loads((FOLDER / "script.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def clip():
    return read_video(FOLDER / "clip.webm")


def events(name):
    return [event for event in SCRIPT["events"] if event["name"] == name]


def level(sound, rate, start, seconds=0.05):
    piece = sound[int(start * rate) : int((start + seconds) * rate)]
    return np.sqrt(np.mean(piece**2))


def red(frame):
    """Centre (y, x) of what is red."""
    r, g, b = np.moveaxis(frame.astype(int), -1, 0)
    rows, columns = np.nonzero((r > 100) & (r > 2 * g) & (r > 2 * b))
    return rows.mean(), columns.mean()


def test_sizes_and_lengths(clip):
    assert clip.frames.shape == (90, *SCRIPT["size"], 3)
    np.testing.assert_allclose(clip.times, np.arange(90) / 15, atol=1e-3)
    assert len(clip.sound) / clip.sound_rate == pytest.approx(6.0, abs=0.01)
    assert (FOLDER / "clip.webm").stat().st_size < 400_000


def test_the_ball_is_seen_where_the_script_says(clip):
    track = np.array(SCRIPT["tracks"]["ball"])  # (T, 2)
    for number in range(6, 90):
        assert red(clip.frames[number]) == pytest.approx(track[number], abs=4), number


def test_a_thump_is_heard_when_the_ball_is_lowest(clip):
    heights = np.array(SCRIPT["tracks"]["ball"])[:, 0]
    assert len(events("thump")) == 3
    for sound, rate in [
        (clip.sound[:, 0], clip.sound_rate),
        read_wav(FOLDER / "clip.wav"),
    ]:
        for event in events("thump"):
            frame = round(15 * event["start"])
            assert heights[frame] == pytest.approx(heights.max(), abs=0.5)
            before = level(sound, rate, event["start"] - 0.06, 0.05)
            assert level(sound, rate, event["start"]) > 5 * before


def test_the_tone_rises_while_the_square_comes_in(clip):
    (slide,) = events("slide")
    sound, rate = read_wav(FOLDER / "clip.wav")
    pitches = []
    for time in np.linspace(slide["start"] + 0.1, slide["end"] - 0.25, 6):
        piece = sound[int(time * rate) :][:2048] * np.hanning(2048)
        pitches.append(np.abs(np.fft.rfft(piece)).argmax() * rate / 2048)
    assert (np.diff(pitches) > 0).all()
    assert pitches[-1] > 2 * pitches[0]
    r, _, b = np.moveaxis(clip.frames.astype(int), -1, 0)
    blue = ((b > 120) & (b > 2 * r)).sum(axis=(1, 2))  # (T,) pixels
    assert blue[round(15 * slide["start"]) - 2] < 50 < 1000 < blue[-1]


def test_bell_digit_and_word_come_together(clip):
    (bell,), (draw,), (word,) = events("bell"), events("draw"), events("word")
    sound, rate = clip.sound[:, 0], clip.sound_rate
    assert level(sound, rate, bell["start"]) > 5 * level(
        sound, rate, bell["start"] - 0.1
    )
    assert level(sound, rate, word["start"] + 0.15, 0.1) > 0.05
    wall = clip.frames[:, 30:150, 110:200].astype(int).sum(axis=3)
    ink = (wall < 250).sum(axis=(1, 2))  # (T,) dark pixels on the wall
    begin, end = round(15 * draw["start"]), round(15 * draw["end"])
    assert ink[begin - 1] == 0
    assert (np.diff(ink[begin : end + 1]) >= -5).all()
    assert ink[end + 1] > 600


def test_every_caption_is_shown_while_its_event_happens():
    captions = read_subtitles(FOLDER / "clip.srt")
    for words, names in [
        ("ball", ["thump"]),
        ("square", ["slide"]),
        ("bell", ["word"]),
    ]:
        (caption,) = [c for c in captions if words in c.text.lower()]
        for event in (e for name in names for e in events(name)):
            assert caption.start <= event["start"] < event["end"] <= caption.end
