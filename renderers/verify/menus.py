"""Judges the buttons of a domain: how many there are, where they lie, and where each leads."""

import numpy as np

from crowdcut.disc.rules import BUTTONS
from renderers.verify.destinations import Disc, Standing
from renderers.verify.judge import Place
from renderers.verify.part import Part
from renderers.verify.reading import Fields

_TABLE, _BUTTON_BYTES = 0x2E, 18
_WIDTH = 720
_COMMANDS_ALONE = 3


def _ways_shown(part: Part) -> int:
    """In how many ways a player may show the picture: 16:9 as it is, letterboxed, panned and scanned."""
    if not part.domain.is_wide:
        return 1
    display = part.domain.video >> 8 & 3
    return 3 - (display >> 1) - (display & 1)


def _rectangle(button: Fields) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    across, down = button.number(0, 3), button.number(3, 3)
    return across >> 12 & 0x3FF, down >> 12 & 0x3FF, across & 0x3FF, down & 0x3FF


def _standings(part: Part, vob: int, cell: int) -> list[Standing]:
    """The program chains that play a cell."""
    return [
        Standing(domain=part.domain, chain=chain, chains=chains)
        for _, _, chains in part.domain.languages
        for chain in chains
        if any((one.vob, one.cell) == (vob, cell) for one in chain.cells)
    ]


def _check_place(part: Part, button: Fields, count: int, place: Place) -> None:
    height = 576 if part.domain.lines == 625 else 480
    left, top, right, bottom = _rectangle(button)
    if not (left < right <= _WIDTH and top < bottom <= height):
        part.judge.say("button-place", f"it lies from {left}, {top} to {right}, {bottom}", place)
    arrows = [button.number(at, 1) & 63 for at in range(6, 10)]
    if any(not 1 <= one <= count for one in arrows):
        part.judge.say("button-neighbour", f"its arrow keys lead to {', '.join(map(str, arrows))} of {count}", place)


def _check_seen(part: Part, buttons: list[Fields], vob: int, place: Place) -> None:
    """Buttons light up what a subpicture draws: one is there, and each button meets it."""
    if not part.domain.is_menu or bool(part.scan.packs.is_scrambled.any()):
        return
    vobs = part.scan.navigation.vob[part.vobu]
    areas = [unit.area for unit in part.scan.units if unit.area is not None and vobs[unit.pack] == vob]
    for number, button in enumerate(buttons, 1):
        left, top, right, bottom = _rectangle(button)
        if not any(left <= b and a <= right and top <= d and c <= bottom for a, b, c, d in areas):
            here = Place(file=place.file, what=f"{place.what}, button {number}", time=place.time)
            part.judge.say("button-seen", "no subpicture is shown where it lies", here)


def _check_highlight(part: Part, disc: Disc, data: bytes, vobu: int) -> None:
    fields, navigation = Fields(data), part.scan.navigation
    where = part.place(int(navigation.pack[vobu]))
    groups = min(max(1, fields.number(0x0E, 2) >> 12 & 3), 3)
    count, each = fields.number(0x11, 1), BUTTONS // groups
    most = min(each, BUTTONS // _ways_shown(part)) if part.domain.is_menu else each
    if count > most:
        part.judge.say("button-count", f"{count} buttons", where, wanted=f"at most {most}")
    if fields.number(1, 1) & 3 != _COMMANDS_ALONE:
        starts = (_TABLE + _BUTTON_BYTES * number for number in range(min(count, each)))
        shown = [Fields(fields.part(start, _BUTTON_BYTES)) for start in starts]
        _check_seen(part, shown, int(navigation.vob[vobu]), where)
    standings = _standings(part, int(navigation.vob[vobu]), int(navigation.cell[vobu]))
    for group in range(groups):
        for number in range(min(count, each)):
            button = Fields(fields.part(_TABLE + _BUTTON_BYTES * (group * each + number), _BUTTON_BYTES))
            place = Place(file=where.file, what=f"{where.what}, button {number + 1}", time=where.time)
            if fields.number(1, 1) & 3 != _COMMANDS_ALONE:
                _check_place(part, button, count, place)
            for standing in standings:
                if wrong := disc.wrong_with(button.part(10, 8), standing):
                    part.judge.say("button-target", wrong, place)
                    break


def check_buttons(part: Part, disc: Disc) -> None:
    """Every kind of highlight information of a domain, each once."""
    navigation = part.scan.navigation
    for number, data in enumerate(navigation.highlights):
        vobus = np.flatnonzero(navigation.highlight == number)
        if len(vobus):
            _check_highlight(part, disc, data, int(vobus[0]))
