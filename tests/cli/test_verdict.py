"""`mmlearn verdict FILE`: every kind of film, from file to verdict, or a clear word."""

import json
import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from mmlearn import cli, media
from mmlearn.recipes import judges

FRAME = np.add.outer(np.arange(64), np.arange(96))  # px
FRAMES = np.stack(  # a bright square that wanders over a slope: 2.5 s at 10 a second
    [
        np.repeat(
            np.where(
                np.hypot(*np.ogrid[-20 - t : 44 - t, -10 - 2 * t : 86 - 2 * t]) < 9,
                250,
                FRAME,
            )[..., None],
            3,
            axis=-1,
        )
        for t in range(25)
    ]
).astype(np.uint8)
SOUND = 0.3 * np.sin(np.arange(20_000) / 8)  # 2.5 s at 8 kHz


@pytest.fixture(autouse=True)
def trained(tmp_path, monkeypatch):
    """A judge that has been trained already, so that no test trains or fetches."""
    monkeypatch.setenv("MMLEARN_MODELS", str(tmp_path / "models"))
    rng = np.random.default_rng(0)
    one = judges.FightsJudge(
        np.zeros(50), np.ones(50), rng.normal(size=50) / 20, bias=0.1
    )
    path = judges.model_folder() / "fights.npz"
    judges.keep(path, lambda part: np.savez(part, **one.arrays()))


def run(capsys, *words):
    with pytest.raises(SystemExit) as stop:
        cli.main(["verdict", *map(str, words)])
    told = capsys.readouterr()
    return stop.value.code or 0, told.out, told.err


def windows(out):
    return [line for line in out.splitlines() if "–" in line and " s  " in line]


def test_a_film_with_sound(tmp_path, capsys):
    media.write_video(tmp_path / "a.mp4", FRAMES, 10, SOUND, 8000)
    code, out, err = run(capsys, tmp_path / "a.mp4")
    assert code == 0 and err == ""
    assert "96×64 px, 10 frames a\nsecond on average, sound at 8000 Hz" in out
    assert len(windows(out)) == 2 and "no sound)" not in out
    assert "0.0 –   2.0 s" in out and "1.0 –   2.5 s" in out
    for word in (
        "fight:",
        "of 2 windows",
        "alarms:",
        "times real time",
        "never for an alarm",
    ):
        assert word in out


def test_a_silent_film(tmp_path, capsys):
    media.write_video(tmp_path / "a.mp4", FRAMES, 10)
    code, out, _ = run(capsys, tmp_path / "a.mp4")
    assert code == 0 and "average, no sound." in out
    assert all("(no sound)" in line for line in windows(out))


def test_json_is_a_line_a_window_and_nothing_else(tmp_path, capsys):
    media.write_video(tmp_path / "a.webm", FRAMES, 10)
    code, out, err = run(capsys, tmp_path / "a.webm", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and "never for an alarm" in err and len(rows) == 2
    assert rows[1]["start"] == 1.0 and rows[1]["sound"] is False
    assert 0.5 <= rows[0]["said"]["fight"]["probability"] <= 1


def test_a_film_that_lies_on_its_side(tmp_path, capsys):
    path = tmp_path / "a.mp4"
    media.write_video(path, FRAMES, 10)
    data = path.read_bytes()
    upright = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9I", 0, 1 << 16, 0, 0xFFFF0000, 0, 0, 0, 0, 1 << 30)
    at = data.index(upright, data.index(b"tkhd"))
    path.write_bytes(data[:at] + turned + data[at + len(turned) :])
    code, out, _ = run(capsys, path, "--quiet")
    assert code == 0 and "64×96 px, turned upright by" in out and not windows(out)


def write_odd(path, size, times):
    """Frames of any size at any times, without loss."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=1000)
        stream.height, stream.width = size
        stream.pix_fmt = "bgr0"
        stream.codec_context.time_base = Fraction(1, 1000)
        for time, pixels in zip(times, FRAMES, strict=False):
            some = np.ascontiguousarray(pixels[: size[0], : size[1]])
            frame = av.VideoFrame.from_ndarray(some, "rgb24")
            frame.pts, frame.time_base = round(1000 * time), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_odd_sizes_and_a_rate_that_varies(tmp_path, capsys):
    times = np.cumsum([0, *[0.05, 0.31] * 6])  # 13 frames, until 2.16 s
    write_odd(tmp_path / "a.mkv", (37, 51), times)
    code, out, _ = run(capsys, tmp_path / "a.mkv")
    assert code == 0 and "51×37 px" in out and len(windows(out)) == 2


def test_a_single_frame_says_nothing_of_motion(tmp_path, capsys):
    write_odd(tmp_path / "a.mkv", (64, 96), [0.0])
    code, out, _ = run(capsys, tmp_path / "a.mkv")
    assert code == 0 and len(windows(out)) == 1 and "fight" not in windows(out)[0]


def test_a_film_cut_in_the_middle_is_judged_as_far_as_it_goes(tmp_path, capsys):
    path = tmp_path / "a.webm"
    noise = np.random.default_rng(0).integers(0, 255, (60, 64, 96, 3), np.uint8)
    media.write_video(path, noise, 10)
    path.write_bytes(path.read_bytes()[: int(0.7 * path.stat().st_size)])
    code, out, err = run(capsys, path)
    assert code == 1 and "truncated" in err and err.count("\n") == 1
    assert windows(out) and "as far as it could be read" in out


@pytest.mark.parametrize("content", [b"", b"no film at all" * 99, None])
def test_what_is_no_film_is_refused_in_a_line(tmp_path, capsys, content):
    path = tmp_path / "a.mp4"
    if content is not None:
        path.write_bytes(content)
    code, out, err = run(capsys, path)
    assert code == 1 and out == "" and err.count("\n") == 1
    assert "mmlearn: " in err and str(path) in err


def test_an_unknown_judge(tmp_path, capsys):
    media.write_video(tmp_path / "a.mp4", FRAMES, 10)
    code, _, err = run(capsys, tmp_path / "a.mp4", "--judge", "solomon")
    assert code == 1 and "fights, storyboard" in err


def test_subtitles_that_cannot_be_read_are_left_out(tmp_path, capsys):
    media.write_video(tmp_path / "a.mp4", FRAMES, 10)
    (tmp_path / "a.srt").write_text("no captions", "utf-8")
    code, out, err = run(capsys, tmp_path / "a.mp4")
    assert code == 0 and "subtitles are left out" in err and len(windows(out)) == 2
