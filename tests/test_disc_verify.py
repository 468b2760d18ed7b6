"""The disc verifier: good discs pass, and each way to break one is found by its rule and by no other."""

import json
import os
import random
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from disc_breaking import DSI, PCI, SECTOR, Broken
from disc_making import (
    NTSC,
    PAL,
    SECONDS,
    MadeDisc,
    Streams,
    author_plainly,
    author_with_dvdauthor,
    author_with_vtskit,
    imaged_with_genisoimage,
    imaged_with_udfkit,
    make_stream,
    make_streams,
)

from crowdcut.disc.rules import DUAL_LAYER_BYTES, RULES
from crowdcut.disc.verdict import DiscVerdict, ExpectedDisc, ExpectedTitle, VerifyOrder
from crowdcut.records import plain, record_from
from renderers.job import Input
from renderers.verify import run
from renderers.verify.disc import verdict_of
from renderers.verify.file_system import read_folder
from renderers.verify.frames import frames_of
from renderers.verify.judge import Judge
from renderers.verify.packs import joined
from renderers.verify.part import Part
from renderers.verify.reading import Image
from renderers.verify.scanning import scanned
from renderers.verify.shown import check_packs, check_subpictures
from renderers.verify.tables import read_ifo, stretches
from renderers.verify.vobus import check_lengths

MENU, FIRST, SECOND = "VIDEO_TS.VOB", "VTS_01_1.VOB", "VTS_02_1.VOB"
VMG, VTS1, VTS2 = "VIDEO_TS.IFO", "VTS_01_0.IFO", "VTS_02_0.IFO"


@pytest.fixture(scope="session")
def streams(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Streams]:
    return {standard: make_streams(tmp_path_factory.mktemp(standard), standard) for standard in (NTSC, PAL)}


@pytest.fixture(scope="session")
def discs(streams: dict[str, Streams], tmp_path_factory: pytest.TempPathFactory) -> dict[str, MadeDisc]:
    made = {}
    for standard, one in streams.items():
        folder = tmp_path_factory.mktemp(f"disc-{standard}")
        made[standard] = imaged_with_udfkit(author_with_vtskit(one, folder), folder / "disc.iso", standard)
    return made


@pytest.fixture(scope="session")
def whole(discs: dict[str, MadeDisc]) -> bytes:
    return discs[NTSC].path.read_bytes()


def rules_of(path: Path, expected: ExpectedDisc | None = None) -> set[str]:
    verdict = verdict_of(path, expected)
    assert verdict.is_disc
    return {finding.rule for finding in verdict.findings}


def length_of(standard: str) -> Fraction:
    rate = {NTSC: Fraction(30000, 1001), PAL: Fraction(25)}[standard]
    return round(SECONDS[standard] * rate) / rate


# --- good discs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standard", [NTSC, PAL])
def test_a_good_disc_of_ours_has_no_finding(discs, standard):
    length = length_of(standard)
    verdict = verdict_of(discs[standard].path, ExpectedDisc(titles=(ExpectedTitle(length=length),) * 2))
    assert verdict.findings == ()
    summary = verdict.summary
    assert summary is not None
    assert (summary.volume, summary.titlesets, len(summary.titles)) == ("SMALL", 2, 2)
    first = summary.titles[0]
    assert (first.length, len(first.chapters), first.sounds, first.subpictures) == (
        length,
        3,
        ("ac3 2 channels en",),
        ("es",),
    )
    assert first.picture == {NTSC: "720x480 16:9", PAL: "720x576 16:9"}[standard]
    # The video's own rate, counted by the demuxed stream's bytes elsewhere: what there is of it, and no more.
    assert 0 < first.video_bits < 6_000_000
    assert 0 < first.peak_bits <= 10_080_000
    assert record_from(json.loads(json.dumps(plain(verdict))), DiscVerdict) == verdict


@pytest.mark.skipif(not shutil.which("dvdauthor") or not shutil.which("genisoimage"), reason="no dvdauthor here")
@pytest.mark.parametrize("standard", [NTSC, PAL])
def test_a_good_disc_of_dvdauthor_has_no_finding(streams, standard, tmp_path):
    image = imaged_with_genisoimage(author_with_dvdauthor(streams[standard], tmp_path), tmp_path / "other.iso")
    verdict = verdict_of(image)
    assert verdict.findings == ()
    assert verdict.summary is not None
    assert [title.length for title in verdict.summary.titles] == [length_of(standard)] * 2


