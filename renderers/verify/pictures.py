"""Judges the video of a domain: its sequences, groups, fields and stamps."""

import numpy as np
from numpy.typing import NDArray

from crowdcut.disc.rules import GOP_FIELDS, VBV_BITS, VIDEO_BITS
from renderers.verify.frames import Frames
from renderers.verify.mpeg_video import Video
from renderers.verify.packs import Numbers
from renderers.verify.part import Part

SLACK_TICKS = 360
"""Of 180 kHz: 2 ms."""
_I = 1
_SIZES = {525: (480, 240), 625: (576, 288)}
_WIDTHS = (720, 704, 352)
_DECLARED_WIDTHS = (720, 704, 352, 352)
_RATES = {525: (4, 1), 625: (3,)}
"""frame_rate_code: 30000/1001 (and 24000/1001 as MPEG-1 may have it); 25."""
_MAIN = 0x48
"""Main profile at main level (13818-2 8.1, 8.2); simple profile at main level is within it."""
_SIMPLE = 0x58


class Sequence:
    """One kind of sequence header with its extension, as numbers."""

    def __init__(self, head: bytes, extension: bytes):
        self.width, self.height = head[0] << 4 | head[1] >> 4, (head[1] & 15) << 8 | head[2]
        self.aspect, self.rate = head[3] >> 4, head[3] & 15
        self.is_mpeg2 = any(extension)
        high = (extension[2] & 31) << 7 | extension[3] >> 1
        self.bits = 400 * (high << 18 | head[4] << 10 | head[5] << 2 | head[6] >> 6)
        """A second."""
        self.buffer_bits = 16384 * ((extension[4] << 10 if self.is_mpeg2 else 0) | (head[6] & 31) << 5 | head[7] >> 3)
        self.profile = (extension[0] & 15) << 4 | extension[1] >> 4
        self.is_progressive, self.chroma = extension[1] >> 3 & 1, extension[1] >> 1 & 3


def sequences_of(video: Video) -> list[tuple[int, Sequence]]:
    """The kinds of sequence headers that differ, each with the number of the first such."""
    both = np.concatenate((video.sequence_head, video.sequence_extension), axis=1)
    if not len(both):
        return []
    kinds, first = np.unique(both, axis=0, return_index=True)
    return [(int(at), Sequence(bytes(kind[:8]), bytes(kind[8:]))) for kind, at in zip(kinds, first, strict=True)]


def _wrong_with(sequence: Sequence, part: Part) -> str:
    """What a sequence header says that it must not; empty: nothing."""
    lines, wide = part.domain.lines, part.domain.is_wide
    if sequence.width not in _WIDTHS or sequence.height not in _SIZES[lines]:
        return f"{sequence.width}x{sequence.height} in a domain of {lines} lines"
    declared = _DECLARED_WIDTHS[part.domain.video >> 3 & 3]
    if sequence.width != declared:
        return f"{sequence.width} pixels wide where the IFO declares {declared}"
    if sequence.rate not in _RATES[lines]:
        return f"frame rate code {sequence.rate} in a domain of {lines} lines"
    if sequence.is_mpeg2 and sequence.aspect != (3 if wide else 2):
        return f"aspect ratio code {sequence.aspect} in a domain of {'16:9' if wide else '4:3'}"
    if sequence.bits > VIDEO_BITS:
        return f"a declared rate of {sequence.bits:,} bits a second"
    if sequence.buffer_bits > VBV_BITS:
        return f"a declared buffer of {sequence.buffer_bits:,} bits"
    if sequence.is_mpeg2 and (sequence.profile not in (_MAIN, _SIMPLE) or sequence.chroma != 1):
        return f"profile and level {sequence.profile:#04x}, chroma format {sequence.chroma}"
    return ""


def _check_sequences(part: Part, video: Video) -> None:
    for at, sequence in sequences_of(video):
        if wrong := _wrong_with(sequence, part):
            packs = part.scan.video_pack(video.sequence[at : at + 1])
            part.say("sequence", packs, wrong)


