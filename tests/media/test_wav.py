import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import wavfile

from mmlearn.media import MediaError, read_wav, write_wav

RATES = st.sampled_from([8000, 11025, 16000, 44100, 48000])


@st.composite
def sounds(draw, bits=16):
    """Samples that `bits` bits hold exactly, float64."""
    channels = draw(st.sampled_from([1, 1, 2, 3]))
    length = draw(st.integers(1, 300))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    whole = rng.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (length, channels))
    samples = whole / 2.0 ** (bits - 1)
    return samples[:, 0] if channels == 1 else samples


@settings(max_examples=25, deadline=None)
@given(sounds(), RATES, st.sampled_from([16, 24, 32, "float"]))
def test_round_trip_keeps_every_16_bit_value(tmp_path_factory, samples, rate, bits):
    path = tmp_path_factory.mktemp("wav") / "a.wav"
    write_wav(path, samples, rate, bits=bits)
    back, back_rate = read_wav(path)
    assert back.dtype == np.float32
    assert back_rate == rate
    np.testing.assert_array_equal(back, samples.astype(np.float32))


@pytest.mark.parametrize(
    ("dtype", "scale", "offset"),
    [(np.uint8, 128, 128), (np.int16, 2**15, 0), (np.int32, 2**31, 0)],
)
@pytest.mark.parametrize("shape", [(400,), (400, 2)])
def test_reads_what_scipy_wrote(tmp_path, dtype, scale, offset, shape):
    info = np.iinfo(dtype)
    rng = np.random.default_rng(0)
    whole = rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
    wavfile.write(tmp_path / "a.wav", 8000, whole)
    samples, rate = read_wav(tmp_path / "a.wav")
    assert (samples.shape, rate) == (shape, 8000)
    expected = (whole.astype(np.float64) - offset) / scale
    np.testing.assert_allclose(samples, expected, atol=1e-7)


def test_scipy_reads_what_we_write(tmp_path):
    samples = np.array([-1.0, -0.5, 0.0, 0.25, 1 - 2**-15])
    write_wav(tmp_path / "a.wav", samples, 16000)
    rate, whole = wavfile.read(tmp_path / "a.wav")
    assert rate == 16000
    np.testing.assert_array_equal(whole, samples * 2**15)


def test_reads_24_bit_and_float(tmp_path):
    samples = np.linspace(-1, 1, 100, endpoint=False)
    for subtype in ("PCM_24", "FLOAT", "DOUBLE"):
        soundfile.write(tmp_path / "a.wav", samples, 22050, subtype=subtype)
        back, _ = read_wav(tmp_path / "a.wav")
        np.testing.assert_allclose(back, samples, atol=2**-22)


def test_full_scale_is_written_as_the_largest_integer(tmp_path):
    write_wav(tmp_path / "a.wav", np.array([1.0, -1.0]), 8000)
    _, whole = wavfile.read(tmp_path / "a.wav")
    assert whole.tolist() == [32767, -32768]


def test_a_streamed_header_without_a_length_is_read(tmp_path):
    path = tmp_path / "a.wav"
    write_wav(path, np.full(100, 0.5), 8000)
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = b"\xff" * 4
    path.write_bytes(data)
    samples, _ = read_wav(path)
    np.testing.assert_array_equal(samples, np.full(100, 0.5))


@pytest.mark.parametrize("keep", [10, 30, 44, 200])
def test_a_truncated_file_is_refused(tmp_path, keep):
    path = tmp_path / "a.wav"
    write_wav(path, np.full(1000, 0.5), 8000)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(MediaError, match=r"truncated|not a sound"):
        read_wav(path)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "text.wav").write_text("no sound at all, only words\n" * 20)
    with pytest.raises(MediaError, match="not a sound file"):
        read_wav(tmp_path / "text.wav")
    wavfile.write(tmp_path / "nan.wav", 8000, np.array([0, np.nan], np.float32))
    with pytest.raises(MediaError, match="NaN"):
        read_wav(tmp_path / "nan.wav")
    wavfile.write(tmp_path / "none.wav", 8000, np.zeros(0, np.int16))
    with pytest.raises(MediaError, match="no samples"):
        read_wav(tmp_path / "none.wav")


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros((2, 3, 4)), r"\(2, 3, 4\)"),
        (np.zeros((2, 16000)), "time is the first axis"),
        (np.zeros(0), r"\(0,\)"),
        (np.zeros(4, np.int16), "int16; expected floats"),
        (np.array([0.0, np.nan]), "NaN"),
        (np.array([0.0, 1.7]), "reach 1.7"),
        ("abc", "expected"),
    ],
)
def test_wrong_samples_are_refused_and_nothing_is_written(tmp_path, samples, message):
    with pytest.raises(MediaError, match=message):
        write_wav(tmp_path / "a.wav", samples, 8000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rate", [0, -1, 8000.5, "8000", None, 10**9])
def test_wrong_rates_are_refused(tmp_path, rate):
    with pytest.raises(MediaError, match="rate is"):
        write_wav(tmp_path / "a.wav", np.zeros(4), rate)


def test_wrong_bits_and_suffix_are_refused(tmp_path):
    with pytest.raises(MediaError, match="bits is 12"):
        write_wav(tmp_path / "a.wav", np.zeros(4), 8000, bits=12)
    with pytest.raises(MediaError, match=r"\.mp3; expected one of \.wav"):
        write_wav(tmp_path / "a.mp3", np.zeros(4), 8000)