def test_the_verifier_is_a_job(discs, tmp_path):
    facts = run(VerifyOrder(), {"file": Input(path=discs[PAL].path)}, tmp_path / "out")
    assert record_from(facts, DiscVerdict) == verdict_of(discs[PAL].path)
    assert not (tmp_path / "out").exists()


# --- one rule at a time -----------------------------------------------------------------------------------------

BREAKS: dict[str, Callable[[Broken], None]] = {}


def breaks(rule: str):
    """Marks what breaks a good disc in one rule."""
    assert rule in RULES

    def kept(how: Callable[[Broken], None]) -> Callable[[Broken], None]:
        name = rule if rule not in BREAKS else f"{rule} {sum(key.split()[0] == rule for key in BREAKS) + 1}"
        BREAKS[name] = how
        return how

    return kept


@breaks("udf-structure")
def _(disc):
    disc.data[256 * SECTOR + 4] ^= 1  # the checksum of the anchor's tag


@breaks("udf-structure")
def _(disc):
    disc.data[disc.descriptor(256) + 120] ^= 1  # inside the file set, which its CRC covers


@breaks("udf-revision")
def _(disc):
    place = disc.descriptor(6)
    struct.pack_into("<H", disc.data, place + 240, 0x0150)
    disc.resealed(place)


@breaks("iso-structure")
def _(disc):
    disc.data[16 * SECTOR + 1] ^= 1


@breaks("bridge")
def _(disc):
    record = disc.iso_record(SECOND)
    sector = struct.unpack_from("<I", disc.data, record + 2)[0] + 1
    struct.pack_into("<I", disc.data, record + 2, sector)
    struct.pack_into(">I", disc.data, record + 6, sector)


@breaks("single-extent")
def _(disc):
    place = disc.file_entry(SECOND)
    struct.pack_into("<H", disc.data, place + 20, 4096)
    disc.resealed(place)


@breaks("capacity")
def _(disc):
    disc.data += bytes(100)


@breaks("file-names")
def _(disc):
    for _number in range(2):  # in both file systems
        at = disc.data.index(b"VTS_02_0.BUP")
        disc.data[at : at + 12] = b"VTS_02_0.BUX"
        start = at - 39 - disc.data[at - 1 - 38 + 36]
        if struct.unpack_from("<H", disc.data, start)[0] == 257:
            disc.resealed(start)


@breaks("backup")
def _(disc):
    disc.data[disc.at("VTS_02_0.BUP", disc.sectors["VTS_02_0.BUP"][1] - 1)] ^= 1


@breaks("vob-size")
def _(disc):
    place, record = disc.file_entry(SECOND), disc.iso_record(SECOND)
    length = disc.sectors[SECOND][1] + 100
    struct.pack_into("<Q", disc.data, place + 56, length)
    struct.pack_into("<I", disc.data, place + 176, length)
    disc.resealed(place)
    struct.pack_into("<I", disc.data, record + 10, length)
    struct.pack_into(">I", disc.data, record + 14, length)


@breaks("file-place")
def _(disc):
    disc.ifo(VTS2, 0xC4, disc.number(disc.at(VTS2, 0xC4), 4) + 1, 4)


@breaks("ifo-header")
def _(disc):
    disc.ifo(VTS2, 0x1C, disc.number(disc.at(VTS2, 0x1C), 4) + 1, 4)


@breaks("ifo-table")
def _(disc):
    disc.ifo(VTS2, 0xD4, 9999, 4)


@breaks("ifo-table")
def _(disc):
    disc.ifo(VTS2, 0xE0, 0, 4)  # no cell address table


@breaks("ifo-table")
def _(disc):
    disc.ifo(VTS2, disc.table(VTS2, 0xE4), 3, 4)  # an address map without an entry


@breaks("title-table")
def _(disc):
    disc.ifo(VMG, disc.table(VMG, 0xC4) + 8 + 2, 4, 2)  # chapters


@breaks("chapter-table")
def _(disc):
    disc.ifo(VTS2, disc.table(VTS2, 0xC8) + 8 + 4 + 2 * 4 + 2, 7, 2)  # the third's program


