"""The template's cards, drawn by code."""

from collections.abc import Iterator

from crowdcut.orders import Card
from renderers.cards import CARDS
from renderers.lettering.fonts import shelf_for
from renderers.lettering.typeset import Typesetter
from renderers.patch import Drawn
from renderers.sources import Setting


def frames(source: Card, setting: Setting) -> Iterator[Drawn]:
    """The card's pictures from ``setting.age_frames`` on; the card itself decides what moves."""
    typesetter = Typesetter(shelf=shelf_for(setting.inputs), height=setting.raster.height)
    picture_at = CARDS[source.name](source, setting.raster, typesetter)
    for age in range(setting.age_frames, setting.age_frames + setting.count):
        yield picture_at(age)
