"""Sums a disc up for people, and holds its titles against those that were planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from crowdcut.disc.verdict import ExpectedDisc, TitleSummary
from renderers.verify.chains import Timeline
from renderers.verify.ifo import Domain, Ifo
from renderers.verify.judge import Judge
from renderers.verify.tables import ifo_place

_CODINGS = {0: "ac3", 2: "mpeg", 3: "mpeg2", 4: "lpcm", 6: "dts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What was read of a titleset's titles."""

    timelines: Mapping[int, Timeline]
    """By program chain."""
    video_bits: int
    peak_bits: int
    frame: Fraction
    """Seconds."""


def _language(raw: bytes) -> str:
    return raw.decode("latin-1") if raw.strip(b"\0") and raw.isalpha() else "?"


def _sounds(domain: Domain) -> tuple[str, ...]:
    kinds = ((_CODINGS.get(one[0] >> 5, "?"), (one[1] & 7) + 1, _language(one[2:4])) for one in domain.sounds)
    return tuple(f"{coding} {channels} channels {language}" for coding, channels, language in kinds)


def _title(ifo: Ifo, number: int, played: Played | None) -> TitleSummary | None:
    """Title ``number`` of a titleset; None where it cannot be followed."""
    domain = ifo.titles
    if domain is None or not 1 <= number <= len(ifo.chapters):
        return None
    chapters, passed, seen = list[Fraction](), Fraction(0), dict[int, Fraction]()
    for chain, program in ifo.chapters[number - 1]:
        timeline = played.timelines.get(chain) if played else None
        if timeline is None or not 1 <= program <= len(timeline.chapters):
            continue
        if chain not in seen:
            seen[chain] = passed
            passed += timeline.length
        chapters.append(seen[chain] + timeline.chapters[program - 1])
    height = 576 if domain.lines == 625 else 480
    size = (720, 704, 352, 352)[domain.video >> 3 & 3]
    return TitleSummary(
        titleset=ifo.titleset,
        chapters=tuple(chapters),
        length=passed,
        picture=f"{size}x{height} {'16:9' if domain.is_wide else '4:3'}",
        sounds=_sounds(domain),
        subpictures=tuple(_language(one[2:4]) for one in domain.subpictures),
        video_bits=played.video_bits if played else 0,
        peak_bits=played.peak_bits if played else 0,
    )


def titles_of(manager: Ifo, titlesets: Mapping[int, Ifo], played: Mapping[int, Played]) -> tuple[TitleSummary, ...]:
    """The titles of the disc in its own order; those that cannot be followed are left out."""
    found = (
        _title(titlesets[entry.titleset], entry.number, played.get(entry.titleset))
        for entry in manager.title_entries
        if entry.titleset in titlesets
    )
    return tuple(title for title in found if title is not None)


def check_expected(
    titles: tuple[TitleSummary, ...], expected: ExpectedDisc, frames: Mapping[int, Fraction], judge: Judge
) -> None:
    """The titles' lengths and chapters against the plan's. ``frames``: of each titleset, seconds."""
    if len(titles) != len(expected.titles):
        judge.say("playing-time", f"{len(titles)} titles", wanted=f"{len(expected.titles)}")
        return
    for number, (title, wanted) in enumerate(zip(titles, expected.titles, strict=True), 1):
        slack = frames.get(title.titleset, Fraction(1, 25))
        here = ifo_place(title.titleset, f"title {number}")
        if abs(title.length - wanted.length) > slack:
            judge.say("playing-time", f"{float(title.length):.3f} s", here, f"{float(wanted.length):.3f} s")
        if not wanted.chapters:
            continue
        if len(title.chapters) != len(wanted.chapters):
            judge.say("chapter-place", f"{len(title.chapters)} chapters", here, f"{len(wanted.chapters)}")
            continue
        for chapter, (start, planned) in enumerate(zip(title.chapters, wanted.chapters, strict=True), 1):
            if abs(start - planned) > slack:
                place = ifo_place(title.titleset, f"title {number}, chapter {chapter}")
                judge.say("chapter-place", f"{float(start):.3f} s", place, f"{float(planned):.3f} s")
