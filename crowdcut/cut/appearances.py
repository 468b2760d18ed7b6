"""Who was seen or heard, from when to when, in this very cut: what credits and cue sheets are projections of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from crowdcut.library import Contribution, Library
from crowdcut.look import Look
from crowdcut.media import MediaKind

How = Literal["shot", "layer", "music", "voice", "effect", "captions", "credit"]
_CAPTIONS_ROLE = "translation"
"""Of who sent captions and names no role: most are in another language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place in the cut where a contribution is seen or heard."""

    contribution: str
    """A contribution's id."""
    start_frame: int
    """Programme frames."""
    end_frame_exclusive: int
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One contributor in one use, in one role."""

    contribution: str
    """Id of the contribution that was theirs."""
    contributor: str
    """A contributor's id."""
    role: str
    start_frame: int
    """Programme frames."""
    end_frame_exclusive: int
    via: str | None = None
    """Id of the contribution in the cut that was made from theirs; None: theirs is in the cut itself."""
    how: How


def _roles(contribution: Contribution, default: str) -> list[tuple[str, str]]:
    return [(part.contributor, part.role or contribution.role or default) for part in contribution.by]


def _appearances_in(use: Use, library: Library, kinds: Mapping[str, MediaKind], look: Look) -> Iterable[Appearance]:
    if use.contribution not in library.contributions:
        raise KeyError(f"{use.contribution} is in the cut but not in the library")
    for ancestor in library.ancestry(use.contribution):
        default = look.roll.default_roles[kinds.get(ancestor, "other")]
        if use.how == "captions" and ancestor == use.contribution:
            default = _CAPTIONS_ROLE
        for contributor, role in _roles(library.contributions[ancestor], default):
            yield Appearance(
                contribution=ancestor,
                contributor=contributor,
                role=role,
                start_frame=use.start_frame,
                end_frame_exclusive=use.end_frame_exclusive,
                via=None if ancestor == use.contribution else use.contribution,
                how=use.how,
            )


def appearances_from(
    uses: Iterable[Use], library: Library, kinds: Mapping[str, MediaKind], look: Look
) -> tuple[Appearance, ...]:
    """Everybody of every contribution in the cut and of all that those were made from, in the order of the uses.

    ``kinds`` tells the kind of each examined contribution, for the roles of those that name none; whatever is not
    in it (an idea without a file) has the template's role for ``other``.
    """
    found = (appearance for use in uses for appearance in _appearances_in(use, library, kinds, look))
    return tuple(dict.fromkeys(found))