def _check_groups(part: Part, frames: Frames, video: Video) -> None:
    most = GOP_FIELDS[part.domain.lines]
    starts = np.flatnonzero(np.diff(frames.group, prepend=-1))
    shown = np.add.reduceat(frames.fields, starts)
    long = np.flatnonzero(shown > most)
    if len(long):
        packs = frames.first_pack[starts[long]]
        part.say("gop-length", packs, f"{shown[long].max()} fields are shown of one group", f"at most {most}")
    navigation = part.scan.navigation
    firsts = np.flatnonzero(np.diff(frames.vobu, prepend=-1))
    heads = np.sort(np.concatenate((video.sequence, video.group)))
    before = np.searchsorted(heads, frames.end[firsts]) - np.searchsorted(heads, frames.begin[firsts])
    bare = firsts[(before < 2) | (frames.type[firsts] != _I)]
    found = "a VOBU begins without a sequence header, a group's header or an I picture"
    part.say("gop-closed", frames.first_pack[bare], found)
    vobu = frames.vobu[firsts]
    begins_cell = np.ones(len(vobu), bool)
    same = (navigation.vob[vobu[1:]] == navigation.vob[vobu[:-1]]) & (
        navigation.cell[vobu[1:]] == navigation.cell[vobu[:-1]]
    )
    begins_cell[1:] = ~same
    header = np.searchsorted(video.group, frames.end[firsts]) - 1
    closed = np.where(header >= 0, video.group_closed[np.maximum(header, 0)], 1) if len(video.group) else header * 0 + 1
    leading = _has_leading(frames, firsts)
    open_ones = firsts[begins_cell & (closed == 0) & leading]
    part.say("gop-closed", frames.first_pack[open_ones], "a cell begins with an open group of pictures")


def _has_leading(frames: Frames, firsts: Numbers) -> NDArray[np.bool_]:
    """Whether a picture is shown before the first of the stream, in the group that each of ``firsts`` begins."""
    lowest = np.full(frames.group.max() + 1, 1 << 30)
    np.minimum.at(lowest, frames.group, frames.order)
    return lowest[frames.group[firsts]] < frames.order[firsts]


def _check_fields(part: Part, frames: Frames) -> None:
    order = frames.shown_order
    bottom, fields = frames.bottom_first[order], frames.fields[order]
    follows = (np.diff(frames.vob[order]) == 0) & ~_breaks(part, frames)
    # After two fields the first comes again, after three the other.
    odd = (bottom[1:] != (bottom[:-1] + fields[:-1]) % 2) & follows
    part.say(
        "field-cadence",
        frames.first_pack[order[1:][odd]],
        "a picture begins with the field that was shown last",
    )
    torn = np.flatnonzero((frames.repeats == 1) & (frames.progressive == 0))
    part.say("field-cadence", frames.first_pack[torn], "a field of an interlaced picture is repeated")


def _breaks(part: Part, frames: Frames) -> NDArray[np.bool_]:
    """Where the frame shown before is a still: alone in its group, and held longer than its fields."""
    order = frames.shown_order
    alone = np.bincount(frames.group)[frames.group[order]] == 1
    held = np.diff(frames.shown[order]) > frames.fields[order[:-1]] * part.field_ticks + SLACK_TICKS
    return alone[:-1] & held


def _check_times(part: Part, frames: Frames) -> None:
    stamped = np.flatnonzero(frames.pts >= 0)
    off = frames.pts[stamped] - frames.shown[stamped]
    wrong = np.abs(off) > SLACK_TICKS
    if wrong.any():
        found = f"a picture is stamped {off[wrong][0] / 180:+.1f} ms from its place in the order shown"
        part.say("picture-times", frames.first_pack[stamped[wrong]], found)
    order = frames.shown_order
    gaps = np.diff(frames.shown[order]) - frames.fields[order[:-1]] * part.field_ticks
    follows = (np.diff(frames.vob[order]) == 0) & ~_breaks(part, frames)
    torn = np.flatnonzero((np.abs(gaps) > SLACK_TICKS) & follows)
    if len(torn):
        found = f"the pictures go on {gaps[torn[0]] / 180:+.1f} ms from where the last one ends"
        part.say("picture-times", frames.first_pack[order[torn + 1]], found)


def check_pictures(part: Part, frames: Frames) -> None:
    """All rules of the video of a domain."""
    video = part.scan.video
    assert video is not None
    _check_sequences(part, video)
    _check_groups(part, frames, video)
    _check_fields(part, frames)
    _check_times(part, frames)
