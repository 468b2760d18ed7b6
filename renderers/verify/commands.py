"""Decodes navigation commands: where each leads (dvdinfo, vmi.html)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "title",  # of the disc
    "own-title",  # of its titleset
    "chapter",
    "first-play",
    "disc-menu",
    "disc-chain",
    "titleset-menu",
    "chain",
    "own-chapter",
    "program",
    "cell",
    "step",  # the next, the one before, the top of...
    "resume",
    "line",
    "unknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One place a command may lead to."""

    kind: Kind
    number: int = 0
    """Title, program chain, program, cell or line; of a menu its kind (2 title, 3 root, 4 subpicture, ...)."""
    titleset: int = 0
    """0: the one it stands in."""
    title: int = 0
    chapter: int = 0
    button: int = 0
    """That it highlights; 0: none."""
    is_call: bool = False
    """Whether it may come back."""

    def __str__(self) -> str:
        of = f" of titleset {self.titleset}" if self.titleset else ""
        match self.kind:
            case "chapter":
                return f"chapter {self.chapter} of title {self.title} of its titleset"
            case "titleset-menu":
                return f"menu of kind {self.number}{of}"
            case "disc-menu":
                return f"menu of kind {self.number} of the disc"
            case "disc-chain":
                return f"program chain {self.number} of the disc's menus"
            case "own-title":
                return f"title {self.number} of its titleset"
            case "own-chapter":
                return f"chapter {self.chapter}"
            case "chain":
                return f"program chain {self.number}"
            case kind:
                return f"{kind} {self.number}"


def _link(command: bytes) -> Iterator[Target]:
    low = command[6] << 8 | command[7]
    button = command[6] >> 2
    match command[1] & 15:
        case 1:
            yield from _step(command)
        case 4:
            yield Target(kind="chain", number=low & 0x7FFF)
        case 5:
            yield Target(kind="own-chapter", chapter=low & 0x3FF, button=button)
        case 6:
            yield Target(kind="program", number=command[7] & 0x7F, button=button)
        case 7:
            yield Target(kind="cell", number=command[7], button=button)
        case 0:
            return
        case _:
            yield Target(kind="unknown")


def _step(command: bytes) -> Iterator[Target]:
    """A link that counts from where it stands."""
    subset, button = command[7] & 31, command[6] >> 2
    if subset == 16:
        yield Target(kind="resume", button=button)
    elif subset in (1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13):
        yield Target(kind="step", number=subset, button=button)
    elif subset:
        yield Target(kind="unknown", number=subset)


def _system(command: bytes, *, is_call: bool) -> Target:
    """JumpSS and CallSS."""
    menu, chain = command[5] & 15, (command[2] & 0x7F) << 8 | command[3]
    match command[5] >> 6:
        case 0:
            return Target(kind="first-play", is_call=is_call)
        case 1:
            return Target(kind="disc-menu", number=menu, is_call=is_call)
        case 2 if is_call:
            return Target(kind="titleset-menu", number=menu, is_call=True)
        case 2:
            return Target(kind="titleset-menu", number=menu, titleset=command[4], title=command[3])
        case _:
            return Target(kind="disc-chain", number=chain, is_call=is_call)


def _jump(command: bytes) -> Iterator[Target]:
    match command[1] & 15:
        case 0 | 1:
            return  # nothing; Exit
        case 2:
            yield Target(kind="title", number=command[5] & 0x7F)
        case 3:
            yield Target(kind="own-title", number=command[5] & 0x7F)
        case 5:
            chapter = (command[2] << 8 | command[3]) & 0x3FF
            yield Target(kind="chapter", title=command[5] & 0x7F, chapter=chapter)
        case 6:
            yield _system(command, is_call=False)
        case 8:
            yield _system(command, is_call=True)
        case _:
            yield Target(kind="unknown")


def targets_of(command: bytes) -> tuple[Target, ...]:
    """Where a command of eight bytes may lead; none: it only counts, or goes on."""
    kind = command[0] >> 5
    match kind:
        case 0 if command[1] & 15 in (1, 3):
            return (Target(kind="line", number=command[7]),)
        case 0:
            return ()
        case 1 if command[0] & 0x10:
            return tuple(_jump(command))
        case 1 | 2 | 3:
            return tuple(_link(command))
        case 4 | 5 | 6:
            return tuple(_step(command))
        case _:
            return (Target(kind="unknown"),)
