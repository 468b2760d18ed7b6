"""What a table of the vocabulary is: its keys, and how the value of each is written."""

from dataclasses import dataclass

from crowdcut.vocabulary.choices import (
    ALPHA_FORMS,
    ALPHAS,
    AUDIO_CODECS,
    BLENDS,
    CARDS,
    DISCS,
    DUCKS,
    EXTENSIONS,
    FIELD_ORDERS,
    FILLS,
    FITS,
    LAYOUTS,
    MATRICES,
    MOTIONS,
    MUSIC_FITS,
    PIXEL_FORMATS,
    PRESETS,
    PRIMARIES,
    RANGES,
    REPAIRS,
    RHYTHMS,
    SCREENS,
    SHOT_KINDS,
    SYNCS,
    TRANSFERS,
    TRANSITIONS,
    VIDEO_CODECS,
    X264_PROFILES,
    ShotKind,
)


def _named(words: dict[str, str]) -> str:
    return " or ".join(f'`"{word}"`' for word in words)


KINDS: dict[str, str] = {
    "format": "`1`",
    "words": 'words in quotes, at most 1,500 letters; `"""` for several lines',
    "note": 'words in quotes; `"""` for several lines',
    "line": "words in quotes, on one line",
    "lines": "a list of words in quotes, each on one line",
    "id": "a name to be referred to by: no `/`, not `end`, nothing that could be a time",
    "file name": "letters, digits, `-`, `_` and `.`",
    "path": "a path, relative to the file it is written in",
    "paths": "a list of paths",
    "library path": "a path inside the library's folder, `/` between folders",
    "use": "a contribution's id, its file, or the name of a `[clip.x]`",
    "uses": "as `use`; with `layout` a list of such, of patterns (`choir/*.mp4`) and of `{ use, in, out, fit, ... }`",
    "sounds": "as `use`; or a list of such, of patterns (`choir/*.wav`) and of `{ use, gain, ... }`: all at once",
    "layout": _named(LAYOUTS),
    "language": 'two letters in quotes, as in ISO 639-1: `"es"`, `"ja"`',
    "rate": 'frames a second in quotes: `"24"`, `"25"`, `"30000/1001"`',
    "time": 'a number of seconds, `"0:03.5"`, `"1:02:03.5"`, `"01:02:03:12"` or `"72f"`',
    "length": "a time longer than nothing",
    "moment": 'a time from the start of what it hangs on, or an anchor: `"tokyo"`, `"end - 2"`, `"fireflies - 12f"`',
    "yes or no": "`true` or `false`",
    "decibels": "a number of decibels, -60 to 20",
    "duck": f"`true` (as the template does it), `false`, {_named(DUCKS)}",
    "part": "a number from 0 to 1",
    "number": "a number",
    "count": "a whole number above 0",
    "bpm": "a number of beats a minute, 20 to 400",
    "meter": "a whole number from 1 to 16",
    "fit": _named(FITS),
    "fill": _named(FILLS),
    "key": f"{', '.join(f'`{chr(34)}{word}{chr(34)}`' for word in SCREENS)}, `{{ colour }}` or `false`",
    "colour": 'a colour in quotes: `"#20c040"`',
    "extension": _named(EXTENSIONS),
    "video codec": _named(VIDEO_CODECS),
    "audio codec": _named(AUDIO_CODECS),
    "pixel format": _named(PIXEL_FORMATS),
    "preset": _named(PRESETS),
    "disc": _named(DISCS),
    "H.264 profile": _named(X264_PROFILES),
    "focus": 'two parts of 1, from left and from top: `"0.5,0.3"`; a side or corner: `"top right"`; or `"auto"`',
    "crop": '`"auto"`, or left, top, width and height in pixels or per cents: `"240,0,1440,1080"`, `"10%,0%,80%,100%"`',
    "ken burns": '`true`, `false`, `"in"`, `"out"`, or `{ from = "left 80%", to = "right 60%" }`',
    "transition": " or ".join(f'`"{word} 12f"`' if word != "cut" else f'`"{word}"`' for word in TRANSITIONS),
    "lower third": "`true`, `false`, words, or `{ text, at, for }`",
    "card": " or ".join(f'`"{word}"`' for word in CARDS),
    "motion": _named(MOTIONS),
    "speed": 'a number from 1/16 to 16, with a fraction in quotes: `0.5`, `2`, `"1/3"`',
    "freeze": "`true`, `false`, or a time in the source",
    "sync": f"{_named(SYNCS)}, or `false`",
    "rhythm": _named(RHYTHMS),
    "each": 'a time longer than nothing; or, to the music, `"beat"`, `"bar"`, `"2 beats"`, `"4 bars"`',
    "music fit": _named(MUSIC_FITS),
    "sound": '`"keep"`, `"mute"`, or a number of decibels',
    "repair": f"a list of {_named(REPAIRS)}; `[]` for none of them; `false`: it stays as it is, faults and all",
    "place": '`top`, `bottom`, `left`, `right`, `centre` and a width: `"top right 30%"`',
    "people": 'a list of contributors\' ids, with `"x as role"` for another role',
    "rotation": "`0`, `90`, `180` or `270`",
    "blend": _named(BLENDS),
    "alpha form": _named(ALPHA_FORMS),
    "ratio": 'two whole numbers or a number: `"64:45"`, `1`',
    "offset": 'a time, with `-` before it for the other way: `0`, `"0:00.2"`, `"-3f"`',
    "field order": f"{_named(FIELD_ORDERS)}; `false` is `progressive`",
    "matrix": _named(MATRICES),
    "primaries": _named(PRIMARIES),
    "transfer": _named(TRANSFERS),
    "range": _named(RANGES),
    "alpha": _named(ALPHAS),
    "size": "width and height in pixels, even: `[1920, 1080]`",
    "option": "words or a whole number",
    "table": "`{ ... }`",
    "disc label": "1 to 32 of the letters `A`-`Z`, `0`-`9` and `_`, in quotes",
    "disc profile": '`"dvd-ntsc"`, `"dvd-pal"`, or a `[profile.x]` of every episode that extends one of them',
    "region": '`"all"`, or a list of 1 to 6 and 8: `[1, 4]`',
    "capacity": '`"dvd-5"`: one layer, 4.70e9 bytes',
    "menu length": "a time from 2 seconds to 3 minutes",
    "menu music": "a contribution's id, its file, or `false` for silence",
}
"""What a value may be, by the name that :class:`Key` calls it; a reader stands behind each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a table."""

    name: str
    kind: str
    """A word of :data:`KINDS`."""
    doc: str
    """One line, Markdown."""
    default: str = ""
    """What holds where it is not written, in words."""
    required: bool = False
    fits: frozenset[ShotKind] = frozenset(SHOT_KINDS)
    """The kinds of shot that can have it."""
    later: bool = False
    """Whether a later version builds it, so that this one refuses it."""
    aliases: tuple[str, ...] = ()
    """What its column in a spreadsheet may be called too, in small letters, with a space between words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a manifest or a library, with the tables inside it."""

    header: str
    """As the producer writes it: ``[[scene.shot]]``."""
    doc: str
    keys: tuple[Key, ...]
    tables: tuple[str, ...] = ()
    """Names of the tables that may stand inside."""

    def key(self, name: str) -> Key | None:
        """The key called ``name``, or None."""
        return next((key for key in self.keys if key.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """All that may be written in it and is built."""
        return (*(key.name for key in self.keys if not key.later), *self.tables)
