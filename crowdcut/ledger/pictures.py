"""Checks of the pictures: each piece whole and at its time, each frame the source picture that was planned."""

from collections.abc import Iterator
from fractions import Fraction

from crowdcut.conform.motion import shares_off
from crowdcut.conform.sampling import ROUNDING_MAX, as_shown, source_time_at, tick_length
from crowdcut.disc.standards import CLOCK
from crowdcut.findings import Finding
from crowdcut.ledger.books import Books, Check, complaint
from crowdcut.orders import Layer, PictureOrder, Video
from crowdcut.plan import layers_of
from crowdcut.timing import clock


def _pictures(books: Books) -> Iterator[Finding]:
    """The film's picture packets are its pieces', in plan order. The first difference of each piece is named."""
    found: list[str] = books.found["picture"]["packets"]
    planned = [digest for facts in books.pieces for digest in facts["packets"]]
    if found == planned:
        return
    position = 0
    for facts, start, label in zip(books.pieces, books.plan.starts, books.plan.pictures, strict=True):
        own: list[str] = facts["packets"]
        here = found[position : position + len(own)]
        if here == own:
            position += len(own)
            continue
        number = next((n for n, digest in enumerate(own) if n >= len(here) or here[n] != digest), 0)
        if number and here[number : number + 1] == own[number - 1 : number]:
            what = f"packet {number} of {label.label} stands twice"
            position += 1
        elif here[number : number + 1] == own[number + 1 : number + 2] and number + 1 < len(own):
            what = f"packet {number + 1} of {label.label} is missing"
            position -= 1
        else:
            what = f"the film does not hold the piece {label.label} here"
        yield complaint("picture-packets", books, what, frame=start + number, wanted="each piece whole, in plan order")
        position += len(own)
    if len(found) > position:
        last = sum(facts["frames"] for facts in books.pieces)
        yield complaint("picture-packets", books, f"{len(found) - position} packets too many", frame=last - 1)


def _frames_counted(books: Books) -> Iterator[Finding]:
    """Each proven piece has the frames that the plan asks of it."""
    for facts, job, start in zip(books.pieces, books.plan.pictures, books.plan.starts, strict=True):
        if facts["frames"] != job.frames or len(facts["packets"]) != job.frames:
            found = f"{job.label} has {facts['frames']} frames in {len(facts['packets'])} packets"
            yield complaint("frames", books, found, frame=start, wanted=f"{job.frames} frames")


def _timestamps(books: Books) -> Iterator[Finding]:
    """Picture packets are shown at 0, 1, 2... frames: no gap, no overlap, and in an order that can be decoded."""
    shown = sorted(Fraction(moment) for moment in books.found["picture"]["times"])
    grace = 0 if books.cadence is None else Fraction(1, CLOCK)
    for number, moment in enumerate(shown):
        if abs(moment - books.shown_at(number)) > grace:
            found = f"picture {number} is shown at {clock(moment)}"
            yield complaint("timestamps", books, found, frame=number, wanted=clock(books.shown_at(number)))
            return
    if not books.found["picture"]["decodable"]:
        yield complaint("timestamps", books, "decoding times do not rise, or come after the time of showing")


def _differs(layer: Layer, shown: list[list[int | None] | None], rate: Fraction) -> Iterator[tuple[int, str]]:
    """Frames (within the piece) that show another source picture than the plan's, and how."""
    source = layer.source
    assert isinstance(source, Video)
    picture = as_shown(source.picture, source.conversion)
    length = tick_length(picture)
    origin = Fraction(0) if picture.count_frames else picture.start
    grace = min(length, ROUNDING_MAX)
    for number, pair in enumerate(shown):
        age = layer.age_frames + number
        if pair is None or not 0 <= age < layer.length_frames:
            continue
        first, following = pair
        moment = source_time_at(source, age, rate)
        begins = (first or 0) * length - origin
        # A picture may begin late by its timestamp's rounding; before the first picture there is nothing else to show.
        too_late = begins > max(moment, Fraction(0)) + grace
        too_early = following is not None and following * length - origin <= moment
        if too_late or too_early:
            yield number, f"it shows the picture at {clock(begins)} of its clip, the plan asks for {clock(moment)}"


def _source_pictures(books: Books) -> Iterator[Finding]:
    """Every frame shows the source picture that a player has on screen at its planned source time."""
    checked: set[str] = set()
    for facts, job, start in zip(books.pieces, books.plan.pictures, books.plan.starts, strict=True):
        if job.key in checked:
            continue
        checked.add(job.key)
        order: PictureOrder = job.order
        for layer, shown in zip(layers_of(order), facts["shown"], strict=True):
            if not isinstance(layer.source, Video):
                continue
            for number, what in _differs(layer, shown or [], order.raster.rate):
                yield complaint("source-picture", books, f"in {job.label} {what}", frame=start + number)
                break


def _mixed_pictures(books: Books) -> Iterator[Finding]:
    """Where pictures are made between two, each lies as far on the way as its time does."""
    for facts, job, start in zip(books.pieces, books.plan.pictures, books.plan.starts, strict=True):
        for layer, shown, mixed in zip(layers_of(job.order), facts["shown"], facts["mixed"], strict=True):
            if not isinstance(layer.source, Video) or layer.source.motion == "nearest" or shown is None:
                continue
            off = shares_off(layer, shown, mixed or [None] * len(shown), job.order.raster.rate)
            if off:
                found = f"{len(off)} frames of {job.label} lie elsewhere between two pictures than the plan asks for"
                yield complaint("source-picture", books, found, frame=start + off[0])


def _held_pictures(books: Books) -> Iterator[Finding]:
    """Where pictures are missing from a clip of constant rate the one before is held: nobody asked for that."""
    for facts, job, start in zip(books.pieces, books.plan.pictures, books.plan.starts, strict=True):
        for layer, shown in zip(layers_of(job.order), facts["shown"], strict=True):
            if (
                not isinstance(layer.source, Video)
                or not layer.source.picture.constant
                or not layer.source.picture.rate
            ):
                continue
            shown_picture = as_shown(layer.source.picture, layer.source.conversion)
            usual = Fraction(3, 2) / (shown_picture.rate or 1) / tick_length(shown_picture)
            held = [
                n for n, pair in enumerate(shown or []) if pair and pair[1] is not None and pair[1] - pair[0] > usual
            ]
            if held:
                found = f"{len(held)} frames of {job.label} hold a picture because the next is missing from its clip"
                way_out = "Ask for the clip again, or leave that part out."
                yield complaint(
                    "held-picture",
                    books,
                    found,
                    frame=start + held[0],
                    severity="warning",
                    owner="contributor",
                    way_out=way_out,
                )


CHECKS: tuple[Check, ...] = (
    _pictures,
    _frames_counted,
    _timestamps,
    _source_pictures,
    _mixed_pictures,
    _held_pictures,
)
