"""What changed since the last master, for people: reasons in words, and each changed shot before and after."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crowdcut.pages.markup import Html, joined, moment, plural, tag

Part = Mapping[str, Any]

KINDS = {"added": "new", "removed": "gone", "changed": "changed", "moved": "moved", "renamed": "renamed"}
"""What a person reads for each kind of change."""
_ALIKE = {
    "moved": "to another place in the film; nothing of it was rendered",
    "renamed": "nothing but the name on screen is another",
}
"""The one reason of shots of these kinds."""


def still_image(still: str) -> Html:
    """A still of a report as a picture."""
    return tag("img", src=f"data:image/jpeg;base64,{still}", alt="", decoding="async")


def _side(still: str | None, words: str, nothing: str) -> Html:
    """One of the two pictures of a changed shot."""
    shown = still_image(still) if still is not None else tag("div", nothing, class_="no-still")
    return tag("div", shown, tag("span", words, class_="soft"))


def _reasons(reasons: Iterable[str]) -> Html:
    return tag("ul", joined(tag("li", reason) for reason in reasons))


def shot_name(shot: Part) -> str:
    """Its name, and the one it had."""
    return shot["shot"] if shot["was"] in (None, shot["shot"]) else f"{shot['shot']} (was {shot['was']})"


def _card(shot: Part) -> Html:
    """A changed shot, before and after."""
    before = "not in that film" if shot["kind"] == "added" else "no longer kept"
    after = "not in this film" if shot["kind"] == "removed" else "no longer kept"
    return tag(
        "figure",
        tag("div", _side(shot["still_before"], "before", before), _side(shot["still"], "now", after), class_="pair"),
        tag("figcaption", tag("b", shot_name(shot), " ", tag("span", KINDS[shot["kind"]], class_="kind"))),
        _reasons(shot["reasons"]),
        class_=f"change {shot['kind']}",
    )


def grouped(shots: Iterable[Part]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Changed shots without pictures as names, kind and reasons: those with the same reasons in one."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for shot in shots:
        reasons = (_ALIKE[shot["kind"]],) if shot["kind"] in _ALIKE else tuple(shot["reasons"])
        alike.setdefault((KINDS[shot["kind"]], reasons), []).append(shot_name(shot))
    return [(", ".join(names), kind, reasons) for (kind, reasons), names in alike.items()]


def _in_words(names: str, kind: str, reasons: Iterable[str]) -> Html:
    return tag("li", tag("b", names), " ", tag("span", kind, class_="kind"), _reasons(reasons))


def _sound(sound: Part) -> Html:
    told = _reasons(sound["reasons"]) if sound["reasons"] else None
    return tag("li", tag("b", sound["what"]), " ", tag("span", KINDS[sound["kind"]], class_="kind"), told)


def differences_told(part: Part) -> Iterator[str]:
    """Length and loudness, then and now."""
    changes, sound = part["changes"], part["sound"]
    if changes["longer"]:
        yield f"Length {changes['length_before']} → {part['length']} ({changes['longer']})."
    else:
        yield f"Length as it was, {part['length']}."
    before, now = changes["integrated_lufs_before"], sound["integrated_lufs"] if sound else None
    if before is not None and now is not None:
        same = abs(now - before) < 0.05
        yield f"Loudness {'as it was, ' if same else f'{before:.1f} → '}{now:.1f} LUFS."


def work_told(part: Part) -> str:
    """What was rendered, what was there, and what it took."""
    rendered, reused = (sum(part[name].values()) for name in ("rendered", "reused"))
    taken = f"{part['wall_seconds']:.1f} s by the clock, {part['cpu_seconds']:.1f} s of processor time"
    return f"{plural(rendered, 'job')} rendered, {reused} in the store already; {taken}."


def counted(changes: Part) -> str:
    """``1 new, 8 changed, 2 sounds``."""
    kinds = [shot["kind"] for shot in changes["shots"]]
    told = [f"{kinds.count(kind)} {words}" for kind, words in KINDS.items() if kind in kinds]
    if changes["sounds"]:
        told.append(plural(len(changes["sounds"]), "sound"))
    return ", ".join(told) or ("the film as a whole" if changes["film"] else "nothing")


def is_unchanged(changes: Part) -> bool:
    """Whether a film is what it was."""
    return not (changes["film"] or changes["shots"] or changes["sounds"])


def changed_shots(changes: Part) -> Html:
    """Everything that changed but for length and loudness."""
    shots = changes["shots"]
    pictured = [shot for shot in shots if shot["stilled"]]
    sounds = [_sound(sound) for sound in changes["sounds"]]
    rest = [shot for shot in shots if not shot["stilled"]]
    return joined(
        (
            _reasons(changes["film"]) if changes["film"] else "",
            tag("div", joined(map(_card, pictured)), class_="changes") if pictured else "",
            tag("ul", joined(_in_words(*one) for one in grouped(rest)), class_="told") if rest else "",
            joined((tag("h4", "Sound"), tag("ul", joined(sounds), class_="told"))) if sounds else "",
        )
    )


def changes_section(part: Part) -> Iterator[Html]:
    """One delivery's changes; nothing for a first master."""
    changes = part["changes"]
    if changes is None:
        return
    yield tag("h3", "Since the last master")
    told = f"That was {moment(changes['since'])}. {' '.join(differences_told(part))} {work_told(part)}"
    yield tag("p", told, class_="soft")
    yield tag("p", "Nothing in it changed.") if is_unchanged(changes) else changed_shots(changes)
