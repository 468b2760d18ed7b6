"""The cards that are drawn by code: one file a card."""

from collections.abc import Callable, Mapping

from crowdcut.orders import Card, Raster
from renderers.cards.ident import ident
from renderers.cards.slate import slate
from renderers.cards.title import title
from renderers.lettering.typeset import Typesetter
from renderers.patch import Drawn

PictureAt = Callable[[int], Drawn]
"""What a card shows at an age in frames. It gives the same object again where nothing moves."""

CARDS: Mapping[str, Callable[[Card, Raster, Typesetter], PictureAt]] = {"ident": ident, "title": title, "slate": slate}
"""A card's name to what prepares it. (``credits`` is the source Roll.)"""
