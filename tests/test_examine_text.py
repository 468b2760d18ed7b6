"""Contributed words: encodings, and what is not words."""

from pathlib import Path

import pytest

from crowdcut.media import Media
from renderers.examine import examined

POEM = "Naïve café, «jour»\nзвёзды — 星\n"


def examined_bytes(folder: Path, data: bytes, name: str = "poem.txt") -> Media:
    path = folder / name
    path.write_bytes(data)
    return examined(path, path.suffix.lower())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_words_are_read_in_every_unicode_encoding(tmp_path: Path, encoding: str):
    media = examined_bytes(tmp_path, POEM.replace("\n", "\r\n").encode(encoding))
    assert media.kind == "text"
    assert media.text == POEM.rstrip()
    assert bool(media.remarks) == (encoding not in ("utf-8", "utf-8-sig"))


def test_windows_1252_is_read_where_it_looks_like_words(tmp_path: Path):
    words = "“Garçon”, said the naïve one – and left…"
    media = examined_bytes(tmp_path, words.encode("cp1252"), "note")
    assert media.text == words
    assert "WINDOWS-1252" in media.remarks[0]


def test_words_need_no_name_of_their_own(tmp_path: Path):
    assert examined_bytes(tmp_path, b"A line of words", "haiku.take2").text == "A line of words"


def test_words_in_the_place_of_a_film_are_not_shown(tmp_path: Path):
    media = examined_bytes(tmp_path, b"The file you asked for has expired", "song.mp3")
    assert media.text is None
    assert ".mp3" in (media.refusal or "")


def test_control_characters_and_outer_blank_lines_go(tmp_path: Path):
    media = examined_bytes(tmp_path, b"\n\n  first\x07\r\rsecond\n\n")
    assert media.text == "  first\n\nsecond"
    assert media.remarks == ("1 control characters were left out",)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<!DOCTYPE html><html><body>hi</body></html>", "HTML"),
        (b"<!-- made by hand --><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?><note/>", "XML"),
        (b'{"v": "5.5", "layers": []}', "JSON"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "subtitles"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "subtitles"),
        (b"[Script Info]\nTitle: x\n", "subtitles"),
        (b"#EXTM3U\n/etc/passwd\n", "playlist"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "playlist"),
        (b"{\\rtf1\\ansi words}", "RTF"),
        (b"%PDF-1.7\n...", "PDF"),
        (b" \n\t\n", "no words"),
        (b"line\n" * 5000, "too long"),
        (b"\xd0\xc3\xd1\x80\xd0\xb8\xd0", "encoding"),
        (b"a\x81b\x8d", "encoding"),
        (b"", "0 bytes"),
    ],
)
def test_what_is_not_words_is_refused_by_name(tmp_path: Path, data: bytes, word: str):
    media = examined_bytes(tmp_path, data)
    assert media.text is None
    assert media.refusal is not None
    assert word in media.refusal


@pytest.mark.parametrize("words", ["<3 for all of you", "[1] A footnote", "{ braces }", "--> look there"])
def test_words_with_odd_beginnings_are_words(tmp_path: Path, words: str):
    assert examined_bytes(tmp_path, words.encode()).text == words


@pytest.mark.parametrize("unit", [b"\n", b"1", b"<!-- -->", b"[", b"{", b" ", b"<a>"])
def test_no_text_makes_the_examination_slow(tmp_path: Path, unit: bytes):
    # Quadratic patterns would take minutes here; the suite's own patience is the assertion.
    assert examined_bytes(tmp_path, unit * (80_000 // len(unit))).refusal is not None
