"""The tables of an episode: itself, its scenes, sounds, credits and subtitles; and a manifest's in their order."""

from crowdcut.vocabulary.profile_tables import AUDIO, LOUDNESS, PROFILE, VIDEO
from crowdcut.vocabulary.shared_keys import AT, DUCK, FOR, IN, NOTE, OUT, REPAIR, REVERSE, SPEED, SYNC, UNTIL
from crowdcut.vocabulary.shot_tables import CELL, CLIP, EACH, HUNG, KEN_BURNS, KEY, LAYER, LOWER_THIRD, SHOT, STYLE
from crowdcut.vocabulary.table import Key, Table

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
        DUCK,
        Key(name="shots", kind="path", later=True, doc="all scenes' shots from one spreadsheet"),
        NOTE,
    ),
    tables=("each", "style", "clip", "credits", "credit", "captions", "profile", *HUNG, "scene"),
)
SCENE = Table(
    header="[[scene]]",
    doc="Shots that belong together; a chapter of the film.",
    keys=(
        Key(name="id", kind="id", default="`scene-1`, `scene-2`, ...", doc="to refer to it; only one may have it"),
        Key(name="title", kind="line", default="its id", doc="the chapter's title"),
        Key(name="chapter", kind="yes or no", default="`true`", doc="whether a chapter of the film begins here"),
        DUCK,
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
        NOTE,
    ),
    tables=("each", "shot", *HUNG),
)
SOUND = Table(
    header="[[music]], [[voice]], [[effect]], also under scene and scene.shot",
    doc="A sound that hangs on an episode, a scene or a shot.",
    keys=(
        Key(name="use", kind="sounds", required=True, doc="the sound, or several that are heard at once"),
        IN,
        OUT,
        AT,
        UNTIL,
        FOR,
        SPEED,
        REVERSE,
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
        *SYNC,
        REPAIR,
        NOTE,
    ),
)
CREDITS = Table(
    header="[credits]",
    doc="The roll.",
    keys=(
        Key(name="title", kind="line", default="the template's", doc="what stands above it"),
        Key(name="seconds", kind="length", doc="a wish for its length"),
        NOTE,
    ),
)
CREDIT = Table(
    header="[[credit]]",
    doc="People without a file.",
    keys=(
        Key(name="role", kind="line", required=True, doc="any words"),
        Key(name="names", kind="lines", required=True, doc="who"),
        NOTE,
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
        NOTE,
    ),
)

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
"""All that a manifest may hold, in the order in which its page shows it."""
