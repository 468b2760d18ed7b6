"""Checks of the file: its chapters, its size, and what it says of itself."""

from collections.abc import Iterator
from fractions import Fraction

from crowdcut.findings import Finding
from crowdcut.ledger.books import Books, Check, complaint
from crowdcut.timing import clock


def _chapters(books: Books) -> Iterator[Finding]:
    """Chapters begin at the first frame of each scene's transition; on a disc a player can be sent there."""
    if books.cadence is not None:
        units = set(books.found["units"])
        for chapter in books.plan.master.order.chapters:
            if books.cadence.ticks(chapter.start_frame) not in units:
                what = f"no unit begins with chapter “{chapter.title}”"
                yield complaint("chapters", books, what, frame=chapter.start_frame)
        return
    found = [(title, Fraction(start)) for title, start in books.found["chapters"]]
    for number, chapter in enumerate(books.plan.master.order.chapters):
        wanted = chapter.start_frame / books.rate
        if number >= len(found):
            what = f"chapter “{chapter.title}” is missing"
        elif found[number][0] != chapter.title:
            what = f"chapter {number + 1} is called “{found[number][0]}”, not “{chapter.title}”"
        elif abs(found[number][1] - wanted) >= Fraction(1, 2) / books.rate:
            what = f"chapter “{chapter.title}” begins at {clock(found[number][1])}"
        else:
            continue
        yield complaint("chapters", books, what, frame=chapter.start_frame, wanted=clock(wanted))


def _form(books: Books) -> Iterator[Finding]:
    """Size and pixels are the profile's."""
    picture, profile = books.found["picture"], books.profile
    stored = profile.standard or profile
    wanted = {"size": [stored.width, stored.height], "pixel_format": profile.encoding.pixel_format}
    for name, value in wanted.items():
        if picture[name] != value:
            yield complaint("form", books, f"the film's {name.replace('_', ' ')} is {picture[name]}", wanted=str(value))


def _tags(books: Books) -> Iterator[Finding]:
    """The file and the coding in it both say what the picture is: some players read the one, some the other."""
    standard = books.profile.standard
    matrix, ratio = ("bt709", "1") if standard is None else (standard.matrix, str(standard.pixel_aspect))
    wanted = {"colour": ["bt709", "bt709", matrix, "limited"], "sample_aspect_ratio": ratio}
    for place, told in books.found["picture"]["tags"].items():
        for name, value in wanted.items():
            if told[name] != value:
                found = f"the film's {place} says of its {name.replace('_', ' ')}: {told[name] or 'nothing'}"
                yield complaint("tags", books, found, wanted=str(value))


CHECKS: tuple[Check, ...] = (
    _chapters,
    _form,
    _tags,
)
