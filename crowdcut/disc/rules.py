"""The rules that a DVD-Video disc is held to: what each says, its number, and who says so.

The DVD-Video specification itself is not public. The numbers are those of public descriptions, named with each rule,
and of the public standards that DVD-Video is built on.
"""

from dataclasses import dataclass

from crowdcut.findings import Severity

SECTOR_BYTES = 2048
DUAL_LAYER_BYTES = 8_543_666_176
SINGLE_LAYER_BYTES = 4_700_000_000
VOB_SECTORS = 524_287
TITLES, TITLESETS, CHAPTERS, ANGLES = 99, 99, 999, 9
SOUNDS, SUBPICTURES = 8, 32
PROGRAMS, CELLS, COMMANDS = 255, 255, 128
MUX_BITS, VIDEO_BITS, VBV_BITS, STD_BYTES = 10_080_000, 9_800_000, 1_835_008, 237_568
"""Bits a second, bits a second, bits, bytes."""
GOP_FIELDS = {525: 36, 625: 30}
"""Fields shown of one group of pictures, by the lines of the standard."""
VOBU_SECONDS, LAST_VOBU_SECONDS, SHORT_VOBU_TENTHS = 1, 1.2, 4
"""Of any, of the last of a cell; tenths of a second."""
AC3_BITS = 448_000
UNIT_BYTES = 53_220
BUTTONS = 36

_INFO = "DVD-Video information, dvdnav.mplayerhq.hu/dvdinfo"
_INSIDE = "Inside DVD-Video (Wikibooks)"
_UDF = "OSTA UDF 1.02"
_SYSTEMS = "ISO/IEC 13818-1"
_VIDEO = "ISO/IEC 13818-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing a disc must keep to."""

    id: str
    """The ``rule`` of its findings."""
    family: str
    """The line of the verifier's list that it belongs to."""
    says: str
    """What must be so, as a sentence without its full stop."""
    number: str = ""
    """The limit, where there is one."""
    source: str
    """Which public description or standard says so."""
    severity: Severity = "error"


_NOTES = frozenset({"vobu-short", "scrambled"})
"""Rules whose breaking is worth knowing, and no fault."""


def _rules(family: str, *rows: tuple[str, str, str, str]) -> list[Rule]:
    return [
        Rule(id=name, family=family, says=says, number=number, source=source, severity=_severity(name))
        for name, says, number, source in rows
    ]


