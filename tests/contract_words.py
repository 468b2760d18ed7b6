"""The words of the fuzz of the contract: values of every kind, right, odd and wrong, and the parts of a production."""

from crowdcut.contract.template import HOUSE
from crowdcut.vocabulary import choices
from crowdcut.vocabulary.episode_tables import CAPTIONS, CREDIT, CREDITS, EPISODE, SCENE, SOUND
from crowdcut.vocabulary.library_tables import CONTRIBUTION, CONTRIBUTOR
from crowdcut.vocabulary.profile_tables import AUDIO, LOUDNESS, PROFILE, VIDEO
from crowdcut.vocabulary.shot_tables import CLIP, EACH, LAYER, SHOT, STYLE
from crowdcut.vocabulary.table import Table

NASTY = (
    '""', '" "', '"x"', "0", "-1", "1.5", "-0.0", "1e30", "1e400", "1e-400", "1e999999999", "-1e999999999", "nan",
    "-nan", "inf", "-inf", "0x" + "F" * 5000, "9" * 4000, "9" * 5000, "0." + "3" * 5000, "1_0", "true", "false", "[]",
    "[[]]", "{}", "[{}]", "[[[[[[1]]]]]]", '["a", "a"]', '["a", 1]', "07:32:00", "07:32:00.5", "1979-05-27",
    "1979-05-27T07:32:00Z", '"end"', '"end - 1"', '"end - 999:00:00"', '"one + 1e9"', '"- 3"', '"+"',
    '"\\u0000"', '"\\u202e"', '"\\u2028"', '"\\ud800"', '"\\uFFFF"', '"\\u2800"', '"\\u0301"', '"a\\tb"', '"a\\nb"',
    '"\\u00ad"', '"\\u200b"', '"' + "9" * 5000 + '"', '"' + "9" * 5000 + 'f"', '"' + "a" * 100_000 + '"',
    '"' + "a " * 50_000 + '"', '"a' + " " * 100_000 + 'b"', '"' + "+1" * 50_000 + '"', '"' + "ÄÖ漢" * 300 + '"',
    '"../.."', '"/"', '"/etc/passwd"', '"C:\\\\x"', '"a/../../b"', '"/dev/zero"', '"a\\\\b"', '"*.mov"', '"~"',
    '"9999:00:00"', '"99:59:59"', '"99:59:59:23"', '"100000000f"', '"0f"', '"0:60"', '"1:2:3:4"', '"00:00:00:00"',
    '"٣"', '"0:٠٣"', '"1,5"', '"½"', '"−1"', '"1e3"', '"0x10"', "0:03", "12f", "yes", "True", "end - 1", "“x”",
    "'x'", "{ a = 1,\n b = 2 }", "{ a = 1, }", '"""\na\n"""', "'''\n'''", '"walk"', '"song"', '"credits"', '"nobody"',
    '"self"', '{ text = "x", at = -1 }', '{ text = "a\\nb\\nc", at = 0, for = "99:00:00" }', "{ note = 1 }",
    '"30000/0"', '"240"', '"1/3"', '"1000000/1"', '"0.5,0.5,0.5"', '"2,2"', '"dissolve"', '"dissolve 99:00:00"',
    '"fade 0"', '"cut 3"', '"swirl 12f"', '"top bottom"', '"0%"', '"0.001%"', '"999%"', '"mara as"', '"as as as"',
    '["mara as"]', '["as as as"]', '["nobody", "mara as x as y"]', "[16, 16]", "[8192, 8192]", "[2, 2]", "[1920]",
    "# nothing", "", "=", "[", '"', "\\", "\0", "\r",
)  # fmt: skip
"""What any value may be taken by."""

