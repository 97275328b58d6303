"""Text files in UTF-8, and what is said of others."""

import pytest

from mmlearn.media import MediaError, read_text


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_utf8_with_and_without_a_mark_and_any_line_end(tmp_path, start):
    path = tmp_path / "a.txt"
    path.write_bytes(start + "Größe\r\n½ — ok\rend\n".encode())
    assert read_text(path) == "Größe\n½ — ok\nend\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        ("one\ntwo cafés\n".encode("latin-1"), "not UTF-8: byte 0xe9 in line 2; save"),
        ("naïve".encode("utf-16"), "is UTF-16; expected UTF-8: save it again"),
        (b"PK\0\0", "holds zero bytes; expected text"),
    ],
)
def test_what_is_not_utf8_is_told_with_the_place(tmp_path, content, told):
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(MediaError, match=told):
        read_text(tmp_path / "a.txt")


def test_no_file(tmp_path):
    with pytest.raises(MediaError, match="does not exist"):
        read_text(tmp_path / "none.txt")
