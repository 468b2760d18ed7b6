"""Captions in a manifest: found, read, credited; every slip of a producer named with its place and the way out."""

from fractions import Fraction
from pathlib import Path

import pytest
from caption_making import NTSC, srt
from contract_making import judged
from contract_words import FILES, LISTING

from crowdcut.disc.caption_jobs import captions_job
from crowdcut.disc.caption_orders import CaptionsOrder, CaptionStyle
from crowdcut.disc.captions import captions_shown
from crowdcut.disc.languages import code_meant, languages
from crowdcut.findings import Finding, is_error
from crowdcut.look import look_from
from crowdcut.plan import Sources
from crowdcut.records import plain, record_from

HEAD = 'format = 1\ntitle = "T"\n'
SHOT = '[[scene]]\n[[scene.shot]]\ntext = "x"\n'
SPANISH = '[[captions]]\nfile = "cut/ep1.es.srt"\nlanguage = "es"\n'
MOON = srt(("0:00.5", "0:02", "La luna")).encode()
SENT = """\
[[contribution]]
id = "spanish"
file = "ep1.es.srt"
by = ["layla"]
"""


def files(captions: str, *, listing: str = LISTING, **more: bytes) -> dict[str, bytes]:
    library = {f"library/{name}": b"" for name in FILES}
    return {
        **library,
        "library/contributions.toml": listing.encode(),
        "cut/ep1.es.srt": MOON,
        "episode.toml": (HEAD + captions + SHOT).encode(),
        **more,
    }


def errors(production: dict[str, bytes]) -> list[Finding]:
    return [one for one in judged(production).findings if is_error(one)]


def test_captions_are_read_in_programme_time() -> None:
    named = SPANISH + 'name = "Español de México"\nnote = "by Layla"\n'
    outcome = judged(files(f'{named}[[captions]]\nfile = "moon.vtt"\nlanguage = "en"\n', **{"moon.vtt": MOON}))
    assert not [one for one in outcome.findings if is_error(one)]
    assert outcome.manifest is not None
    first, second = outcome.manifest.captions
    assert (first.language, first.name, first.note) == ("es", "Español de México", "by Layla")
    assert [(cue.start, cue.end, cue.words.lines[0][0].words) for cue in first.cues] == [
        (Fraction(1, 2), Fraction(2), "La luna")
    ]
    assert (second.language, second.name) == ("en", None)
    assert second.origin["file"].line == 9


def test_captions_somebody_sent_are_credited() -> None:
    captions = '[[captions]]\nfile = "ep1.es.srt"\nlanguage = "es"\n'
    sent = {"library/ep1.es.srt": MOON}
    outcome = judged(files(captions, listing=LISTING + SENT, **sent))
    (delivery,) = outcome.deliveries
    assert [(block.role, block.names) for block in delivery.credits] == [("translation", ("ليلى حداد",))]
    assert {(one.contribution, one.how) for one in delivery.appearances} == {("spanish", "captions")}
    # Of a file that lies in the library and nobody spoke for, nobody can be credited.
    assert [one.rule for one in errors(files(captions, **sent))] == ["uncredited"]


