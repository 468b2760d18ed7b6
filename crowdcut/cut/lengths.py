"""How long a shot and its transition last, held against what its clip has and against its neighbours."""

from fractions import Fraction

from crowdcut.cut.cells import layout_seconds
from crowdcut.cut.desk import Desk
from crowdcut.cut.pace import source_begin, speed_of
from crowdcut.manifest import Shot
from crowdcut.timing import clock, nearest, seconds_to_frames


def _wanted_length(desk: Desk, shot: Shot) -> Fraction | None:
    """Seconds that a shot's own keys, its template or its words ask for; None: as long as its source lasts."""
    look = desk.look
    if shot.length is not None:
        return shot.length
    speed = speed_of(shot, desk.media[shot.use] if shot.use is not None else None)
    if shot.out is not None:
        return (shot.out - (shot.in_ or 0)) / (abs(speed) or 1)
    if shot.card is not None:
        card = look.cards.get(shot.card)
        if shot.card == "credits" or card is None or not card.length:
            return desk.credits_frames / desk.rate
        return card.length
    if shot.use is not None and desk.media[shot.use].refusal is not None:
        return look.still_length
    words = shot.text if shot.use is None else desk.media[shot.use].text
    if words is not None:
        return max(look.text_seconds, look.text_seconds + look.text_seconds_a_character * len(words))
    if shot.use is not None and (desk.media[shot.use].kind in ("still", "animation") or not speed):
        return look.still_length
    return None


def _checked_length(desk: Desk, shot: Shot, wanted: Fraction | None) -> Fraction:
    """Seconds that the shot lasts, held against what its clip has."""
    media = desk.media[shot.use] if shot.use is not None else None
    start = source_begin(shot)
    available = media.duration if media is not None and media.kind == "video" else None
    if available is None:
        # A sound in a picture's place is complained of already.
        if wanted is None and (media is None or media.kind != "audio"):
            desk.complain(
                "no-length", shot.origin, "for", "nothing says how long this is shown", "Add 'for'.", shot=shot.name
            )
        return wanted or Fraction(1)
    assert shot.use is not None
    name, end = desk.named(shot.use), clock(available)
    if start >= available:
        found = f"{clock(start)} is past the end ({end}) of {name}"
        key = "freeze" if shot.freeze is not None and shot.freeze.at is not None else "in"
        desk.complain("past-the-end", shot.origin, key, found, "Begin earlier.", shot=shot.name)
        return Fraction(1)
    speed = abs(speed_of(shot, media))
    if not speed:
        return wanted or desk.look.still_length
    # Half a source picture of grace: "0:09" of a clip that a player shows as 9 seconds long is no slip.
    grace = Fraction(1, 2) / media.picture.rate if media is not None and media.picture and media.picture.rate else 0
    if wanted is not None and start + wanted * speed > available + grace:
        key = "out" if shot.out is not None else "for"
        found = f"{clock(start + wanted * speed)} is past the end ({end}) of {name}"
        desk.complain("past-the-end", shot.origin, key, found, f"Shorten it or leave '{key}' away.", shot=shot.name)
        return (available - start) / speed
    left = (available - start) / speed
    return min(wanted, left) if wanted is not None else left


def _seconds(desk: Desk, shot: Shot) -> tuple[Fraction, bool]:
    wanted = _wanted_length(desk, shot)
    return _checked_length(desk, shot, wanted), wanted is not None


def shot_frames(desk: Desk, shot: Shot) -> int:
    """Programme frames (at the manifest's rate) that a shot lasts; at least one."""
    rate = desk.manifest.rate
    if shot.card == "credits" and shot.length is None:
        return max(1, nearest(desk.credits_frames * rate / desk.rate))
    seconds, asked = layout_seconds(desk, shot, _seconds) if shot.cells else _seconds(desk, shot)
    # A whole clip never asks for a frame past its end; a length that was asked for is kept to the nearest frame.
    frames = seconds_to_frames(seconds, rate) if asked else int(seconds * rate)
    return max(1, frames)


def most_frames(desk: Desk, shot: Shot) -> int | None:
    """The delivery's frames that a shot can last with what its clips have, past their ``out``; None: as many as one
    likes."""
    ends = []
    for one in shot.parts:
        media = desk.media[one.use] if one.use is not None else None
        speed = abs(speed_of(one, media))
        if media is not None and media.kind == "video" and media.duration is not None and speed:
            ends.append(int((media.duration - source_begin(one)) / speed * desk.rate))
    return max(1, min(ends)) if ends else None


def transition_frames(desk: Desk, shot: Shot, length: int, before: int | None) -> int:
    """Programme frames of a shot's transition, held against the shots it joins.

    ``length`` is the shot's own; ``before`` what is left of the one before after that one's transition.
    """
    if shot.into is None:
        return 0
    frames = seconds_to_frames(shot.into.length, desk.manifest.rate)
    for limit, which in ((length, "this shot"), (before, "the shot before")):
        if limit is not None and frames > limit:
            desk.complain(
                "long-transition",
                shot.origin,
                "into",
                f"{shot.into.kind} of {frames} frames, but {which} has {limit}",
                "Shorten the transition or lengthen the shot.",
                shot=shot.name,
            )
            return 0
    return frames


def delivered_frames(desk: Desk, shot: Shot, length: int) -> int:
    """The delivery's frames of a shot, which must be at least one: a shot that nobody sees is no delivery of it."""
    if length < 1:
        found = f"this shot is too short to be seen at {float(desk.rate):.3f} frames a second"
        desk.complain("too-short", shot.origin, "for", found, "Make it longer.", shot=shot.name)
    return max(1, length)
