"""One delivery's numbers, from ``profiles.toml`` and from a manifest's own ``[profile.x]`` tables."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from crowdcut.contract.reading import Entries, Reading, suggestion, values_of
from crowdcut.contract.tables import Node, Source, merged, nodes_from, printable, quoted, table_from
from crowdcut.contract.values import file_safe, is_file_name, wanted
from crowdcut.disc.cadence import cadence_for
from crowdcut.disc.standards import BEST_STEP, STANDARDS, Standard
from crowdcut.findings import Refused
from crowdcut.orders import PictureEncoding, Raster
from crowdcut.vocabulary.profile_tables import AUDIO, LOUDNESS, PROFILE, VIDEO

_REQUIRED = {
    "": ("size", "extension"),
    "video": ("codec",),
    "audio": ("codec", "bit_rate"),
    "loudness": ("integrated_lufs", "true_peak_dbtp"),
}
"""What a profile must say, itself or through what it extends, by table."""
_RANGES = {
    "integrated_lufs": (-70, 0),
    "true_peak_dbtp": (-20, 0),
    "tolerance_lu": (0.2, 3),
    "max_short_term_lufs": (-70, 0),
    "max_momentary_lufs": (-70, 0),
    "max_range_lu": (1, 40),
}
"""LUFS, dBTP and LU. Sound is finished to 0.2 LU: nothing closer can be held to."""
_LOUDNESS = {"tolerance_lu": 0.3}
"""Where a profile says nothing; all else is without limit."""
_MOST_NAMED = 12
"""Profiles that a message lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A delivery."""

    name: str
    doc: str
    """One sentence for people."""
    width: int
    """Pixels, even."""
    height: int
    """Pixels, even."""
    rate: Fraction | None
    """Frames a second; None: the programme's, or what a disc makes of it."""
    extension: str
    encoding: PictureEncoding
    audio_codec: str
    audio_bit_rate: int
    integrated_lufs: float
    """LUFS (BT.1770-4)."""
    true_peak_dbtp: float
    """dBTP, ceiling."""
    tolerance_lu: float
    """How far from ``integrated_lufs`` the finished film may be."""
    max_short_term_lufs: float | None
    """LUFS, 3 s (EBU Tech 3341); None: no limit."""
    max_momentary_lufs: float | None
    """LUFS, 400 ms; None: no limit."""
    max_range_lu: float | None
    """LU (EBU Tech 3342); None: no limit."""
    burn_in: bool
    """Whether the shot's name and source time are drawn into the picture."""
    disc: str | None
    """The standard of the disc that this is a title of: a key of ``disc.standards.STANDARDS``."""

    @property
    def standard(self) -> Standard | None:
        """The standard of the disc that this is a title of."""
        return STANDARDS[self.disc] if self.disc is not None else None

    def raster(self, programme_rate: Fraction) -> Raster:
        """The picture that is composed for this delivery, of a programme of so many frames a second."""
        rate = self.rate or programme_rate
        if self.standard is not None:
            rate = cadence_for(self.standard, programme_rate).rate
        return Raster(width=self.width, height=self.height, rate=rate)

    def encoding_for(self, raster: Raster) -> PictureEncoding:
        """How its pictures are coded."""
        if self.standard is None:
            return self.encoding
        gop_frames = cadence_for(self.standard, raster.rate).gop_frames
        return replace(self.encoding, gop_frames=gop_frames, options={"qmin": str(BEST_STEP)})


@cache
def packaged() -> dict[str, Node]:
    """The tables of Crowdcut's own profiles, by name. Raises Refused if the installed file is broken."""
    node, findings = table_from(Path(__file__).with_name("profiles.toml"))
    if node is None or findings:
        raise Refused(findings)
    return node.value


def unknown_profile(name: str, own: Mapping[str, object]) -> tuple[str, str]:
    """What to say of a profile that does not exist: what is wrong and the way out."""
    known = {**packaged(), **own}
    few = list(known)[:_MOST_NAMED]
    names = ", ".join(map(printable, few)) + (", ..." if len(known) > len(few) else "")
    return f"there is no profile {quoted(name)}", f"There are {names}. {suggestion(name, known, '')}".strip()


def _chain(name: str, own: Mapping[str, Node], reading: Reading) -> Node | None:
    """The table ``name`` laid on all that it extends; None where that is nothing or goes round in a circle."""
    tables = {**own, **packaged()}
    node, seen = tables[name], [name]
    while isinstance(node.value, dict) and "extends" in node.value:
        extends = node.value["extends"]
        base = extends.value
        if not isinstance(base, str) or base not in tables:
            if isinstance(base, str):
                reading.complain("unknown-profile", extends.where("extends"), *unknown_profile(base, own))
            return None
        if base in seen:
            found = f"it extends itself: {printable(' < '.join((*seen, base)))}"
            reading.complain("extends-cycle", extends.where("extends"), found, "Have one of these extend another.")
            return None
        seen.append(base)
        over = Node(
            value={key: child for key, child in node.value.items() if key != "extends"},
            source=node.source,
            line=node.line,
        )
        node = merged(tables[base], over)
    return node