@pytest.mark.parametrize(
    ("captions", "rule", "line", "way_out"),
    [
        (SPANISH.replace('"es"', '"spa"'), "wrong-value", 5, 'Did you mean "es" (Spanish)?'),
        (SPANISH.replace('"es"', '"Spanish"'), "wrong-value", 5, 'Did you mean "es" (Spanish)?'),
        (SPANISH.replace('"es"', '"es-MX"'), "wrong-value", 5, 'Did you mean "es" (Spanish)?'),
        (SPANISH.replace('"es"', '"ES"'), "wrong-value", 5, 'Did you mean "es" (Spanish)?'),
        (SPANISH.replace('"es"', '"zz"'), "wrong-value", 5, ""),
        (SPANISH.replace('"es"', "34"), "wrong-type", 5, ""),
        (SPANISH.replace("cut/", "../cut/"), "outside-folder", 4, "beside the manifest"),
        (SPANISH.replace("cut/", "/etc/"), "outside-folder", 4, "beside the manifest"),
        (SPANISH.replace("ep1", "ep2"), "missing-file", 4, "relative to the file"),
        (SPANISH.replace("cut/ep1.es.srt", "poem"), "no-file", 4, ""),
        (SPANISH.replace('file = "cut/ep1.es.srt"', 'flie = "x"'), "unknown-key", 4, "Did you mean file?"),
        (SPANISH + SPANISH, "duplicate-captions", 8, "Give one of them a name"),
        (SPANISH.replace("ep1.es.srt", "list.toml"), "no-captions", 4, "SubRip"),
    ],
)
def test_a_slip_is_told_with_its_place(captions: str, rule: str, line: int | None, way_out: str) -> None:
    found = [one for one in errors(files(captions, **{"cut/list.toml": b"a = 1"})) if one.rule == rule]
    assert [one.where.line for one in found] == [line]
    assert found[0].where.key in ("file", "flie", "language")
    assert way_out in found[0].way_out


def test_a_disc_has_room_for_thirty_two() -> None:
    tracks = "".join(SPANISH + f'name = "{number}"\n' for number in range(33))
    assert [one.rule for one in errors(files(tracks))] == ["too-many-captions"]


def test_the_table_of_languages_is_iso_639_1() -> None:
    assert len(languages()) == 183 + 1  # and Bihari, which was withdrawn in 2021 and players still know
    assert all(len(code) == 2 and code.islower() for code in languages())
    assert [languages()[code] for code in ("es", "ja", "ar", "hi", "cy")] == [
        "Spanish", "Japanese", "Arabic", "Hindi", "Welsh"
    ]  # fmt: skip
    assert [code_meant(word) for word in ("ger", "deu", "pt_BR", "iw", "japanse", "x", "")] == [
        "de", "de", "pt", "he", "ja", None, None
    ]  # fmt: skip


def test_a_template_may_say_how_captions_look(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    file = tmp_path / "ours" / "template.toml"
    file.write_text('extends = "variety"\n[captions]\ncolour = "accent"\nsize = 0.06\nmargin = 0.05\n')
    look, findings = look_from("ours", tmp_path)
    assert findings == ()
    assert look is not None
    assert look.captions == CaptionStyle(colour=look.palette["accent"], size=0.06, margin=0.05)
    file.write_text('extends = "variety"\n[captions]\ncolour = "bright"\nsize = 2\nshadow = true\n')
    _, findings = look_from("ours", tmp_path)
    assert [(one.rule, one.where.key) for one in findings] == [
        ("wrong-value", "captions.colour"),
        ("wrong-value", "captions.size"),
        ("unknown-key", "captions.shadow"),
    ]


def test_the_job_is_keyed_by_what_is_seen(tmp_path: Path) -> None:
    outcome = judged(files(SPANISH))
    assert outcome.manifest is not None
    (track,) = outcome.manifest.captions
    font = tmp_path / "own.ttf"

    class Digests(dict):
        def __missing__(self, path: Path) -> str:
            return path.name

    def key(language: str = "es", style: CaptionStyle = CaptionStyle(), **fonts: Path) -> str:  # noqa: B008 - frozen
        sources = Sources(
            files={"walk": tmp_path, **fonts}, digests=Digests(), fingerprints={"renderers.captions": "1"}
        )
        shown, _ = captions_shown(track.cues, track.file, rate=Fraction(24), length_frames=240)
        size, canvas = NTSC[:2], NTSC[2]
        job = captions_job(shown, language, style, sources, size=size, canvas_width=canvas, rate=Fraction(24))
        assert record_from(plain(job.order), CaptionsOrder) == job.order
        assert set(job.files) == set(fonts)
        return job.key

    assert key() == key()
    assert len({key(), key(language="ca"), key(style=CaptionStyle(size=0.06)), key(**{"font:own": font})}) == 4
