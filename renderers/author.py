"""The author job: titles and menus become ``VIDEO_TS`` and the image of a disc, by vtskit and udfkit."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from udfkit import dvd
from udfkit.errors import UdfError
from vtskit import lang, menu, spu, titleset, vmg
from vtskit.errors import VtsError

from crowdcut.disc.author_orders import AuthoredMenu, AuthoredTitle, AuthorOrder, Navigation
from crowdcut.disc.standards import PAL
from crowdcut.findings import Finding, JobFailed
from renderers.disc.highlight import highlight_mask, menu_colour
from renderers.job import Input

DISC, VIDEO_TS = "disc", "VIDEO_TS"
"""The folder beside the image that all of it comes from, and the one in it that players read."""
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""A disc bears no date of its own: the same films make the same image."""


def _commands(navigation: Navigation) -> lang.Disc:
    """The disc as its command language sees it."""

    def menus(own: tuple[AuthoredMenu, ...]) -> lang.Menus:
        words = {"subpicture": "subtitle"}
        entries = {words.get(one.entry, one.entry): number for number, one in enumerate(own, 1) if one.entry}
        return lang.Menus(len(own), entries)

    sets = navigation.titlesets
    return lang.Disc(
        {(number, 1): number for number in range(1, len(sets) + 1)},
        menus(navigation.manager),
        {number: menus(one.menus) for number, one in enumerate(sets, 1)},
    )


def _tables_alone(written: titleset.Titleset) -> titleset.Titleset:
    """A titleset without what was read of its streams: of a disc's many, the manager asks for numbers alone."""
    for title in written.titles:
        title.stream = None
        title.cells, title.vobus, title.chunks, title.timeline, title.vobu_sectors = [], [], [], [], []
    return written


class _Author:
    """Turns the order's records into vtskit's."""

    def __init__(self, order: AuthorOrder, files: Mapping[str, Path]):
        self.order, self.files = order, files
        self.commands = _commands(order.navigation)

    def menu(self, one: AuthoredMenu, number: int) -> menu.Menu:
        """A menu of titleset ``number``; 0: of the manager."""
        domain = "vtsm" if number else "vmgm"
        before = tuple(self.commands.compile(one.before, domain, number))
        if one.page is None or one.stream is None:
            return menu.Menu(None, pre=before, entry=one.entry)
        canvas, colours = self.order.canvas, self.order.colours
        does, after = self.commands.menu(list(one.does), "jump cell 1;", domain, number)
        buttons = [
            menu.Button(
                (box.x, box.y, box.x + box.width, box.y + box.height),
                command,
                button.up,
                button.down,
                button.left,
                button.right,
            )
            for button, command in zip(one.page.buttons, does, strict=True)
            for box in (button.stored,)
        ]
        mask = highlight_mask(one.page, canvas, self.files)
        return menu.Menu(
            str(self.files[one.stream]),
            buttons,
            overlay=spu.Overlay(canvas.stored_width, canvas.stored_height, mask.tobytes()),
            highlight=menu_colour(*colours.highlight),
            select=menu_colour(*colours.select),
            pre=before,
            post=tuple(after),
            entry=one.entry,
        )

    def title(self, one: AuthoredTitle, number: int) -> titleset.Title:
        """Title ``number`` of the disc."""
        after = self.order.navigation.titlesets[number - 1].after
        return titleset.Title(
            str(self.files[f"title{number - 1}"]),
            chapters=tuple(map(float, one.chapters)),
            audio=(titleset.Audio(one.language),),
            subpictures=tuple(map(titleset.Subpicture, one.subtitles)),
            palette=one.palette,
            post=tuple(self.commands.compile(after, "vts", number)),
        )

    def write(self, folder: Path) -> None:
        """Write all files of ``VIDEO_TS`` to ``folder``."""
        navigation, language = self.order.navigation, self.order.language
        written = []
        for number, one in enumerate(self.order.titles, 1):
            menus = [self.menu(each, number) for each in navigation.titlesets[number - 1].menus]
            title = self.title(one, number)
            written.append(_tables_alone(titleset.write(str(folder), number, [title], menus, language=language)))
        pal = self.order.canvas.stored_height == PAL.height
        manager = [self.menu(one, 0) for one in navigation.manager]
        vmg.write(str(folder), written, manager, language=language, provider="Crowdcut", pal=pal)


def run(order: AuthorOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Write the image ``out``, and the folder ``disc`` that it was made of beside it.

    Facts: ``sectors`` of the image. Raises JobFailed (``authoring``) for what the disc's tables cannot hold.
    """
    files = {name: one.path for name, one in inputs.items() if one.path is not None}
    try:
        _Author(order, files).write(out.parent / DISC / VIDEO_TS)
        made = dvd.write_image(str(out.parent / DISC), str(out), order.label, date=_MADE)
    except (VtsError, UdfError) as error:
        raise JobFailed(Finding(rule="authoring", owner="machine", found=str(error))) from error
    return {"sectors": made["sectors"]}
