"""How much louder or quieter a contribution is made, from what was heard of it alone; and a bus, as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10
from typing import Any, Literal

from crowdcut.sound.orders import Cue, Levels

_STEADY_DB = 12.0
"""Where the quietest tenth is nearer than this to the whole there is no floor to be told from it: steady rain, dense
music. Speech in a quiet room has 30 dB and more between the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What is done to one cue."""

    gain_db: float
    wanted_db: float
    """What the levels ask for, before any cap."""
    cap: Literal["max-gain", "noise-floor"] | None
    """Which rule kept the gain below what was wanted; None if none did."""


def gain_of(cue: Cue, heard: Mapping[str, Any], levels: Levels) -> Gain:
    """The gain for one cue; ``heard`` are the facts of the listen job.

    The way from the contribution's own integrated loudness (of a voice: while it speaks) to its bus's level plus the
    cue's own ``gain_db``. A raise is capped, never turned into a cut. Silence is left as it is.
    """
    floor = heard["floor"]
    spoken = heard.get("speech_integrated") if cue.bus == "voice" else None
    integrated = heard["integrated"] if spoken is None else spoken
    if integrated is None:
        return Gain(gain_db=0.0, wanted_db=0.0, cap=None)
    wanted = levels.bus_lufs[cue.bus] + cue.gain_db - integrated
    room: dict[Literal["max-gain", "noise-floor"], float] = {"max-gain": levels.max_gain_db}
    if floor is not None and integrated - floor >= _STEADY_DB:
        room["noise-floor"] = max(0.0, levels.floor_dbfs - heard["noise"])
    tightest = min(room, key=lambda rule: room[rule])
    gain = min(wanted, room[tightest])
    return Gain(gain_db=round(gain, 3), wanted_db=round(wanted, 3), cap=tightest if gain < wanted else None)


def bus_gain_of(together_lufs: float | None, level_lufs: float) -> float:
    """The gain that brings a bus to its level, dB: at or below 0, since what is under it was kept there by a cap.

    together_lufs : what the bus reads with every contribution at its own level; None for silence.
    """
    return 0.0 if together_lufs is None else round(min(0.0, level_lufs - together_lufs), 3)


def shared_gain_db(sounding: int) -> float:
    """What each of several sounds of one level is lowered by, so that together they have it: their powers add."""
    return -round(10 * log10(sounding), 2) if sounding > 1 else 0.0
