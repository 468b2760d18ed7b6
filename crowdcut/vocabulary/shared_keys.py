"""Keys that several tables have, so that they mean the same in each."""

from crowdcut.vocabulary.choices import ShotKind
from crowdcut.vocabulary.table import Key

OF_USE: frozenset[ShotKind] = frozenset({"use"})
"""What a key fits that is about a contribution."""

NOTE = Key(
    name="note",
    kind="note",
    doc="a remark to the people who work on it",
    aliases=("notes", "remark", "remarks", "comment", "comments"),
)

IN = Key(
    name="in",
    kind="time",
    default="its start",
    doc="where in the source it begins",
    fits=OF_USE,
    aliases=("start", "begin"),
)
OUT = Key(
    name="out",
    kind="time",
    default="its end",
    doc="where in the source it ends; or `for`",
    fits=OF_USE,
    aliases=("end",),
)
FOR = Key(
    name="for",
    kind="length",
    default="to `out`",
    doc="how long it lasts, instead of `out`",
    aliases=("length", "duration"),
)
FILL = Key(
    name="fill",
    kind="fill",
    default='`"loop"`',
    doc="what an animation shows where it is shorter than its shot or layer",
    fits=OF_USE,
)
AT = Key(name="at", kind="moment", default="the start of what it hangs on", doc="when it begins")
UNTIL = Key(name="until", kind="moment", default="as long as it lasts", doc="when it ends; or `for`")

SPEED = Key(
    name="speed",
    kind="speed",
    default="`1`",
    doc="how fast it plays, picture and sound; `0.5` is slow motion and lasts twice as long",
    fits=OF_USE,
)
REVERSE = Key(name="reverse", kind="yes or no", default="`false`", doc="whether it plays backwards", fits=OF_USE)
PACE = (
    SPEED,
    REVERSE,
    Key(
        name="freeze",
        kind="freeze",
        default="`false`",
        doc="one picture of it held, in silence: that at `in`, or at a time in the source",
        fits=OF_USE,
    ),
    Key(
        name="motion",
        kind="motion",
        default='`"nearest"`',
        doc="what is seen between two pictures of a clip whose rate, at its speed, is not the programme's",
        fits=OF_USE,
    ),
)
SCREEN = Key(
    name="key",
    kind="key",
    default="`false`",
    doc="the screen behind a performer, which becomes clear; in a shot, the template's background is seen then",
    fits=OF_USE,
)
CROP = Key(
    name="crop",
    kind="crop",
    default="all of it",
    doc='what of the upright picture is used; `"auto"`: all inside bars that are black throughout',
    fits=OF_USE,
)
MOVE = Key(
    name="ken_burns",
    kind="ken burns",
    default="`false`",
    doc="a slow move over the picture, as long as the shot; `true`: in, towards the focus",
    fits=OF_USE,
)
SPLIT = (
    Key(
        name="sound_in",
        kind="offset",
        default="`0`",
        doc="how much earlier than its picture its own sound begins (a J cut); with `-`, how much later",
        fits=OF_USE,
    ),
    Key(
        name="sound_out",
        kind="offset",
        default="`0`",
        doc="how much later than its picture its own sound ends (an L cut); with `-`, how much earlier",
        fits=OF_USE,
    ),
)
SYNC = (
    Key(
        name="sync",
        kind="sync",
        default="`false`",
        doc="for one of many takes of a song: it is played in time with its `guide`, whenever it was started and "
        "however its recorder's clock ran; `in` and `out` are times of the guide",
        fits=OF_USE,
    ),
    Key(
        name="guide",
        kind="use",
        doc="what all takes were sung or played to, a contribution; heard only if used",
        fits=OF_USE,
    ),
)
REPAIR = Key(
    name="repair",
    kind="repair",
    default="as its contribution says, else the template",
    doc="what is done to its sound where that needs it",
    fits=OF_USE,
)

DUCK = Key(
    name="duck",
    kind="duck",
    default="what it is part of; of the episode, `true`",
    doc="whether music that hangs here gives way while somebody speaks",
)
