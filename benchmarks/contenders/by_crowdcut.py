"""Crowdcut itself: its command line, a cold store, a film that it verified.

No film of crowdcut's is without credits. These have the title alone and run as fast as a template may have them, so
that they are a second longer than the others' films.
"""

import json
from dataclasses import replace
from pathlib import Path

from benchmarks.builds import COMMAND, report_in
from benchmarks.contenders.prepared import Prepared
from benchmarks.cut import Cut
from benchmarks.sources import listing

PROFILE = "cut"
"""Name of the delivery: ``web`` in the cut's size."""
_TEMPLATE = 'extends = "variety"\n[roll]\npixels_a_frame_1080 = 40\n'


def laid(cut: Cut, folder: Path) -> Path:
    """Write the manifest and the library of the cut into ``folder``; the manifest's path."""
    library = folder / "library"
    library.mkdir(parents=True, exist_ok=True)
    (library / "media").symlink_to(cut.folder.resolve(), target_is_directory=True)
    unique = {shot.source.name: shot.source for shot in cut.shots}
    placed = [replace(source, file=f"media/{source.file}") for source in unique.values()]
    (library / "contributions.toml").write_text(listing(placed), encoding="utf-8")
    (folder / "hasty").mkdir()
    (folder / "hasty" / "template.toml").write_text(_TEMPLATE, encoding="utf-8")
    lines = ["format = 1", 'title = "Cut"', f'slug = "{PROFILE}"', 'template = "hasty"', f'rate = "{cut.rate}"']
    lines += [f'delivery = ["{PROFILE}"]', f"[profile.{PROFILE}]", 'extends = "web"']
    lines += [f"size = [{cut.width}, {cut.height}]", "[[scene]]"]
    for shot in cut.shots:
        lines += ["[[scene.shot]]", f"use = {json.dumps(shot.source.name)}", f'for = "{shot.frames}f"']
        if not shot.source.still:
            lines.append(f"in = {float(shot.start):g}")
    manifest = folder / "episode.toml"
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return manifest


def prepared(cut: Cut, folder: Path) -> Prepared:
    """A production in ``folder``; its store and its films lie there too."""
    manifest = laid(cut, folder)
    # Nobody gave these clips, so that nobody has to be credited.
    command = (*COMMAND, "build", str(manifest), "--allow-uncredited")
    return Prepared(command=command, film=folder / "build" / PROFILE / f"{PROFILE}.mp4")


def told_in(folder: Path) -> tuple[dict[str, float], int]:
    """CPU seconds by kind of job, and how many frames of credits stand behind the cut.

    Raises ValueError where the report in ``folder`` verifies no film.
    """
    (part,) = report_in(folder / "build")["deliveries"]
    if not part["verified"]:
        raise ValueError(f"the report in {folder} verifies no film")
    return part["cpu_seconds_by_kind"], sum(one["length_frames"] for one in part["shots"] if one["use"] is None)