@breaks("attributes")
def _(disc):
    disc.ifo(VMG, disc.table(VMG, 0xD0) + 8 + 2 * 4 + 8 + 0x106, 0x6672, 2)  # the sound's language


@breaks("cell-addresses")
def _(disc):
    at = disc.table(VTS2, 0xE0) + 8 + 8
    disc.ifo(VTS2, at, disc.number(disc.at(VTS2, at), 4) - 1, 4)


@breaks("vobu-map")
def _(disc):
    at = disc.table(VTS2, 0xE4) + 4 + 3 * 4
    disc.ifo(VTS2, at, disc.number(disc.at(VTS2, at), 4) + 1, 4)


@breaks("time-map")
def _(disc):
    disc.ifo(VTS2, disc.table(VTS2, 0xD4) + 12 + 4 + 4 * 4, 0, 4)  # the fifth second is the first VOBU


@breaks("time-map")
def _(disc):
    disc.ifo(VTS2, 0xD4, 0, 4)


def chain_of(disc: Broken, file: str) -> int:
    """Where the first program chain of a titleset's titles begins."""
    table = disc.table(file, 0xCC)
    return table + disc.number(disc.at(file, table + 12), 4)


def played(disc: Broken, file: str, cell: int) -> int:
    """Where the playback entry of a cell is."""
    chain = chain_of(disc, file)
    return chain + disc.number(disc.at(file, chain + 0xE8), 2) + 24 * (cell - 1)


@breaks("chain-counts")
def _(disc):
    disc.ifo(VTS2, played(disc, VTS2, 2) + 3, 5, 1)  # a command that there is not


@breaks("chain-cells")
def _(disc):
    at = played(disc, VTS2, 2) + 20
    disc.ifo(VTS2, at, disc.number(disc.at(VTS2, at), 4) - 1, 4)


@breaks("chain-streams")
def _(disc):
    disc.ifo(VTS2, chain_of(disc, VTS2) + 0x0C, 0x8500, 2)  # sound stream 5


@breaks("chain-time")
def _(disc):
    disc.ifo(VTS2, chain_of(disc, VTS2) + 6, 0x09, 1)


@breaks("chain-time")
def _(disc):
    at = played(disc, VTS2, 1) + 7
    disc.ifo(VTS2, at, disc.number(disc.at(VTS2, at), 1) ^ 0x04, 1)  # four frames; the chain's may still be the sum


@breaks("chain-time")
def _(disc):
    at = chain_of(disc, VTS2) + 7
    disc.ifo(VTS2, at, disc.number(disc.at(VTS2, at), 1) & 0x3F | 0x40, 1)  # 25 frames a second


@breaks("command-target")
def _(disc):
    chain = chain_of(disc, VTS2)
    commands = chain + disc.number(disc.at(VTS2, chain + 0xE4), 2)
    disc.ifo(VTS2, commands + 8 + 5, 0x43, 1)  # a menu of the disc that there is not


@breaks("nav-pack")
def _(disc):
    disc.put(disc.navs(SECOND)[6] + DSI + 4, 1, 4)


@breaks("vobu-end")
def _(disc):
    at = disc.navs(SECOND)[6] + DSI + 8
    disc.put(at, disc.number(at, 4) + 1, 4)


@breaks("vobu-end")
def _(disc):
    disc.put(disc.navs(SECOND)[6] + DSI + 12, 0, 4)  # its first reference picture


@breaks("vobu-cell")
def _(disc):
    at = disc.navs(SECOND)[6] + DSI + 27
    disc.put(at, disc.number(at, 1) ^ 3, 1)


@breaks("vobu-times")
def _(disc):
    at = disc.navs(SECOND)[6] + PCI + 16
    disc.put(at, disc.number(at, 4) + 9000, 4)


@breaks("vobu-times")
def _(disc):
    disc.put(disc.navs(SECOND)[6] + DSI + 30, 0x05, 1)  # seconds since its cell began


@breaks("vobu-search")
def _(disc):
    at = disc.navs(SECOND)[5] + DSI + 0xEA + 4 * 19
    disc.put(at, disc.number(at, 4) + 1, 4)


