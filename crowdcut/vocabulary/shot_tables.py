"""The tables of what is seen: shots, their cells and layers, and values that many shots take."""

from crowdcut.vocabulary.choices import BUSES, SHOT_KINDS
from crowdcut.vocabulary.shared_keys import (
    AT,
    CROP,
    FILL,
    FOR,
    IN,
    MOVE,
    NOTE,
    OF_USE,
    OUT,
    PACE,
    REPAIR,
    SCREEN,
    SPLIT,
    SYNC,
    UNTIL,
)
from crowdcut.vocabulary.table import Key, Table

HUNG = ("layer", *BUSES)
"""Tables of what hangs on an episode, a scene or a shot."""
_CUT_KEYS = (
    IN,
    OUT,
    FOR,
    *PACE,
    *SYNC,
    Key(name="fit", kind="fit", default='`"contain"`', doc="how a picture of another shape is shown", fits=OF_USE),
    Key(
        name="focus",
        kind="focus",
        default='`"0.5,0.5"`',
        doc='what `cover` keeps in the picture; `"auto"`: where the most happens, followed smoothly',
        fits=OF_USE,
    ),
    FILL,
    SCREEN,
    CROP,
    MOVE,
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
        fits=OF_USE,
    ),
    Key(name="sound", kind="sound", default='`"keep"`', doc="the shot's own sound", fits=OF_USE),
    *SPLIT,
    Key(
        name="room_tone",
        kind="yes or no",
        default="`false`",
        doc="whether, where the shot is silent, the quietest stretch of its scene's clips is heard: their rooms",
        fits=frozenset({"use", "text", "card"}),
    ),
    REPAIR,
)
_STYLE_KEY = Key(name="style", kind="line", doc="the name of a `[style.x]` whose values it takes")
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
        Key(name="layout", kind="layout", doc="how several contributions are shown at once", fits=OF_USE),
        Key(
            name="each",
            kind="each",
            doc="how long each of several contributions is shown, one after another; `use` is a list or a glob",
            fits=OF_USE,
        ),
        NOTE,
    ),
    tables=HUNG,
)
EACH = Table(
    header="[each] and [scene.each]",
    doc="Values for every shot, or for every shot of the scene that it stands under.",
    keys=(*_CUT_KEYS, _STYLE_KEY, NOTE),
)
STYLE = Table(
    header="[style.x]",
    doc='Values for every shot that says `style = "x"`.',
    keys=(*_CUT_KEYS, NOTE),
)
CLIP = Table(
    header="[clip.x]",
    doc='A named piece of a contribution: `use = "x"` stands for it wherever `use` does.',
    keys=(Key(name="use", kind="use", required=True, doc="a contribution's id or its file"), *_CUT_KEYS, NOTE),
)
LOWER_THIRD = Table(
    header="lower_third = { ... }",
    doc="A lower third with a time of its own.",
    keys=(
        Key(name="text", kind="words", default="the makers' names", doc="what it says"),
        Key(name="at", kind="time", default="the template's", doc="when it comes, from the shot's start"),
        Key(name="for", kind="length", default="the template's", doc="how long it stays"),
        NOTE,
    ),
)
CELL = Table(
    header="use = [{ ... }]",
    doc="One of several contributions that a `layout` shows at once. A name by itself is short for `{ use = name }`; "
    "what a cell does not say, its shot says for it.",
    keys=(
        Key(name="use", kind="use", required=True, doc="a contribution's id, its file or a clip"),
        IN,
        OUT,
        *PACE,
        Key(name="fit", kind="fit", default='`"cover"`', doc="how a picture of another shape is shown in its cell"),
        Key(name="focus", kind="focus", default='`"0.5,0.5"`', doc='what `cover` keeps in the cell; or `"auto"`'),
        FILL,
        SCREEN,
        CROP,
        MOVE,
        Key(name="sound", kind="sound", default='`"keep"`', doc="its own sound"),
        *SPLIT,
        *SYNC,
        REPAIR,
        NOTE,
    ),
)
KEY = Table(
    header="key = { ... }",
    doc="A screen of another colour, or one beside things of its colour.",
    keys=(Key(name="colour", kind="colour", required=True, doc="the screen's own, as it was filmed"), NOTE),
)
KEN_BURNS = Table(
    header="ken_burns = { ... }",
    doc="A move from one view to another. 100 % is the largest view there is.",
    keys=(
        Key(name="from", kind="place", default="`centre`, all of it", doc="where it begins and how wide"),
        Key(name="to", kind="place", default="`centre`, all of it", doc="where it ends and how wide"),
        NOTE,
    ),
)
LAYER = Table(
    header="[[layer]], [[scene.layer]] and [[scene.shot.layer]]",
    doc="A picture over the picture of what it hangs on.",
    keys=(
        Key(name="use", kind="use", required=True, doc="the picture"),
        IN,
        OUT,
        AT,
        UNTIL,
        FOR,
        *PACE,
        Key(name="place", kind="place", default="`centre`, all of it", doc="where it lies and how wide"),
        FILL,
        Key(name="opacity", kind="part", default="`1`", doc="how much of what is below it hides"),
        Key(name="blend", kind="blend", default='`"normal"`', doc="how its colours meet those below it"),
        Key(
            name="key",
            kind="key",
            default="`false`",
            doc="the screen behind a performer, which becomes clear",
        ),
        NOTE,
    ),
)
