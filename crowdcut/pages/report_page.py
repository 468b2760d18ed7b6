"""The report as a page for people: one self-contained HTML file, made from the report's data alone."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from crowdcut.pages.changes_section import changes_section, still_image
from crowdcut.pages.findings_list import findings_list
from crowdcut.pages.loudness_section import loudness_section
from crowdcut.pages.markup import Html, document, joined, moment, plural, tag
from crowdcut.pages.records_section import records_section

Part = Mapping[str, Any]
"""One delivery of the report."""


def _name(part: Part, report: Part) -> str:
    """What a delivery is called: by its profile; a disc's titles by theirs."""
    title = part.get("title", report["title"])
    return part["profile"] if title == report["title"] else f"{title}, {part['profile']}"


def _anchor(part: Part, report: Part) -> str:
    return quote(f"delivery-{_name(part, report)}", safe="")


def _verdict(part: Part) -> Html:
    """What a delivery came to, in red unless all is as it should be."""
    if not part["verified"]:
        return tag("span", "failed: there is no film", class_="verdict bad")
    if part["placeholders"]:
        words = f"verified, with {plural(len(part['placeholders']), 'placeholder')}"
        return tag("span", words, class_="verdict bad")
    return tag("span", "verified", class_="verdict")


def _film(part: Part) -> Html | None:
    if part["film"] is None:
        return None
    return tag("a", part["film"], href=quote(f"{part['profile']}/{part['film']}"))


def _head(report: Part) -> Iterator[Html]:
    """The title, and each delivery's verdict on a line."""
    yield tag("h1", report["title"])
    yield tag("p", f"Built {moment(report['built_at'])}", class_="soft")
    lines = (
        tag(
            "li",
            _verdict(part),
            " ",
            tag("a", _name(part, report), href=f"#{_anchor(part, report)}"),
            f", {part['length']}",
        )
        for part in report["deliveries"]
    )
    yield tag("ul", joined(lines), class_="summary")


def _dynamics(sound: Part) -> dict[str, str | None]:
    """The loudest moments and the loudness range, each with its limit, where the delivery has one."""
    told = {}
    names = {"Loudest 3 s": "max_short_term_lufs", "Loudest 400 ms": "max_momentary_lufs", "Loudness range": "range_lu"}
    for name, key in names.items():
        value, most, unit = sound[key], sound["most"][key], "LU" if key == "range_lu" else "LUFS"
        if value is not None:
            told[name] = f"{value:.1f} {unit}" + ("" if most is None else f" (at most {most:g})")
    return told


def _disc(part: Part) -> dict[str, Html | str | None]:
    """The disc that a film is on, where it is on one."""
    disc = part.get("disc")
    if disc is None:
        return {}
    titles = plural(len(disc["titles"]), "title")
    return {
        "Disc": tag("a", disc["image"], href=quote(f"{part['profile']}/{disc['image']}")),
        "On it": f"{titles}, {plural(disc['menus'], 'menu')}; volume {disc['volume']}",
        "Filled": f"{disc['bytes'] / 1e6:.0f} MB, {float(Fraction(disc['fill'])):.1%} of a single layer",
    }


def _facts(part: Part) -> Html:
    """The figures that people ask for first."""
    width, height = part["size"]
    facts: dict[str, Html | str | None] = {
        "Film": _film(part),
        **_disc(part),
        "Length": f"{part['length']} ({part['length_frames']} frames)",
        "Picture": f"{width}×{height}, {part['rate']} frames/s",
        "Shots": str(len(part["shots"])),
        "Placeholders": ", ".join(part["placeholders"]) or None,
    }
    if (sound := part["sound"]) is not None and sound["integrated_lufs"] is not None:
        facts["Loudness"] = f"{sound['integrated_lufs']:.1f} LUFS (target {sound['target_lufs']:g})"
    if sound is not None and sound["true_peak_dbtp"] is not None:
        facts["True peak"] = f"{sound['true_peak_dbtp']:.1f} dBTP (at most {sound['ceiling_dbtp']:g})"
    facts |= _dynamics(sound) if sound is not None else {}
    rows = (tag("div", tag("dt", name), tag("dd", value)) for name, value in facts.items() if value is not None)
    return tag("dl", joined(rows), class_="facts")


def _still(shot: Part) -> Html:
    if shot["still"] is None:
        return tag("div", "not rendered", class_="no-still")
    return still_image(shot["still"])


def _figure(shot: Part) -> Html:
    """One shot of the contact sheet."""
    caption = tag(
        "figcaption",
        tag("b", shot["name"]),
        f"at {shot['start']}, {plural(shot['length_frames'], 'frame')}",
        tag("div", ", ".join(shot["by"])) if shot["by"] else None,
        tag("div", "placeholder", class_="flag") if shot["placeholder"] else None,
        tag("div", shot["note"], class_="remark") if shot["note"] else None,
    )
    return tag("figure", _still(shot), caption, class_="placeholder" if shot["placeholder"] else None)


def _sheet(part: Part) -> Iterator[Html]:
    yield tag("h3", "Contact sheet")
    yield tag("div", joined(map(_figure, part["shots"])), class_="sheet")


def _credits(part: Part) -> Iterator[Html]:
    yield tag("h3", "Credits")
    blocks = (
        tag("div", tag("h4", block["heading"]), joined(tag("p", name) for name in block["names"]))
        for block in part["credits"]
    )
    yield tag("div", joined(blocks), class_="credits")


def _work(part: Part) -> Iterator[Html]:
    """What was rendered, what was there already, and what it took."""
    yield tag("h3", "Work")
    total = f"{part['wall_seconds']:.1f} s by the clock, {part['cpu_seconds']:.1f} s of processor time."
    yield tag("p", total)
    kinds = {**part["rendered"], **part["reused"], **part["cpu_seconds_by_kind"]}
    names = ("Jobs", "rendered", "in the store", "processor s")
    head = tag("tr", *(tag("th", name, class_="number" if name != "Jobs" else None) for name in names))
    rows = (
        tag(
            "tr",
            tag("td", kind),
            tag("td", str(part["rendered"].get(kind, 0)), class_="number"),
            tag("td", str(part["reused"].get(kind, 0)), class_="number"),
            tag("td", f"{part['cpu_seconds_by_kind'].get(kind, 0):.1f}", class_="number"),
        )
        for kind in kinds
    )
    yield tag("div", tag("table", head, joined(rows)), class_="scroll")


def _delivery(part: Part, report: Part) -> Html:
    return tag(
        "section",
        tag("h2", _name(part, report), " ", _verdict(part)),
        _facts(part),
        joined(findings_list(part["findings"], "Findings", part)),
        joined(changes_section(part)),
        joined(_sheet(part)),
        joined(loudness_section(part)),
        joined(_credits(part)),
        joined(records_section(part)),
        joined(_work(part)),
        id=_anchor(part, report),
    )


def page_from(report: Part) -> str:
    """The page of a whole report (``docs/report.md``)."""
    main = tag(
        "main",
        joined(_head(report)),
        joined(findings_list(report["findings"], "Findings about the whole production")),
        joined(_delivery(part, report) for part in report["deliveries"]),
    )
    return document(f"{report['title']}: report", main)
