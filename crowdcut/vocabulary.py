"""The words that a manifest and a library may use. The readers take their keys from here and ``docs/manifest.md``
its tables, so that neither can know a word that the other does not."""

from dataclasses import dataclass, replace
from typing import Literal

ShotKind = Literal["use", "text", "card", "wanted"]

SHOT_KINDS: dict[ShotKind, str] = {
    "use": "something contributed",
    "text": "the producer's own words",
    "card": "one of the template's cards",
    "wanted": "a hole still to be filled",
}
"""What a shot can be: exactly one of these."""

TRANSITIONS: dict[str, str] = {
    "cut": "none: one shot ends, the next begins; it has no length",
    "dissolve": "one picture becomes the other",
    "fade": "the picture goes to black and the next comes out of it",
}
FITS: dict[str, str] = {
    "contain": "the whole picture, with bars where it does not reach",
    "cover": "the whole screen, with the picture's edges cut away; `focus` says around what",
    "blur": "the whole picture, over a blurred copy of itself",
}
LAYOUTS: dict[str, str] = {
    "grid": "all in rows and columns of the same size",
    "split": "all side by side, from edge to edge",
    "pip": "the first fills the screen, up to four others lie small in its corners",
}
"""How several contributions are shown at once."""
FILLS: dict[str, str] = {
    "loop": "it begins again, as often as there is time",
    "hold": "its last picture stays",
    "file": "it is played as often as its file asks, then its last picture stays",
}
MOTIONS: dict[str, str] = {
    "nearest": "the picture that is on screen at its moment; nothing is made up",
    "blend": "the pictures before and after its moment, mixed",
    "flow": "pictures made anew between the two, along the movement in them",
}
"""What a frame shows whose moment falls between two pictures of its clip."""
CARDS: dict[str, str] = {
    "ident": "the production's sign",
    "title": "the episode's title",
    "credits": "everybody who is in the film",
    "slate": "what is written on a film's leader",
}
BLENDS: dict[str, str] = {
    "normal": "it hides what is below",
    "multiply": "darker, as two slides in one projector: white is clear",
    "screen": "lighter, as two projectors on one screen: black is clear",
    "overlay": "darker where it is dark below, lighter where it is light: grey is clear",
    "add": "its light is added, and white is the most",
    "darken": "of each colour the darker",
    "lighten": "of each colour the lighter",
}
"""How a layer's colours meet those below it."""
ALPHA_FORMS: dict[str, str] = {
    "straight": "as they are; what PNG, GIF and WebP ask for",
    "premultiplied": "multiplied by their alpha; edges of what is not get light or dark fringes",
}
SCREENS: dict[str, str] = {
    "green": "a screen or a cloth of any green, evenly lit or not quite",
    "blue": "the same in blue",
}
SYNCS: dict[str, str] = {"song": "where the notes of its guide are, which it was sung or played to"}
"""What a sound, a shot or a cell may be placed by."""
RHYTHMS: dict[str, str] = {
    "beat": "a beat of the music",
    "bar": "the first beat of a bar",
}
"""What a scene may be cut to."""
MUSIC_FITS: dict[str, str] = {
    "scene": "it ends as it does by itself when the scene ends, or `until` or `for`: bars are left out or heard again"
}
"""How music may fill its time."""
DUCKS: dict[str, str] = {
    "whole": "all of it goes down",
    "carve": "only the band that speech is understood by does; bass and air stay",
}
"""How music gives way to speech."""
REPAIRS: dict[str, str] = {
    "high-pass": "what is lower than any voice, such as wind, is taken away (below the template's `high_pass_hz`)",
    "hum": "the hum of the mains (50 or 60 Hz and multiples) is taken out, where there is any",
    "centre": "what is on one side alone is heard from the middle",
}
"""What may be done to a sound."""
MENU_MARKS: dict[str, str] = {
    "underline": "a bar under its words, as long as they are",
    "bar": "a bar before its words, as high as the button",
    "frame": "a frame around the button",
}
"""How a menu of a disc shows on which button one is; a chapter's picture always gets a frame."""
BUSES: dict[str, str] = {
    "music": "lies under everything",
    "voice": "somebody speaks",
    "effect": "a sound of its own",
}
"""Tables of sounds that hang on an episode, a scene or a shot."""

