"""The tables of a delivery of one's own."""

from crowdcut.vocabulary.shared_keys import NOTE
from crowdcut.vocabulary.table import Key, Table

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
        NOTE,
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
        NOTE,
    ),
)
AUDIO = Table(
    header="[profile.x] audio = { ... }",
    doc="How the sound is coded.",
    keys=(
        Key(name="codec", kind="audio codec", doc="FFmpeg's name of the encoder"),
        Key(name="bit_rate", kind="count", doc="bits a second"),
        NOTE,
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
        NOTE,
    ),
)
