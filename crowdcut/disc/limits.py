"""What a DVD cannot hold, told before anything is encoded: too many chapters or streams, too long a programme.

Sources: the public descriptions of DVD-Video, Inside DVD-Video ("Limits") and dvdnav.mplayerhq.hu/dvdinfo, and
measurements of FFmpeg's encoder, which each number names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from crowdcut.disc.disc import Disc
from crowdcut.disc.standards import PACK_BYTES, VOBU_SECONDS
from crowdcut.findings import Finding, Where
from crowdcut.profiles import Profile
from crowdcut.timing import clock

MOST_CHAPTERS = 99
"""Of a title that is one program chain: its programs are numbered in a byte, 1 to 99 (dvdinfo, "PGC")."""
MOST_AUDIO_STREAMS, MOST_SUBPICTURE_STREAMS = 8, 32
"""Of a title (Inside DVD-Video, "Limits")."""
LEAST_FRAME_BITS = 4_800
"""Of a coded picture, on average. FFmpeg's encoder takes 4,840 for black of 720x480 in groups of 18 pictures, at every
quantiser, 5,370 in groups of 14, and 6,420 for 720x576 (measured)."""
ROUGH_VIDEO_BITS = 2_200_000
"""Bits a second of picture under which films of movement show blocks: what the middle one of ten clips of all kinds
takes at 720x480 and quantiser 5 (measured)."""
PAYLOAD_BYTES = 2025
"""Of a pack, what can be a stream's: pack and packet headers take 14 and 9 (ISO/IEC 13818-1, 2.5.3)."""
NAVIGATION_SECONDS_MOST = 1
"""From one navigation pack, which is a pack of its own, to the next (dvdinfo, "VOBU")."""
VOLUME_BYTES, TITLESET_BYTES = 1_000_000, 65_536
"""What an image takes besides its streams: file system and manager's tables (0.92e6 measured), and each titleset's own
tables with their copies, but for what they say of its units."""
UNIT_TABLE_BYTES = 16
"""Of those tables for each unit: 4 in its address map and less in the time maps, each with its copy."""
UNIT_PACKS = Fraction(3, 2)
"""What a unit takes besides its streams, at most: its navigation pack, and what stays empty of its last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleNumbers:
    """One title of a disc as it is planned, in the numbers that limits are about."""

    name: str
    """The episode's title."""
    slug: str
    where: Where
    """The place in the disc's file that lists it."""
    frames: int
    rate: Fraction
    """Coded frames a second."""
    profile: Profile
    chapters: int
    audio_streams: int = 1
    subpicture_streams: int = 0

    @property
    def seconds(self) -> Fraction:
        """Its length."""
        return self.frames / self.rate

    @property
    def sound_bits(self) -> Fraction:
        """Of all its sound."""
        return self.seconds * self.profile.audio_bit_rate * self.audio_streams


def _packed_bytes(seconds: Fraction, bits: Fraction | int) -> int:
    """Bytes that streams of ``bits`` take on a disc, in packs, with navigation packs as few as may be."""
    packs = Fraction(bits, 8 * PAYLOAD_BYTES) + seconds / NAVIGATION_SECONDS_MOST
    return ceil(packs) * PACK_BYTES


def least_bytes(frames: int, rate: Fraction, profile: Profile, *, audio_streams: int = 1) -> int:
    """The fewest bytes that a title of ``frames`` pictures, ``rate`` a second, can take on a disc, whatever they show:
    its pictures black, its sound whole."""
    seconds = frames / rate
    return _packed_bytes(seconds, frames * LEAST_FRAME_BITS + seconds * profile.audio_bit_rate * audio_streams)


def _least_bytes_of(title: TitleNumbers) -> int:
    return least_bytes(title.frames, title.rate, title.profile, audio_streams=title.audio_streams)