RIGHT: dict[str, tuple[str, ...]] = {
    "format": ("1",),
    "note": ('"to be said again"', '"""\nA\nB"""'),
    "words": ('"Three years later"', '"""\nHow the\nmoon was"""', '"漢字 عربي 🎬"'),
    "line": ('"Opening"', '"ليلى"', '"host"'),
    "lines": ('["Joe", "Ana"]', '["poem"]', '["web"]'),
    "id": ('"one"', '"zwölf"', '"my own"'),
    "file name": ('"night"', '"ep-1.final"'),
    "path": ('"base.toml"', '"cut/list.csv"', '"cut/list.xlsx"', '".store"'),
    "paths": ('["library"]', '["library", "cut"]'),
    "library path": ('"walk.mov"', '"video/phone (take 2).mp4"', '"theme.flac"'),
    "menu music": ('"theme"', "false"),
    "use": ('"walk"', '"phone"', '"drawing"', '"theme"', '"dot"', '"poem"', '"walk.mov"', '"dance.gif"', '"odd.xyz"'),
    "uses": (
        '"walk"',
        '["walk", "dance.gif"]',
        '["walk", { use = "phone", in = 1, focus = "left", sound = -3 }, "drawing"]',
    ),
    "sounds": ('"theme"', '["theme", { use = "walk", gain = -3 }]', '["*.wav", "theme"]', '"hum.*"'),
    "fill": tuple(f'"{word}"' for word in choices.FILLS),
    "layout": tuple(f'"{word}"' for word in choices.LAYOUTS),
    "language": ('"es"', '"ja"'),
    "rate": ('"24"', '"25"', '"30000/1001"', '"23.976"', "60", '"240"', '"1"'),
    "time": ("0", "1.5", '"0:01"', '"12f"', '"00:00:01:12"', '"0:00:01.5"'),
    "length": ("2", "1.25", '"0:02"', '"50f"'),
    "offset": ("0", "1.5", '"-12f"', '"0:01"', '"-0:00.5"'),
    "moment": ('"one"', '"end - 2"', '"one + 12f"', "1", '"0:01"', '"scene-1"', '"shot"'),
    "yes or no": ("true", "false"),
    "duck": ("true", "false", '"whole"', '"carve"'),
    "repair": ("[]", "false", *(f'["{word}"]' for word in choices.REPAIRS)),
    "decibels": ("-6", "3.5"),
    "part": ("0.5", "1"),
    "number": ("-14.0", "-1"),
    "count": ("48", "256000", "1"),
    "bpm": ("120", "96.5"),
    "meter": ("3", "4"),
    "fit": tuple(f'"{word}"' for word in choices.FITS),
    "focus": ('"0.5,0.3"', '"0,1"', '"left"', '"top right"', '"auto"'),
    "crop": ('"auto"', '"16,0,48,48"', '"10%,0%,80%,100%"'),
    "ken burns": ("true", "false", '"in"', '"out"', '{ from = "left 80%", to = "right 60%" }'),
    "key": ('"green"', '"blue"', "false", '{ colour = "#20c040" }'),
    "colour": ('"#20c040"', '"#FF00FF"'),
    "motion": tuple(f'"{word}"' for word in choices.MOTIONS),
    "speed": ("0.5", "2", '"1/3"', '"1.5"'),
    "freeze": ("true", "false", '"0:01"', "0.5"),
    "transition": ('"dissolve 12f"', '"fade 0.25"', '"cut"'),
    "lower third": ("true", "false", '"Joe"', '{ text = "Joe", at = 1, for = "0:01" }', "{ at = 0 }"),
    "card": tuple(f'"{word}"' for word in choices.CARDS),
    "extension": ('"mp4"',),
    "video codec": ('"libx264"',),
    "audio codec": ('"aac"',),
    "pixel format": ('"yuv420p"',),
    "preset": ('"medium"', '"ultrafast"'),
    "disc": ('"ntsc"', '"pal"'),
    "H.264 profile": ('"high"', '"baseline"'),
    "sync": ('"song"', "false"),
    "rhythm": tuple(f'"{word}"' for word in choices.RHYTHMS),
    "each": ("2", '"0:02"', '"2f"', '"beat"', '"2 beats"', '"bar"'),
    "music fit": tuple(f'"{word}"' for word in choices.MUSIC_FITS),
    "sound": ('"keep"', '"mute"', "-6"),
    "place": ('"top right 30%"', '"centre"', '"bottom 100%"'),
    "people": ('["mara"]', '["bo as colour", "mara"]'),
    "rotation": ("0", "90", "270"),
    "blend": tuple(f'"{word}"' for word in choices.BLENDS),
    "alpha form": tuple(f'"{word}"' for word in choices.ALPHA_FORMS),
    "size": ("[640, 360]", "[720, 576]"),
    "option": ('"18"', "20"),
    "table": ("{ rotation = 90 }", "{}"),
}
"""Values of each kind that are right, wherever they make sense."""

