"""Spoken digits: names, rates, splits; the shipped ones and FSDD's real ones."""

import hashlib
import io
import tarfile
import wave

import numpy as np
import pytest

from mmlearn import course, datasets, media
from mmlearn.datasets import DataError, SpokenDigits, speech


def write(path, samples, rate=8000, channels=1):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.asarray(samples, "<i2").tobytes())


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "data_folder", lambda: tmp_path)
    folder = tmp_path / "spoken_digits"
    folder.mkdir()
    return folder


def test_names_become_columns_in_order(shipped):
    for digit, voice, take in [(1, "bob_uk", 10), (1, "bob_uk", 9), (0, "eve", 2)]:
        write(shipped / f"{digit}_{voice}_{take}.wav", [0, 16384, -32768][: digit + 2])
    recordings = datasets.load_spoken_digits()
    assert recordings.digit.tolist() == [0, 1, 1]
    assert recordings.speaker.tolist() == ["eve", "bob_uk", "bob_uk"]
    assert recordings.take.tolist() == [2, 9, 10]
    assert recordings.speakers == ["bob_uk", "eve"] and recordings.rate == 8000
    assert [len(w) for w in recordings.waveforms] == [2, 3, 3]
    np.testing.assert_array_equal(recordings.waveforms[2], [0, 0.5, -1])
    assert recordings.waveforms[0].dtype == np.float32


@pytest.mark.parametrize(
    "name", ["seven.wav", "12_eve_0.wav", "7__0.wav", "7_eve_x.wav"]
)
def test_other_names_are_refused(shipped, name):
    write(shipped / name, [0, 1])
    with pytest.raises(DataError, match=f"{name}: expected a name like 7_jackson_32"):
        datasets.load_spoken_digits()


def test_other_rates_stereo_and_damage_are_refused(shipped):
    path = shipped / "1_eve_0.wav"
    with pytest.raises(DataError, match="no wav files in .*; reinstall mmlearn"):
        datasets.load_spoken_digits()
    write(path, [0, 1], rate=16000)
    with pytest.raises(DataError, match=r"1_eve_0.wav: .* at 16000 Hz; expected mono"):
        datasets.load_spoken_digits()
    write(path, [0, 1, 2, 3], channels=2)
    with pytest.raises(DataError, match=r"\(2, 2\) at 8000 Hz; expected mono"):
        datasets.load_spoken_digits()
    write(path, range(100))
    path.write_bytes(path.read_bytes()[:90])
    with pytest.raises(DataError, match="truncated.*; reinstall mmlearn"):
        datasets.load_spoken_digits()


def test_empty_sounds_and_other_depths(shipped):
    path = shipped / "1_eve_0.wav"
    write(path, [])
    with pytest.raises(DataError, match="1_eve_0.wav holds no samples; reinstall"):
        datasets.load_spoken_digits()
    path.write_bytes(b"")
    with pytest.raises(DataError, match="1_eve_0.wav is empty"):
        datasets.load_spoken_digits()
    media.write_wav(path, np.array([0, 0.5, -0.25]), 8000, bits=24)
    (waveform,) = datasets.load_spoken_digits().waveforms
    np.testing.assert_array_equal(waveform, [0, 0.5, -0.25])


@pytest.mark.parametrize(
    ("samples", "rate", "channels", "told"),
    [
        ([0, 1], 16000, 1, "at 16000 Hz; expected mono at 8000"),
        ([0, 1, 2, 3], 8000, 2, r"\(2, 2\) at 8000 Hz; expected mono"),
        ([], 8000, 1, "holds no samples"),
    ],
)
def test_a_member_of_the_archive_that_is_no_such_sound(
    tmp_path, samples, rate, channels, told
):
    write(tmp_path / "a.wav", samples, rate, channels)
    with pytest.raises(DataError, match=f"7_theo_1.wav: .*{told}"):
        speech._decode("7_theo_1.wav", (tmp_path / "a.wav").read_bytes())
    with pytest.raises(DataError, match="7_theo_1.wav: not a sound"):
        speech._decode("7_theo_1.wav", b"RIFF")


def made(speakers, takes=3):
    rows = [(d, s, t) for d in range(10) for s in speakers for t in range(takes)]
    digit, speaker, take = (np.array(column) for column in zip(*rows, strict=True))
    waveforms = [np.full(5, i, np.float32) for i in range(len(rows))]
    return SpokenDigits(waveforms, 8000, digit, speaker, take)


def test_select_keeps_rows_together():
    recordings = made(["ann", "bob"])
    for chosen in ([5, 1], recordings.take == 2):
        some = recordings.select(chosen)
        index = np.arange(60)[np.asarray(chosen)]
        assert [int(w[0]) for w in some.waveforms] == index.tolist()
        np.testing.assert_array_equal(some.digit, recordings.digit[index])
        np.testing.assert_array_equal(some.speaker, recordings.speaker[index])
        np.testing.assert_array_equal(some.take, recordings.take[index])


