"""Bad paths and bad disks, for every format alike."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from mmlearn import media

READERS = [media.read_wav, media.read_image, media.read_video, media.read_subtitles]
WRITERS = {
    "a.wav": lambda path: media.write_wav(path, np.zeros(100), 8000),
    "a.png": lambda path: media.write_image(path, np.zeros((4, 5, 3), np.uint8)),
    "a.mp4": lambda path: media.write_video(path, np.zeros((3, 16, 16, 3), "u1"), 10),
    "a.srt": lambda path: media.write_subtitles(path, [(0, 1, "word")]),
}
readers = pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
writers = pytest.mark.parametrize("name", WRITERS)


@readers
def test_unreadable_paths(tmp_path, read):
    (tmp_path / "empty.wav").touch()
    cases = {
        tmp_path / "none.wav": "does not exist",
        tmp_path: "is a folder",
        tmp_path / "empty.wav": "is empty",
        tmp_path / "empty.wav" / "x": "does not exist|cannot be read",
        "a" * 5000: "cannot be read|does not exist",
    }
    for path, message in cases.items():
        with pytest.raises(media.MediaError, match=message):
            read(path)
    with pytest.raises(media.MediaError, match="got a int"):
        read(3)


@readers
def test_random_bytes_are_no_media_and_the_terminal_stays_quiet(tmp_path, capfd, read):
    path = tmp_path / "noise.bin"
    path.write_bytes(np.random.default_rng(0).bytes(5000))
    with pytest.raises(media.MediaError, match=r"noise\.bin"):
        read(path)
    assert capfd.readouterr() == ("", "")


@readers
def test_a_file_one_may_not_read(tmp_path, monkeypatch, read):
    path = tmp_path / "secret"
    path.write_bytes(b"1234")

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(media.MediaError, match="cannot be read: Permission denied"):
        read(path)


@writers
def test_a_missing_or_forbidden_folder(tmp_path, monkeypatch, name):
    with pytest.raises(media.MediaError, match="its folder does not exist"):
        WRITERS[name](tmp_path / "none" / name)
    (tmp_path / "file").touch()
    with pytest.raises(media.MediaError, match="its folder does not exist"):
        WRITERS[name](tmp_path / "file" / name)
    (tmp_path / name).mkdir()
    with pytest.raises(media.MediaError, match="is a folder"):
        WRITERS[name](tmp_path / name)

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(media.MediaError, match="you may not write in that folder"):
        WRITERS[name](tmp_path / f"b{name}")


@writers
def test_a_full_disk_leaves_the_old_file_and_no_trace(tmp_path, monkeypatch, name):
    WRITERS[name](tmp_path / name)
    before = (tmp_path / name).read_bytes()

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(media.MediaError, match="no space is left on the disk"):
        WRITERS[name](tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("name", ["a.webm", "a.mp4", "a.wav", "a.png"])
def test_a_write_that_really_fails_half_way(tmp_path, name):
    resource = pytest.importorskip("resource", reason="file size limits are Unix only")
    noise = np.random.default_rng(0).integers(0, 256, (40, 64, 64, 3), np.uint8)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(
            media.MediaError, match="larger than this account may write"
        ):
            if name.endswith("wav"):
                media.write_wav(tmp_path / name, np.zeros(9000), 8000)
            elif name.endswith("png"):
                media.write_image(tmp_path / name, noise[0])
            else:
                media.write_video(tmp_path / name, noise, 10, np.zeros(32000), 8000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


@writers
def test_a_new_file_has_ordinary_permissions(tmp_path, name):
    WRITERS[name](tmp_path / name)
    (tmp_path / "plain").touch()
    expected = (tmp_path / "plain").stat().st_mode
    assert (tmp_path / name).stat().st_mode == expected