_TIMES = ("0.001", '"1f"', '"0:30"', "59.9", "60", '"1:00:00"', '"24:00:00"', '"99:59:59"', "0.0333333", '"1439f"')
EXTREME: dict[str, tuple[str, ...]] = {
    "note": ('"' + "word " * 1900 + '"',),
    "words": ('"' + "word " * 290 + '"', '"' + "word " * 1900 + '"', '"a\\nb\\nc"', '"x"', '"' + "漢" * 200 + '"'),
    "line": ('"' + "x" * 1000 + '"', '"\u202e\u200b"', '"' + "W" * 200 + '"', '"credits"', '"host"'),
    "lines": ('["\u2800"]', '["' + "W" * 300 + '"]', '["proxy", "web"]', '["song", "poem"]', '["Joe", "JOE"]'),
    "id": ('"credits"', '"scene-2"', '"walk"', '"one"', '"' + "i" * 900 + '"', '"end "', '"a + b"', '"- 3x"'),
    "use": ('"nothing.empty"', '"odd.xyz"', '"song"', '"hum"', '"moon.txt"', '"dot"', '"phone (take 2).mp4"'),
    "rate": ('"1"', '"240"', '"23.976"', '"29.97"', '"1.001"', '"999/7"', "119"),
    "time": ("0", *_TIMES),
    "length": _TIMES,
    "offset": ("0", *_TIMES, '"-1f"', "-60", '"-99:59:59"'),
    "moment": ('"end"', '"end - 1f"', '"shot"', '"shot + 1f"', '"one - 1f"', '"- 1"', "0", *_TIMES),
    "decibels": ("-60", "20"),
    "part": ("0", "0.001"),
    "number": ("-70", "-0.001"),
    "count": ("1", "999999999"),
    "speed": ('"1/16"', "16", '"9999/7919"'),
    "freeze": ("0", *_TIMES),
    "focus": ('"0,0"', '"1,1"', '"0.333333,0.999999"'),
    "crop": ('"0,0,99999,99999"', '"0%,0%,0.001%,100%"', '"0,0,0.001,1"', '"99.999%,0%,0.001%,0.001%"', '"0,0,1,1"'),
    "ken burns": ('{ from = "0.001%" }', '{ to = "top left 0.01%" }', '{ from = "left 100%", to = "right" }'),
    "transition": ('"dissolve 1f"', '"fade 0.001"', '"dissolve 2"', '"fade 10"', '"dissolve 1:00:00"'),
    "lower third": ('{ at = 99 }', '{ for = "1f" }', '{ text = "a\\nb\\nc" }', '{ at = 0, for = "9:00:00" }'),
    "place": ('"top left 0.001%"', '"0.1%"', '"bottom right 100%"', '"99.999%"'),
    "size": ("[16, 16]", "[8192, 16]", "[16, 8192]", "[8192, 8192]"),
    "option": ('"veryslow"', "0", "51"),
}  # fmt: skip
"""Values that are right for their kind, and may ask for what cannot be."""

