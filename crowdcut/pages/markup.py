"""HTML that cannot be broken into: text becomes markup by :func:`tag` alone, which escapes it."""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"img", "meta", "line", "polyline", "rect"})
"""Elements that never have contents."""


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def _shown(child: str) -> str:
    return child if isinstance(child, Html) else escape(child)


def tag(name: str, /, *children: str | None, **attributes: str | int | float | None) -> Html:
    """An element. ``children`` that are not :class:`Html` are escaped, None is left out.

    Attributes: ``_`` at the end of a name is dropped, other ones become ``-``; None is left out.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{told}/>")
    return Html(f"<{name}{told}>{''.join(_shown(child) for child in children if child is not None)}</{name}>")


def joined(parts: Iterable[str]) -> Html:
    """Several pieces of markup or text, one after another."""
    return Html("".join(map(_shown, parts)))