def _severity(name: str) -> Severity:
    return "note" if name in _NOTES else "error"


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *_rules(
            "file system",
            (
                "udf-structure",
                "the anchor, the volume descriptors, the file set and VIDEO_TS can be read, each descriptor with its"
                " own tag, place, checksum and CRC",
                "",
                "ECMA-167 3/7.2, 3/8.4, 4/14",
            ),
            ("udf-revision", "the logical volume is of UDF revision 1.02", "0x0102", f"{_UDF} 2.1.4.3, 6.9"),
            ("iso-structure", "the ISO 9660 volume descriptor and VIDEO_TS can be read", "", "ECMA-119 8.4, 9.1"),
            (
                "bridge",
                "UDF and ISO 9660 name the same files of VIDEO_TS, at the same sectors and of the same length",
                "",
                "ECMA TR/71 (UDF Bridge)",
            ),
            ("single-extent", "each file of VIDEO_TS is one extent inside the image", "", f"{_UDF} 6.9.1"),
            (
                "capacity",
                "the image is whole sectors and no larger than the disc",
                f"{DUAL_LAYER_BYTES:,} bytes on two layers; on one what was planned for",
                "ECMA-267, ECMA-268",
            ),
        ),
        *_rules(
            "files",
            (
                "file-names",
                "VIDEO_TS.IFO and its copy, and for each titleset, numbered from 1, an IFO, its copy and title VOBs"
                " numbered from 1",
                f"{TITLESETS} titlesets, 9 title VOBs",
                _INSIDE,
            ),
            ("backup", "each BUP is its IFO, byte for byte", "", f"{_INFO}/ifo.html"),
            (
                "vob-size",
                "a VOB file is whole sectors and under 1 GiB",
                f"{VOB_SECTORS:,} sectors (2^30 bytes less a block)",
                f"{_UDF}: the longest extent; {_INSIDE}, Limits, keeps 15 sectors less",
            ),
            ("file-place", "each file lies at the sector that the IFOs say", "", f"{_INFO}/ifo.html"),
        ),
        *_rules(
            "tables",
            (
                "ifo-header",
                "an IFO begins with its identifier and says its own length and its titleset's",
                "",
                f"{_INFO}/ifo.html",
            ),
            (
                "ifo-table",
                "each table of an IFO is there, lies inside it and ends where it says",
                "",
                f"{_INFO}/ifo_vmg.html, ifo_vts.html",
            ),
            (
                "title-table",
                "each title names a titleset, a title in it and its number of chapters truly",
                f"{TITLES} titles, {ANGLES} angles",
                f"{_INFO}/ifo_vmg.html",
            ),
            (
                "chapter-table",
                "each chapter names a program that its program chain has",
                f"{CHAPTERS} chapters a title",
                f"{_INFO}/ifo_vts.html",
            ),
            (
                "attributes",
                "the streams' attributes in VIDEO_TS.IFO are the titlesets' own",
                f"{SOUNDS} sound and {SUBPICTURES} subpicture streams",
                f"{_INFO}/ifo_vmg.html; {_INSIDE}, Limits",
            ),
            (
                "cell-addresses",
                "the cell address table names each cell's first and last sector",
                "",
                f"{_INFO}/ifo.html#c_adt",
            ),
            (
                "vobu-map",
                "the VOBU address map names each VOBU's first sector, and nothing else",
                "",
                f"{_INFO}/ifo.html#vam",
            ),
            (
                "time-map",
                "each entry of a time map lands on the VOBU that plays at its time",
                "",
                f"{_INFO}/ifo_vts.html#tmap",
            ),
        ),
        *_rules(
            "program chains",
            (
                "chain-counts",
                "a program chain keeps to the counts, and its programs begin at rising cells",
                f"{PROGRAMS} programs, {CELLS} cells, {COMMANDS} commands",
                f"{_INFO}/pgc.html; {_INSIDE}, Limits",
            ),
            ("chain-cells", "each cell of a program chain is a cell of the address table", "", f"{_INFO}/pgc.html"),
            (
                "chain-streams",
                "each stream of sound and subpictures that a title's program chain offers is one that its IFO declares",
                "",
                f"{_INFO}/pgc.html",
            ),
            (
                "chain-time",
                "a cell's time is its VOBUs', a program chain's its cells'",
                "2 frames",
                f"{_INFO}/pgc.html",
            ),
            (
                "command-target",
                "each command of a program chain leads to a title, chapter, menu, program chain, program or cell that"
                " is there, and that may be reached from where it stands",
                "",
                f"{_INFO}/vmi.html",
            ),
        ),
        *_rules(
            "navigation",
            (
                "nav-pack",
                "a navigation pack holds PCI and DSI, and names its own sector and clock",
                "",
                f"{_INFO}/pci_pkt.html, dsi_pkt.html",
            ),
            (
                "vobu-end",
                "the DSI names its VOBU's last sector, and where its first reference picture ends",
                "",
                f"{_INFO}/dsi_pkt.html",
            ),
            ("vobu-cell", "the DSI names the VOB and the cell it lies in", "", f"{_INFO}/dsi_pkt.html"),
            (
                "vobu-times",
                "PCI and DSI name when their VOBU's first picture is shown, when the next VOBU's is, and the time since"
                " the cell began",
                "1 frame",
                f"{_INFO}/pci_pkt.html",
            ),
            (
                "vobu-search",
                "each entry of a VOBU's search table lands on a VOBU, of that time (one VOBU or half a second more or"
                " less); the next and the one before are named",
                "0.5 s to 120 s both ways",
                f"{_INFO}/dsi_pkt.html#vobu_sri",
            ),
            (
                "sync-address",
                "a DSI's addresses of sound and subpictures land on a pack of sound near its time, and on a VOBU",
                "0.3 s",
                f"{_INFO}/dsi_pkt.html#synci",
            ),
            (
                "vobu-length",
                "a VOBU of more than one picture is at most a second long, the last of a cell 1.2",
                "1 s; 1.2 s",
                f"{_INSIDE}; afterdawn.com glossary, VOBU",
            ),
            (
                "vobu-short",
                "a VOBU is at least 0.4 s long, but for the last of a cell (players are known to take shorter ones)",
                "0.4 s",
                "afterdawn.com glossary, VOBU",
            ),
        ),
        *_rules(
            "packs",
            (
                "pack-form",
                "each sector of a VOB is one pack, filled to its end by packets of one stream and padding",
                f"{SECTOR_BYTES} bytes",
                f"{_SYSTEMS} 2.5.3.3; mpucoder.com/DVD/vobov.html",
            ),
            ("pack-clock", "a pack's clock is later than the one before in its VOB", "", f"{_SYSTEMS} 2.5.3.4"),
            (
                "mux-rate",
                "no second carries more packs than the disc's rate allows, and no pack declares more",
                "10.08 Mb/s",
                f"{_INSIDE}, MPEG format",
            ),
            ("stream-declared", "each stream in a VOB is declared by its IFO", "", f"{_INFO}/ifo.html"),
            (
                "scrambled",
                "no pack is scrambled: what is in such packs is not judged",
                "",
                f"{_SYSTEMS} 2.4.3.7",
            ),
        ),
        *_rules(
            "video",
            (
                "sequence",
                "the video is MPEG-2 main profile at main level (or MPEG-1) of a raster, rate and shape of DVD-Video,"
                " as its IFO declares it, of a declared rate and buffer within the limits",
                "9.8 Mb/s, 1,835,008 bits",
                f"{_VIDEO} 6.3.3, 8.2; {_INSIDE}, MPEG format",
            ),
            (
                "gop-length",
                "a group of pictures shows at most so many fields",
                "36 fields (525 lines), 30 (625 lines)",
                f"{_INSIDE}, MPEG format; DVDit, MPEG-2 video",
            ),
            (
                "gop-closed",
                "each VOBU begins with a sequence header and a group of pictures; a cell's first group is closed, or"
                " nothing in it is shown before its first picture",
                "",
                f"{_VIDEO} 6.3.8; {_INFO}",
            ),
            (
                "field-cadence",
                "fields alternate through every picture as shown; a field is repeated in progressive pictures only",
                "",
                f"{_VIDEO} 6.3.10",
            ),
            (
                "picture-times",
                "the stamps of the pictures are those of their places in the order shown, without a gap",
                "2 ms",
                f"{_SYSTEMS} 2.4.3.7, 2.7.4",
            ),
        ),
        *_rules(
            "buffers",
            (
                "vbv-rate",
                "at the rate that the sequence declares, into the buffer it declares, each picture is whole when it is"
                " due",
                "1,835,008 bits",
                f"{_VIDEO} annex C",
            ),
            (
                "vbv-clock",
                "at the clocks of the packs each picture is whole when it is due, and the decoder's buffer never runs"
                " over",
                "237,568 bytes (P-STD, 232 KiB in the system header)",
                f"{_SYSTEMS} 2.5.2; {_INFO}",
            ),
        ),
        *_rules(
            "sound",
            (
                "sound-format",
                "sound is coded as its IFO declares; AC-3 at 48 kHz within the limit",
                "448 kb/s",
                f"{_INSIDE}, MPEG format; ETSI TS 102 366 4.4.1",
            ),
            ("sound-gap", "sound goes on without a gap through a VOB", "half a frame", f"{_SYSTEMS} 2.7.4"),
            (
                "sound-sync",
                "where a cell begins there is sound of every stream of its VOB; a title's goes on to the end",
                "one frame",
                f"{_SYSTEMS} 2.4.3.7",
            ),
            (
                "sound-late",
                "sound arrives before it is due, and at most a second before",
                "1 s",
                f"{_SYSTEMS} 2.5.2.6",
            ),
        ),
        *_rules(
            "subpictures",
            (
                "subpicture-size",
                "a subpicture unit is no larger than its decoder's buffer, nor are all of a stream that wait to be"
                " shown",
                f"{UNIT_BYTES:,} bytes",
                f"{_INFO}/spu.html",
            ),
            (
                "subpicture-form",
                "a unit is whole, its pictures and commands lie inside it, and its pixels fill its lines",
                "",
                f"{_INFO}/spu.html",
            ),
            ("subpicture-place", "a unit is shown inside the frame", "720 x 480 or 576", f"{_INFO}/spu.html"),
            ("subpicture-late", "a unit has arrived when it is due", "", f"{_SYSTEMS} 2.5.2"),
        ),
        *_rules(
            "menus",
            (
                "menu-entry",
                "a menu table names each kind of menu once and marks which it has",
                "",
                f"{_INFO}/ifo.html#pgciut",
            ),
            (
                "button-count",
                "there are at most 36 buttons, divided by the ways a picture may be shown: wide, letterbox, pan and"
                " scan each need their own",
                "36; 12 on a 16:9 picture shown in all three ways",
                f"{_INSIDE}, Limits",
            ),
            ("button-place", "each button lies inside the frame", "720 x 480 or 576", f"{_INFO}/pci_pkt.html"),
            (
                "button-seen",
                "each button of a menu lies where a subpicture is shown, which its colours light up",
                "",
                f"{_INFO}/pci_pkt.html, spu.html",
            ),
            ("button-neighbour", "each arrow key of a button leads to a button", "", f"{_INFO}/pci_pkt.html"),
            (
                "button-target",
                "each button's command leads somewhere that is there",
                "",
                f"{_INFO}/pci_pkt.html, vmi.html",
            ),
        ),
        *_rules(
            "playing time",
            (
                "playing-time",
                "the titles are those that were planned, each as long as planned",
                "1 frame",
                "the ledger of the build",
            ),
            ("chapter-place", "each chapter begins where it was planned", "1 frame", "the ledger of the build"),
        ),
    )
}
"""Every rule by its id, in the order of the verifier's list."""

FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(rule.family for rule in RULES.values()))
"""The lines of the verifier's list."""
