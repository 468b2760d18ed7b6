"""A template: palette, type, cards, roll and levels of a production, read from its folder."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from crowdcut.contract.template import tables_from
from crowdcut.disc.caption_orders import CaptionStyle
from crowdcut.findings import Finding, Where
from crowdcut.orders import Style
from crowdcut.sound.orders import Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLook:
    """One card of the template."""

    length: Fraction
    """Seconds, where the shot says nothing; 0: as long as it takes (the credits)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollLook:
    """The credit roll's grid."""

    pixels_a_frame_1080: int
    """Whole pixels a frame on a raster 1080 high at 24 frames a second; other rasters keep the same seconds."""
    line: float
    """Height of a name's row as a part of the raster's height."""
    columns: int
    """Names side by side in a block that is long enough."""
    columns_from: int
    """Names from which a block is set in columns."""
    order: tuple[str, ...]
    """Roles, first block first; others follow in the order in which they are met."""
    headings: dict[str, str]
    """What stands over a role's block; a role without one stands as it is written."""
    default_roles: dict[str, str]
    """The role of a contribution that names none, by kind of media; ``other`` for one without an examined file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuckLook:
    """How music gives way to speech."""

    depth_lu: float
    """How far under speech it is kept."""
    attack: Fraction
    """Seconds in which it goes down, before speech begins."""
    hold: Fraction
    """Seconds for which it stays down in a pause."""
    release: Fraction
    """Seconds in which it comes back after that."""
    carve: bool
    """Whether only the band of speech gives way, where a sound does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairLook:
    """What is done to sounds of which nobody says more."""

    high_pass_hz: float
    """Below which a high-pass takes away."""
    words: dict[str, tuple[str, ...]]
    """Words of ``choices.REPAIRS`` by bus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLook:
    """A disc's menus."""

    background: tuple[str, ...]
    """``#rrggbb``: one, or two for a vertical gradient, top first; the veil over a picture has these colours too."""
    veil: float
    """How much of a picture behind the words is hidden, 0..1."""
    margin: float
    """Outside of this nothing stands: at each side, a part of the picture's width or height."""
    mark: Literal["underline", "bar", "frame"]
    """How the button shows that one is on: a word of ``choices.MENU_MARKS``."""
    highlight: str
    """Colour of the mark on the button that one is on, ``#rrggbb``."""
    highlight_contrast: int
    """Its opacity, 1..15."""
    select: str
    """The same, of the button that was just pressed."""
    select_contrast: int
    styles: dict[str, Style]
    """Type by use: title, heading, button, small."""
    words: dict[str, str]
    """What buttons say: play, play_all, chapters, subtitles, off, back, previous, next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A template."""

    name: str
    folder: Path
    palette: dict[str, str]
    """sRGB ``#rrggbb`` by name: background, background_low, ink, dim, accent, accent_two, alarm, matte (under
    a picture with alpha that fills its shot), plate (whose colour may be ``#rrggbbaa``)."""
    styles: dict[str, Style]
    """Type by use: title, subtitle, text, byline, lower_third, lower_third_second, roll_title, roll_role,
    roll_name, roll_note, slate, ident."""
    fonts: tuple[Path, ...]
    """The template's own font files, tried before the packaged ones."""
    cards: dict[str, CardLook]
    roll: RollLook
    levels: Levels
    duck: DuckLook
    repair: RepairLook
    captions: CaptionStyle
    """Of a disc's subtitles; a template need not say."""
    menu: MenuLook
    each: dict[str, object]
    """Defaults of a shot's keys, lowest of all."""
    still_length: Fraction
    """Seconds that a still or an animation without ``for`` is shown."""
    text_seconds_a_character: Fraction
    """Reading time of words without ``for``."""
    text_seconds: Fraction
    """What is added to it, and its least."""
    lower_third_at: Fraction
    lower_third_length: Fraction
    layer_fade: Fraction
    """Seconds in which overlays and lower thirds come and go."""
    sound_fade: Fraction
    """Seconds of the short fade at every joint of the sound."""


def _style(table: dict[str, Any], palette: dict[str, str]) -> Style:
    return Style(**{**table, "colour": palette.get(table["colour"], table["colour"])})


def _captions(table: dict[str, Any], palette: dict[str, str]) -> CaptionStyle:
    colours = {key: palette.get(table[key], table[key]) for key in ("colour", "outline") if key in table}
    return CaptionStyle(**{**table, **colours})


def _menu(table: dict[str, Any], palette: dict[str, str]) -> MenuLook:
    uses = ("title", "heading", "button", "small")
    named: dict[str, Any] = {key: palette.get(table[key], table[key]) for key in ("highlight", "select")}
    named["background"] = tuple(palette.get(colour, colour) for colour in table["background"])
    named["styles"] = {use: _style(table[use], palette) for use in uses}
    return MenuLook(**{**{key: value for key, value in table.items() if key not in uses}, **named})


def _look(name: str, folder: Path, data: dict[str, Any]) -> Look:
    roll, levels, timing = data["roll"], data["levels"], data["timing"]
    buses = ("shot", "music", "voice", "effect")
    fonts = (file for file in folder.glob("fonts/*") if file.suffix.lower() in (".ttf", ".otf", ".ttc"))
    return Look(
        name=name,
        folder=folder,
        palette=data["palette"],
        styles={use: _style(table, data["palette"]) for use, table in data["type"].items()},
        fonts=tuple(sorted(fonts)),
        cards={card: CardLook(length=table["seconds"]) for card, table in data["card"].items()},
        roll=RollLook(**{"headings": {}, **roll}),
        levels=Levels(
            bus_lufs={bus: levels[bus] for bus in buses},
            max_gain_db=levels["max_gain_db"],
            floor_dbfs=levels["floor_dbfs"],
        ),
        duck=DuckLook(**data["duck"]),
        repair=RepairLook(
            high_pass_hz=data["repair"]["high_pass_hz"], words={bus: data["repair"][bus] for bus in buses}
        ),
        captions=_captions(data.get("captions", {}), data["palette"]),
        menu=_menu(data["menu"], data["palette"]),
        each=data.get("each", {}),
        still_length=timing["still"],
        text_seconds_a_character=timing["text_a_character"],
        text_seconds=timing["text"],
        lower_third_at=timing["lower_third_at"],
        lower_third_length=timing["lower_third"],
        layer_fade=timing["layer_fade"],
        sound_fade=timing["sound_fade"],
    )


def look_from(name: str, beside: Path, where: Where | None = None) -> tuple[Look | None, tuple[Finding, ...]]:
    """The template ``name``: a folder beside the manifest (in ``beside``), else one of Crowdcut's own.

    where : the place that names it, for a complaint that there is none.

    A template that says ``extends = "variety"`` needs to say only what differs from that one of Crowdcut's own.
    All findings at once; None with any of them.
    """
    tables, folder, findings = tables_from(name, beside, where or Where(key="template"))
    if folder is None or findings:
        return None, findings
    return _look(name, folder, tables), ()
