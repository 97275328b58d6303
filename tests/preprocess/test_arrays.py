import numpy as np
import pytest

from mmlearn.preprocess import audio, images, video
from mmlearn.preprocess.arrays import expect_numbers

CALLS = {
    "scale": lambda x: images.scale(x, top=1),
    "resize": lambda x: images.resize(x, (2, 2)),
    "to_gray": images.to_gray,
    "Standardize.fit": lambda x: images.Standardize().fit(x),
    "stft": lambda x: audio.stft(x.ravel(), 8000),
    "log_mel": lambda x: audio.log_mel(x.ravel(), 8000),
    "resample": lambda x: audio.resample(x.ravel(), 8000, 4000),
    "normalize_level": lambda x: audio.normalize_level(x.ravel()),
    "trim_silence": lambda x: audio.trim_silence(x.ravel()),
    "fit_length": lambda x: audio.fit_length([x.ravel()]),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("wrong", [np.nan, np.inf, None])
def test_nan_and_empty_are_refused_everywhere(name, wrong):
    x = np.full((1, 4, 4, 3), 0.5)
    if wrong is None:
        with pytest.raises(ValueError, match="is empty|are empty|empty"):
            CALLS[name](x[:0])
    else:
        x[0, 1, 1, 1] = wrong
        with pytest.raises(ValueError, match=r"NaN or infinite in 1 of 48"):
            CALLS[name](x)


def test_words_are_no_numbers():
    with pytest.raises(ValueError, match="f: x is of <U1; expected numbers"):
        expect_numbers("f", "x", np.array(["a"]))


REFUSERS = {
    "resample": lambda x: audio.resample(x, 8000, 16000),
    "normalize_level": audio.normalize_level,
    "trim_silence": audio.trim_silence,
    "stft": lambda x: audio.stft(x, 8000),
    "log_mel": lambda x: audio.log_mel(x, 8000),
    "fit_length": lambda x: audio.fit_length([x]),
    "scale": images.scale,
    "resize": lambda x: images.resize(x, (2, 2)),
    "to_gray": images.to_gray,
    "Standardize.fit": lambda x: images.Standardize().fit(x),
    "sample_frames": lambda x: video.sample_frames(x, 2),
    "to_frame_rate": lambda x: video.to_frame_rate(np.zeros(2), x, 5),
    "align": lambda x: video.align([0.0, 1.0], x if x is not None else "", 8),
}


@pytest.mark.parametrize("name", REFUSERS)
def test_none_text_and_unequal_parts_are_told_in_the_callers_words(name):
    for wrong in (None, "a word", [[1.0, 2.0], [3.0]]):
        with pytest.raises(ValueError, match=rf"^{name}: .*expected") as caught:
            REFUSERS[name](wrong)
        assert "inhomogeneous" not in str(caught.value)