def test_splits_by_take_and_by_speaker():
    recordings = made(["ann", "bob", "eve"])
    by_take = recordings.splits()
    assert set(by_take["test"].take) == {0} and set(by_take["train"].take) == {1, 2}
    by_speaker = recordings.leave_one_speaker_out("bob")
    assert by_speaker["train"].speakers == ["ann", "eve"]
    assert by_speaker["test"].speakers == ["bob"]
    for parts in (by_take, by_speaker):
        numbers = [int(w[0]) for part in parts.values() for w in part.waveforms]
        assert sorted(numbers) == list(range(90))
    with pytest.raises(DataError, match="no speaker 'tom'; there are ann, bob, eve"):
        recordings.leave_one_speaker_out("tom")


def test_what_ships():
    recordings = datasets.load_spoken_digits()
    voices = len(recordings.speakers)
    assert voices >= 4 and len(recordings) >= 10 * voices
    assert len(set(np.bincount(recordings.digit))) == 1, "as many of each digit"
    assert all(0.05 < len(w) / recordings.rate < 2 for w in recordings.waveforms)
    parts = recordings.splits()
    assert 0 < len(parts["test"]) < len(parts["train"])
    assert parts["test"].speakers == parts["train"].speakers


def test_the_real_recordings(real):
    folder = real("fsdd")
    recordings = datasets.load_fsdd(download=False)
    splits = recordings.splits()
    assert [len(p) for p in (recordings, *splits.values())] == [3000, 2700, 300]
    speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"]
    for part, takes in zip(splits.values(), (45, 5), strict=True):
        assert part.speakers == speakers and part.rate == 8000
        assert np.bincount(part.digit).tolist() == [6 * takes] * 10
        assert all(w.ndim == 1 and w.dtype == np.float32 for w in part.waveforms)
        assert all(0 < np.abs(w).max() <= 1 for w in part.waveforms)
    assert splits["train"].take.min() == 5 and splits["test"].take.max() == 4
    # an independent reader of one recording
    (path,) = folder.glob("*.tar.gz")
    with tarfile.open(path) as tar:
        name = next(n for n in tar.getnames() if n.endswith("/7_theo_31.wav"))
        with wave.open(io.BytesIO(tar.extractfile(name).read())) as sound:
            samples = np.frombuffer(sound.readframes(10**6), "<i2") / 32768
    theo = recordings.speaker == "theo"
    here = theo & (recordings.digit == 7) & (recordings.take == 31)
    (waveform,) = recordings.select(here).waveforms
    np.testing.assert_array_equal(waveform, samples.astype(np.float32))
    out = recordings.leave_one_speaker_out("theo")
    assert (len(out["train"]), len(out["test"])) == (2500, 500)


def test_an_archive_without_one_recording_is_not_used(real, tmp_path, monkeypatch):
    (source,) = real("fsdd").glob("*.tar.gz")
    monkeypatch.setenv("MMLEARN_DATA", str(tmp_path))
    (tmp_path / "fsdd").mkdir()
    with (
        tarfile.open(source) as tar,
        tarfile.open(tmp_path / "fsdd" / source.name, "w:gz", compresslevel=1) as less,
    ):
        for member in tar:
            data = tar.extractfile(member) if member.isfile() else None
            if member.name.endswith("/3_lucas_7.wav"):
                data, member.size = io.BytesIO(b"RIFF"), 4
            if not member.name.endswith("/9_george_0.wav"):
                less.addfile(member, data)
    with pytest.raises(DataError, match="2,998 of 3,000") as caught:
        datasets.load_fsdd(download=False)
    assert "9_george_0.wav: missing" in str(caught.value)
    assert "3_lucas_7.wav: altered" in str(caught.value)
    assert "load_spoken_digits()" in str(caught.value)


def test_a_shipped_file_that_was_altered_or_lost_is_named(shipped):
    for take in range(2):
        write(shipped / f"1_eve_{take}.wav", [0, 1, 2, 3])
    digest = hashlib.sha256((shipped / "1_eve_0.wav").read_bytes()).hexdigest()
    sums = [f"{digest}  1_eve_{take}.wav" for take in range(2)]
    (shipped / "SHA256SUMS").write_text("\n".join(sums))
    assert len(datasets.load_spoken_digits()) == 2
    write(shipped / "1_eve_1.wav", [0, 1, 2, 4])  # as long, and sound all the same
    told = "1_eve_1.wav: altered, .* has sha256 .*; reinstall mmlearn"
    with pytest.raises(DataError, match=told):
        datasets.load_spoken_digits()
    (shipped / "1_eve_1.wav").unlink()
    with pytest.raises(DataError, match=r"1_eve_1.wav: missing, .*; reinstall mmlearn"):
        datasets.load_spoken_digits()
    assert [f.state for f in datasets.verify("spoken_digits")] == ["missing"]


@pytest.mark.parametrize("name", ["spoken_digits", "clip", "reviews", "verses"])
def test_every_shipped_file_is_listed(name):
    folder = course.data_folder() / name
    data = {p.name for p in folder.iterdir() if p.suffix not in (".md", ".py", "")}
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    assert {line.split()[1] for line in lines} == data