WHOLE_TABLES: dict[str, Table] = {
    "": EPISODE,
    "[each]": EACH,
    "[style.host]": STYLE,
    "[clip.dot]": CLIP,
    "[credits]": CREDITS,
    "[[credit]]": CREDIT,
    "[[captions]]": CAPTIONS,
    "[profile.own]": PROFILE,
    "[profile.own.video]": VIDEO,
    "[profile.own.audio]": AUDIO,
    "[profile.own.loudness]": LOUDNESS,
    "[[layer]]": LAYER,
    **{f"[[{bus}]]": SOUND for bus in choices.BUSES},
    "[[scene]]": SCENE,
    "[scene.each]": EACH,
    "[[scene.layer]]": LAYER,
    **{f"[[scene.{bus}]]": SOUND for bus in choices.BUSES},
    "[[scene.shot]]": SHOT,
    "[[scene.shot.layer]]": LAYER,
    **{f"[[scene.shot.{bus}]]": SOUND for bus in choices.BUSES},
    "[[contributor]]": CONTRIBUTOR,
    "[[contribution]]": CONTRIBUTION,
}
"""The vocabulary of each header."""
SEVERAL = frozenset(header for header in WHOLE_TABLES if header.startswith("[["))
"""Of these there may be any number, wherever they stand."""
KEYS = sorted({key.name for table in WHOLE_TABLES.values() for key in table.keys})


