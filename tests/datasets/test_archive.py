"""Archives that are cut, altered, or made to harm."""

import hashlib
import io
import tarfile
import zipfile

import numpy as np
import pytest

from mmlearn import datasets
from mmlearn.datasets import DataError, archive, registry

WAVS = {f"{digit}_ann_0.wav": bytes([digit]) * 300 for digit in range(10)}
EXPECTED = {name: hashlib.sha256(data).hexdigest() for name, data in WAVS.items()}


def pack(path, members, top="set-1.0/recordings/"):
    """A .tar.gz of (name, bytes) or of ready `TarInfo`s."""
    with tarfile.open(path, "w:gz") as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
                continue
            name, data = member
            info = tarfile.TarInfo(top + name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def link(name, target, kind):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_reads_what_is_wanted_and_only_that(tmp_path):
    path = pack(tmp_path / "a.tar.gz", [("README", b"x" * 10), *WAVS.items()])
    assert archive.read_members(path, EXPECTED) == WAVS
    assert archive.compare(WAVS, EXPECTED) == ([], {})
    assert [p.name for p in tmp_path.iterdir()] == ["a.tar.gz"]


def test_missing_and_altered_members_are_told_apart():
    some = dict(WAVS)
    del some["3_ann_0.wav"]
    some["4_ann_0.wav"] = b"other"
    missing, altered = archive.compare(some, EXPECTED)
    assert missing == ["3_ann_0.wav"]
    assert altered == {"4_ann_0.wav": hashlib.sha256(b"other").hexdigest()}


@pytest.mark.parametrize(
    "evil",
    [
        "/etc/0_ann_0.wav",
        "../0_ann_0.wav",
        "set/../../0_ann_0.wav",
        "..\\0_ann_0.wav",
        "C:\\0_ann_0.wav",
    ],
)
def test_paths_that_lead_out_are_refused(tmp_path, evil):
    path = pack(tmp_path / "a.tar.gz", [(evil, b"x")], top="")
    with pytest.raises(DataError, match="leads out of its folder"):
        archive.read_members(path, EXPECTED)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_a_link_or_device_in_a_members_place_is_refused(tmp_path, kind):
    path = pack(tmp_path / "a.tar.gz", [link("set/0_ann_0.wav", "/etc/passwd", kind)])
    with pytest.raises(DataError, match="0_ann_0.wav is a link or a device"):
        archive.read_members(path, EXPECTED)


def test_a_member_twice_is_refused(tmp_path):
    path = pack(tmp_path / "a.tar.gz", [("0_ann_0.wav", b"x"), ("0_ann_0.wav", b"y")])
    with pytest.raises(DataError, match="holds 0_ann_0.wav twice"):
        archive.read_members(path, EXPECTED)


def test_bombs_are_refused(tmp_path, monkeypatch):
    zeros = b"\0" * (archive.LARGEST_MEMBER + 1)
    path = pack(tmp_path / "large.tar.gz", [("0_ann_0.wav", zeros)])
    assert path.stat().st_size < 5_000, "a megabyte of zeros packs into a few kB"
    with pytest.raises(DataError, match="too many"):
        archive.read_members(path, EXPECTED)
    monkeypatch.setattr(archive, "LARGEST_ARCHIVE", 10**6)
    path = pack(tmp_path / "wide.tar.gz", [("junk", zeros)])
    with pytest.raises(DataError, match="unpacks to more than 1 MB"):
        archive.read_members(path, EXPECTED)
    monkeypatch.setattr(archive, "MOST_MEMBERS", 20)
    path = pack(tmp_path / "many.tar.gz", [(f"junk{i}", b"") for i in range(30)])
    with pytest.raises(DataError, match="20 members"):
        archive.read_members(path, EXPECTED)


def test_every_cut_is_noticed(tmp_path):
    noise = np.random.default_rng(0).bytes(3_000)
    members = {name: noise + data for name, data in WAVS.items()}
    whole = pack(tmp_path / "a.tar.gz", members.items()).read_bytes()
    part = tmp_path / "part.tar.gz"
    for length in np.linspace(0, len(whole) - 9, 40).astype(int):
        part.write_bytes(whole[:length])
        try:
            found = archive.read_members(part, EXPECTED)
        except DataError as error:
            assert "part.tar.gz" in str(error)
        else:  # cut behind the last member's bytes: then nothing is lost
            assert found == members


@pytest.mark.parametrize("content", [b"no archive", b"\x1f\x8b no gzip", b""])
def test_no_archive_at_all(tmp_path, content):
    path = tmp_path / "a.tar.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="a.tar.gz"):
        archive.read_members(path, EXPECTED)


def test_one_flipped_byte_is_noticed(tmp_path):
    whole = pack(tmp_path / "a.tar.gz", WAVS.items()).read_bytes()
    for place in np.linspace(30, len(whole) - 10, 25).astype(int):
        flipped = bytearray(whole)
        flipped[place] ^= 0x10
        (tmp_path / "b.tar.gz").write_bytes(flipped)
        try:
            found = archive.read_members(tmp_path / "b.tar.gz", EXPECTED)
        except DataError:
            continue
        except Exception as error:
            pytest.fail(f"byte {place}: {error!r} instead of a DataError")
        missing, altered = archive.compare(found, EXPECTED)
        assert missing or altered or found == WAVS


@pytest.fixture
def packed(home, server, monkeypatch):
    """A registry of one archive that is known by its manifest alone."""
    url = f"{server.url}/set.tar.gz"
    file = registry.File(
        "set.tar.gz", (url,), None, 2_000, "toy.txt", also=("mine.tgz",)
    )
    entry = registry.Entry("toy", "", "downloads", "", "", "", "", "f()", (file,))
    monkeypatch.setattr(registry, "_ENTRIES", (entry,))
    monkeypatch.setattr(archive, "manifest", lambda name: EXPECTED)
    monkeypatch.setattr("mmlearn.datasets.download.PAUSE", 0.0)
    monkeypatch.setattr("mmlearn.datasets.storage.MARGIN", 0)
    return home / "toy"


def test_fetch_by_manifest(packed, server, tmp_path):
    path = pack(tmp_path / "a.tar.gz", WAVS.items())
    server.behaviour["/set.tar.gz"] = server.serve(path.read_bytes())
    (fetched,) = datasets.fetch("toy", progress=False)
    assert fetched == packed / "set.tar.gz"
    (found,) = datasets.verify("toy")
    assert found.ok and "10 of 10 members" in str(found)


def test_fetch_refuses_an_archive_with_other_members(packed, server, tmp_path):
    changed = {**WAVS, "7_ann_0.wav": b"other"}
    del changed["2_ann_0.wav"]
    path = pack(tmp_path / "a.tar.gz", changed.items())
    server.behaviour["/set.tar.gz"] = server.serve(path.read_bytes())
    with pytest.raises(DataError, match="2_ann_0.wav: missing.*7_ann_0.wav: altered"):
        datasets.fetch("toy", progress=False)
    assert not list(packed.iterdir())


def test_an_archive_under_another_name_is_found(packed):
    packed.mkdir(parents=True)
    path = pack(packed / "mine.tgz", WAVS.items())
    assert datasets.fetch("toy", progress=False) == [path]
    pack(path, list(WAVS.items())[:-1])
    states = {f.file: f.state for f in datasets.verify("toy")}
    assert states == {"set.tar.gz": "truncated", "9_ann_0.wav": "missing"}


def pack_zip(path, members, top="set-1.0/data/"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(
                name if isinstance(name, zipfile.ZipInfo) else top + name, data
            )
    return path


def test_a_zip_is_read_as_a_tar_is(tmp_path):
    path = pack_zip(tmp_path / "a.zip", [("README", b"x"), ("b/", b""), *WAVS.items()])
    assert archive.read_members(path, EXPECTED) == WAVS
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_made_to_harm_is_refused(tmp_path):
    link = zipfile.ZipInfo("set/0_ann_0.wav")
    link.external_attr = 0o120777 << 16
    for members, told in [
        ([("/etc/0_ann_0.wav", b"x")], "leads out of its folder"),
        ([("../0_ann_0.wav", b"x")], "leads out of its folder"),
        ([("..\\0_ann_0.wav", b"x")], "leads out of its folder"),
        ([(link, b"/etc/passwd")], "0_ann_0.wav is a link or a device"),
        ([("0_ann_0.wav", b"x"), ("0_ann_0.wav", b"y")], "holds 0_ann_0.wav twice"),
        ([("0_ann_0.wav", bytes(archive.LARGEST_MEMBER + 1))], "too many"),
    ]:
        path = pack_zip(tmp_path / "a.zip", members, top="")
        with pytest.raises(DataError, match=told):
            archive.read_members(path, EXPECTED)


def test_a_zip_that_is_cut_or_flipped_is_noticed(tmp_path):
    path = pack_zip(tmp_path / "a.zip", WAVS.items())
    whole = path.read_bytes()
    for length in np.linspace(0, len(whole) - 1, 20).astype(int):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match="not a whole .zip archive"):
            archive.read_members(path, EXPECTED)
    for place in np.linspace(0, len(whole) - 1, 60).astype(int):
        flipped = bytearray(whole)
        flipped[place] ^= 0x11
        path.write_bytes(flipped)
        try:
            found = archive.read_members(path, EXPECTED)
        except DataError:
            continue
        missing, altered = archive.compare(found, EXPECTED)
        assert missing or altered or found == WAVS
