"""The library's list: each row as a contribution of the project that published it, and the drawings that are ours."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from examples.motley.rows import File, quoted, words_about

DRAWINGS = Path(__file__).with_name("drawings")
_ROLES = {
    "video": "cinematography",
    "animation": "animation",
    "lottie": "animation",
    "image": "photography",
    "music": "music",
    "voice": "voice",
}
_OURS = "crowdcut"
"""Id of who made what lies in ``drawings/``."""


def _giver(file: File) -> str:
    """Who the file is from: the project that published it."""
    return file.origin.split(" :: ")[0].strip() or "Unknown"


def _written(value: object) -> str:
    """A word, a number, yes or no, or a list or a table of these, as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_written(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return quoted(value) if isinstance(value, str) else str(value).lower()


def _contributions(files: Iterable[File], givers: dict[str, str]) -> Iterator[str]:
    better = words_about("better_known.toml")
    for file in files:
        known = better.get(file.path, {})
        assert isinstance(known, dict)
        yield (
            f"[[contribution]]\nid = {quoted(file.id)}\nfile = {quoted('media/' + file.path)}\n"
            f'by = ["{givers[_giver(file)]}"]\nrole = {quoted(_ROLES.get(file.kind, "sound"))}\n'
            f"licence = {quoted(file.licence)}\n" + "".join(f"{key} = {_written(one)}\n" for key, one in known.items())
        )


def _drawings() -> Iterator[str]:
    yield f'[[contributor]]\nid = "{_OURS}"\nname = "Crowdcut"\n'
    for drawing in sorted(DRAWINGS.iterdir()):
        yield (
            f"[[contribution]]\nid = {quoted(drawing.stem)}\nfile = {quoted(f'drawings/{drawing.name}')}\n"
            f'by = ["{_OURS}"]\nrole = "drawing"\n'
        )


def listing_of(files: list[File]) -> str:
    """The text of ``contributions.toml``: the files lie in ``media/``, our drawings in ``drawings/``."""
    givers = {giver: f"giver-{number}" for number, giver in enumerate(sorted({_giver(file) for file in files}), 1)}
    people = (f"[[contributor]]\nid = {quoted(id_)}\nname = {quoted(giver)}\n" for giver, id_ in givers.items())
    return "\n".join([*people, *_contributions(files, givers), *_drawings()])
