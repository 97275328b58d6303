import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.tensorflow_stub import pywrap_tensorflow as theirs

from mmlearn.watch.records import crc32c, record


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 40))
def test_the_checksum_is_tensorboards(piece, times):
    data = piece * times  # short ones byte by byte, long ones in lanes
    assert crc32c(data) == theirs.crc32c(data)


def test_one_changed_bit_changes_the_checksum():
    data = bytes(range(256)) * 20
    changed = bytearray(data)
    changed[3000] ^= 16
    assert crc32c(data) != crc32c(bytes(changed))


@pytest.mark.parametrize("size", [0, 5, 2111, 2112, 2113, 50_000])
def test_a_record_is_tensorboards(size, tmp_path):
    from tensorboard.summary.writer.record_writer import RecordWriter

    data = bytes(k * 7 % 251 for k in range(size))
    with (tmp_path / "file").open("wb") as file:
        RecordWriter(file).write(data)
    assert (tmp_path / "file").read_bytes() == record(data)
