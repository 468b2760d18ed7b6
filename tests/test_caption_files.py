"""Caption files of three families, in any encoding and with any markup, become cues; what is wrong is told by name."""

from fractions import Fraction
from pathlib import Path
from time import process_time

import pytest
from caption_making import srt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crowdcut.disc.caption_files import MOST_CUES, MOST_LETTERS, cues_from
from crowdcut.disc.cues import Cue
from crowdcut.findings import Finding

VTT = """\
WEBVTT - a title

NOTE a remark
over two lines

STYLE
::cue { color: red }

opening
00:01.000 --> 00:02.000 align:start line:10%
<v Fred>Tom &amp; <i>Ana</i> &lt;3

1:00:03.000 --> 1:00:04.000 line:-2
<00:00:03.000>la <00:00:03.500>la

NOTE the end
"""
_STYLE = "Arial,20,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,{italic},0,0,100,100,0,0,1,2,2,{side},10,10,10,1"
ASS = f"""\
[Script Info]
PlayResY: 1080

[V4+ Styles]
Format: Name, Fontname
Style: Default,{_STYLE.format(italic=0, side=2)}
Style: Song,{_STYLE.format(italic=-1, side=8)}

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Hello\\N{{\\i1}}it{{\\i0}} is, {{a comment}}me
Dialogue: 0,0:00:02.00,0:00:03.00,Song,,0,0,0,,la\\hla{{\\i0}} low {{\\r}}high
Comment: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,not seen
Dialogue: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,{{\\p1}}m 0 0 l 1 1{{\\p0}}
Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{{\\pos(100, 200)\\blur2}}sign
"""


def read(
    folder: Path, data: str | bytes, language: str = "es", name: str = "a.srt"
) -> tuple[tuple[Cue, ...], tuple[Finding, ...]]:
    file = folder / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return cues_from(file, language)


def said(one: Cue) -> str:
    """Its lines with italics in underscores, ``^`` before what stands at the top."""
    lines = (
        "".join(f"_{run.words}_" if run.italic else run.words for run in line) for line in one.words.lines
    )  # fmt: skip
    return ("^" if one.words.top else "") + "/".join(lines)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in findings]


def test_subrip_keeps_lines_italics_and_the_top(tmp_path: Path) -> None:
    text = srt(
        ("0:01.5", "0:02.25", 'Hola <i>mundo</i> <font color="red">rojo</font>\n3 < 5 > 2 {ríe}'),
        ("0:03", "0:04", "{\\an8}Arriba\n\n  después de  un hueco"),
        ("0:05", "0:06", "- ¿Cuántos?\n- 42"),
    )
    cues, findings = read(tmp_path, text.rstrip() + "\n")
    assert findings == ()
    assert [said(one) for one in cues] == [
        "Hola _mundo_ rojo/3 < 5 > 2 {ríe}",
        "^Arriba/después de un hueco",
        "- ¿Cuántos?/- 42",
    ]
    assert (cues[0].start, cues[0].end) == (Fraction(3, 2), Fraction(9, 4))


def test_webvtt_leaves_out_what_is_no_caption(tmp_path: Path) -> None:
    cues, findings = read(tmp_path, VTT)
    assert [said(one) for one in cues] == ["^Tom & _Ana_ <3", "la la"]
    assert cues[1].start == 3603
    assert findings == ()


