"""Lays a library and an episode over a folder of media and its MANIFEST.tsv, without copying any of it."""

import shutil
from pathlib import Path

from examples.motley import by_hand, choir, in_turn
from examples.motley.listing import DRAWINGS, listing_of
from examples.motley.rows import files_from

_HEAD = """\
format = 1
title = "Motley"
slug = "motley"
delivery = ["proxy"]

[each]
fit = "blur"
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


def lay(media: Path, folder: Path) -> Path:
    """Write FOLDER/library (with a link to ``media``) and FOLDER/episode.toml; the manifest's path.

    The choir sings where :func:`choir.make_choir` has made it.
    """
    files = files_from(media)
    library = folder / "library"
    library.mkdir(parents=True, exist_ok=True)
    link = library / "media"
    if not link.is_symlink():
        link.symlink_to(media.resolve(), target_is_directory=True)
    shutil.copytree(DRAWINGS, library / "drawings", dirs_exist_ok=True)
    sings = (library / choir.FOLDER).is_dir()
    listing = "\n".join([listing_of(files), *(choir.listing() if sings else ())])
    (library / "contributions.toml").write_text(listing, encoding="utf-8")
    manifest = folder / "episode.toml"
    together = [by_hand.text_of("choir").rstrip()] if sings else []
    scenes = [_OPENING, *in_turn.scenes_of(files), *by_hand.scenes_of(files), *together, _CLOSING]
    manifest.write_text("\n\n".join([_HEAD, *scenes]), encoding="utf-8")
    return manifest
