"""The words of which a value is one, each with what it means."""

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
