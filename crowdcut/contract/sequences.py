"""Several contributions one after another: a list, or a glob over the library's files, each shown for equally long."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from crowdcut.contract.cutting import Cutting, is_glob
from crowdcut.contract.library_files import normal_path
from crowdcut.contract.reading import Spot
from crowdcut.contract.rhythm import is_of_music
from crowdcut.contract.tables import Node, quoted
from crowdcut.contributions import Library
from crowdcut.vocabulary.shot_tables import SHOT

MOST_PICTURES = 5_000
"""Of one sequence: five minutes of drawings on twos."""
_WHOLE = ("out", "for", "in", "lower_third")
"""Keys of a shot that a sequence has no one place for."""
_FIRST = ("id", "into", "note")
"""Keys that the first picture of a sequence takes."""
_NUMBER = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts names as people number them: ``field 2.png`` before ``field 10.png``."""
    parts = _NUMBER.split(name)
    return tuple((1, int(part), part) if number % 2 else (0, 0, part) for number, part in enumerate(parts))


def files_matching(library: Library, pattern: str) -> tuple[str, ...]:
    """Paths of a library's files, in natural order. A pattern without ``/`` is one of names, in whatever folder."""
    wanted = normal_path(pattern)
    paths = library.by_path
    found = [path for path in paths if fnmatchcase(path if "/" in wanted else path.rpartition("/")[2], wanted)]
    return tuple(sorted(found, key=natural_key))


def is_pattern(cutting: Cutting, item: Node) -> bool:
    """Whether an item of a list stands for whatever files are called like it."""
    return isinstance(item.value, str) and is_glob(cutting, item.value)


def files_called(cutting: Cutting, pattern: Node, spot: Spot) -> tuple[str, ...]:
    """Paths of the library's files that are called like ``pattern``; it is complained of if that is none."""
    files = files_matching(cutting.library, pattern.value)
    if not files and cutting.library.complete:
        found = f"no file of the library is called like {quoted(pattern.value)}"
        way_out = "* stands for any letters, ? for one; a folder is written with it: drawings/field *.png."
        cutting.reading.complain("unknown-contribution", spot.of(pattern, "use"), found, way_out)
    return files


def _items(cutting: Cutting, use: Node, spot: Spot) -> Iterator[Mapping[str, Node]]:
    """The keys of each picture; a glob that finds nothing is complained of."""
    for item in use.value if isinstance(use.value, tuple) else (use,):
        if isinstance(item.value, dict):
            yield item.value
        elif is_pattern(cutting, item):
            yield from ({"use": replace(item, value=file)} for file in files_called(cutting, item, spot))
        else:
            yield {"use": item}


def _refuse_whole(cutting: Cutting, node: Node, spot: Spot) -> None:
    """Complain of what a sequence cannot have; it is left out."""
    for key in (*_WHOLE, *SHOT.tables):
        if key in node.value:
            found = f"{key} says nothing for several contributions, one after another"
            way_out = "Leave it away: each says how long they are shown."
            if key in SHOT.tables:
                way_out = f"Hang it on the scene, from this shot's id on: [[scene.{key}]]."
            cutting.reading.complain("unfitting-key", spot.of(node.value[key], key), found, way_out)


def pictures_of(cutting: Cutting, node: Node, spot: Spot) -> tuple[Node, ...]:
    """The shots that a ``[[scene.shot]]`` stands for: itself, or one for each picture of a sequence."""
    if not isinstance(node.value, dict) or "each" not in node.value or "use" not in node.value:
        return (node,)
    use, each = node.value["use"], node.value["each"]
    alone = (replace(node, value={key: one for key, one in node.value.items() if key != "each"}),)
    if "layout" in node.value:
        found, way_out = "layout shows them at once, each one after another", "Leave one of the two away."
        cutting.reading.complain("one-of", spot.of(each, "each"), found, way_out)
        return alone
    if not isinstance(use.value, tuple) and not is_pattern(cutting, use):
        found, way_out = "each says nothing for one contribution", "Write for, or use = [...] with several."
        cutting.reading.complain("unfitting-key", spot.of(each, "each"), found, way_out)
        return alone
    _refuse_whole(cutting, node, spot)
    left_out = {"use", "each", *_WHOLE, *SHOT.tables}
    shared = {key: one for key, one in node.value.items() if key not in left_out}
    shared |= {"each" if is_of_music(each) else "for": each, "lower_third": replace(each, value=False)}
    later = {key: one for key, one in shared.items() if key not in _FIRST}
    items = list(_items(cutting, use, spot))
    if len(items) > MOST_PICTURES:
        found, way_out = f"these are {len(items)} pictures", f"{MOST_PICTURES} is the most. Make several shots of it."
        cutting.reading.complain("too-many-pictures", spot.of(use, "use"), found, way_out)
        return ()
    if use.value == ():
        cutting.reading.complain("wrong-value", spot.of(use, "use"), "the list is empty", "Write something into it.")
    pictures = (replace(node, value={**(later if number else shared), **item}) for number, item in enumerate(items))
    return tuple(pictures)