MATRICES: dict[str, str] = {"bt601": "standard definition's", "bt709": "HD's", "bt2020": "UHD's"}
PRIMARIES: dict[str, str] = {
    "bt601-525": "NTSC video's",
    "bt601-625": "PAL video's",
    "bt709": "HD's and sRGB's",
    "p3": "Display P3's",
    "bt2020": "UHD's",
}
TRANSFERS: dict[str, str] = {"sdr": "ordinary video's", "pq": "HDR10's", "hlg": "broadcast HDR's"}
RANGES: dict[str, str] = {"full": "black is 0, white 255", "limited": "black is 16, white 235"}
FIELD_ORDERS: dict[str, str] = {
    "tff": "top field first",
    "bff": "bottom field first",
    "progressive": "no fields",
    "telecine": "film in 2:3 pulldown, brought back to its own pictures",
}
ALPHAS: dict[str, str] = {"none": "what looks like alpha is none: the picture is all there"}
"""What a file may be read as, where it says something else."""

EXTENSIONS: dict[str, str] = {"mp4": "plays everywhere"}
VIDEO_CODECS: dict[str, str] = {"libx264": "H.264", "mpeg2video": "MPEG-2, of a disc"}
AUDIO_CODECS: dict[str, str] = {"aac": "AAC-LC", "ac3": "AC-3"}
DISCS: dict[str, str] = {"ntsc": "DVD-Video, 720x480, 29.97", "pal": "DVD-Video, 720x576, 25"}
PIXEL_FORMATS: dict[str, str] = {"yuv420p": "8 bit 4:2:0"}
PRESETS: dict[str, str] = dict.fromkeys(
    ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"), "x264's"
)
X264_PROFILES: dict[str, str] = dict.fromkeys(("baseline", "main", "high"), "H.264's")
"""What a delivery of one's own may be made of; later versions know more."""


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


_USE: frozenset[ShotKind] = frozenset({"use"})
_HUNG = ("layer", *BUSES)

_NOTE = Key(
    name="note",
    kind="note",
    doc="a remark to the people who work on it",
    aliases=("notes", "remark", "remarks", "comment", "comments"),
)

_DUCK = Key(
    name="duck",
    kind="duck",
    default="what it is part of; of the episode, `true`",
    doc="whether music that hangs here gives way while somebody speaks",
)

_IN = Key(
    name="in",
    kind="time",
    default="its start",
    doc="where in the source it begins",
    fits=_USE,
    aliases=("start", "begin"),
)
_OUT = Key(
    name="out", kind="time", default="its end", doc="where in the source it ends; or `for`", fits=_USE, aliases=("end",)
)
_FOR = Key(
    name="for",
    kind="length",
    default="to `out`",
    doc="how long it lasts, instead of `out`",
    aliases=("length", "duration"),
)
_FILL = Key(
    name="fill",
    kind="fill",
    default='`"loop"`',
    doc="what an animation shows where it is shorter than its shot or layer",
    fits=_USE,
)
_AT = Key(name="at", kind="moment", default="the start of what it hangs on", doc="when it begins")
_UNTIL = Key(name="until", kind="moment", default="as long as it lasts", doc="when it ends; or `for`")

