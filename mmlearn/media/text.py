"""Text files: UTF-8 to str, or a clear word on what is there instead."""

from mmlearn.media.files import MediaError, existing


def read_text(path):
    """Read a text file: UTF-8, with or without a mark; line ends become one newline.

    Args:
        path: the file.

    Returns:
        str.

    Raises:
        MediaError: if the file is missing, empty, binary, or in another encoding; says
            which byte of which line, and how to convert it.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "note.txt")
    >>> path.write_bytes("één\\r\\ntwee".encode())
    11
    >>> read_text(path)
    'één\\ntwee'
    """
    path = existing("read_text", path)
    content = path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise MediaError(
            f"read_text: {path} is UTF-16; expected UTF-8: save it again as UTF-8, or"
            f" read it with open({path.name!r}, encoding='utf-16')"
        )
    if b"\0" in content:
        raise MediaError(f"read_text: {path} holds zero bytes; expected text in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MediaError(
            f"read_text: {path} is not UTF-8: byte 0x{error.object[error.start]:02x} in"
            f" line {line}; save it again as UTF-8, or read it with"
            f" open({path.name!r}, encoding='latin-1') if it is an old Western text"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
