"""A recording in the event file is the one that was given, as TensorBoard reads it."""

import io

import numpy as np
import pytest
from tensorboard.plugins.audio import metadata
from tensorboard.util.tensor_util import make_ndarray

from mmlearn import watch
from mmlearn.axes import ShapeError
from mmlearn.watch.events import events


def test_tensorboard_finds_the_sound(tmp_path):
    import soundfile

    samples = np.sin(np.arange(400) / 5)
    watch.sound(tmp_path, samples, 8000, name="seven", caption="by edith", step=3)
    (path,) = (tmp_path / "sounds").glob("*tfevents*")
    (event,) = [e for e in events(path) if e.summary.value]
    (value,) = event.summary.value
    wav, caption = make_ndarray(value.tensor)[0]
    heard, rate = soundfile.read(io.BytesIO(wav))
    assert (value.tag, event.step) == ("seven", 3)
    assert (caption, rate) == (b"by edith", 8000)
    np.testing.assert_allclose(heard, samples, atol=1e-4)
    told = value.metadata.plugin_data
    assert told.plugin_name == metadata.PLUGIN_NAME
    parsed = metadata.parse_plugin_metadata(told.content)
    assert parsed.encoding == metadata.Encoding.Value("WAV")


def test_stereo_is_refused(tmp_path):
    with pytest.raises(ShapeError, match="samples"):
        watch.sound(tmp_path, np.zeros((8, 2)), 8000)
