import numpy as np
import pytest

from mmlearn import show
from mmlearn.axes import ShapeError


def test_a_short_waveform_is_drawn_sample_by_sample():
    samples = np.sin(np.arange(8))
    figure = show.waveform(samples, 4, start=1.0, title="Eight samples")
    ax = figure.axes[0]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), samples)
    np.testing.assert_allclose(ax.lines[0].get_xdata(), 1 + np.arange(8) / 4)
    assert ax.get_xlabel() == "time (s)"
    assert "amplitude" in ax.get_ylabel()
    assert ax.get_title(loc="left") == "Eight samples"


def test_a_long_waveform_keeps_its_peaks():
    samples = np.zeros((50_000, 2))
    samples[31_234] = [0.9, -0.7]
    figure = show.waveform(samples, 8000)
    left, right = (ax.collections[0].get_datalim(ax.transData) for ax in figure.axes)
    assert left.y1 == pytest.approx(0.9)
    assert right.y0 == pytest.approx(-0.7)


@pytest.mark.parametrize(
    "samples", [np.zeros(0), np.zeros((5, 3)), np.zeros((2, 5, 1))]
)
def test_what_is_no_sound_is_refused(samples):
    with pytest.raises(ShapeError, match="waveform: samples is"):
        show.waveform(samples, 8000)


def test_spectrum_puts_a_tone_at_its_frequency():
    tone = np.sin(2 * np.pi * 2 * np.arange(8) / 8)
    figure = show.spectrum(np.abs(np.fft.rfft(tone)), 8, title="A tone")
    ax = figure.axes[0]
    x, y = ax.containers[0].markerline.get_data()
    assert x[np.argmax(y)] == 2.0
    assert ax.get_xlabel() == "frequency (Hz)"


def test_spectrogram_has_time_to_the_right_and_frequency_upwards():
    levels = np.zeros((10, 5))
    levels[3, 4] = 1.0
    figure = show.spectrogram(levels, rate=8000, hop=80, title="One dot")
    ax = figure.axes[0]
    (picture,) = ax.get_images()
    assert picture.get_array()[4, 3] == 1.0
    assert picture.origin == "lower"
    assert picture.get_extent()[:2] == pytest.approx([0, 0.1])
    assert [t.get_text() for t in ax.get_yticklabels()][-1] == "4000"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (s)", "frequency (Hz)")


def test_a_spectrogram_can_be_heard(monkeypatch):
    sent = []

    def display(*objects, **options):
        sent.append(objects[0])

    monkeypatch.setattr("IPython.display.display", display)
    tone = np.sin(np.arange(800) / 3)
    figure = show.spectrogram(np.zeros((10, 5)), 8000, 80, sound=tone, title="A tone")
    figure._ipython_display_()
    assert "image/png" in sent[0] and repr(sent[-1]) == "[audio: A tone, 2 kB]"
    assert show.spectrogram(np.zeros((10, 5)), 8000, 80).player is None


def test_spectrogram_names_mel_bands_and_refuses_complex_values():
    bands = np.array([100.0, 300.0, 900.0])
    figure = show.spectrogram(np.zeros((4, 3)), 8000, 80, frequencies=bands)
    ticks = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert ticks == ["100", "300", "900"]
    with pytest.raises(ShapeError, match=r"take np\.abs"):
        show.spectrogram(np.zeros((4, 3), complex), 8000, 80)