def _implied(node: Node, reading: Reading) -> Node:
    """A disc's profile with what its standard says of the picture."""
    disc = node.value.get("disc") if isinstance(node.value, dict) else None
    if disc is None or disc.value not in STANDARDS:
        return node
    for key in ("size", "rate", "extension", "video"):
        if key in node.value:
            found = f"{key} is a disc's own: it is what its standard says"
            reading.complain("wrong-value", node.value[key].where(key), found, f"Leave {key} out.")
    picture = {"size": list(STANDARDS[disc.value].canvas), "video": {"codec": "mpeg2video"}}
    return merged(nodes_from(picture, node.source), node)


def _entries(node: Node, reading: Reading) -> dict[str, Entries]:
    """All that a profile says, by table; the profile's own keys under ``""``."""
    read = {"": reading.entries_of(node, PROFILE)}
    for name, table in {
        "video": VIDEO,
        "audio": AUDIO,
        "loudness": LOUDNESS,
    }.items():
        inner = reading.table_of(node, name)
        read[name] = reading.entries_of(inner, table) if inner is not None else {}
    for key, (low, high) in _RANGES.items():
        entry = read["loudness"].get(key)
        if entry is not None and not low <= entry.value <= high:
            found = f"{key} is {entry.value:g}"
            reading.complain("wrong-value", entry.node.where(key), found, wanted=f"{low} to {high}")
    return read


def _complete(name: str, node: Node, read: Mapping[str, Entries], reading: Reading) -> bool:
    """Whether nothing is missing that no default holds for. What is written but wrong has been complained of."""
    complete = True
    for table, keys in _REQUIRED.items():
        inner = node.value.get(table, Node(value={}, source=node.source, line=node.line)) if table else node
        for key in keys:
            if key == "extension" and "disc" in read[""]:
                continue
            complete &= key in read[table]
            if isinstance(inner.value, dict) and key not in inner.value:
                found = f"the profile {quoted(name)} says nothing about {f'{table}.{key}' if table else key}"
                reading.complain("missing-key", inner.where(key), found, 'Add it, or extends = "web".')
    return complete


def profile_in(name: str, own: Mapping[str, Node], reading: Reading) -> Profile | None:
    """The profile ``name``, which must exist; None where the reading's findings say why not."""
    node = _chain(name, own, reading)
    if node is None or not isinstance(node.value, dict):
        return None
    node = _implied(node, reading)
    read = _entries(node, reading)
    if not _complete(name, node, read, reading):
        return None
    values: dict[str, dict[str, Any]] = {table: values_of(entries) for table, entries in read.items()}
    top, video = values[""], values["video"]
    coding = {"codec", "pixel_format", "gop_frames"}
    options = {key: value for key, value in video.items() if key not in {*coding, "note"}}
    return Profile(
        name=name,
        doc=top.get("doc", ""),
        width=top["size"][0],
        height=top["size"][1],
        rate=top.get("rate"),
        extension="mpg" if "disc" in top else top["extension"],
        encoding=PictureEncoding(
            **{key: video[key] for key in coding & set(video)}, options=options, disc=top.get("disc")
        ),
        audio_codec=values["audio"]["codec"],
        audio_bit_rate=values["audio"]["bit_rate"],
        **{key: values["loudness"].get(key, _LOUDNESS.get(key)) for key in _RANGES},
        burn_in=top.get("burn_in", False),
        disc=top.get("disc"),
    )


def check_own_profiles(own: Mapping[str, Node], reading: Reading) -> None:
    """Complain of all that is wrong with a manifest's own profiles, delivered or not."""
    for name, node in own.items():
        if name in packaged():
            found = f"{quoted(name)} is the name of one of Crowdcut's own profiles"
            way_out = f'Give yours another name, with extends = "{name}".'
            reading.complain("duplicate-id", node.where(), found, way_out)
            continue
        if not is_file_name(name):
            found, way_out = f"{quoted(name)} names the folder of its films", f"Write [profile.{file_safe(name)}]."
            reading.complain("wrong-value", node.where(), found, way_out, wanted=wanted("file name"))
        profile_in(name, own, reading)


def profile_from(name: str, own: Mapping[str, Mapping[str, object]]) -> Profile:
    """The profile ``name``; ``own`` are the manifest's tables. Raises KeyError with a sentence for an unknown name,
    Refused for a table that is no profile."""
    if name not in packaged() and name not in own:
        raise KeyError(". ".join(unknown_profile(name, own)))
    source = Source(file=None, shown="[profile]")
    reading = Reading(rate=Fraction(24))
    profile = profile_in(name, {key: nodes_from(dict(table), source) for key, table in own.items()}, reading)
    if profile is None or reading.findings:
        raise Refused(reading.findings)
    return profile
