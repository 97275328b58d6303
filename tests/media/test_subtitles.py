import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.media import Caption, MediaError, read_subtitles, write_subtitles

WORDS = st.text("abcXYZ äßé世界.,!?'-0123 ", min_size=1, max_size=20).map(str.strip)
LINES = st.lists(
    WORDS.filter(lambda words: any(c.isalpha() for c in words)), min_size=1, max_size=3
).map("\n".join)


@st.composite
def captions(draw):
    steps = draw(st.lists(st.integers(0, 10**7), min_size=2, max_size=8))
    clock, found = 0, []
    for step in steps:
        clock += step
        length = draw(st.integers(0, 9999))
        found.append(Caption(clock / 1000, (clock + length) / 1000, draw(LINES)))
    return found


@settings(max_examples=25, deadline=None)
@given(captions(), st.sampled_from(["a.srt", "a.vtt"]))
def test_round_trip(tmp_path_factory, written, name):
    path = tmp_path_factory.mktemp("captions") / name
    write_subtitles(path, written)
    assert sorted(read_subtitles(path)) == sorted(written)


def test_reads_srt_as_players_write_it(tmp_path):
    path = tmp_path / "a.srt"
    text = "1\r\n00:00:01,500 --> 00:00:02,750\r\n<i>a ball</i>\r\nfalls\r\n\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_subtitles(path) == [Caption(1.5, 2.75, "a ball\nfalls")]


def test_reads_vtt_as_browsers_do(tmp_path):
    path = tmp_path / "a.vtt"
    path.write_text(
        "WEBVTT\n\nNOTE a remark\n\n00:04.000 --> 01:00:05.001 line:0\nbell\n"
    )
    assert read_subtitles(path) == [Caption(4.0, 3605.001, "bell")]


def test_captions_come_in_the_order_of_their_start(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text(
        "1\n00:00:05,000 --> 00:00:06,000\nlater\n\n"
        "2\n00:00:01,000 --> 00:00:02,000\nearlier\n"
    )
    assert [c.text for c in read_subtitles(path)] == ["earlier", "later"]


def test_another_encoding_is_named(tmp_path):
    path = tmp_path / "a.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nschön\n".encode("latin-1"))
    with pytest.raises(MediaError, match="encoding='latin-1'"):
        read_subtitles(path)
    assert read_subtitles(path, encoding="latin-1")[0].text == "schön"


@pytest.mark.parametrize("text", ["just a letter to a friend\n", "WEBVTT\n", "\n\n"])
def test_files_without_captions_are_refused(tmp_path, text):
    path = tmp_path / "a.vtt"
    path.write_text(text)
    with pytest.raises(MediaError, match=r"not a subtitle file|no captions"):
        read_subtitles(path)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([], "no captions"),
        ([(0, 1)], r"expected \(start, end, text\)"),
        ([("a", 1, "x")], r"expected \(start, end, text\)"),
        ([(2, 1, "x")], "from 2 to 1 s"),
        ([(-1, 1, "x")], "from -1 to 1 s"),
        ([(float("nan"), 1, "x")], "from nan"),
        ([(3, 4, "x"), (1, 2, "y")], "caption 1 lasts from 1 to 2 s, after one at 3 s"),
        ([(0, 1, " ")], "expected some words"),
        ([(0, 1, None)], "expected some words"),
        ([(0, 1, "one\n\ntwo")], "leave out empty lines|time line"),
        ([(0, 1, "a {b} c")], "come back as"),
    ],
)
@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
def test_wrong_captions_are_refused(tmp_path, name, wrong, message):
    with pytest.raises(MediaError, match=message):
        write_subtitles(tmp_path / name, wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "end", ["2\n00:0", "2\n00:00:03,000 --", "2\n00:00:03,000 --> 00:"]
)
def test_a_file_cut_inside_the_times_is_truncated(tmp_path, end):
    path = tmp_path / "a.srt"
    path.write_text(f"1\n00:00:01,000 --> 00:00:02,000\n3 balls\nfall 2\n\n{end}")
    with pytest.raises(MediaError, match="is truncated: .* fetch it again"):
        read_subtitles(path)


def test_an_unknown_encoding_and_what_is_no_list_are_named(tmp_path):
    path = tmp_path / "a.srt"
    write_subtitles(path, [(0, 1, "a")])
    with pytest.raises(MediaError, match="no encoding 'klingon'; expected 'utf-8'"):
        read_subtitles(path, encoding="klingon")
    with pytest.raises(MediaError, match="got a NoneType; expected a list of captions"):
        write_subtitles(path, None)