def test_substation_alpha_keeps_what_a_disc_can_show(tmp_path: Path) -> None:
    cues, findings = read(tmp_path, ASS, name="a.ass")
    assert [said(one) for one in cues] == ["Hello/_it_ is, me", "^_la la_ low _high_", "^sign"]
    assert told(findings) == [("empty-cue", "note")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_unicode_in_any_form(tmp_path: Path, encoding: str) -> None:
    bom = b"\xfe\xff" if encoding == "utf-16-be" else b""
    cues, findings = read(tmp_path, bom + srt(("0:01", "0:02", "月が綺麗")).encode(encoding), "ja")
    assert [said(one) for one in cues] == ["月が綺麗"]
    assert findings == ()


def test_the_ends_of_lines_of_any_system(tmp_path: Path) -> None:
    text = srt(("0:01", "0:02", "uno\ndos"), ("0:03", "0:04", "tres"))
    for end in ("\r\n", "\r", "\r\r\n"):
        cues, _ = read(tmp_path, text.replace("\n", end))
        assert [said(one) for one in cues] == ["uno/dos", "tres"], repr(end)


def test_windows_1252_is_a_guess_that_is_told(tmp_path: Path) -> None:
    data = srt(("0:01", "0:02", "Ñandú “mañana”")).encode("cp1252")
    cues, findings = read(tmp_path, data)
    assert [said(one) for one in cues] == ["Ñandú “mañana”"]
    assert told(findings) == [("guessed-encoding", "warning")]
    # Nobody writes Japanese in it: it is another encoding, and what it would give is rubbish.
    cues, findings = read(tmp_path, data, "ja")
    assert (cues, told(findings)) == ((), [("not-text", "error")])
    assert "line 3" in findings[0].found


def test_faults_of_single_cues_are_told_once_each(tmp_path: Path) -> None:
    text = srt(
        ("0:09", "0:10", "last"), ("0:01", "0:01", "zero"), ("0:02", "0:01", "backwards"), ("0:03", "0:04", ""),
        ("0:04", "0:05", "\u200b"), ("0:05", "0:06", "first"),
    )  # fmt: skip
    cues, findings = read(tmp_path, text)
    assert [said(one) for one in cues] == ["first", "last"]
    assert told(findings) == [("cue-without-time", "warning"), ("empty-cue", "note"), ("unsorted-cues", "note")]
    assert findings[0].found.startswith("2 cues")
    assert findings[0].where.time == 1


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "no-captions"),
        ("Only words", "no-captions"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not-text"),
        ("x" * (2**21 + 1), "too-large"),
        ("00:00:01,000 --> 00:00:02,000\n" + "word " * 500, "too-long"),
        ("00:00:01,000 --> 00:00:02,000\n" + "line\n" * 500, "too-long"),
        (srt(*[("0:01", "0:02", "x")] * (MOST_CUES + 1)), "too-many-cues"),
        (srt(("0:01", "0:02", "x" * (MOST_LETTERS + 1))), "caption-too-long"),
        (srt(("0:01", "0:02", "")), "no-captions"),
        ("[Script Info]\n[Events]\nDialogue: 0,never", "unreadable-captions"),
        ("[Script Info]\n[V4+ Styles]\nStyle: a,b,large,&HFF", "unreadable-captions"),
        ("[Script Info]\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00\n" * 2, "no-captions"),
    ],
)
def test_what_is_no_caption_file_is_refused_by_name(tmp_path: Path, data: str | bytes, rule: str) -> None:
    _, findings = read(tmp_path, data)
    assert rule in [one.rule for one in findings if one.severity == "error"]


def test_a_file_that_is_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.srt", tmp_path / ("x" * 5000), Path("/dev/zero"), Path("a\0b")):
        cues, (finding,) = cues_from(path, "es")
        assert (cues, finding.rule) == ((), "missing-file")


HOSTILE = {
    "open tags": "00:00:01,000 --> 00:00:02,000\n" + "<a" * 900 + "\n",
    "open italics": "00:00:01,000 --> 00:00:02,000\n" + "<i>" * 600 + "\n",
    "open braces": "00:00:01,000 --> 00:00:02,000\n" + "{\\" * 900 + "\n",
    "spaces": "00:00:01,000 --> 00:00:02,000\n<" + " " * 1900 + "x\n",
    "digits": "00:00:01,000 --> 00:00:02,000\n" + "1 " * 900 + "\n" + "1\n" * 30,
    "blank lines": "00:00:01,000 --> 00:00:02,000\n" + "\n" * 1900 + "x\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_markup_takes_long(tmp_path: Path, name: str) -> None:
    started = process_time()
    read(tmp_path, HOSTILE[name] * (1_000_000 // len(HOSTILE[name])))
    assert process_time() - started < 2.5


@pytest.mark.parametrize(
    "line", ["[" + "a" * 1900, "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,," + "{\\pos(1" * 270]
)
def test_no_script_takes_long(tmp_path: Path, line: str) -> None:
    started = process_time()
    read(tmp_path, "[Script Info]\n[Events]\n" + f"{line}\n" * 500)
    assert process_time() - started < 2.5


PARTS = st.sampled_from(
    ["[Script Info]\n", "[V4+ Styles]\n", "[V4 Styles]\n", "[Events]\n", "[Fonts]\nfontname: a\n", "WEBVTT\n\n",
     "Style: ", "Dialogue: ", "Comment: ", "0:00:01.00", "00:00:01,000 --> 00:00:02,000\n",
     "00:01.000 --> 00:02.000 line:x\n", " --> ", "{\\i1}", "{\\an8", "\\N", "<i>", "</i>", "<", ">", ",", ":", "\n",
     "\r",
     "\n\n", "1", "9" * 400, "-1", "x", "月", "\u202e", "&amp;", "&#x110000;", "\ue000", "\u0661", "PlayResY: 9", "nan",
     "&H", "*"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(parts=st.lists(PARTS, max_size=40))
def test_whatever_is_written_is_read_or_told(tmp_path: Path, parts: list[str]) -> None:
    cues, findings = read(tmp_path, "".join(parts))
    assert cues or any(one.severity == "error" for one in findings)
    assert all(one.end > one.start and one.words.lines for one in cues)
    assert [one.start for one in cues] == sorted(one.start for one in cues)
