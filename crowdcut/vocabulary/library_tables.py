"""The tables of ``contributions.toml``: who gave what, and what is known of it."""

from crowdcut.vocabulary.shared_keys import NOTE
from crowdcut.vocabulary.table import Key, Table

LIBRARY = Table(
    header="the top of contributions.toml",
    doc="The contributions of one folder.",
    keys=(NOTE,),
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
        NOTE,
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
        NOTE,
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
        NOTE,
    ),
)
LIBRARY_TABLES = (CONTRIBUTOR, CONTRIBUTION, READ_AS)
