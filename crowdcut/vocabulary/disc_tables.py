"""The tables of ``disc.toml``."""

from crowdcut.vocabulary.shared_keys import NOTE
from crowdcut.vocabulary.table import Key, Table

DISC = Table(
    header="the top of disc.toml",
    doc="The disc itself. These stand above the first `[table]`.",
    keys=(
        Key(name="format", kind="format", required=True, doc="the version of this format"),
        Key(name="title", kind="line", required=True, doc="the disc's title, as its menus show it"),
        Key(
            name="slug",
            kind="file name",
            default="the folder's name; of a file that is not called `disc.toml`, its own",
            doc="what the finished files are called",
        ),
        Key(
            name="label",
            kind="disc label",
            default="made from the title: `RE: Number One` becomes `RE_NUMBER_ONE`",
            doc="the volume's name, which computers show",
        ),
        Key(
            name="profile",
            kind="disc profile",
            required=True,
            doc="what every episode is delivered in, and so whether the disc is NTSC or PAL",
        ),
        Key(name="episodes", kind="paths", required=True, doc="the episodes' manifests, in the order of the disc"),
        Key(
            name="template",
            kind="line",
            default="the first episode's",
            doc="the look of the menus: Crowdcut's own, or a folder beside this file",
        ),
        Key(
            name="language",
            kind="language",
            default='`"en"`',
            doc="the language that the menus are marked as; their words are the template's",
        ),
        Key(name="region", kind="region", default='`"all"`', doc="whose players may play it"),
        Key(name="capacity", kind="capacity", default='`"dvd-5"`', doc="the disc that it is to go onto"),
        Key(name="store", kind="path", default="the first episode's", doc="where finished pieces are kept"),
        NOTE,
    ),
    tables=("extra", "menu"),
)
EXTRA = Table(
    header="[[extra]]",
    doc='A film that is listed apart from the episodes, and that "play all" leaves out.',
    keys=(
        Key(name="episode", kind="path", required=True, doc="its manifest"),
        Key(name="title", kind="line", default="the title in its manifest", doc="what the menu calls it"),
        NOTE,
    ),
)
MENU = Table(
    header="[menu]",
    doc="The menus. Their palette, type and cards are the template's.",
    keys=(
        Key(
            name="background",
            kind="use",
            default="the template's",
            doc="a clip or a still behind them: a contribution of one of the episodes",
        ),
        Key(name="in", kind="time", default="its start", doc="where in the background it begins"),
        Key(
            name="for",
            kind="menu length",
            default="`20`",
            doc="how long a menu moves and sounds before it begins again",
        ),
        Key(
            name="music",
            kind="menu music",
            default="the first episode's first music",
            doc="what is heard in them: a contribution of one of the episodes",
        ),
        Key(name="chapters", kind="yes or no", default="`true`", doc="whether each title has menus of its chapters"),
        NOTE,
    ),
)

DISC_TABLES = (DISC, EXTRA, MENU)
"""In the order in which the page shows them."""
