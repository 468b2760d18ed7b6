"""What changed between two masters of one delivery, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from crowdcut.changes.layer_reasons import described, renaming
from crowdcut.changes.master_record import MasterRecord
from crowdcut.changes.picture_reasons import picture_reasons
from crowdcut.changes.shot_pairs import Pairs, moved_of, shot_pairs
from crowdcut.changes.shot_view import View, views_of
from crowdcut.changes.sound_changes import SoundChange, sound_changes, sound_reasons
from crowdcut.changes.words import Speech, differences, quoted, shown, turned
from crowdcut.timing import clock

ShotChangeKind = Literal["added", "removed", "moved", "renamed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotChange:
    """One shot that is new, gone, elsewhere or not as it was."""

    kind: ShotChangeKind
    """``moved``: the same pieces in another order, so nothing of it was rendered. ``renamed``: nothing but its name on
    screen is another.
    """
    shot: str
    """Its name now; of one that is gone, its last."""
    was: str | None
    """Its name then; None for a new one."""
    start_frame: int | None
    start_frame_before: int | None
    reasons: tuple[str, ...]
    keys: tuple[str, ...]
    """Of its pieces that it did not have."""
    keys_before: tuple[str, ...]
    """Of its pieces that it no longer has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed since the master before."""

    since: str
    """When that one was built: UTC, ISO 8601."""
    film: tuple[str, ...]
    """What holds for the film as a whole: its size, title, chapters, loudness target, the code behind its sound."""
    shots: tuple[ShotChange, ...]
    """In programme order; those that are gone stand where they were."""
    sounds: tuple[SoundChange, ...]
    length_frames_before: int
    length_before: str
    """For people."""
    longer: str
    """By how much, for people: ``+0:02.5``, ``-0:01``; empty for the same length."""
    integrated_lufs_before: float | None
    true_peak_dbtp_before: float | None


def _shown_size(raster: dict[str, object]) -> str:
    return f"{raster['width']}×{raster['height']}"


def _picture_of_film(before: MasterRecord, after: MasterRecord) -> Iterator[str]:
    """Size, rate and coding, which all pieces of a master share."""
    old, new = (master.keys[master.pieces[0].key].order for master in (before, after))
    if _shown_size(old["raster"]) != _shown_size(new["raster"]):
        yield turned("size", _shown_size(old["raster"]), _shown_size(new["raster"]))
    if before.rate != after.rate:
        yield turned("frames a second", str(before.rate), str(after.rate))
    for path, one, other in differences(old["encoding"], new["encoding"]):
        yield turned(f"picture coding, {' '.join(map(str, path))}", shown(one), shown(other))


def _titles(before: MasterRecord, after: MasterRecord) -> Iterator[str]:
    if before.title != after.title:
        yield turned("title", quoted(before.title), quoted(after.title))
    old, new = ([one["title"] for one in master.keys[master.master].order["chapters"]] for master in (before, after))
    yield from (f"the chapter {quoted(title)} is gone" for title in old if title not in new)
    yield from (f"the chapter {quoted(title)} is new" for title in new if title not in old)


def _film(speech: Speech) -> tuple[str, ...]:
    before, after = speech.before, speech.after
    told = (*_picture_of_film(before, after), *_titles(before, after), *sound_reasons(speech))
    return tuple(dict.fromkeys(told))


def _alone(view: View, master: MasterRecord, kind: Literal["added", "removed"]) -> ShotChange:
    """A shot that only one of the masters has."""
    start, length = view.shot.start_frame, view.shot.length_frames
    what = described(view.layers[0].source) if view.layers else view.shot.name
    added = kind == "added"
    return ShotChange(
        kind=kind,
        shot=view.shot.name,
        was=None if added else view.shot.name,
        start_frame=start if added else None,
        start_frame_before=None if added else start,
        reasons=(f"{what}, {master.clock_of_frame(length)} at {master.clock_of_frame(start)}",),
        keys=view.keys if added else (),
        keys_before=() if added else view.keys,
    )


def _both(speech: Speech, before: View, after: View, reasons: tuple[str, ...], *, moved: bool) -> ShotChange | None:
    """A shot that both masters have; None for one that is as it was."""
    kind: ShotChangeKind = "moved" if before.keys == after.keys else "changed"
    if reasons == (renaming(before.shot.name, after.shot.name),):
        kind = "renamed"
    if moved:
        then = f"it stood at {speech.before.clock_of_frame(before.shot.start_frame)}, as {before.shot.name}"
        reasons = (then, *reasons)
    if not reasons:
        return None
    old, new = set(before.keys), set(after.keys)
    return ShotChange(
        kind=kind,
        shot=after.shot.name,
        was=before.shot.name,
        start_frame=after.shot.start_frame,
        start_frame_before=before.shot.start_frame,
        reasons=reasons,
        keys=tuple(key for key in after.keys if key not in old),
        keys_before=tuple(key for key in before.keys if key not in new),
    )


def _shots(speech: Speech, pairs: Pairs, views: tuple[tuple[View, ...], tuple[View, ...]]) -> Iterator[ShotChange]:
    """Shots after in programme order, each gone one behind the one that it followed."""
    before, after = views
    moved, partner = moved_of(pairs), {a: b for b, a in pairs.items()}
    gone: dict[int, list[View]] = {}
    last = -1
    for view in before:
        last = partner.get(view.number, last)
        if view.number not in partner:
            gone.setdefault(last, []).append(view)
    yield from (_alone(view, speech.before, "removed") for view in gone.get(-1, ()))
    for view in after:
        if view.number not in pairs:
            yield _alone(view, speech.after, "added")
        else:
            old = before[pairs[view.number]]
            reasons: tuple[str, ...] = ()
            if old.keys != view.keys:
                reasons = picture_reasons(speech, old, view, _neighbours(views, pairs, old, view))
            if old.keys != view.keys and not reasons and not any(_picture_of_film(speech.before, speech.after)):
                reasons = ("it is cut into other pieces",)
            if (change := _both(speech, old, view, reasons, moved=view.number in moved)) is not None:
                yield change
        yield from (_alone(one, speech.before, "removed") for one in gone.get(view.number, ()))


def _neighbours(
    views: tuple[tuple[View, ...], tuple[View, ...]], pairs: Pairs, old: View, new: View
) -> tuple[str | None, str | None]:
    """The shots before a shot, then and now, by their names; the same name where they are the same shot."""
    then = views[0][old.number - 1] if old.number else None
    now = views[1][new.number - 1] if new.number else None
    if then is not None and now is not None and pairs.get(now.number) == then.number:
        return now.shot.name, now.shot.name
    told = f"{then.shot.name} as it was" if then and now and then.shot.name == now.shot.name else None
    return told or (then.shot.name if then else None), now.shot.name if now else None


def changes_between(before: MasterRecord, after: MasterRecord) -> Changes:
    """What changed from one master to the next, and which input of which key is the reason.

    A shot whose pieces differ has a reason of its own or shares one with the whole film; one whose pieces are the same
    is named only where it stands in another order.
    """
    old, new = (master.keys[master.pieces[0].key].order["raster"] for master in (before, after))
    speech = Speech(before=before, after=after, same_raster=old == new)
    views = views_of(before), views_of(after)
    pairs = shot_pairs(*views)
    longer = after.length_frames / after.rate - before.length_frames / before.rate
    return Changes(
        since=before.built_at,
        film=_film(speech),
        shots=tuple(_shots(speech, pairs, views)),
        sounds=sound_changes(speech, pairs),
        length_frames_before=before.length_frames,
        length_before=before.length,
        longer=f"{'+' if longer > 0 else ''}{clock(longer)}" if longer else "",
        integrated_lufs_before=before.integrated_lufs,
        true_peak_dbtp_before=before.true_peak_dbtp,
    )
