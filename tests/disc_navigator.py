"""Debian's libdvdnav at the other end of a pipe: a child process opens a disc, takes orders and tells what it met.

A foreign library may crash or spin on a bad disc; the one who asks (:mod:`disc_player`) loses a child, never a test
run. One order a line on standard input, one answer a line on standard output, both JSON; what the library itself says
goes to standard error. The calls are those of libdvdnav 6.1's public header, dvdnav.h; a navigation pack's buttons are
read from its bytes (https://dvdnav.mplayerhq.hu/dvdinfo/pci_pkt.html), so that no structure of the library is guessed.
"""

import json
import os
import struct
import sys
from collections.abc import Iterator
from ctypes import CDLL, POINTER, byref, c_char_p, c_int8, c_int32, c_int64, c_uint8, c_uint32, c_uint64, c_void_p
from ctypes import create_string_buffer as buffer_of
from typing import Any, BinaryIO

LIBRARY = "libdvdnav.so.4"
SECTOR = 2048
BLOCK, STILL, SUBPICTURES, SOUND, TITLESET, CELL, NAVIGATION, STOP, HIGHLIGHT, WAIT = 0, 2, 3, 4, 5, 6, 7, 8, 9, 13
"""Events of dvdnav_events.h that are told or answered; the others (1, 10, 12) say nothing about the disc."""
FOR_EVER = 0xFF
MOST_QUIET_EVENTS = 2000
"""Events in a row without a block after which the disc runs in circles."""
MENUS = {"title": 2, "root": 3, "subpicture": 4, "audio": 5, "angle": 6, "chapters": 7}
DOMAINS = {"first play": "fp", "manager menu": "vmgm", "titleset menu": "vtsm", "title": "vts"}
_PCI = 0x2D
_HIGHLIGHTS = _PCI + 0x60
_VOB = 0x407 + 0x18
"""Where a navigation pack names its VOB: in its DSI (dvdinfo, dsi_pkt.html)."""
_BUTTONS, _BUTTON_BYTES, _MOST_BUTTONS = _HIGHLIGHTS + 0x2E, 18, 36


class Trouble(Exception):
    """The library refused, or the disc cannot be followed."""


def buttons_in(pack: bytes) -> list[dict[str, Any]]:
    """The buttons of a navigation pack: box (left, top, right, bottom), keys and command, in order."""
    state, *_ = struct.unpack_from(">H", pack, _HIGHLIGHTS)
    if not state & 3:
        return []
    found = []
    for number in range(min(pack[_HIGHLIGHTS + 0x11], _MOST_BUTTONS)):
        entry = pack[_BUTTONS + _BUTTON_BYTES * number :][:_BUTTON_BYTES]
        across, down = (int.from_bytes(entry[at : at + 3], "big") for at in (0, 3))
        box = [across >> 12 & 0x3FF, down >> 12 & 0x3FF, across & 0x3FF, down & 0x3FF]
        keys = dict(zip(("up", "down", "left", "right"), (one & 0x3F for one in entry[6:10]), strict=True))
        found.append({"box": box, "keys": keys, "runs_at_once": bool(entry[3] & 0x40), "command": entry[10:].hex()})
    return found


