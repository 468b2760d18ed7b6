"""A menu's page as the layers of an ordinary picture: what lies behind, the chapters' pictures, the words."""

from collections.abc import Mapping

from crowdcut.disc.menu_records import Page
from crowdcut.look import Look
from crowdcut.orders import Ground, Layer, MenuPage, Source, Veil

_OPEN = 0.4
"""Part of the veil that lies at the edge of a side which a page keeps free."""
_FAINT = "60"
"""Alpha of the outline of a chapter's picture, hexadecimal."""


def page_layers(
    page: Page,
    look: Look,
    *,
    behind: tuple[Layer, ...],
    stills: Mapping[tuple[int, int], tuple[Layer, ...]],
    length_frames: int,
) -> tuple[Layer, ...]:
    """The page's stack, bottom first.

    behind : what fills the picture behind the words, as long as the page; empty for the template's background.
    stills : by title and chapter, layers that lie in the place that the page has for it (their ``window``).
    """
    words = MenuPage(
        words=(*page.words, *(button.words for button in page.buttons)),
        rule=page.rule,
        accent=look.palette["accent"],
        outlined=tuple(still.box for still in page.stills),
        outline=f"{look.palette['dim']}{_FAINT}",
    )
    veil = look.menu.veil
    ground: Source = Ground(background=look.menu.background)
    if behind:
        ground = Veil(background=ground.background, share=veil, open_side=page.open_side, open_share=_OPEN * veil)
    pictures = (layer for one in page.stills for layer in stills.get((one.title, one.chapter), ()))
    return (
        *behind,
        Layer(source=ground, length_frames=length_frames),
        *pictures,
        Layer(source=words, length_frames=length_frames),
    )
