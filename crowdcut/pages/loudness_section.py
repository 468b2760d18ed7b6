"""What a delivery's report shows of its loudness: the curves, the limiter's work, contributions before and after."""

from collections.abc import Iterator, Mapping
from typing import Any

from crowdcut.pages.loudness_chart import loudness_chart
from crowdcut.pages.markup import Html, joined, plural, tag

_BUSES = {"voice": "voices", "shot": "the clips' own sound", "effect": "effects", "music": "music"}
_CAPS = {"max-gain": "the most that is allowed", "noise-floor": "its noise would be heard"}

_LIMITED_DB = 1.0
"""What the limiter takes of a peak is told from here on: it may cost a contribution some of its loudness."""


def _lufs(value: float | None) -> str:
    return "silent" if value is None else f"{value:.1f}".replace("-", "\N{MINUS SIGN}")


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")


def _in_the_film(sound: Mapping[str, Any]) -> dict[str, list[float | None]]:
    """Each bus's short-term loudness with what the programme is given; before the limiter."""
    raised_db = sound["gain_db"]
    return {
        bus: [None if level is None else level + raised_db for level in facts["short_term"]]
        for bus, facts in sound["buses"].items()
    }


def _legend(sound: Mapping[str, Any]) -> Html:
    film = tag("span", "the film", class_="bus film")
    return tag(
        "p", film, *(tag("span", _BUSES.get(bus, bus), class_=f"bus {bus}") for bus in sound["buses"]), class_="legend"
    )


def _work(sound: Mapping[str, Any]) -> str:
    limiter, music = sound["limiter"], sound["buses"].get("music")
    told = "Short-term loudness (3 s) at each second; buses before the limiter. "
    told += f"The limiter was at work for {limiter['seconds_working']:g} s and took at most "
    told += f"{limiter['max_reduction_db']:g} dB. Loudness range {sound['range_lu']:.1f} LU."
    if music is not None and music["ducked_db"]:
        told += f" Music went down by up to {music['ducked_db']:.1f} dB under speech."
        told += "".join(_depth(word, depth) for word, depth in music["depths"].items())
    return told


def _kept_back(one: Mapping[str, Any]) -> Iterator[str]:
    if one["cap"]:
        yield f"{one['missing_db']:.1f} dB less than wished: {_CAPS.get(one['cap'], one['cap'])}"
    if one["limited_db"] >= _LIMITED_DB:
        yield f"the limiter goes down by up to {one['limited_db']:.1f} dB"


def _depth(word: str, depth: Mapping[str, Any]) -> str:
    """What became of music that gives way: ``whole``, or ``carve``."""
    if not depth["windows"]:
        return ""
    where = ", in the band of speech" if word == "carve" else ""
    share = 100 * depth["within"] / depth["windows"]
    told = f" It was {depth['depth_lu']:g} ± 1 LU under it (3 s at a time{where})"
    told += f" in {share:.0f} % of {plural(depth['windows'], 'window')} within speech"
    return f"{told}; nearer in {depth['nearer']}." if depth["nearer"] else f"{told}, and never nearer."


def _speaks(share: float | None) -> str:
    """How much of a contribution is speech; nothing of what is no voice."""
    if share is None:
        return ""
    return f"{100 * share:.0f} %" if share else "not found"


def _row(one: Mapping[str, Any]) -> Html:
    return tag(
        "tr",
        tag("td", one["contribution"]),
        tag("td", _BUSES.get(one["bus"], one["bus"])),
        tag("td", _speaks(one["speech_share"]), class_="number"),
        tag("td", _lufs(one["before_lufs"]), class_="number"),
        tag("td", _signed(one["gain_db"]), class_="number"),
        tag("td", _lufs(one["after_lufs"]), class_="number"),
        tag("td", "; ".join(_kept_back(one))),
        tag("td", "; ".join((*one["found"], *one["done"]))),
    )


def _contributions(sound: Mapping[str, Any]) -> Html:
    """Folded away until it is asked for: there may be hundreds."""
    rows = sound["contributions"]
    numbers = ("speaks", "LUFS by itself", "dB", "LUFS here")
    names = dict.fromkeys(("Contribution", "among")) | dict.fromkeys(numbers, "number")
    names |= dict.fromkeys(("kept back", "found and done"))
    head = tag("tr", *(tag("th", name, class_=kind) for name, kind in names.items()))
    table = tag("table", head, joined(map(_row, rows)))
    kept = sum(one["cap"] is not None for one in rows)
    told = f"Loudness of {plural(len(rows), 'contribution')}, before and after"
    told += f" ({kept} kept from {'its' if kept == 1 else 'their'} level)" if kept else ""
    faulty = len({one["contribution"] for one in rows if one["found"]})
    told += f"; something is wrong with the sound of {faulty}" if faulty else ""
    words = "Voices while they speak, or whole where no speech was found; before music gives way and the limiter works."
    note = tag("p", words, class_="soft")
    return tag("details", tag("summary", told), tag("div", table, class_="scroll", tabindex=0), note)


def _rooms(sound: Mapping[str, Any]) -> str:
    """Under which shots room tone is heard, and whose."""
    heard = [one for one in sound["rooms"] if one["contribution"] is not None]
    return "".join(f"Room tone from {one['shot']} on is that of {one['contribution']}. " for one in heard)


def loudness_section(part: Mapping[str, Any]) -> Iterator[Html]:
    """Of one delivery of the report; nothing for a film that was not made."""
    sound = part["sound"]
    if sound is None:
        return
    yield tag("h3", "Loudness")
    if sound["integrated_lufs"] is None or not sound["short_term"]:
        yield tag("p", "There is nothing to measure: the film is silent, or too short.")
        return
    chart = loudness_chart(
        sound["short_term"],
        target_lufs=sound["target_lufs"],
        ceiling_dbtp=sound["ceiling_dbtp"],
        summary=f"Short-term loudness of the film; integrated {sound['integrated_lufs']:.1f} LUFS.",
        buses=_in_the_film(sound),
    )
    # Wider than a phone, so it may be scrolled, by keys as well.
    yield tag("div", chart, class_="scroll", tabindex=0)
    yield _legend(sound)
    yield tag("p", _work(sound), class_="soft")
    if told := _rooms(sound):
        yield tag("p", told, class_="soft")
    if sound["contributions"]:
        yield _contributions(sound)