def other_bytes(titles: Sequence[TitleNumbers]) -> int:
    """What a disc takes at most besides its menus and its titles' pictures: sound, navigation, tables, file system."""
    seconds = sum((title.seconds for title in titles), Fraction(0))
    sound = sum((title.sound_bits for title in titles), Fraction(0))
    units = seconds / VOBU_SECONDS[0]
    tables = VOLUME_BYTES + len(titles) * TITLESET_BYTES + ceil(units * UNIT_TABLE_BYTES)
    return _packed_bytes(units * UNIT_PACKS, sound) + tables


def video_bits_left(titles: Sequence[TitleNumbers], capacity_bytes: int) -> Fraction:
    """Bits a second that a disc leaves the pictures of all titles together; below 0 where it has no room for the rest.

    The pictures' own pack headers are not taken off: it is a figure for people.
    """
    seconds = sum((title.seconds for title in titles), Fraction(0))
    sound = sum((title.sound_bits for title in titles), Fraction(0))
    return (capacity_bytes - _packed_bytes(seconds, sound)) * 8 / seconds


def _of_one_title(title: TitleNumbers) -> Iterator[Finding]:
    """What one title has too much of."""
    if title.chapters > MOST_CHAPTERS:
        yield Finding(
            rule="too-many-chapters",
            where=title.where,
            found=f"it has {title.chapters} chapters, and a title of a DVD has at most {MOST_CHAPTERS}",
            way_out="Write chapter = false in scenes that need none.",
        )
    for count, most, word in (
        (title.audio_streams, MOST_AUDIO_STREAMS, "soundtracks"),
        (title.subpicture_streams, MOST_SUBPICTURE_STREAMS, "languages of captions"),
    ):
        if count > most:
            found = f"it has {count} {word}, and a title of a DVD has at most {most}"
            yield Finding(rule="too-many-streams", where=title.where, found=found, way_out="Leave some of them out.")


def _same_slugs(titles: Sequence[TitleNumbers]) -> Iterator[Finding]:
    first: dict[str, TitleNumbers] = {}
    for title in titles:
        other = first.setdefault(title.slug.casefold(), title)  # some file systems tell no capitals
        if other is not title:
            yield Finding(
                rule="duplicate-slug",
                where=title.where,
                found=f'its slug is "{title.slug}", and so is that of the episode at {other.where}',
                way_out="Write another slug into one of the two manifests.",
            )


def _over_capacity(disc: Disc, titles: Sequence[TitleNumbers]) -> Iterator[Finding]:
    """A disc that cannot hold its films, or not well."""
    where = disc.origin.get("episodes", Where())
    capacity = disc.capacity_bytes
    seconds = sum((title.seconds for title in titles), Fraction(0))
    sound = sum((title.sound_bits for title in titles), Fraction(0))
    least = sum(map(_least_bytes_of, titles))
    rough = _packed_bytes(seconds, seconds * ROUGH_VIDEO_BITS + sound)
    if least > capacity:
        yield Finding(
            rule="disc-too-long",
            where=where,
            found=f"its films last {clock(round(seconds))} and take {least / 1e9:.2f} GB even if all were black; the "
            f"disc holds {capacity / 1e9:.2f} GB",
            way_out=f"Part them over {ceil(Fraction(least, capacity))} discs or more.",
        )
    elif rough > capacity:
        left = video_bits_left(titles, capacity)
        yield Finding(
            rule="disc-crowded",
            severity="warning",
            where=where,
            found=f"its films last {clock(round(seconds))}, which leaves their pictures {float(left) / 1e6:.2f} Mb/s; "
            f"with less than {ROUGH_VIDEO_BITS / 1e6:g} films of movement show blocks",
            way_out=f"Unless they are calm, part them over {ceil(Fraction(rough, capacity))} discs.",
        )


def limit_findings(disc: Disc, titles: Sequence[TitleNumbers]) -> Iterator[Finding]:
    """All that keeps ``titles`` from being on one disc, and a warning where they will look rough on it."""
    for title in titles:
        yield from _of_one_title(title)
    yield from _same_slugs(titles)
    if titles:
        yield from _over_capacity(disc, titles)