SHOTS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("use", '"walk"'), ("in", '"0:03.5"'), ("out", '"0:06"')),
    (("use", '"walk.mov"'), ("for", "2"), ("sound", "-6"), ("sound_in", '"3f"'), ("lower_third", "true")),
    (("use", '"phone"'), ("in", '"12f"'), ("fit", '"cover"'), ("focus", '"0.2,0.8"')),
    (("use", '"phone"'), ("fit", '"cover"'), ("focus", '"auto"'), ("crop", '"auto"')),
    (("use", '"drawing"'), ("ken_burns", '{ from = "left 80%", to = "right 60%" }'), ("crop", '"5%,5%,90%,90%"')),
    (("use", '"phone"'), ("out", "3.5"), ("fit", '"blur"'), ("sound", '"mute"'), ("style", '"host"')),
    (("use", '"walk"'), ("speed", "0.5"), ("reverse", "true"), ("for", "1"), ("motion", '"flow"')),
    (("use", '"walk"'), ("freeze", '"0:02"'), ("for", "1")),
    (("use", '"drawing"'), ("for", '"60f"')),
    (("use", '"dance.gif"'),),
    (("use", '"dot"'),),
    (("use", '["walk", { use = "phone", in = 0.5, fit = "blur" }, "moon.txt", "dot"]'), ("layout", '"grid"')),
    (("use", '["walk", "drawing", "dance.gif"]'), ("layout", '"pip"'), ("for", "1.5"), ("lower_third", "true")),
    (("use", '["walk", "drawing"]'), ("layout", '"split"'), ("for", "1"), ("sync", '"song"'), ("guide", '"theme"')),
    (("use", '"moon.txt"'),),
    (("text", '"Three years later"'),),
    (("text", '"漢字 عربي 🎬"'), ("for", "1.5"), ("note", '"to be said again"')),
    (("card", '"title"'),),
    (("card", '"ident"'), ("for", '"45f"')),
    (("card", '"credits"'),),
)
LAYERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("use", '"drawing"'), ("place", '"top right 30%"'), ("opacity", "0.7")),
    (("use", '"dance.gif"'), ("at", "0.5"), ("for", "0.5")),
    (("use", '"walk"'), ("in", "2"), ("until", '"end"'), ("place", '"bottom left 25%"')),
)
SOUNDS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("use", '"theme"'), ("until", '"end"'), ("gain", "-3")),
    (("use", '"theme"'), ("at", "0.25"), ("for", "0.5"), ("fade_in", "0.1"), ("fade_out", '"6f"')),
    (("use", '"hum.wav"'), ("loop", "true"), ("until", '"end - 0.25"')),
    (("use", '"walk"'), ("in", "1"), ("out", "1.75")),
    (("use", '"hum.wav"'), ("sync", '"song"'), ("guide", '"theme"')),
    (("use", '["*.wav", { use = "theme", gain = -6 }]'), ("for", "0.5")),
)
LISTING = """\
[[contributor]]
id = "mara"
name = "Mara Vidal"
[[contributor]]
id = "bo"
name = "Bo"
[[contributor]]
id = "layla"
name = "ليلى حداد"
[[contribution]]
id = "walk"
file = "walk.mov"
by = ["mara", "bo as colour"]
role = "cinematography"
made_from = ["poem", "song"]
[[contribution]]
id = "phone"
file = "video/phone (take 2).mp4"
by = ["layla"]
read_as = { rotation = 90 }
[[contribution]]
id = "poem"
by = ["bo"]
made_from = ["song"]
[[contribution]]
id = "song"
by = ["layla"]
role = "singing"
[[contribution]]
id = "theme"
file = "theme.flac"
by = ["mara"]
licence = "CC-BY-4.0"
[[contribution]]
id = "drawing"
file = "robot.png"
by = ["bo"]
title = "Robot"
[[contribution]]
id = "dance"
file = "dance.gif"
by = ["layla as dance"]
[[contribution]]
id = "moon"
file = "moon.txt"
by = ["mara"]
[[contribution]]
id = "hum"
file = "hum.wav"
by = ["bo"]
"""
FILES = (
    "walk.mov", "video/phone (take 2).mp4", "theme.flac", "robot.png", "dance.gif", "moon.txt", "hum.wav", "odd.xyz",
    "nothing.empty",
)  # fmt: skip
CONTRIBUTION_ROWS = [
    ["ID", "File name", "By", "role", "title", "made from", "read_as", "Note"],
    ["walk", "walk.mov", "Mara Vidal; Bo as colour", "cinematography", "", "poem; song", "", ""],
    ["phone", "video/phone (take 2).mp4", "ليلى حداد", "", "", "", "rotation=90", "a, b"],
    ["poem", "", "Bo", "words", "", "song", "", ""],
    ["song", "", "layla", "singing", "", "", "", ""],
    ["theme", "theme.flac", "mara", "music", "", "", "", ""],
    ["drawing", "robot.png", "Bo", "", "Robot", "", "", ""],
    ["", "dance.gif", "ليلى حداد as dance", "", "", "", "", ""],
    ["", "moon.txt", "Mara Vidal", "", "", "", "", ""],
    ["", "hum.wav", "Bo", "", "", "", "", ""],
]
CONTRIBUTOR_ROWS = [["id", "name"], ["mara", "Mara Vidal"], ["bo", "Bo"], ["layla", "ليلى حداد"]]
SHOT_ROWS = [
    ["Clip", "in", "out", "length", "text", "card", "into", "lower_third", "sound", "note"],
    ["walk", "0:01", "0:03", "", "", "", "", "yes", "-6", ""],
    ["phone", "", "", "2", "", "", "dissolve 12f", "", "mute", ""],
    ["", "", "", "1,5", "Three years later", "", "", "", "", "again"],
    ["", "", "", "", "", "credits", "", "", "", ""],
]
LOOK = """\
extends = "variety"
[palette]
ink = "#ffeedd"
plate = "#15100d80"
[type.title]
family = ["Own", "Noto Sans"]
size = 0.1
colour = "accent"
[card]
title.seconds = 2
[timing]
still = 2.5
[roll]
order = ["host", "music"]
line = 0.06
pixels_a_frame_1080 = 4
[roll.headings]
host = "Hosted by"
[levels]
music = -26
[each]
fit = "blur"
sound = -3
"""
HOUSE_LOOK = (HOUSE / "variety" / "template.toml").read_text(encoding="utf-8")
CELLS = (
    "", " ", "x", "yes", "-6", "1,5", "0:03", "mara", "Bo as", "as", "a;b;c", ";;;", "=1+1", "#REF!", "Err:502", "1e9",
    "2026-01-01", "\u202eabc", "\u2028", "٣", "rotation=91", "rotation", "=", "walk.mov", "../x", "/x", "C:\\x",
    "x" * 40_000, "9" * 5000, "a" + " " * 30_000 + "b", "a\nb", '"', "'", "mara, bo", "Mara  Vidal", "MARA VIDAL",
)  # fmt: skip
