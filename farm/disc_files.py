"""The files of a finished disc: put beside one another so that where the image is, all is, and all is its own."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crowdcut.findings import Finding, Where
from farm.digests import DigestCache
from farm.store import flushed
from farm.workplace import workplace

VIDEO_TS = "VIDEO_TS"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscFiles:
    """Where one disc's files lie. Discs may share a folder, so nothing of one is called as anything of another."""

    image: Path
    tree: Path
    """The folder that holds ``VIDEO_TS``."""
    sums: Path
    """What ``sha256sum --check`` reads."""

    def all(self) -> Iterator[Path]:
        """Every file that is there, but for the sums: the image, then those of ``VIDEO_TS``."""
        yield self.image
        yield from sorted(file for file in self.tree.rglob("*") if not file.is_dir())


def disc_files(folder: Path, slug: str) -> DiscFiles:
    """Where the files of a disc lie in ``folder``."""
    return DiscFiles(image=folder / f"{slug}.iso", tree=folder / f"{slug}.dvd", sums=folder / f"{slug}.sha256")


def _names(files: DiscFiles) -> dict[str, Path]:
    """The files by names that do not tell what the disc is called."""
    return {"image" if file == files.image else str(file.relative_to(files.tree)): file for file in files.all()}


def digests_of(files: DiscFiles, digests: DigestCache) -> dict[str, str]:
    """Digests of all files by name, as :func:`standing` compares them. Raises OSError where one cannot be read."""
    return {name: digests.digest(file) for name, file in _names(files).items()}


def standing(files: DiscFiles, made: Mapping[str, str], digests: DigestCache) -> bool:
    """Whether a disc is there as it was made. made : digests by name."""
    is_there = files.image.is_file() and files.sums.is_file() and files.tree.is_dir()
    return is_there and _names(files).keys() == made.keys() and digests_of(files, digests) == made


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def summed(made: DiscFiles) -> None:
    """Write the checksums of files that were just made, and have the disk keep all of them."""
    folder = made.image.parent
    lines = [f"{_sha256(file)}  {file.relative_to(folder)}\n" for file in made.all()]
    made.sums.write_text("".join(lines), encoding="utf-8")
    for file in (made.sums, *made.all(), made.tree / VIDEO_TS):
        flushed(file)


def published(made: DiscFiles, files: DiscFiles, place: Path) -> None:
    """Give files that were made and summed their final names: renames alone, the image's the last.

    place : a folder on the same disk, for what was there before.
    """
    files.image.unlink(missing_ok=True)
    if files.tree.exists():
        os.replace(files.tree, place / "before")
    os.replace(made.tree, files.tree)
    os.replace(made.sums, files.sums)
    os.replace(made.image, files.image)
    flushed(files.image.parent)


def set_aside(files: DiscFiles) -> list[Finding]:
    """Take the final name from the image of an earlier cut: where a build failed, nothing may pass for its disc."""
    if not files.image.is_file():
        return []
    folder = files.image.parent
    earlier = folder / f"{files.image.stem}.earlier"
    with workplace(folder) as place:
        if earlier.exists():
            os.replace(earlier, place / "before")
        earlier.mkdir()
        for file in (files.image, files.tree, files.sums):  # the image first: no image without the rest
            if file.exists():
                os.replace(file, earlier / file.name)
    found = f"the disc of an earlier cut is kept in {earlier.name}"
    return [Finding(rule="earlier-disc", severity="note", where=Where(file=str(files.image)), found=found)]
