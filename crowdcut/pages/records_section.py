"""What was done to each clip, for people: its conversion record once, with the shots that it holds for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crowdcut.pages.markup import Html, joined, plural, tag

Part = Mapping[str, Any]
_HEADINGS = (("found", "Found"), ("done", "Done"), ("cost", "What it cost"))


def _lines(heading: str, lines: Iterable[str], kind: str) -> Html:
    told = joined(tag("li", line) for line in lines)
    return tag("div", tag("h4", heading), tag("ul", told), class_="paid" if kind == "cost" else None)


def _verdict(record: Part) -> Html:
    """The record in a word, for whoever leaves it folded."""
    if cost := record.get("cost"):
        more = f" (and {len(cost) - 1} more)" if len(cost) > 1 else ""
        return tag("span", f"{cost[0]}{more}", class_="cost")
    return tag("span", "nothing lost" if record.get("done") else "as it is", class_="kind")


def _record(name: str, record: Part, shots: Iterable[str]) -> Html:
    """A clip's record, folded away."""
    groups = joined(_lines(heading, record[kind], kind) for kind, heading in _HEADINGS if record.get(kind))
    shown_in = tag("span", f"in {', '.join(dict.fromkeys(shots))}", class_="soft")
    summary = tag("summary", tag("b", name), shown_in, _verdict(record))
    return tag("details", summary, tag("div", groups, class_="record"))


def _counted(clips: int, records: Iterable[Part]) -> str:
    """How many clips there are, and how many of their conversions lost something."""
    told = tuple(records)
    paid = sum(bool(record.get("cost")) for record in told)
    changed = sum(bool(record.get("done") and not record.get("cost")) for record in told)
    left = len(told) - paid - changed
    counts = {"lost something": paid, "converted without loss": changed, "shown as it came": left}
    ways = f" in {len(told)} conversions" if len(told) > clips else ""
    kinds = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    return f"{plural(clips, 'clip')}{ways}: {kinds}."


def records_section(part: Part) -> Iterator[Html]:
    """Each clip's record once, those that cost most first; nothing for a film without clips."""
    shots: dict[str, list[str]] = {}
    records: dict[str, tuple[str, Part]] = {}
    for shot in part["shots"]:
        for name, record in shot["conversions"].items():
            same = f"{name}\n{record}"
            records[same] = name, record
            shots.setdefault(same, []).append(shot["name"])
    if not records:
        return
    yield tag("h3", "What was done to each clip")
    clips = len({name for name, _ in records.values()})
    yield tag("p", _counted(clips, (record for _, record in records.values())), class_="soft")
    order = sorted(records, key=lambda same: -len(records[same][1].get("cost", ())))
    yield tag("div", joined(_record(*records[same], shots[same]) for same in order), class_="records")
