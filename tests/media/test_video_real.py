"""On real files of many makers, against OpenCV."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from mmlearn.media import frames, read_video, read_wav, write_wav

DATA = Path(os.environ.get("MMLEARN_DATA", "no-such-folder"))
REAL = sorted(DATA.glob("av-samples/*.[mw]*")) + sorted(DATA.glob("grid-av/*.mpg"))[:3]
SMALL = [path for path in REAL if path.name[0] in "rnb" and "_" not in path.stem[:4]]
real = pytest.mark.skipif(
    not REAL, reason="no av-samples or grid-av under $MMLEARN_DATA"
)


@real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_files_have_the_frames_that_opencv_counts(path, capfd):
    capture, count = cv2.VideoCapture(str(path)), 0
    while capture.grab():
        count += 1
    clip = read_video(path, size=(36, 64))
    assert len(clip.frames) == len(clip.times) == count
    assert (np.diff(clip.times) > 0).all()
    assert clip.frame_rate == pytest.approx(capture.get(cv2.CAP_PROP_FPS), rel=0.1)
    assert clip.frames.std() > 10
    if clip.sound is not None:
        silent = path.name == "cockatoo.mp4"  # its sound track holds nothing but zeros
        assert (np.abs(clip.sound).max() < 0.001) == silent
        begin, end = (
            clip.sound_start,
            clip.sound_start + len(clip.sound) / clip.sound_rate,
        )
        assert abs(begin - clip.times[0]) < 0.1
        assert abs(end - clip.times[-1]) < 2  # the sound of one file goes on longer
    assert capfd.readouterr() == ("", "")


@real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_a_part_of_a_real_file_is_that_part_of_the_whole(path):
    whole = [time for time, _ in frames(path, size=(9, 16))]
    for start in (0.3 * whole[-1], 0.8 * whole[-1]):
        part = [
            time for time, _ in frames(path, size=(9, 16), start=start, max_frames=5)
        ]
        assert part == pytest.approx([time for time in whole if time >= start][:5])


@real
def test_a_real_frame_looks_as_opencv_shows_it():
    for path in SMALL:
        theirs = cv2.cvtColor(cv2.VideoCapture(str(path)).read()[1], cv2.COLOR_BGR2RGB)
        ours = read_video(path, max_frames=1).frames[0]
        assert ours.shape == theirs.shape
        assert np.abs(ours.astype(int) - theirs).mean() < 3


@real
def test_the_sound_of_a_real_file_is_kept_by_our_own(tmp_path):
    clip = read_video(next(path for path in REAL if path.name == "nasa_13013.mp4"))
    write_wav(tmp_path / "a.wav", np.clip(clip.sound, -1, 1), clip.sound_rate)
    samples, rate = read_wav(tmp_path / "a.wav")
    assert rate == 8000
    np.testing.assert_allclose(samples, np.clip(clip.sound, -1, 1), atol=2**-15)
