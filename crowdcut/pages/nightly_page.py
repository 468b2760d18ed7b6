"""The night as a page for people: what was built, what changed and why, and first of all what went wrong."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from crowdcut.pages.changes_section import changed_shots, counted, differences_told, is_unchanged
from crowdcut.pages.findings_list import findings_list
from crowdcut.pages.markup import Html, document, joined, moment, plural, tag

Part = Mapping[str, Any]
"""The night, one episode of it, or one delivery of that."""

STATES = {
    "refused": "refused: nothing was built",
    "failed": "failed: there is no film",
    "built": "built",
    "unchanged": "unchanged",
}
"""The worst first."""
_LOOKS = {"refused": "verdict bad", "failed": "verdict bad", "built": "verdict", "unchanged": "verdict calm"}
HEADINGS = ("Episode", "State", "Length", "Loudness", "Changed", "Rendered", "In the store", "Clock s", "Processor s")

NUMBERS = 5
"""From which of them on the cells are numbers."""


def worst_first(night: Part) -> list[Part]:
    """The night's episodes: refused, failed, built, unchanged; each in the order in which they were looked at."""
    return sorted(night["episodes"], key=lambda episode: list(STATES).index(episode["state"]))


def summary(night: Part) -> str:
    """``3 episodes: 1 failed, 2 built``."""
    states = [episode["state"] for episode in night["episodes"]]
    counts = ", ".join(f"{states.count(state)} {state}" for state in STATES if state in states)
    return f"{plural(len(states), 'episode')}{': ' if counts else ''}{counts}"


def loudness(delivery: Part) -> str:
    """``-14.0 LUFS``, with how far it is from the last master's where that can be seen."""
    sound, changes = delivery["sound"], delivery["changes"]
    if sound is None or sound["integrated_lufs"] is None:
        return ""
    told = f"{sound['integrated_lufs']:.1f} LUFS"
    before = changes["integrated_lufs_before"] if changes is not None else None
    apart = 0.0 if before is None else sound["integrated_lufs"] - before
    return f"{told} ({apart:+.1f} LU)" if abs(apart) >= 0.05 else told


def length(delivery: Part) -> str:
    """``22:00 (+0:02.5)``."""
    longer = delivery["changes"]["longer"] if delivery["changes"] is not None else ""
    return f"{delivery['length']} ({longer})" if longer else delivery["length"]


def figures(episode: Part, delivery: Part | None) -> tuple[str, ...]:
    """The cells of :data:`HEADINGS` behind episode and state."""
    cost = f"{episode['wall_seconds']:.1f}", f"{episode['cpu_seconds']:.1f}"
    if delivery is None or not delivery["verified"]:
        return "", "", "", "", "", *cost
    changes = delivery["changes"]
    changed = "first master" if changes is None else counted(changes)
    if episode["state"] == "unchanged":
        changed = ""
    work = (str(sum(delivery[name].values())) for name in ("rendered", "reused"))
    return length(delivery), loudness(delivery), changed, *work, *cost


def named(episode: Part, delivery: Part | None) -> str:
    """An episode's title, with the delivery's profile."""
    return episode["title"] if delivery is None else f"{episode['title']}, {delivery['profile']}"


def rows(night: Part) -> Iterator[tuple[Part, Part | None]]:
    """Every delivery of every episode; one row for an episode without any."""
    for episode in worst_first(night):
        yield from ((episode, delivery) for delivery in episode["deliveries"] or (None,))


def _verdict(episode: Part, words: str) -> Html:
    return tag("span", words, class_=_LOOKS[episode["state"]])


def _table(night: Part, anchors: Mapping[int, str]) -> Html:
    head = tag("tr", *(tag("th", name, class_="number" if name in HEADINGS[NUMBERS:] else None) for name in HEADINGS))

    def row(episode: Part, delivery: Part | None) -> Html:
        name: Html | str = named(episode, delivery)
        if id(episode) in anchors:
            name = tag("a", name, href=f"#{anchors[id(episode)]}")
        told = figures(episode, delivery)
        cells = (tag("td", cell, class_="number" if place + 2 >= NUMBERS else None) for place, cell in enumerate(told))
        return tag("tr", tag("td", name), tag("td", _verdict(episode, episode["state"])), *cells)

    body = joined(row(episode, delivery) for episode, delivery in rows(night))
    return tag("div", tag("table", head, body, class_="night"), class_="scroll", tabindex=0)


def _delivery(delivery: Part) -> Html:
    """What changed in one film."""
    if not delivery["verified"]:
        return tag("div", tag("h3", delivery["profile"]), tag("p", "There is no film.", class_="flag"))
    changes = delivery["changes"]
    if changes is None:
        return tag("div", tag("h3", delivery["profile"]), tag("p", f"The first master: {delivery['length']}."))
    told = " ".join((f"Since {moment(changes['since'])}.", *differences_told(delivery)))
    return tag(
        "div",
        tag("h3", delivery["profile"]),
        tag("p", told, class_="soft"),
        tag("p", "Nothing in it changed.") if is_unchanged(changes) else changed_shots(changes),
    )


def _episode(episode: Part, anchor: str) -> Html:
    report = episode["report"]
    return tag(
        "section",
        tag("h2", episode["title"], " ", _verdict(episode, STATES[episode["state"]])),
        tag(
            "p",
            episode["manifest"],
            " · " if report is not None else None,
            tag("a", "its report", href=quote(report, errors="surrogateescape")) if report is not None else None,
            class_="soft",
        ),
        joined(findings_list(episode["findings"], "Findings")),
        joined(map(_delivery, episode["deliveries"])),
        id=anchor,
    )


def _told(night: Part) -> Iterable[Part]:
    """Episodes that there is more to say of than their row."""
    return (episode for episode in worst_first(night) if episode["state"] != "unchanged" or episode["findings"])


def page_from(night: Part) -> str:
    """The page of a whole night (``docs/report.md``)."""
    told = list(_told(night))
    anchors = {id(episode): f"episode-{number}" for number, episode in enumerate(told, 1)}
    main = tag(
        "main",
        tag("h1", f"Night of {moment(night['started_at'])}"),
        tag("p", f"{summary(night)}. Ended {moment(night['ended_at'])}.", class_="soft"),
        _table(night, anchors) if night["episodes"] else tag("p", "There are no episodes here."),
        joined(_episode(episode, anchors[id(episode)]) for episode in told),
    )
    return document(f"Night of {moment(night['started_at'])}", main)