_SPEED = Key(
    name="speed",
    kind="speed",
    default="`1`",
    doc="how fast it plays, picture and sound; `0.5` is slow motion and lasts twice as long",
    fits=_USE,
)
_REVERSE = Key(name="reverse", kind="yes or no", default="`false`", doc="whether it plays backwards", fits=_USE)
_PACE = (
    _SPEED,
    _REVERSE,
    Key(
        name="freeze",
        kind="freeze",
        default="`false`",
        doc="one picture of it held, in silence: that at `in`, or at a time in the source",
        fits=_USE,
    ),
    Key(
        name="motion",
        kind="motion",
        default='`"nearest"`',
        doc="what is seen between two pictures of a clip whose rate, at its speed, is not the programme's",
        fits=_USE,
    ),
)
_KEY = Key(
    name="key",
    kind="key",
    default="`false`",
    doc="the screen behind a performer, which becomes clear; in a shot, the template's background is seen then",
    fits=_USE,
)
_CROP = Key(
    name="crop",
    kind="crop",
    default="all of it",
    doc='what of the upright picture is used; `"auto"`: all inside bars that are black throughout',
    fits=_USE,
)
_KEN_BURNS = Key(
    name="ken_burns",
    kind="ken burns",
    default="`false`",
    doc="a slow move over the picture, as long as the shot; `true`: in, towards the focus",
    fits=_USE,
)
_SPLIT = (
    Key(
        name="sound_in",
        kind="offset",
        default="`0`",
        doc="how much earlier than its picture its own sound begins (a J cut); with `-`, how much later",
        fits=_USE,
    ),
    Key(
        name="sound_out",
        kind="offset",
        default="`0`",
        doc="how much later than its picture its own sound ends (an L cut); with `-`, how much earlier",
        fits=_USE,
    ),
)
_SYNC = (
    Key(
        name="sync",
        kind="sync",
        default="`false`",
        doc="for one of many takes of a song: it is played in time with its `guide`, whenever it was started and "
        "however its recorder's clock ran; `in` and `out` are times of the guide",
        fits=_USE,
    ),
    Key(
        name="guide",
        kind="use",
        doc="what all takes were sung or played to, a contribution; heard only if used",
        fits=_USE,
    ),
)
_REPAIR = Key(
    name="repair",
    kind="repair",
    default="as its contribution says, else the template",
    doc="what is done to its sound where that needs it",
    fits=_USE,
)
_CUT_KEYS = (
    _IN,
    _OUT,
    _FOR,
    *_PACE,
    *_SYNC,
    Key(name="fit", kind="fit", default='`"contain"`', doc="how a picture of another shape is shown", fits=_USE),
    Key(
        name="focus",
        kind="focus",
        default='`"0.5,0.5"`',
        doc='what `cover` keeps in the picture; `"auto"`: where the most happens, followed smoothly',
        fits=_USE,
    ),
    _FILL,
    _KEY,
    _CROP,
    _KEN_BURNS,
    Key(
        name="into",
        kind="transition",
        default='`"cut"`',
        doc="the way here from the shot before; the two overlap, so the film is that much shorter",
    ),
    Key(
        name="lower_third",
        kind="lower third",
        default="`false`",
        doc="words at the lower left; `true`: the names of those who made the shot",
        fits=_USE,
    ),
    Key(name="sound", kind="sound", default='`"keep"`', doc="the shot's own sound", fits=_USE),
    *_SPLIT,
    Key(
        name="room_tone",
        kind="yes or no",
        default="`false`",
        doc="whether, where the shot is silent, the quietest stretch of its scene's clips is heard: their rooms",
        fits=frozenset({"use", "text", "card"}),
    ),
    _REPAIR,
)
_STYLE_KEY = Key(name="style", kind="line", doc="the name of a `[style.x]` whose values it takes")

