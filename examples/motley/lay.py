"""Lays a library, films and their discs over a folder of media and its MANIFEST.tsv, without copying any of it."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from examples.motley import by_hand, choir, in_turn
from examples.motley.listing import DRAWINGS, listing_of
from examples.motley.rows import files_from

_BESIDE = Path(__file__).with_name("disc")
"""What lies beside the manifests: the discs' files, and captions that are true of all three films."""
_HEAD = """\
format = 1
title = "{title}"
slug = "{slug}"
delivery = ["proxy"]

[each]
fit = "blur"

[[captions]]
file = "motley.en.srt"
language = "en"

[[captions]]
file = "motley.ar.srt"
language = "ar"
"""
_OPENING = """\
[[scene]]
id = "opening"
title = "Opening"
  [[scene.shot]]
  card = "ident"
  [[scene.shot]]
  card = "title"
  into = "dissolve 12f\""""
_CLOSING = """\
[[scene]]
id = "credits"
title = "Credits"
  [[scene.shot]]
  card = "credits"
"""


_BY_HAND = ("together", "layers", "keyed", "time", "framed", "read")
"""Scenes of the disc's second film."""
_BY_EAR = ("told", "beat")
"""Scenes of its third, beside the choir's."""


def _film(title: str, slug: str, scenes: Iterable[str]) -> str:
    """A film's manifest: its scenes between an opening and the credits."""
    return "\n\n".join([_HEAD.format(title=title, slug=slug), _OPENING, *scenes, _CLOSING])


def lay(media: Path, folder: Path) -> Path:
    """Write FOLDER/library (with a link to ``media``), FOLDER/episode.toml and what two discs need beside it: two
    shorter films of some of its scenes, captions, disc-ntsc.toml and disc-pal.toml. The path of episode.toml.

    The choir sings where :func:`choir.make_choir` has made it.
    """
    files = files_from(media)
    library = folder / "library"
    library.mkdir(parents=True, exist_ok=True)
    link = library / "media"
    if not link.is_symlink():
        link.symlink_to(media.resolve(), target_is_directory=True)
    shutil.copytree(DRAWINGS, library / "drawings", dirs_exist_ok=True)
    shutil.copytree(_BESIDE, folder, dirs_exist_ok=True)
    sings = (library / choir.FOLDER).is_dir()
    listing = "\n".join([listing_of(files), *(choir.listing() if sings else ())])
    (library / "contributions.toml").write_text(listing, encoding="utf-8")
    together = [by_hand.text_of("choir").rstrip()] if sings else []
    films = {
        "episode": _film("Motley", "motley", [*in_turn.scenes_of(files), *by_hand.scenes_of(files), *together]),
        "by-hand": _film("Motley, cut by hand", "motley-by-hand", by_hand.scenes_of(files, _BY_HAND)),
        "by-ear": _film("Motley, cut by ear", "motley-by-ear", [*by_hand.scenes_of(files, _BY_EAR), *together]),
    }
    for name, text in films.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / "episode.toml"
