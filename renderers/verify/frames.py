"""The pictures of a domain as frames: which VOBU each is in, when it is shown and decoded, what it takes."""

from dataclasses import dataclass

import numpy as np

from renderers.verify.mpeg_video import Video
from renderers.verify.packs import Numbers
from renderers.verify.part import Part

_BOTTOM, _FRAME = 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Frames in the order of the stream; two pictures of one field each are one. Times are ticks of 180 kHz."""

    first_pack: Numbers
    """Where its picture begins."""
    last_pack: Numbers
    """Where its last byte is."""
    begin: Numbers
    """Its first byte in the stream, with the headers before it."""
    end: Numbers
    vobu: Numbers
    vob: Numbers
    group: Numbers
    """Its group of pictures, counted from 0."""
    type: Numbers
    order: Numbers
    fields: Numbers
    """Shown of it: 2 or 3."""
    bottom_first: Numbers
    repeats: Numbers
    progressive: Numbers
    pts: Numbers
    """As it is stamped; -1: not."""
    dts: Numbers
    shown: Numbers
    """When it is shown, by its place in the order shown."""
    shown_order: Numbers
    """The frames as shown, VOB by VOB."""

    def __len__(self) -> int:
        return len(self.group)


def _stamps(part: Part, video: Video) -> tuple[Numbers, Numbers]:
    """The stamps of each picture: a packet's are its first picture's that begins in it (13818-1 2.4.3.7)."""
    scan = part.scan
    pts, dts = np.full(len(video.picture), -1, np.int64), np.full(len(video.picture), -1, np.int64)
    rows = scan.video_packs
    stamped = scan.packs.pts[rows] >= 0
    ends = scan.video_ends[stamped]
    rows = rows[stamped]
    begins = ends - (scan.packs.end[rows] - scan.packs.start[rows])
    index = np.searchsorted(video.picture, begins)
    found = index < len(video.picture)
    found[found] = video.picture[index[found]] < ends[found]
    pts[index[found]], dts[index[found]] = scan.packs.pts[rows[found]] * 2, scan.packs.dts[rows[found]] * 2
    return pts, dts


def _second_fields(video: Video) -> Numbers:
    """Which pictures are the second field of the picture before: fields of one frame come in pairs."""
    single = video.structure != _FRAME
    second = np.zeros(len(single), bool)
    for index in np.flatnonzero(single).tolist():
        second[index] = index > 0 and single[index - 1] and not second[index - 1]
    return second


def _shown(
    part: Part, group: Numbers, order: Numbers, vob: Numbers, fields: Numbers, pts: Numbers
) -> tuple[Numbers, Numbers]:
    """When each frame is shown, and the order shown.

    A group's frames follow each other from the time of its first that is stamped; a group without a stamp follows the
    group before.
    """
    as_shown = np.lexsort((order, group, vob))
    group, fields, stamps = group[as_shown], fields[as_shown], pts[as_shown]
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    which = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(group))))
    before = np.cumsum(fields) - fields
    before -= before[starts][which]
    lengths = np.add.reduceat(fields, starts) if len(starts) else fields
    base = np.full(len(starts), -1, np.int64)
    stamped = np.flatnonzero(stamps >= 0)[::-1]
    base[which[stamped]] = stamps[stamped] - before[stamped] * part.field_ticks
    for index in np.flatnonzero(base < 0).tolist():
        base[index] = base[index - 1] + lengths[index - 1] * part.field_ticks if index else 0
    shown = np.empty(len(group), np.int64)
    shown[as_shown] = base[which] + before * part.field_ticks
    return shown, as_shown


def frames_of(part: Part) -> Frames | None:
    """The frames of a domain's VOBs; None where they cannot be read, or there are none."""
    scan, video = part.scan, part.scan.video
    if video is None or not len(video.picture) or not len(scan.navigation):
        return None
    pts, dts = _stamps(part, video)
    first = np.flatnonzero(~_second_fields(video))
    last = np.append(first[1:], len(video.picture)) - 1
    end = video.picture_end[last]
    first_pack = scan.video_pack(video.picture[first])
    vobu = part.vobu[first_pack].astype(np.int64)
    vob = scan.navigation.vob[vobu]
    # A VOBU begins a group in any case, also where its header is missing.
    headers = np.searchsorted(video.group, video.picture[first])
    group = np.cumsum((np.diff(headers, prepend=-1) != 0) | (np.diff(vobu, prepend=-1) != 0)) - 1
    order, structure = video.order[first], video.structure[first]
    fields = 2 + video.repeats[first] * (structure == _FRAME)
    shown, as_shown = _shown(part, group, order, vob, fields, pts[first])
    return Frames(
        first_pack=first_pack,
        last_pack=scan.video_pack(end - 1),
        begin=np.concatenate(([0], end[:-1])),
        end=end,
        vobu=vobu,
        vob=vob,
        group=group,
        type=video.type[first],
        order=order,
        fields=fields,
        bottom_first=np.where(structure == _FRAME, 1 - video.top_first[first], structure == _BOTTOM),
        repeats=video.repeats[first],
        progressive=video.progressive[first],
        pts=pts[first],
        dts=dts[first],
        shown=shown,
        shown_order=as_shown,
    )
