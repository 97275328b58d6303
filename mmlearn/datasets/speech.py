"""Spoken digits: the synthesized ones that ship, and the recorded ones of FSDD."""

import io
from dataclasses import dataclass, replace

import numpy as np

from mmlearn import course
from mmlearn.datasets import archive, integrity, registry
from mmlearn.datasets.card import DataError
from mmlearn.datasets.download import obtain

RATE = 8_000  # Hz


@dataclass(frozen=True)
class SpokenDigits:
    """Recordings of spoken digits, of unequal length.

    Args:
        waveforms: list of N arrays (S,) float32, 1.0 is full scale.
        rate: samples per second, Hz.
        digit: (N,) int64, what is said.
        speaker: (N,) str, by whom.
        take: (N,) int64, counting a speaker's recordings of a digit.
        test_takes: takes below this number test, the others train.
    """

    waveforms: list[np.ndarray]
    rate: int
    digit: np.ndarray
    speaker: np.ndarray
    take: np.ndarray
    test_takes: int = 1

    def __len__(self):
        return len(self.waveforms)

    @property
    def speakers(self):
        """The speakers' names, in alphabetical order."""
        return [str(name) for name in np.unique(self.speaker)]

    def select(self, chosen):
        """Some of the recordings, as another `SpokenDigits`.

        Args:
            chosen: indices, or a mask (N,) bool.
        """
        index = np.arange(len(self))[np.asarray(chosen)]
        return replace(
            self,
            waveforms=[self.waveforms[i] for i in index],
            digit=self.digit[index],
            speaker=self.speaker[index],
            take=self.take[index],
        )

    def splits(self):
        """The data set's own split by take: every speaker is in both parts.

        Returns:
            dict "train", "test" → `SpokenDigits`.
        """
        return self._apart(self.take < self.test_takes)

    def leave_one_speaker_out(self, speaker):
        """Train on all speakers but one, test on that one: what a stranger would meet.

        Args:
            speaker: the name of the one to leave out.

        Returns:
            dict "train", "test" → `SpokenDigits`.

        Raises:
            DataError: for an unknown speaker, with the names there are.

        >>> ann = SpokenDigits([np.zeros(8)] * 3, 8000, np.arange(3),
        ...                    np.array(["ann", "bob", "ann"]), np.zeros(3))
        >>> ann.leave_one_speaker_out("ann")["test"].digit
        array([0, 2])
        """
        if speaker not in self.speakers:
            names = ", ".join(self.speakers)
            raise DataError(f"no speaker {speaker!r}; there are {names}")
        return self._apart(self.speaker == speaker)

    def _apart(self, test):
        return {"train": self.select(~test), "test": self.select(test)}


def load_spoken_digits():
    """Load the spoken digits that ship with the course: no network needed.

    Origin: the ten digits in English, synthesized with eSpeak NG by
        `data/spoken_digits/prepare.py` in several voices, each several times over with
        another speed and pitch. Synthetic: far easier than people (see `load_fsdd`).
    Licence and citation: CC BY 4.0, the mmlearn authors; data/spoken_digits/README.md.

    Returns:
        `SpokenDigits`, 8 kHz, ordered by digit, voice and take; `.splits()` tests on
        take 0, `.leave_one_speaker_out("edith")` on a voice.

    Raises:
        DataError: if the files are not there, or are named or sampled otherwise.
    """
    from mmlearn import media  # here: it brings the video decoder

    integrity.expect_shipped("spoken_digits")
    folder = course.data_folder() / "spoken_digits"
    paths = sorted(folder.glob("*.wav"))
    if not paths:
        raise DataError(f"spoken_digits: no wav files in {folder}; reinstall mmlearn")
    waveforms = {}
    for path in paths:
        try:
            waveforms[path.name] = _expect_rate(path.name, *media.read_wav(path))
        except media.MediaError as error:
            raise DataError(f"spoken_digits: {error}; reinstall mmlearn") from None
    return _recordings(waveforms, test_takes=1)


def load_fsdd(*, download=True):
    """Load the Free Spoken Digit Dataset: 3,000 recordings of real speakers.

    Origin: 6 speakers said each of the ten digits 50 times, in English, in their own
        rooms with their own microphones; trimmed of silence, 16 bits.
    Licence: CC BY-SA 4.0.
    Citation: Z. Jackson and contributors (2020), Free Spoken Digit Dataset 1.0.10,
        https://github.com/Jakobovski/free-spoken-digit-dataset.

    Args:
        download: whether a missing or damaged archive may be fetched (16 MB).

    Returns:
        `SpokenDigits`, 8 kHz, ordered by digit, speaker and take; `.splits()` is the
        official one (train: 2,700, takes 5 … 49; test: 300, takes 0 … 4) and has every
        speaker in both parts: report `.leave_one_speaker_out(speaker)` too.

    Raises:
        DataError: with the command to run, and `load_spoken_digits()` as the way
            without a network.
    """
    (path,) = obtain("fsdd", download)
    (file,) = registry.entry("fsdd").files
    members = archive.read_members(path, archive.manifest(file.manifest))
    waveforms = {name: _decode(name, data) for name, data in members.items()}
    return _recordings(waveforms, test_takes=5)


def _recordings(waveforms, test_takes):
    """Recordings by name, `{digit}_{speaker}_{take}.wav`, in the order of all three."""
    rows = []
    for name in waveforms:
        digit, _, rest = name.removesuffix(".wav").partition("_")
        speaker, _, take = rest.rpartition("_")
        if not (digit.isdecimal() and int(digit) < 10 and speaker and take.isdecimal()):
            raise DataError(f"{name}: expected a name like 7_jackson_32.wav")
        rows.append((int(digit), speaker, int(take), name))
    rows.sort()
    digits, speakers, takes, names = zip(*rows, strict=True)
    return SpokenDigits(
        [waveforms[name] for name in names],
        RATE,
        np.array(digits, np.int64),
        np.array(speakers),
        np.array(takes, np.int64),
        test_takes,
    )


def _decode(name, data):
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    except (soundfile.LibsndfileError, RuntimeError):
        raise DataError(f"{name}: not a sound that can be decoded") from None
    return _expect_rate(name, samples, rate)


def _expect_rate(name, samples, rate):
    if rate != RATE or samples.ndim != 1:
        raise DataError(
            f"{name}: {samples.shape} at {rate} Hz; expected mono at {RATE}"
        )
    if len(samples) == 0:
        raise DataError(f"{name}: holds no samples; expected a spoken digit")
    return samples
