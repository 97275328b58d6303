"""Subtitles: srt and vtt files to captions in seconds, and back."""

import re
from typing import NamedTuple

from mmlearn.media.files import MediaError, existing, expect_suffix, replacing

_SUFFIXES = (".srt", ".vtt")
# A number, then less than "00:00:04,500 --> 00:00:06,000": the rest of a cut file.
_CUT = re.compile(r"\n\s*\n\d+\n[\d:,.]*( -{0,2}>?[\d:,. ]*)?$")


class Caption(NamedTuple):
    """What is shown from start to end, in seconds on the video's clock."""

    start: float
    end: float
    text: str


def read_subtitles(path, *, encoding="utf-8-sig"):
    """Read the captions of a subtitle file in the order of their start.

    Args:
        path: an srt or vtt file (pysubs2 reads ass, sub and others too).
        encoding: of the text; old files are often "latin-1".

    Returns:
        list of `Caption(start, end, text)`, seconds; styling is dropped, a line break
        stays as a newline.

    Raises:
        MediaError: if the file is missing, empty, in another encoding, no subtitles.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "clip.srt")
    >>> write_subtitles(path, [Caption(0.5, 1.25, "a ball falls")])
    >>> read_subtitles(path)
    [Caption(start=0.5, end=1.25, text='a ball falls')]
    """
    path = existing("read_subtitles", path)
    try:
        text = path.read_bytes().decode(encoding).replace("\r\n", "\n")
    except LookupError:
        raise MediaError(
            f"read_subtitles: no encoding {encoding!r}; expected 'utf-8', 'latin-1', …"
        ) from None
    except UnicodeDecodeError as error:
        raise MediaError(
            f"read_subtitles: {path} is not {encoding} text; save it as UTF-8, or say "
            "encoding='latin-1'"
        ) from error
    captions = _parse(f"read_subtitles: {path}", text)
    if captions and _CUT.search(captions[-1].text):
        raise MediaError(
            f"read_subtitles: {path} is truncated: it ends inside a caption's times; "
            "fetch it again"
        )
    if not captions:
        raise MediaError(f"read_subtitles: {path} holds no captions")
    return captions


def write_subtitles(path, captions):
    """Write captions as srt or vtt, by the suffix; times are rounded to milliseconds.

    Args:
        path: where; `.srt` or `.vtt`.
        captions: `Caption(start, end, text)` or such triples, seconds, in order.

    Raises:
        MediaError: for times that do not ascend, a text that the format cannot hold
            (empty lines, tags), no captions, or if it cannot be written.
    """
    import pysubs2

    suffix = expect_suffix("write_subtitles", path, _SUFFIXES)
    captions = _expect_captions(captions)
    file_format = {".srt": "srt", ".vtt": "vtt"}[suffix]
    subtitles = pysubs2.SSAFile()
    for start, end, text in captions:
        event = pysubs2.SSAEvent(start=round(1000 * start), end=round(1000 * end))
        event.plaintext = text
        subtitles.append(event)
    content = subtitles.to_string(file_format)
    kept = [caption.text for caption in _parse("write_subtitles", content)]
    for (start, _, text), back in zip(captions, kept, strict=False):
        if text != back:
            raise MediaError(
                f"write_subtitles: the caption at {start:g} s would come back as "
                f"{back!r}; leave out empty lines, lines of "
                f"digits, outer spaces and the signs {{}}<>"
            )
    if len(kept) != len(captions):
        raise MediaError("write_subtitles: a caption holds what looks like a time line")
    with replacing("write_subtitles", path) as file:
        file.write(content.encode("utf-8"))


def _parse(what, text):
    import pysubs2

    try:
        events = pysubs2.SSAFile.from_string(text).events
    except (pysubs2.exceptions.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise MediaError(
            f"{what} is not a subtitle file; expected srt or vtt"
        ) from error
    found = [Caption(e.start / 1000, e.end / 1000, e.plaintext) for e in events]
    return sorted(found, key=lambda caption: caption.start)


def _expect_captions(captions):
    checked, previous = [], 0.0
    if not hasattr(captions, "__iter__"):
        kind = type(captions).__name__
        raise MediaError(f"write_subtitles: got a {kind}; expected a list of captions")
    for number, caption in enumerate(captions):
        where = f"write_subtitles: caption {number}"
        try:
            start, end, text = caption
            start, end = float(start), float(end)
        except (TypeError, ValueError) as error:
            raise MediaError(
                f"{where} is {caption!r}; expected (start, end, text)"
            ) from (error)
        if not previous <= start <= end < 360_000:
            raise MediaError(
                f"{where} lasts from {start:g} to {end:g} s, after one at "
                f"{previous:g} s; expected 0 <= start <= end, in order of start"
            )
        if not isinstance(text, str) or not text.strip():
            raise MediaError(f"{where} has the text {text!r}; expected some words")
        checked.append(Caption(start, end, text))
        previous = start
    if not checked:
        raise MediaError("write_subtitles: no captions; expected at least one")
    return checked
