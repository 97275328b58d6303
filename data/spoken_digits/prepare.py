"""Render the spoken digits: ten words, six synthetic voices, five takes each.

    python data/spoken_digits/prepare.py [FOLDER]

Needs the program `espeak-ng` (Debian and Ubuntu: apt install espeak-ng; macOS: brew
install espeak-ng). A program, not its library: it starts afresh for each word, so that
the same call gives the same samples, and it fails when a voice is missing, where the
library goes on with the voice it had.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from mmlearn.media import read_wav, write_wav

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
RATE = 8000  # Hz, that of the Free Spoken Digit Dataset
TAKES = 5
# name: espeak-ng voice + variant, pitch (0 to 99), words per minute
VOICES = {
    "carol": ("en-029+f3", 55, 150),  # Caribbean English, female
    "diana": ("en-us+f2", 60, 165),  # American, female
    "edith": ("en-gb-x-rp+f4", 45, 145),  # British (received pronunciation), female
    "fergus": ("en-gb-scotland+m7", 40, 155),  # Scottish, male
    "larry": ("en-gb-x-gbclan+m3", 20, 140),  # Lancaster, male, low
    "nolan": ("en-us+m1", 50, 175),  # American, male
}
SILENCE = 0.02  # of the peak: below it a word has not begun, or has ended
MARGIN = 0.015  # s kept on both sides


def speak(word, voice, pitch, speed):
    """Render a word: float samples at the synthesizer's own rate, and that rate."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "word.wav")
        command = ["espeak-ng", "-v", voice, "-p", str(pitch), "-s", str(speed)]
        subprocess.run([*command, "-w", str(path), word], check=True)
        return read_wav(path)


def trim(samples, rate):
    """Cut the silence before and after the word, but for a short margin."""
    loud = np.flatnonzero(np.abs(samples) > SILENCE * np.abs(samples).max())
    margin = round(MARGIN * rate)
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]


def take(digit, name, number):
    """One recording: speed, pitch, loudness and a faint room noise vary by the take."""
    seed = hashlib.sha256(f"{digit}_{name}_{number}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(seed[:8], "big"))
    voice, pitch, speed = VOICES[name]
    pitch = round(pitch + rng.uniform(-12, 12))
    speed = round(speed * rng.uniform(0.88, 1.14))
    samples, rate = speak(WORDS[digit], voice, pitch, speed)
    samples = resample_poly(samples.astype(np.float64), RATE, rate)  # low-passed
    samples = trim(samples, RATE)
    fade = np.minimum(1, np.arange(len(samples)) / (0.005 * RATE))
    samples = samples * fade * fade[::-1]
    samples *= rng.uniform(0.45, 0.9) / np.abs(samples).max()
    return samples + rng.normal(0, 8e-4, len(samples))  # about -62 dB of full scale


def main(folder):
    if shutil.which("espeak-ng") is None:
        sys.exit(
            "prepare.py: the program espeak-ng is not installed; see its docstring"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in VOICES:
        for digit in range(10):
            for number in range(TAKES):
                path = folder / f"{digit}_{name}_{number}.wav"
                write_wav(path, take(digit, name, number), RATE)
    files = sorted(folder.glob("*.wav"))
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.2f} MB in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