@breaks("vobu-search")
def _(disc):
    nav, later = disc.navs(SECOND)[0], disc.navs(SECOND)[3]
    disc.put(nav + DSI + 0xEA + 4 * 19, 0x80000000 | (later - nav) // SECTOR, 4)  # half a second on, but later


@breaks("sync-address")
def _(disc):
    nav = disc.navs(SECOND)[5]
    video = next(at for at in disc.of_stream(SECOND, 0xE0) if at > nav)
    disc.put(nav + DSI + 0x192, (video - nav) // SECTOR, 2)


@breaks("sync-address")
def _(disc):
    disc.put(disc.navs(FIRST)[2] + DSI + 0x1A2, 1, 4)  # a subpicture's VOBU


@breaks("pack-form")
def _(disc):
    pack = next(at for at in disc.packs(SECOND) if b"\0\0\1\xbe" in disc.data[at : at + SECTOR])
    at = disc.data.index(b"\0\0\1\xbe", pack) + 4
    disc.put(at, disc.number(at, 2) - 1, 2)


@breaks("pack-clock")
def _(disc):
    packs = disc.of_stream(SECOND, 0xE0)
    disc.wind(packs[4], disc.clock(packs[4] - SECTOR))


@breaks("mux-rate")
def _(disc):
    at = disc.of_stream(SECOND, 0xE0)[4] + 10
    disc.put(at, 30000 << 2 | 3, 3)


@breaks("stream-declared")
def _(disc):
    disc.ifo(VTS1, 0x254, 0, 2)
    disc.ifo(VMG, disc.table(VMG, 0xD0) + 8 + 2 * 4 + 8 + 0x154, 0, 2)
    disc.ifo(VTS1, chain_of(disc, VTS1) + 0x1C, 0, 4)


@breaks("scrambled")
def _(disc):
    disc.data[disc.of_stream(SECOND, 0xBD, 0x80)[3] + 14 + 6] |= 0x10


@breaks("sequence")
def _(disc):
    at = disc.video_code(SECOND, 0xB3) + 4 + 6
    size = 113
    disc.put(at, disc.number(at, 2) & 0xE007 | size << 3, 2)


@breaks("sequence")
def _(disc):
    at = disc.video_code(SECOND, 0xB3) + 4 + 3
    disc.put(at, disc.number(at, 1) & 0x0F | 0x20, 1)  # 4:3


@breaks("sequence")
def _(disc):
    at = disc.video_code(SECOND, 0xB3) + 4 + 4
    disc.put(at, 9_900_000 // 400 << 6 | disc.number(at, 3) & 63, 3)


@breaks("gop-closed")
def _(disc):
    nav = disc.navs(SECOND)[2]
    disc.data[disc.video_code(SECOND, 0xB3, vobu=2) + 3] = 0xB2  # user data where a sequence was
    assert nav < disc.video_code(SECOND, 0xB2) < nav + 2 * SECTOR


@breaks("field-cadence")
def _(disc):
    at = disc.video_code(SECOND, 0x00, vobu=3)
    coding = disc.data.index(b"\0\0\1\xb5\x8f", at)
    disc.data[coding + 4 + 3] ^= 0x80  # top_field_first of one picture


@breaks("field-cadence")
def _(disc):
    # The picture that is shown last: nothing follows it, which would be shown later.
    start, end, pictures = disc.navs(SECOND)[-1], disc.at(SECOND, disc.sectors[SECOND][1]), []
    while (start := disc.data.find(b"\0\0\1\0", start + 4, end)) >= 0:
        if disc.data[start + 5] >> 3 & 7 in (1, 2, 3):
            pictures.append((disc.number(start + 4, 2) >> 6, start))
    coding = disc.data.index(b"\0\0\1\xb5", max(pictures)[1])
    disc.data[coding + 4 + 4] &= 0x7F  # interlaced
    disc.data[coding + 4 + 3] |= 0x02  # and repeated


@breaks("picture-times")
def _(disc):
    nav = disc.navs(SECOND)[4]
    stamped = [at for at in disc.of_stream(SECOND, 0xE0) if at > nav and disc.pts(at) >= 0]
    disc.stamp(stamped[1], disc.pts(stamped[1]) + 900)


@breaks("vbv-rate")
def _(disc):
    at = disc.video_code(SECOND, 0xB3) + 4 + 4
    disc.put(at, 250 << 6 | disc.number(at, 3) & 0x3F, 3)  # 100 kb/s
    disc.put(at + 2, disc.number(at + 2, 2) & 0xE007 | 1 << 3, 2)  # into 16,384 bits


@breaks("vbv-clock")
def _(disc):
    pack = next(at for at in disc.of_stream(SECOND, 0xE0) if disc.pts(at, 1) >= 0 and disc.clock(at) > 100_000)
    disc.stamp(pack, disc.clock(pack) - 900, 1)


@breaks("sound-format")
def _(disc):
    pack = disc.of_stream(SECOND, 0xBD, 0x80)[4]
    at = disc.payload(pack)
    frame = at + 4 + disc.number(at + 2, 2) - 1
    assert disc.data[frame : frame + 2] == b"\x0b\x77"
    disc.data[frame + 4] = 34  # 640 kb/s


@breaks("sound-format")
def _(disc):
    disc.ifo(VTS2, 0x205, 0xC5, 1)  # six channels
    disc.ifo(VMG, disc.table(VMG, 0xD0) + 8 + 2 * 4 + 8 + 0x308 + 0x105, 0xC5, 1)


@breaks("sound-gap")
def _(disc):
    pack = disc.of_stream(SECOND, 0xBD, 0x80)[7]
    disc.stamp(pack, disc.pts(pack) + 4000)


@breaks("sound-sync")
def _(disc):
    navs, length = disc.navs(SECOND), SECTOR - 14 - 6
    for pack in disc.of_stream(SECOND, 0xBD, 0x80):
        if pack < navs[2]:
            disc.data[pack + 14 : pack + SECTOR] = b"\0\0\1\xbe" + length.to_bytes(2, "big") + b"\xff" * length
    for nav in navs[:4]:
        disc.put(nav + DSI + 0x192, 0x3FFF, 2)  # no sound


@breaks("sound-sync")
def _(disc):
    length, navs = SECTOR - 14 - 6, disc.navs(SECOND)
    for pack in disc.of_stream(SECOND, 0xBD, 0x80):
        if pack > navs[-3]:
            disc.data[pack + 14 : pack + SECTOR] = b"\0\0\1\xbe" + length.to_bytes(2, "big") + b"\xff" * length
    for nav in navs[-4:]:
        disc.put(nav + DSI + 0x192, 0x3FFF, 2)


@breaks("sound-late")
def _(disc):
    *_, last, unstamped = disc.of_stream(SECOND, 0xBD, 0x80)
    late = disc.pts(last) + 900
    disc.wind(last, late)
    disc.wind(unstamped, late + 900)


def unit_of(disc: Broken) -> int:
    """Where the first subpicture unit of the first title begins."""
    return disc.payload(disc.of_stream(FIRST, 0xBD, 0x20)[0]) + 1


@breaks("subpicture-size")
def _(disc):
    disc.put(unit_of(disc), 53_222, 2)


@breaks("subpicture-form")
def _(disc):
    unit = unit_of(disc)
    disc.put(unit + disc.number(unit + 2, 2) + 4, 0x09, 1)  # no such command


def area_of(disc: Broken) -> int:
    """Where the first unit says from where to where it is shown: left and right in three bytes, then top and bottom."""
    unit = unit_of(disc)
    return disc.data.index(b"\x05", unit + disc.number(unit + 2, 2) + 4 + 7) + 1


@breaks("subpicture-form")
def _(disc):
    disc.put(area_of(disc), disc.number(area_of(disc), 3) + 1, 3)  # a column more than its lines have pixels


@breaks("subpicture-place")
def _(disc):
    disc.put(area_of(disc), disc.number(area_of(disc), 3) + (500 << 12) + 500, 3)


@breaks("subpicture-form")
def _(disc):
    first, second = disc.of_stream(FIRST, 0xBD, 0x20)
    times = disc.pts(first), disc.pts(second)
    disc.stamp(first, times[1] + 90_000)


@breaks("subpicture-late")
def _(disc):
    pack = disc.of_stream(FIRST, 0xBD, 0x20)[0]
    disc.stamp(pack, disc.clock(pack) - 90)


@breaks("menu-entry")
def _(disc):
    disc.ifo(VMG, disc.table(VMG, 0xC8) + 8 + 3, 0, 1)


BUTTONS = PCI + 0x60 + 0x2E


@breaks("button-count")
def _(disc):
    for nav in disc.navs(MENU):
        for number in range(3, 13):
            at = nav + BUTTONS + 18 * number
            disc.data[at : at + 18] = disc.data[nav + BUTTONS : nav + BUTTONS + 18]
        disc.put(nav + PCI + 0x60 + 0x11, 13, 1)


@breaks("button-place")
def _(disc):
    for nav in disc.navs(MENU):
        at = nav + BUTTONS
        disc.put(at, disc.number(at, 3) & 0xFFFC00 | 800, 3)


@breaks("button-seen")
def _(disc):
    pack = disc.of_stream(MENU, 0xBD, 0x20)[0]
    unit = disc.payload(pack) + 1
    at = disc.data.index(b"\x05", unit + disc.number(unit + 2, 2) + 4 + 7) + 4
    down = disc.number(at, 3)
    disc.put(at, down + (200 << 12) + 200, 3)


@breaks("button-neighbour")
def _(disc):
    for nav in disc.navs(MENU):
        disc.put(nav + BUTTONS + 6, 9, 1)


@breaks("button-target")
def _(disc):
    for nav in disc.navs(MENU):
        disc.put(nav + BUTTONS + 10 + 5, 9, 1)  # JumpTT 9


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_disc_breaks_that_rule_and_no_other(discs, whole, tmp_path, name):
    disc = Broken(discs[NTSC], whole)
    BREAKS[name](disc)
    image = tmp_path / "broken.iso"
    image.write_bytes(disc.data)
    assert rules_of(image) == {name.split()[0]}


# --- rules that a changed byte cannot break ---------------------------------------------------------------------


def part_of(path: Path, titleset: int = 2) -> Part:
    """What is read of a titleset's titles."""
    judge = Judge("disc.iso")
    with Image(path) as image:
        folder = read_folder(image, judge)
        assert folder is not None
        ifo = read_ifo(image, folder, titleset, judge)
        assert ifo is not None
        assert ifo.titles is not None
        files = stretches(folder, ifo.titles)
        scan = scanned(image, [(sector, count) for _, sector, count in files], lambda _: None)
    assert scan is not None
    lengths = tuple((name, count) for name, _, count in files)
    return Part(domain=ifo.titles, scan=scan, judge=judge, files=lengths)


def plain_disc(stream: Path, folder: Path) -> Path:
    return imaged_with_udfkit(author_plainly(stream, folder), folder / "disc.iso", NTSC).path


def test_a_group_that_is_too_long_is_found(tmp_path):
    assert rules_of(plain_disc(make_stream(tmp_path / "long.mpg", NTSC, 2, group=20), tmp_path)) == {"gop-length"}


def test_a_second_with_too_many_packs_is_found(discs):
    part = part_of(discs[NTSC].path)
    packs = part.scan.packs
    many = joined([packs, packs, packs, packs])
    for ticks, found in ((43_886, set()), (43_800, {"mux-rate"})):  # 2048 bytes at 10.08 Mb/s, and a little closer
        crowded = replace(many, clock=np.arange(len(many), dtype=np.int64) * ticks)
        part.judge.findings.clear()
        check_packs(replace(part, scan=replace(part.scan, packs=crowded)))
        assert {finding.rule for finding in part.judge.findings} == found


def test_subpictures_that_wait_together_are_found(discs):
    part = part_of(discs[NTSC].path, titleset=1)
    check_subpictures(part)
    assert not part.judge.findings
    large = tuple(replace(unit, length=30_000, arrived=0) for unit in part.scan.units)
    check_subpictures(replace(part, scan=replace(part.scan, units=large)))
    assert [finding.rule for finding in part.judge.findings] == ["subpicture-size"]


def test_a_cell_that_begins_with_an_open_group_is_found(tmp_path):
    assert rules_of(plain_disc(make_stream(tmp_path / "open.mpg", NTSC, 1, closed=False), tmp_path)) == {"gop-closed"}


def test_a_short_vobu_is_noted(discs):
    # FFmpeg's muxer begins no VOBU before 0.4 s: the pictures are told to be shown for half their time.
    part = part_of(discs[NTSC].path)
    frames = frames_of(part)
    assert frames is not None
    check_lengths(part, frames)
    assert not part.judge.findings
    check_lengths(part, replace(frames, fields=frames.fields // 2))
    assert {(finding.rule, finding.severity) for finding in part.judge.findings} == {("vobu-short", "note")}


def test_a_vobu_that_is_too_long_is_found(streams, tmp_path):
    data = bytearray(streams[NTSC].title.read_bytes())
    navs = [at for at in range(0, len(data), SECTOR) if data[at + 0x26 : at + 0x2A] == b"\0\0\1\xbf"]
    for at in [nav for number, nav in enumerate(navs) if number % 3]:
        length = SECTOR - 14 - 6
        data[at + 14 : at + SECTOR] = b"\0\0\1\xbe" + length.to_bytes(2, "big") + b"\xff" * length
    stream = tmp_path / "long.mpg"
    stream.write_bytes(data)
    assert rules_of(plain_disc(stream, tmp_path)) == {"vobu-length"}


def test_a_disc_of_another_length_or_other_chapters_is_found(discs):
    length = length_of(NTSC)
    good = ExpectedTitle(length=length)
    longer = ExpectedDisc(titles=(good, replace(good, length=length + Fraction(1, 10))))
    assert rules_of(discs[NTSC].path, longer) == {"playing-time"}
    assert rules_of(discs[NTSC].path, ExpectedDisc(titles=(good,))) == {"playing-time"}
    summary = verdict_of(discs[NTSC].path).summary
    assert summary is not None
    chapters = summary.titles[0].chapters
    told = ExpectedDisc(titles=(replace(good, chapters=chapters), good))
    assert rules_of(discs[NTSC].path, told) == set()
    moved = (chapters[0], chapters[1] + Fraction(1, 2), chapters[2])
    assert rules_of(discs[NTSC].path, ExpectedDisc(titles=(replace(good, chapters=moved), good))) == {"chapter-place"}


def test_a_disc_larger_than_its_medium_is_found(discs, tmp_path):
    size = discs[NTSC].path.stat().st_size
    titles = (ExpectedTitle(length=length_of(NTSC)),) * 2
    assert rules_of(discs[NTSC].path, ExpectedDisc(titles=titles, capacity_bytes=size)) == set()
    assert rules_of(discs[NTSC].path, ExpectedDisc(titles=titles, capacity_bytes=size - 1)) == {"capacity"}
    image = tmp_path / "large.iso"
    shutil.copyfile(discs[NTSC].path, image)
    os.truncate(image, DUAL_LAYER_BYTES + SECTOR)  # a hole: nothing is written
    assert rules_of(image) == {"capacity"}


def test_every_rule_is_broken_by_a_test():
    by_hand = {"gop-length", "vobu-short", "vobu-length", "playing-time", "chapter-place"}
    assert {name.split()[0] for name in BREAKS} | by_hand == set(RULES)


# --- hostile images ---------------------------------------------------------------------------------------------


def test_what_is_no_disc_is_said_to_be_none(tmp_path):
    for data in (b"", b"\0" * 1_000_000, b"not a disc"):
        image = tmp_path / "none.iso"
        image.write_bytes(data)
        verdict = verdict_of(image)
        assert not verdict.is_disc
        assert verdict.findings


def test_a_damaged_image_is_judged_and_never_crashes_the_verifier(discs, whole, tmp_path):
    chance = random.Random(6)
    image = tmp_path / "damaged.iso"
    tables = [discs[NTSC].sectors[name] for name in (VMG, VTS1, VTS2, "VIDEO_TS.BUP")]
    for number in range(80):
        data = bytearray(whole)
        if number % 4 == 0:
            del data[chance.randrange(len(data)) :]
        first, length = chance.choice(tables)
        for _ in range(chance.choice((1, 10, 300))):
            where = chance.randrange(len(data)) if number % 3 else first * SECTOR + chance.randrange(length)
            if where < len(data):
                data[where] = chance.choice((0, 1, 0xFF, chance.randrange(256)))
        image.write_bytes(data)
        verdict_of(image)
