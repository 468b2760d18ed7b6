"""Knows what stands on a disc, and whether a command may lead there from where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from renderers.verify.commands import Target, targets_of
from renderers.verify.ifo import Chain, Domain, Ifo


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a command stands."""

    domain: Domain | None
    """None: the first-play program chain."""
    chain: Chain
    chains: tuple[Chain, ...]
    """All of its language (of titles: all of its titleset)."""

    @property
    def is_title(self) -> bool:
        """Whether a title plays there."""
        return self.domain is not None and not self.domain.is_menu

    @property
    def titleset(self) -> int:
        """0: the VMG."""
        return self.domain.titleset if self.domain else 0


def _has_menu(domain: Domain | None, kind: int) -> bool:
    """Whether every language of a domain has a menu of this kind."""
    if domain is None or not domain.languages:
        return False
    return all(any(one.category == 0x80 | kind for one in chains) for _, _, chains in domain.languages)


class Disc:
    """All that commands may lead to."""

    def __init__(self, manager: Ifo, titlesets: Mapping[int, Ifo]):
        self.manager, self.titlesets = manager, titlesets

    def _titles(self, titleset: int) -> tuple[tuple[tuple[int, int], ...], ...]:
        ifo = self.titlesets.get(titleset)
        return ifo.chapters if ifo else ()

    def _has_chapter(self, titleset: int, title: int, chapter: int) -> bool:
        titles = self._titles(titleset)
        return 1 <= title <= len(titles) and 1 <= chapter <= len(titles[title - 1])

    def _menus(self, titleset: int) -> Domain | None:
        if not titleset:
            return self.manager.menus
        ifo = self.titlesets.get(titleset)
        return ifo.menus if ifo else None

    def _jump(self, target: Target, at: Standing) -> str:
        """Why a jump or a call cannot be made; empty: it can."""
        if target.is_call != at.is_title and target.kind in ("first-play", "disc-menu", "titleset-menu", "disc-chain"):
            return "titles call menus, and all others jump to them"
        match target.kind:
            case "title" if at.titleset or at.is_title:
                return "it may be jumped to from the menus of the disc alone"
            case "title":
                return "" if 1 <= target.number <= len(self.manager.title_entries) else "there is no such title"
            case "own-title" | "chapter":
                if not at.titleset:
                    return "no titleset is played there"
                number, chapter = (target.number, 1) if target.kind == "own-title" else (target.title, target.chapter)
                return "" if self._has_chapter(at.titleset, number, chapter) else "there is none"
            case "first-play":
                return "" if self.manager.first_play else "there is none"
            case "disc-menu":
                return "" if _has_menu(self.manager.menus, target.number) else "there is none"
            case "disc-chain":
                menus = self.manager.menus
                languages = menus.languages if menus else ()
                there = bool(languages) and all(1 <= target.number <= len(chains) for _, _, chains in languages)
                return "" if there else "there is none"
            case _:
                titleset = target.titleset or at.titleset
                return "" if _has_menu(self._menus(titleset), target.number) else "there is none"

    def _link(self, target: Target, at: Standing) -> str:
        """Why a link cannot be followed; empty: it can."""
        chain = at.chain
        match target.kind:
            case "chain":
                return "" if 1 <= target.number <= len(at.chains) else "there is none"
            case "own-chapter":
                titles = self._titles(at.titleset) if at.is_title else ()
                there = any(
                    len(title) >= target.chapter >= 1 for title in titles if any(c == chain.number for c, _ in title)
                )
                return "" if there else "there is none"
            case "program":
                return "" if 1 <= target.number <= len(chain.programs) else "there is none"
            case "cell":
                return "" if 1 <= target.number <= len(chain.cells) else "there is none"
            case "step":
                beside = {10: chain.next, 11: chain.previous, 12: chain.up}.get(target.number)
                return "" if beside is None or 1 <= beside <= len(at.chains) else "its program chain names none"
            case _:
                return ""

    def wrong_with(self, command: bytes, at: Standing, lines: int = 0) -> str:
        """Why a command that stands ``at`` a place leads nowhere; empty: it does not. ``lines``: of its own list."""
        for target in targets_of(command):
            match target.kind:
                case "unknown":
                    return f"{command.hex(' ')} is no command"
                case "line":
                    why = "" if 1 <= target.number <= lines else f"its list has {lines} lines"
                case "chain" | "own-chapter" | "program" | "cell" | "step" | "resume":
                    why = self._link(target, at)
                case _:
                    why = self._jump(target, at)
            if why:
                return f"it leads to {target}, but {why}"
        return ""
