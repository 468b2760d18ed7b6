"""Verifies a disc image: reads it as a player would, trusts nothing, and says what breaks which rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from crowdcut.disc.rules import SINGLE_LAYER_BYTES
from crowdcut.disc.verdict import DiscSummary, DiscVerdict, ExpectedDisc
from renderers.verify.buffers import check_buffers
from renderers.verify.chains import check_chains, timeline_of
from renderers.verify.destinations import Disc
from renderers.verify.file_system import VideoFolder, check_files, read_folder
from renderers.verify.frames import Frames, frames_of
from renderers.verify.ifo import Domain, Ifo
from renderers.verify.judge import Judge
from renderers.verify.menus import check_buttons
from renderers.verify.part import Part
from renderers.verify.pictures import check_pictures
from renderers.verify.reading import Broken, Image
from renderers.verify.scanning import scanned
from renderers.verify.shown import check_packs, check_subpictures, peak_bits
from renderers.verify.sound import check_sound
from renderers.verify.summing import Played, check_expected, titles_of
from renderers.verify.tables import (
    check_chapters,
    check_domain,
    check_first_play,
    check_manager,
    check_places,
    read_ifo,
    stretches,
)
from renderers.verify.vobus import check_navigation

Progress = Callable[[float], None]
"""Told the part of the image that was read, 0 to 1."""
_TICKS = 180_000


@dataclass(slots=True)
class _Visit:
    """One image under judgement."""

    image: Image
    folder: VideoFolder
    judge: Judge
    manager: Ifo
    titlesets: Mapping[int, Ifo]
    progress: Progress
    read: int = 0
    packs: int = 0
    played: dict[int, Played] = field(default_factory=dict)

    @property
    def domains(self) -> list[tuple[Ifo, Domain]]:
        """Every domain of the disc with its IFO."""
        ifos = (self.manager, *self.titlesets.values())
        return [(ifo, one) for ifo in ifos for one in (ifo.menus, ifo.titles) if one is not None]

    def names(self, ifo: Ifo) -> dict[tuple[int, int], str]:
        """What to call each cell of a titleset's titles."""
        numbers = {(entry.titleset, entry.number): number for number, entry in enumerate(self.manager.title_entries, 1)}
        chains = {chain.number: chain for chain in ifo.titles.chains} if ifo.titles else {}
        names: dict[tuple[int, int], str] = {}
        for title, chapters in enumerate(ifo.chapters, 1):
            for chapter, (number, program) in enumerate(chapters, 1):
                chain = chains.get(number)
                if chain is None or not 1 <= program <= len(chain.programs):
                    continue
                until = chain.programs[program] if program < len(chain.programs) else len(chain.cells) + 1
                called = f"title {numbers.get((ifo.titleset, title), '?')}, chapter {chapter}"
                cells = chain.cells[max(0, chain.programs[program - 1] - 1) : until - 1]
                names.update({(one.vob, one.cell): called for one in cells})
        return names

    def went(self, sectors: int) -> None:
        """So many more sectors were read."""
        self.read += sectors
        self.progress(min(1.0, self.read / max(1, self.image.sectors)))


def _judge_contents(part: Part, disc: Disc) -> Frames | None:
    """All rules of what is in the VOBs of a domain."""
    check_packs(part)
    frames = frames_of(part)
    check_navigation(part, frames)
    check_sound(part)
    check_subpictures(part)
    check_buttons(part, disc)
    if frames is not None:
        check_pictures(part, frames)
        check_buffers(part, frames)
    return frames


def _judge_domain(visit: _Visit, ifo: Ifo, domain: Domain, disc: Disc) -> None:
    files = stretches(visit.folder, domain)
    try:
        scan = scanned(visit.image, [(sector, count) for _, sector, count in files], visit.went)
    except Broken as broken:
        visit.judge.say("single-extent", f"the VOBs of {domain.name} cannot be read: {broken}")
        return
    if scan is None:
        return
    visit.packs += len(scan.packs)
    names = {} if domain.is_menu else visit.names(ifo)
    lengths = tuple((name, count) for name, _, count in files)
    part = Part(domain=domain, scan=scan, judge=visit.judge, files=lengths, names=names)
    frames = _judge_contents(part, disc)
    timelines = {} if domain.is_menu else {chain.number: timeline_of(part, chain, frames) for chain in domain.chains}
    check_chains(part, ifo.time_maps, timelines)
    if not domain.is_menu and len(scan.navigation):
        frame = Fraction(2 * part.field_ticks, _TICKS)
        fields = int(frames.fields.sum()) if frames is not None else 0
        seconds = Fraction(fields * part.field_ticks, _TICKS)
        bits = int(scan.video.length * 8 / seconds) if scan.video and seconds else 0
        visit.played[ifo.titleset] = Played(
            timelines=timelines, video_bits=bits, peak_bits=peak_bits(part), frame=frame
        )


def _judge(visit: _Visit, expected: ExpectedDisc | None) -> DiscSummary:
    judge, manager, titlesets = visit.judge, visit.manager, visit.titlesets
    disc = Disc(manager, titlesets)
    check_manager(manager, titlesets, visit.folder, judge)
    check_first_play(manager, disc, judge)
    for ifo in (manager, *titlesets.values()):
        check_places(ifo, visit.folder, judge)
        check_chapters(ifo, judge)
    for ifo, domain in visit.domains:
        check_domain(domain, disc, judge)
        _judge_domain(visit, ifo, domain, disc)
    titles = titles_of(manager, titlesets, visit.played)
    if expected is not None:
        check_expected(titles, expected, {key: one.frame for key, one in visit.played.items()}, judge)
    return DiscSummary(
        volume=visit.folder.volume,
        bytes=visit.image.bytes,
        fill=Fraction(visit.image.bytes, SINGLE_LAYER_BYTES),
        titlesets=len(titlesets),
        menus=sum(1 for _, domain in visit.domains if domain.is_menu for _ in domain.chains),
        titles=titles,
        packs=visit.packs,
    )


def verdict_of(
    path: Path, expected: ExpectedDisc | None = None, *, name: str = "", progress: Progress = lambda _: None
) -> DiscVerdict:
    """What is to be said of an image. ``name``: what its findings call it. Raises OSError where it cannot be read."""
    judge = Judge(name or path.name)
    with Image(path) as image:
        folder = read_folder(image, judge)
        if folder is None or "VIDEO_TS.IFO" not in folder.files:
            return DiscVerdict(is_disc=False, findings=judge.told())
        check_files(folder, image, expected.capacity_bytes if expected else None, judge)
        manager = read_ifo(image, folder, 0, judge)
        if manager is None:
            return DiscVerdict(is_disc=False, findings=judge.told())
        read = ((number, read_ifo(image, folder, number, judge)) for number in folder.titlesets)
        titlesets = {number: ifo for number, ifo in read if ifo is not None}
        visit = _Visit(image=image, folder=folder, judge=judge, manager=manager, titlesets=titlesets, progress=progress)
        return DiscVerdict(is_disc=True, summary=_judge(visit, expected), findings=judge.told())
