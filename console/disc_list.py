"""What ``crowdcut disc verify`` shows: the disc in a few lines, a tick for each family of rules, what was found."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from crowdcut.contract.tables import printable
from crowdcut.disc.rules import FAMILIES, RULES
from crowdcut.disc.verdict import DiscSummary, DiscVerdict
from crowdcut.findings import Finding
from crowdcut.timing import clock

_OF_CONTENTS = ("video", "buffers", "subpictures")
"""Families that see into packs, which scrambling hides."""
_OF_A_PLAN = "playing time"
_STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}


def _about(summary: DiscSummary) -> Iterator[str]:
    """The disc for people."""
    name = f"{summary.volume}, " if summary.volume else ""
    yield f"{name}{summary.bytes:,} bytes, {float(summary.fill):.1%} of a single-layer disc, {summary.packs:,} packs"
    yield f"{len(summary.titles)} titles in {summary.titlesets} titlesets, {summary.menus} menus"
    for number, title in enumerate(summary.titles, 1):
        told = [f"{clock(title.length)}, {len(title.chapters)} chapters", title.picture, *title.sounds]
        if title.subpictures:
            told.append(f"subtitles {', '.join(title.subpictures)}")
        told.append(f"video {title.video_bits / 1e6:.2f} Mb/s, at most {title.peak_bits / 1e6:.2f} Mb/s in all")
        yield f"  title {number}: {'; '.join(told)}"


def _marks(findings: tuple[Finding, ...], *, planned: bool) -> Iterator[tuple[str, str, str]]:
    """A mark, its style and the words of each family of rules."""
    broken = {RULES[one.rule].family for one in findings if one.severity != "note"}
    hidden = _OF_CONTENTS if any(one.rule == "scrambled" for one in findings) else ()
    for family in FAMILIES:
        count = sum(rule.family == family for rule in RULES.values())
        if family in broken:
            yield "✗", "bold red", family
        elif family == _OF_A_PLAN and not planned:
            yield "-", "dim", f"{family} (no plan to hold it against)"
        elif family in hidden:
            yield "-", "dim", f"{family} (scrambled: not judged)"
        else:
            yield "✓", "green", f"{family} ({count} rule{'' if count == 1 else 's'})"


def show(name: str, verdict: DiscVerdict, *, planned: bool = False) -> None:
    """Print a verdict to the standard output. ``planned``: it was held against a plan too."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(printable(name), style="bold"))
    if verdict.summary is not None:
        for line in _about(verdict.summary):
            console.print(Text(f"  {printable(line)}"))
    if verdict.is_disc:
        for mark, style, family in _marks(verdict.findings, planned=planned):
            console.print(Text(f"  {mark} ", style=style) + Text(family))
    for finding in verdict.findings:
        head = Text(f"{finding.severity} {finding.rule} ", style=_STYLES[finding.severity])
        console.print(head + Text(printable(str(finding))))
    wrong = sum(finding.severity != "note" for finding in verdict.findings)
    said = "nothing breaks a rule" if verdict.is_disc else "this is no DVD-Video image"
    console.print(Text(f"{wrong} finding{'' if wrong == 1 else 's'}" if wrong and verdict.is_disc else said))
