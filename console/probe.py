"""``crowdcut probe``."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.options import AsJson
from crowdcut.findings import Finding, Refused, Where

if TYPE_CHECKING:
    from crowdcut.orders import Raster
    from crowdcut.pages.letters import Sent

Letter = tuple[str | None, "Raster", list["Sent"]]
"""Whom it is to, the picture that the film is delivered in, and what they sent."""


_RULE = "-" * 72
"""Between two letters."""


def _no_file(path: Path) -> Finding:
    where = Where(file=str(path))
    if path.is_dir():
        found, way_out = "it is a folder", "Name the files in it."
        return Finding(rule="folder", where=where, found=found, way_out=way_out)
    return Finding(rule="missing-file", where=where, found="there is no such file", way_out="Look at its name.")


def _raster(delivery: str, rate: str) -> "Raster":
    """The picture of one of Crowdcut's own deliveries. Raises Refused."""
    from crowdcut.profiles import profile_from
    from crowdcut.timing import rate_from

    try:
        return profile_from(delivery, {}).raster(rate_from(rate))
    except KeyError as error:
        raise Refused(Finding(rule="unknown-profile", found=str(error.args[0]).rstrip("."))) from error
    except ValueError as error:
        way_out = "Write frames a second: --rate 24, --rate 29.97 or --rate 30000/1001."
        raise Refused(Finding(rule="rate", found=f"{rate} is no frame rate", way_out=way_out)) from error


def _letters_to_all(episode: Path, delivery: str | None, to: str | None) -> list[Letter]:
    """A letter to everybody (or to one) who gave a file to a production."""
    from crowdcut.pages.letters import Sent
    from crowdcut.profiles import profile_from
    from farm.probing import probed_library
    from farm.wish import Wish

    wish = Wish(manifest=episode, deliveries=(delivery,) if delivery else (), allow_uncredited=True)
    manifest, library, probed = probed_library(wish)
    profiles = [profile_from(name, manifest.profiles) for name in ((delivery,) if delivery else manifest.delivery)]
    # What is lost in a working copy is nobody's loss.
    raster = max(profiles, key=lambda profile: profile.width * profile.height).raster(manifest.rate)
    letters: list[Letter] = []
    for person in library.contributors.values():
        given = [one for one in library.contributions.values() if any(part.contributor == person.id for part in one.by)]
        found = [(one.name, probed[one.id]) for one in given if one.id in probed]
        sent = [Sent(name=name, media=one.media, heard=one.heard) for name, one in found]
        if sent and to in (None, person.id, person.name):
            letters.append((person.name, raster, sent))
    if not letters:
        found = "nobody gave a file" if to is None else f"nobody called {to} gave a file"
        way_out = "Look at 'by' and at the names in the library's list."
        raise Refused(Finding(rule="no-letter", where=Where(file=str(episode)), found=found, way_out=way_out))
    return letters


def _say(letters: Iterable[Letter], *, as_json: bool) -> None:
    """Print letters, each under its contributor's name where there may be several."""
    from crowdcut.contract.tables import printable
    from crowdcut.pages.letters import letter

    for number, (to, raster, sent) in enumerate(letters):
        text = "\n".join(map(printable, letter(sent, raster, to=to).split("\n")))
        if as_json:
            print(json.dumps({"to": to, "letter": text}))
        else:
            print(text if number == 0 else f"\n{_RULE}\n\n{text}")


def command(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files to examine; with --letter also an episode.", show_default=False),
    ],
    delivery: Annotated[
        str | None,
        typer.Option("--delivery", "-d", help="The profile they would be delivered in.  [default: web]"),
    ] = None,
    rate: Annotated[str, typer.Option(help="The programme's frames a second.")] = "24",
    letter: Annotated[
        bool, typer.Option("--letter", help="Write what to tell the contributor, to be pasted into a mail.")
    ] = False,
    to: Annotated[
        str | None, typer.Option(help="Whom the letter is to; of an episode only that contributor's is written.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what files really are, what would be done to them in a delivery, and what that costs.

    Streams, real duration, rates, rotation, colour, and what is odd about them; then the conversion record of the whole
    file in a shot that asks for nothing. With --letter the same in plain words for whoever sent it, and what would make
    it better; with an episode's manifest one letter for each of its contributors.
    """
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise Refused(map(_no_file, missing))
    if letter and len(paths) == 1 and paths[0].suffix == ".toml":
        return _say(_letters_to_all(paths[0], delivery, to), as_json=as_json)
    from crowdcut.conform.heard import with_heard
    from crowdcut.conform.record import record_for
    from crowdcut.conform.whole import whole_source
    from crowdcut.pages.letters import Sent
    from crowdcut.records import plain
    from farm.probing import probed

    raster = _raster(delivery or "web", rate)
    found = probed(paths)
    if letter:
        sent = [Sent(name=path.name, media=one.media, heard=one.heard) for path, one in found.items()]
        return _say([(to, raster, sent)], as_json=as_json)
    for path, one in found.items():
        media = one.media
        record = with_heard(record_for(media, whole_source(media, raster), raster.rate), one.heard)
        if as_json:
            told = {"delivery": delivery or "web", "record": plain(record)}
            print(json.dumps({"file": str(path), **plain(media), **told}))
        else:
            from console.probe_table import show

            show(str(path), media, record)
    return None