class Navigator:
    """A disc that is being played: the library's handle, and what was last heard of it."""

    def __init__(self, path: str):
        self.library = CDLL(LIBRARY)
        self.library.dvdnav_err_to_string.restype = c_char_p
        self.library.dvdnav_get_current_nav_pci.restype = c_void_p
        self.library.dvdnav_get_current_time.restype = c_int64
        self.library.dvdnav_describe_title_chapters.restype = c_uint32
        self.library.dvdnav_get_audio_logical_stream.restype = self.library.dvdnav_get_spu_logical_stream.restype = (
            c_uint8
        )
        self.library.dvdnav_audio_stream_to_lang.restype = self.library.dvdnav_spu_stream_to_lang.restype = c_uint32
        for call in DOMAINS.values():
            getattr(self.library, f"dvdnav_is_domain_{call}").restype = c_int8
        self.handle = c_void_p()
        self._buffer = buffer_of(SECTOR)
        if self.library.dvdnav_open(byref(self.handle), path.encode()) != 1:
            raise Trouble(f"{path}: libdvdnav does not open it")
        self._ask("set_readahead_flag", 0)
        self._ask("set_PGC_positioning_flag", 1)
        self._forget()

    def _forget(self) -> None:
        self.titleset, self.cell, self.vob = 0, 0, 0
        self.buttons: list[dict[str, Any]] = []

    def _ask(self, name: str, *arguments: Any) -> None:
        """Call a function that answers whether it went well."""
        if getattr(self.library, f"dvdnav_{name}")(self.handle, *arguments) != 1:
            words = self.library.dvdnav_err_to_string(self.handle)
            raise Trouble(f"{name}{arguments}: {words.decode(errors='replace')}")

    def _numbers(self, name: str, *arguments: Any, count: int = 1) -> list[int]:
        """What a function writes into its last ``count`` arguments."""
        told = [c_int32() for _ in range(count)]
        self._ask(name, *arguments, *map(byref, told))
        return [one.value for one in told]

    def where(self) -> dict[str, Any]:
        """The place that is being played."""
        calls = DOMAINS.items()
        domain = next(
            (name for name, call in calls if getattr(self.library, f"dvdnav_is_domain_{call}")(self.handle)), ""
        )
        title, part = self._numbers("current_title_info", count=2) if domain == "title" else (0, 0)
        titleset = self.titleset if domain in ("titleset menu", "title") else 0
        return {
            "domain": domain, "titleset": titleset, "title": title, "part": part, "cell": self.cell, "vob": self.vob
        }  # fmt: skip

    def state(self) -> dict[str, Any]:
        """The place, its buttons, which of them is lit, the streams that are on and the time in the chain."""
        sound, subpicture = c_uint8(), c_uint8()
        sound.value = self.library.dvdnav_get_active_audio_stream(self.handle) & 0xFF
        subpicture.value = self.library.dvdnav_get_active_spu_stream(self.handle) & 0xFF
        return {
            "place": self.where(),
            "buttons": self.buttons,
            "lit": self._numbers("get_current_highlight")[0] if self.buttons else 0,
            "sound": sound.value,
            "subpicture": subpicture.value,
            "ticks": self.library.dvdnav_get_current_time(self.handle),
        }

    def _event(self) -> tuple[int, bytes]:
        event, length = c_int32(), c_int32()
        self._ask("get_next_block", self._buffer, byref(event), byref(length))
        return event.value, self._buffer.raw

    def _met(self, event: int, data: bytes) -> dict[str, Any] | None:
        """What an event says, if it says something; what must be answered is answered."""
        if event == WAIT:
            self._ask("wait_skip")
        elif event == STILL:
            (seconds,) = struct.unpack_from("=i", data)
            if seconds != FOR_EVER:
                self._ask("still_skip")
            return {"kind": "still", "seconds": seconds}
        elif event == SUBPICTURES:
            (wide,) = struct.unpack_from("=i", data)
            return {"kind": "subpicture", "stream": wide & 0x1F, "shown": not wide & 0x80}
        elif event == SOUND:
            (physical,) = struct.unpack_from("=i", data)
            return {"kind": "sound", "stream": physical}
        elif event == TITLESET:
            (self.titleset,) = struct.unpack_from("=i", data, 8)
            self.buttons = []
            return {"kind": "titleset", "titleset": self.titleset}
        elif event == CELL:
            (self.cell,) = struct.unpack_from("=i", data)
            self.vob, self.buttons = 0, []
            (chain_ticks,) = struct.unpack_from("=q", data, 24)
            return {"kind": "cell", **self.where(), "chain_ticks": chain_ticks}
        elif event == NAVIGATION:
            self.buttons = buttons_in(data)
            (self.vob,) = struct.unpack_from(">H", data, _VOB)
        elif event == STOP:
            return {"kind": "stop"}
        return None

    def _events(self, most_blocks: int, keep: BinaryIO | None) -> Iterator[tuple[int, dict[str, Any] | None, int]]:
        """Events, what they say, and the blocks read until then; ends after ``most_blocks``."""
        blocks = quiet = 0
        while blocks < most_blocks:
            event, data = self._event()
            if event in (BLOCK, NAVIGATION):
                blocks, quiet = blocks + 1, 0
            elif (quiet := quiet + 1) > MOST_QUIET_EVENTS:
                raise Trouble(f"{quiet} events in a row without a block: {self.where()}")
            met = self._met(event, data)
            yield event, met, blocks
            if keep is not None and event in (BLOCK, NAVIGATION):
                keep.write(data)

    def run(self, until: str, most_blocks: int, keep: str | None) -> dict[str, Any]:
        """Play until something is so (never past a still without end, or a stop).

        until : "buttons" (a navigation pack with some), "cell" (the first navigation pack of a new cell),
                "menu" (the first of a menu), "title" (the first of a title), "blocks" (as many as there may be).
        Answers with the reason, the blocks read and the events met, each with the blocks before it.
        """
        met: list[dict[str, Any]] = []
        reason, read, entered = "blocks", 0, False
        with open(keep or "/dev/null", "wb") as file:
            for event, told, read in self._events(most_blocks, file if keep else None):
                if told is not None:
                    met.append({"block": read, **told})
                entered = entered or event == CELL
                if event == STOP or (event == STILL and told and told["seconds"] == FOR_EVER):
                    reason = "stop" if event == STOP else "still"
                    break
                if event == NAVIGATION and self._is_reached(until, entered):
                    reason, read = until, read - 1
                    break
        return {"reason": reason, "blocks": read, "events": met, **self.state()}

    def _is_reached(self, until: str, entered: bool) -> bool:
        domain = self.where()["domain"]
        return {
            "buttons": bool(self.buttons),
            "cell": entered,
            "menu": domain.endswith("menu"),
            "title": domain == "title",
            "blocks": False,
        }[until]

    def press(self, key: str) -> dict[str, Any]:
        """Press an arrow key, or "enter"."""
        pack = c_void_p(self.library.dvdnav_get_current_nav_pci(self.handle))
        names = {"up": "upper_button_select", "down": "lower_button_select", "enter": "button_activate"}
        self._ask(names.get(key, f"{key}_button_select"), pack)
        return {} if key == "enter" else self.state()

    def restart(self) -> dict[str, Any]:
        """As if the disc were put in anew."""
        self._ask("reset")
        self._forget()
        return {}

    def menu(self, name: str) -> dict[str, Any]:
        """Press a menu key of the remote."""
        self._ask("menu_call", MENUS[name])
        return {}

    def part(self, title: int, part: int) -> dict[str, Any]:
        """Go to a chapter of a title."""
        self._ask("part_play", title, part)
        return {}

    def titles(self) -> dict[str, Any]:
        """Every title's chapters: the ticks at which each ends, and the title's length in ticks."""
        found = []
        for title in range(1, self._numbers("get_number_of_titles")[0] + 1):
            times, length = POINTER(c_uint64)(), c_uint64()
            count = self.library.dvdnav_describe_title_chapters(self.handle, title, byref(times), byref(length))
            (parts,) = self._numbers("get_number_of_parts", title)
            found.append({"parts": parts, "ends_ticks": list(times[:count]), "ticks": length.value})
        return {"titles": found}

    def languages(self) -> dict[str, Any]:
        """The languages of the titleset that is being played, by logical stream."""
        return {
            "sound": self._languages("audio", 8),
            "subpictures": self._languages("spu", 32),
        }

    def _languages(self, kind: str, most: int) -> list[str]:
        found = []
        for stream in range(most):
            if getattr(self.library, f"dvdnav_get_{kind}_logical_stream")(self.handle, stream) == 0xFF:
                break
            word = getattr(self.library, f"dvdnav_{kind}_stream_to_lang")(self.handle, stream) & 0xFFFF
            found.append("" if word == 0xFFFF else word.to_bytes(2, "big").decode("ascii"))
        return found


def main() -> None:
    """Answer the orders that come in until there are none."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the library talks on standard output
    try:
        navigator = Navigator(sys.argv[1])
    except Trouble as trouble:
        print(json.dumps({"trouble": str(trouble)}), file=answers, flush=True)
        return
    print(json.dumps({}), file=answers, flush=True)
    doers = (navigator.run, navigator.press, navigator.restart, navigator.menu, navigator.part)
    orders = {one.__name__: one for one in (*doers, navigator.titles, navigator.languages)}
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = orders[order.pop("do")](**order)
        except Trouble as trouble:
            answer = {"trouble": str(trouble)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