EPISODE = Table(
    header="the top of the file",
    doc="The episode itself. These stand above the first `[table]`.",
    keys=(
        Key(name="format", kind="format", required=True, doc="the version of this format"),
        Key(name="title", kind="line", required=True, doc="the episode's title"),
        Key(
            name="slug",
            kind="file name",
            default="the folder's name; of a manifest that is not called `episode.toml`, its own",
            doc="what the finished files are called",
        ),
        Key(name="extends", kind="path", doc="a manifest to start from: tables merge, lists replace"),
        Key(
            name="template",
            kind="line",
            default='`"variety"`',
            doc="the look: Crowdcut's own, or a folder beside this file",
        ),
        Key(name="library", kind="paths", default='`["library"]`', doc="the folders of contributions"),
        Key(name="store", kind="path", default="`.crowdcut` beside the library", doc="where finished pieces are kept"),
        Key(name="rate", kind="rate", default='`"24"`', doc="the programme's rate"),
        Key(name="delivery", kind="lines", default='`["web"]`', doc="the profiles to deliver"),
        Key(name="length", kind="length", doc="how long the episode should be; `check` says over or under"),
        Key(name="language", kind="language", default="none", doc="what is spoken in it: a disc tells players"),
        Key(
            name="stems",
            kind="yes or no",
            default="`false`",
            doc="whether voice, music and effects are written beside each film: 24-bit WAV that add up to its sound",
        ),
        _DUCK,
        Key(name="shots", kind="path", later=True, doc="all scenes' shots from one spreadsheet"),
        _NOTE,
    ),
    tables=("each", "style", "clip", "credits", "credit", "captions", "profile", *_HUNG, "scene"),
)
SCENE = Table(
    header="[[scene]]",
    doc="Shots that belong together; a chapter of the film.",
    keys=(
        Key(name="id", kind="id", default="`scene-1`, `scene-2`, ...", doc="to refer to it; only one may have it"),
        Key(name="title", kind="line", default="its id", doc="the chapter's title"),
        Key(name="chapter", kind="yes or no", default="`true`", doc="whether a chapter of the film begins here"),
        _DUCK,
        Key(name="shots", kind="path", doc="a spreadsheet with a row for each shot, instead of `[[scene.shot]]`"),
        Key(
            name="cut_to",
            kind="rhythm",
            doc="the cuts within the scene are moved to the nearest of these; of a dissolve or fade, its middle",
        ),
        Key(
            name="beat_tolerance",
            kind="time",
            default="half a beat, or with `bar` half a bar",
            doc="how far `cut_to` may move a cut; one that it does not move is told",
        ),
        Key(
            name="beats_of",
            kind="use",
            default="the scene's first music, or else the episode's that sounds there",
            doc="the music that `cut_to` and `each` go by, where there are several",
        ),
        _NOTE,
    ),
    tables=("each", "shot", *_HUNG),
)
SHOT = Table(
    header="[[scene.shot]]",
    doc="Exactly one of `use`, `text`, `card` and `wanted`, in the order in which they are seen.",
    keys=(
        Key(name="use", kind="uses", doc=SHOT_KINDS["use"], aliases=("clip", "contribution", "file", "file name")),
        Key(name="text", kind="words", doc=SHOT_KINDS["text"]),
        Key(name="card", kind="card", doc=SHOT_KINDS["card"]),
        Key(name="wanted", kind="words", doc=f"{SHOT_KINDS['wanted']}, and what belongs into it"),
        Key(name="id", kind="id", doc="to refer to it; only one may have it"),
        *_CUT_KEYS,
        _STYLE_KEY,
        Key(name="layout", kind="layout", doc="how several contributions are shown at once", fits=_USE),
        Key(
            name="each",
            kind="each",
            doc="how long each of several contributions is shown, one after another; `use` is a list or a glob",
            fits=_USE,
        ),
        _NOTE,
    ),
    tables=_HUNG,
)
EACH = Table(
    header="[each] and [scene.each]",
    doc="Values for every shot, or for every shot of the scene that it stands under.",
    keys=(*_CUT_KEYS, _STYLE_KEY, _NOTE),
)
STYLE = Table(
    header="[style.x]",
    doc='Values for every shot that says `style = "x"`.',
    keys=(*_CUT_KEYS, _NOTE),
)
CLIP = Table(
    header="[clip.x]",
    doc='A named piece of a contribution: `use = "x"` stands for it wherever `use` does.',
    keys=(Key(name="use", kind="use", required=True, doc="a contribution's id or its file"), *_CUT_KEYS, _NOTE),
)
LOWER_THIRD = Table(
    header="lower_third = { ... }",
    doc="A lower third with a time of its own.",
    keys=(
        Key(name="text", kind="words", default="the makers' names", doc="what it says"),
        Key(name="at", kind="time", default="the template's", doc="when it comes, from the shot's start"),
        Key(name="for", kind="length", default="the template's", doc="how long it stays"),
        _NOTE,
    ),
)
CELL = Table(
    header="use = [{ ... }]",
    doc="One of several contributions that a `layout` shows at once. A name by itself is short for `{ use = name }`; "
    "what a cell does not say, its shot says for it.",
    keys=(
        Key(name="use", kind="use", required=True, doc="a contribution's id, its file or a clip"),
        _IN,
        _OUT,
        *_PACE,
        Key(name="fit", kind="fit", default='`"cover"`', doc="how a picture of another shape is shown in its cell"),
        Key(name="focus", kind="focus", default='`"0.5,0.5"`', doc='what `cover` keeps in the cell; or `"auto"`'),
        _FILL,
        _KEY,
        _CROP,
        _KEN_BURNS,
        Key(name="sound", kind="sound", default='`"keep"`', doc="its own sound"),
        *_SPLIT,
        *_SYNC,
        _REPAIR,
        _NOTE,
    ),
)
KEY = Table(
    header="key = { ... }",
    doc="A screen of another colour, or one beside things of its colour.",
    keys=(Key(name="colour", kind="colour", required=True, doc="the screen's own, as it was filmed"), _NOTE),
)
KEN_BURNS = Table(
    header="ken_burns = { ... }",
    doc="A move from one view to another. 100 % is the largest view there is.",
    keys=(
        Key(name="from", kind="place", default="`centre`, all of it", doc="where it begins and how wide"),
        Key(name="to", kind="place", default="`centre`, all of it", doc="where it ends and how wide"),
        _NOTE,
    ),
)
LAYER = Table(
    header="[[layer]], [[scene.layer]] and [[scene.shot.layer]]",
    doc="A picture over the picture of what it hangs on.",
    keys=(
        Key(name="use", kind="use", required=True, doc="the picture"),
        _IN,
        _OUT,
        _AT,
        _UNTIL,
        _FOR,
        *_PACE,
        Key(name="place", kind="place", default="`centre`, all of it", doc="where it lies and how wide"),
        _FILL,
        Key(name="opacity", kind="part", default="`1`", doc="how much of what is below it hides"),
        Key(name="blend", kind="blend", default='`"normal"`', doc="how its colours meet those below it"),
        Key(
            name="key",
            kind="key",
            default="`false`",
            doc="the screen behind a performer, which becomes clear",
        ),
        _NOTE,
    ),
)
SOUND = Table(
    header="[[music]], [[voice]], [[effect]], also under scene and scene.shot",
    doc="A sound that hangs on an episode, a scene or a shot.",
    keys=(
        Key(name="use", kind="sounds", required=True, doc="the sound, or several that are heard at once"),
        _IN,
        _OUT,
        _AT,
        _UNTIL,
        _FOR,
        _SPEED,
        _REVERSE,
        Key(name="gain", kind="decibels", default="`0`", doc="louder or softer than its kind's own level"),
        Key(name="fade_in", kind="time", default="the template's", doc="how long it takes to come"),
        Key(name="fade_out", kind="time", default="the template's", doc="how long it takes to go"),
        Key(
            name="loop",
            kind="yes or no",
            default="`false`",
            doc="whether it begins again at its end; music whose bars are known, from its last bar line to its first",
        ),
        Key(
            name="fit",
            kind="music fit",
            doc="music alone: it ends with the scene (or with `until` or `for`) as it does by itself, by jumps from "
            "bar line to bar line",
        ),
        Key(name="duck", kind="duck", default="what it hangs on", doc="whether music gives way while somebody speaks"),
        *_SYNC,
        _REPAIR,
        _NOTE,
    ),
)
CREDITS = Table(
    header="[credits]",
    doc="The roll.",
    keys=(
        Key(name="title", kind="line", default="the template's", doc="what stands above it"),
        Key(name="seconds", kind="length", doc="a wish for its length"),
        _NOTE,
    ),
)
CREDIT = Table(
    header="[[credit]]",
    doc="People without a file.",
    keys=(
        Key(name="role", kind="line", required=True, doc="any words"),
        Key(name="names", kind="lines", required=True, doc="who"),
        _NOTE,
    ),
)
CAPTIONS = Table(
    header="[[captions]]",
    doc="Subtitles in one language, which a viewer of a disc may choose.",
    keys=(
        Key(
            name="file",
            kind="path",
            required=True,
            doc="SubRip, WebVTT or SubStation Alpha, in programme time; beside this file, or a file of the library",
        ),
        Key(name="language", kind="language", required=True, doc="what they are in; a player asks for it by this"),
        Key(name="name", kind="line", default="the language's own name", doc="what a disc's menu calls them"),
        _NOTE,
    ),
)
PROFILE = Table(
    header="[profile.x]",
    doc='A delivery of your own, best with `extends = "web"`.',
    keys=(
        Key(name="extends", kind="line", doc="the profile whose values hold where this says nothing"),
        Key(name="doc", kind="line", default="none", doc="one sentence about it"),
        Key(name="size", kind="size", doc="the picture"),
        Key(name="rate", kind="rate", default="the programme's", doc="frames a second"),
        Key(name="extension", kind="extension", doc="the file's ending"),
        Key(name="disc", kind="disc", default="none", doc="a title of a disc: its picture and rate are the standard's"),
        Key(name="burn_in", kind="yes or no", default="`false`", doc="whether each shot's name is drawn on it"),
        _NOTE,
    ),
    tables=("video", "audio", "loudness"),
)
VIDEO = Table(
    header="[profile.x] video = { ... }",
    doc="How the picture is coded.",
    keys=(
        Key(name="codec", kind="video codec", doc="FFmpeg's name of the encoder"),
        Key(name="pixel_format", kind="pixel format", default='`"yuv420p"`', doc="FFmpeg's name"),
        Key(name="preset", kind="preset", default="x264's", doc="how much work the encoder makes itself"),
        Key(name="crf", kind="option", default="x264's", doc="quality: 0 is without loss, 51 the least"),
        Key(name="profile", kind="H.264 profile", default="x264's", doc="what a player must be able to do"),
        Key(name="level", kind="option", default="x264's", doc="how large a picture a player must bear"),
        Key(name="gop_frames", kind="count", default="`48`", doc="most frames from one key frame to the next"),
        _NOTE,
    ),
)
AUDIO = Table(
    header="[profile.x] audio = { ... }",
    doc="How the sound is coded.",
    keys=(
        Key(name="codec", kind="audio codec", doc="FFmpeg's name of the encoder"),
        Key(name="bit_rate", kind="count", doc="bits a second"),
        _NOTE,
    ),
)
LOUDNESS = Table(
    header="[profile.x] loudness = { ... }",
    doc="What the finished sound is held to.",
    keys=(
        Key(name="integrated_lufs", kind="number", doc="integrated loudness (BT.1770-4), LUFS, -70 to 0"),
        Key(name="true_peak_dbtp", kind="number", doc="ceiling of the true peak, dBTP, -20 to 0"),
        Key(
            name="tolerance_lu",
            kind="number",
            default="`0.3`",
            doc="how far the finished film may be from `integrated_lufs`, LU, 0.2 to 3",
        ),
        Key(
            name="max_short_term_lufs",
            kind="number",
            default="no limit",
            doc="the loudest 3 s, LUFS, -70 to 0; louder is a warning",
        ),
        Key(
            name="max_momentary_lufs",
            kind="number",
            default="no limit",
            doc="the loudest 400 ms, LUFS, -70 to 0; louder is a warning",
        ),
        Key(
            name="max_range_lu",
            kind="number",
            default="no limit",
            doc="largest loudness range (EBU Tech 3342), LU, 1 to 40; more is a warning",
        ),
        _NOTE,
    ),
)
LIBRARY = Table(
    header="the top of contributions.toml",
    doc="The contributions of one folder.",
    keys=(_NOTE,),
    tables=("contributor", "contribution"),
)
CONTRIBUTOR = Table(
    header="[[contributor]]",
    doc="Somebody who gave something.",
    keys=(
        Key(name="id", kind="id", required=True, doc="to refer to them"),
        Key(
            name="name",
            kind="line",
            required=True,
            doc="as credited, in any script",
            aliases=("full name", "credit", "credited as", "contributor"),
        ),
        _NOTE,
    ),
)
CONTRIBUTION = Table(
    header="[[contribution]]",
    doc="One thing somebody gave.",
    keys=(
        Key(name="id", kind="id", required=True, doc="to refer to it"),
        Key(
            name="file",
            kind="library path",
            doc="none for an idea that only lives on in what was made from it",
            aliases=("file name", "filename", "path", "file path"),
        ),
        Key(
            name="by",
            kind="people",
            doc="who made it",
            aliases=("name", "names", "who", "made by", "contributor", "contributors", "artist", "author", "credit"),
        ),
        Key(name="role", kind="line", default="by the kind of file", doc="what they did", aliases=("job",)),
        Key(name="title", kind="line", doc="what it is called", aliases=("work",)),
        Key(name="licence", kind="line", doc="on what terms it was given", aliases=("license", "terms")),
        Key(
            name="made_from",
            kind="lines",
            doc="ids of the contributions it was built on; credits follow these",
            aliases=("based on", "remix of"),
        ),
        Key(
            name="alpha",
            kind="alpha form",
            default="what its pictures tell",
            doc="how colours are stored where it is half clear",
        ),
        Key(name="read_as", kind="table", doc="where the file lies about itself"),
        Key(name="bpm", kind="bpm", default="found by listening", doc="a song's tempo, the same throughout"),
        Key(name="meter", kind="meter", default="`4`", doc="beats in a bar of it"),
        Key(
            name="first_bar",
            kind="time",
            default="found by listening",
            doc="where in the file its first bar begins, after any pick-up",
        ),
        Key(
            name="repair", kind="repair", default="the template's", doc="what is done to its sound wherever it is heard"
        ),
        _NOTE,
    ),
)
_FILES = "what the file says"
READ_AS = Table(
    header="read_as = { ... }",
    doc="What holds instead of what the file says.",
    keys=(
        Key(name="rotation", kind="rotation", default=_FILES, doc="degrees clockwise"),
        Key(
            name="mirror",
            kind="yes or no",
            default=_FILES,
            doc="whether it is stored flipped left to right",
        ),
        Key(name="sar", kind="ratio", default=_FILES, doc="sample aspect ratio: width of a stored pixel by its height"),
        Key(
            name="rate",
            kind="rate",
            default=_FILES,
            doc="pictures a second, all equally long; its sound stays",
        ),
        Key(name="interlaced", kind="field order", default=_FILES, doc="which field of each picture comes first"),
        Key(name="matrix", kind="matrix", default=_FILES, doc="which matrix made its Y'CbCr"),
        Key(name="primaries", kind="primaries", default=_FILES, doc="what its red, green and blue are"),
        Key(name="transfer", kind="transfer", default=_FILES, doc="its transfer function"),
        Key(name="range", kind="range", default=_FILES, doc="which numbers are black and white"),
        Key(name="alpha", kind="alpha", default=_FILES, doc="what its alpha means"),
        Key(name="start", kind="offset", default=_FILES, doc="how long after its sound its picture begins"),
        _NOTE,
    ),
)


def _row(table: Table, header: str, instead_of_id: str) -> Table:
    """``table`` as a row of a spreadsheet, where ``id`` may be left away."""
    keys = (replace(key, required=False, default=instead_of_id) if key.name == "id" else key for key in table.keys)
    return replace(table, header=header, keys=tuple(keys))


CONTRIBUTOR_ROW = _row(CONTRIBUTOR, "a row of contributors", "its `name`")
CONTRIBUTION_ROW = _row(CONTRIBUTION, "a row of contributions", "its `file`")
SHOT_ROW = replace(SHOT, header="a row of shots", tables=())
"""What the columns of spreadsheets may be."""

MANIFEST_TABLES = (
    EPISODE,
    SCENE,
    SHOT,
    CELL,
    LOWER_THIRD,
    KEY,
    KEN_BURNS,
    EACH,
    STYLE,
    CLIP,
    LAYER,
    SOUND,
    CREDITS,
    CREDIT,
    CAPTIONS,
    PROFILE,
    VIDEO,
    AUDIO,
    LOUDNESS,
)
"""In the order in which the page shows them."""
LIBRARY_TABLES = (CONTRIBUTOR, CONTRIBUTION, READ_AS)
