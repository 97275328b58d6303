import base64
import io
import re
import wave

import numpy as np
import pytest

from mmlearn import show
from mmlearn.axes import ShapeError


def embedded(player):
    return base64.b64decode(
        re.search(r'base64,([^"]+)"', player._repr_html_()).group(1)
    )


@pytest.mark.parametrize("shape", [(800,), (800, 2)])
def test_play_embeds_a_wav_of_the_same_samples(shape):
    samples = np.random.default_rng(0).uniform(-1, 1, shape)
    player = show.play(samples, 8000, "noise & hiss")
    with wave.open(io.BytesIO(embedded(player))) as file:
        assert file.getframerate() == 8000
        assert file.getnchannels() == samples.reshape(800, -1).shape[1]
        heard = np.frombuffer(file.readframes(800), "<i2").reshape(shape) / 32767
    assert np.abs(heard - samples).max() <= 0.5 / 32767 + 1e-9
    assert "noise &amp; hiss" in player._repr_html_()


def test_integers_are_16_bit_samples():
    player = show.play(np.array([0, 16384, -32768], np.int16), 8000)
    heard = np.frombuffer(embedded(player)[-6:], "<i2")
    np.testing.assert_allclose(heard, [0, 16384, -32768], atol=1)


def test_what_is_too_loud_is_clipped_and_says_so():
    player = show.play(np.array([0.0, 2.0]), 8000, "loud")
    assert player.caption == "loud (clipped: its peak is 2, above 1)"


def test_play_refuses_what_is_no_sound():
    with pytest.raises(ShapeError, match="play: samples is"):
        show.play(np.zeros((5, 3)), 8000)
    with pytest.raises(ValueError, match="NaN"):
        show.play(np.array([np.nan]), 8000)
    with pytest.raises(ValueError, match="would be embedded"):
        show.play(np.zeros(3_000_000), 8000)


def test_video_embeds_the_file_without_its_path(tmp_path):
    path = tmp_path / "clip.webm"
    path.write_bytes(b"not really a film")
    player = show.video(path, "a film")
    assert embedded(player) == b"not really a film"
    assert str(tmp_path) not in player._repr_html_() + repr(player)
    assert 'src="data:video/webm;' in player._repr_html_()


def test_video_refuses_what_browsers_do_not_play(tmp_path):
    with pytest.raises(ValueError, match=r"write it as \.webm"):
        show.video(tmp_path / "clip.avi")
    with pytest.raises(FileNotFoundError):
        show.video(tmp_path / "missing.webm")
