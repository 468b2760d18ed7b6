"""HTML that cannot be broken into: text becomes markup by :func:`tag` alone, which escapes it."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

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


def plural(count: int, noun: str) -> str:
    """``1 shot``, ``2 shots``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def moment(iso: str) -> str:
    """A moment in UTC as people read it."""
    return iso.replace("T", " ").replace("+00:00", " UTC")


def document(title: str, main: Html) -> str:
    """A whole page in Crowdcut's look, which loads nothing from anywhere and runs no script."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        # Whatever a contributor's name may smuggle in: nothing is loaded and no script runs.
        tag(
            "meta",
            http_equiv="Content-Security-Policy",
            content="default-src 'none'; img-src data:; style-src 'unsafe-inline'",
        ),
        tag("title", title),
        tag("style", Html(Path(__file__).with_name("page.css").read_text(encoding="utf-8"))),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', main), lang='en')}\n"
