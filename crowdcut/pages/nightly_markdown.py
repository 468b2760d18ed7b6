"""The night as Markdown, for a dashboard that shows it: nothing that a contributor wrote is markup."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from crowdcut.findings import Finding
from crowdcut.pages.changes_section import KINDS, differences_told, grouped, is_unchanged, shot_name
from crowdcut.pages.markup import moment
from crowdcut.pages.nightly_page import HEADINGS, NUMBERS, STATES, figures, named, rows, summary, worst_first
from crowdcut.records import record_from

PICTURED_SHOTS = 12
"""Changed shots of the night with pictures: such a text is kept in a database and sent whole."""
_MARKS = re.compile(r"([\\`*_{}\[\]()#+.!|~@:=^$-])")
"""What means something in Markdown, or makes an address a link."""

Part = Mapping[str, Any]


def plain_words(text: str) -> str:
    """Text on one line that shows as it is, whatever it would mean in Markdown or HTML."""
    line = escape(" ".join(text.split()), quote=False)
    return _MARKS.sub(r"\\\1", line)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(night: Part) -> Iterator[str]:
    yield _row(HEADINGS)
    yield _row("---:" if place >= NUMBERS else "---" for place in range(len(HEADINGS)))
    for episode, delivery in rows(night):
        told = (named(episode, delivery), episode["state"], *figures(episode, delivery))
        yield _row(map(plain_words, told))


def _findings(episode: Part) -> Iterator[str]:
    for told in episode["findings"]:
        finding = record_from(told, Finding)
        if "\n" in finding.wanted:  # a traceback, which the episode's report has
            finding = replace(finding, wanted="")
        yield f"- **{finding.severity}** {plain_words(str(finding))}"


def _pictures(shot: Part) -> str:
    stills = ((words, shot[name]) for words, name in (("before", "still_before"), ("now", "still")))
    return " ".join(f"![{words}](data:image/jpeg;base64,{still})" for words, still in stills if still is not None)


def _told(names: str, kind: str, reasons: Sequence[str]) -> str:
    return f"- **{plain_words(names)}** {kind}{': ' if reasons else ''}{plain_words('; '.join(reasons))}"


class _Night:
    """Writes a night, and counts the pictures that it has shown."""

    def __init__(self) -> None:
        self._pictured = 0

    def _shot(self, shot: Part) -> Iterator[str]:
        yield _told(shot_name(shot), KINDS[shot["kind"]], shot["reasons"])
        if self._pictured < PICTURED_SHOTS and (pictures := _pictures(shot)):
            self._pictured += 1
            yield f"\n  {pictures}\n"

    def _delivery(self, delivery: Part) -> Iterator[str]:
        changes = delivery["changes"]
        yield f"\n### {plain_words(delivery['profile'])}\n"
        if not delivery["verified"]:
            yield "There is no film."
        elif changes is None:
            yield f"The first master: {plain_words(delivery['length'])}."
        else:
            yield plain_words(" ".join((f"Since {moment(changes['since'])}.", *differences_told(delivery))))
            yield "" if not is_unchanged(changes) else "\nNothing in it changed."
            yield from (f"- {plain_words(reason)}" for reason in changes["film"])
            for shot in (shot for shot in changes["shots"] if shot["stilled"]):
                yield from self._shot(shot)
            yield from (_told(*one) for one in grouped(shot for shot in changes["shots"] if not shot["stilled"]))
            yield from (_told(one["what"], KINDS[one["kind"]], one["reasons"]) for one in changes["sounds"])

    def _episode(self, episode: Part) -> Iterator[str]:
        yield f"\n## {plain_words(episode['title'])}: {STATES[episode['state']]}\n"
        yield plain_words(episode["manifest"])
        yield ""
        yield from _findings(episode)
        for delivery in episode["deliveries"]:
            yield from self._delivery(delivery)

    def lines(self, night: Part) -> Iterator[str]:
        """The whole text."""
        yield f"# Night of {moment(night['started_at'])}\n"
        yield f"{summary(night)}.\n"
        if night["episodes"]:
            yield from _table(night)
        for episode in worst_first(night):
            if episode["state"] != "unchanged" or episode["findings"]:
                yield from self._episode(episode)


def markdown_from(night: Part) -> str:
    """The text of a whole night; it is UTF-8 whatever files are called."""
    text = "\n".join(_Night().lines(night)) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
