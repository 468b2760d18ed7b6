"""What a DVD cannot hold is refused with its numbers; what it can is not."""

from fractions import Fraction
from pathlib import Path

import pytest

from crowdcut.disc.disc import Disc, DiscTitle
from crowdcut.disc.limits import TitleNumbers, least_bytes, limit_findings, video_bits_left
from crowdcut.findings import Finding, Where
from crowdcut.profiles import profile_from

NTSC = profile_from("dvd-ntsc", {})
FILM = Fraction(24000, 1001)


def title(seconds: int, number: int = 1, **more: int) -> TitleNumbers:
    where = Where(file="disc.toml", line=4, key="episodes")
    return TitleNumbers(
        name=f"Episode {number}",
        slug=f"ep{number}",
        where=where,
        frames=round(seconds * FILM),
        rate=FILM,
        profile=NTSC,
        chapters=more.pop("chapters", 9),
        **more,
    )


def found(*titles: TitleNumbers) -> list[Finding]:
    disc = Disc(
        file=Path("disc.toml"),
        title="D",
        slug="d",
        label="D",
        profile="dvd-ntsc",
        titles=tuple(DiscTitle(episode=Path(one.slug), where=one.where) for one in titles),
        origin={"episodes": Where(file="disc.toml", line=4, key="episodes")},
    )
    return list(limit_findings(disc, titles))


def test_least_bytes_are_the_sound_and_black():
    hour = least_bytes(round(3600 * FILM), FILM, NTSC)
    audio, video = 256_000 * 3600 / 8, 4_800 * 3600 * FILM / 8
    assert audio + video < hour < (audio + video) * 1.07
    assert least_bytes(round(3600 * FILM), FILM, NTSC, audio_streams=3) - hour == pytest.approx(2 * audio, rel=0.02)
    assert hour % 2048 == 0


def test_a_disc_holds_what_discs_hold():
    assert found(*(title(22 * 60, number, chapters=12) for number in range(1, 6))) == []
    assert found(title(2 * 3600, chapters=99, audio_streams=8, subpicture_streams=32)) == []


@pytest.mark.parametrize(
    ("more", "rule", "words"),
    [
        ({"chapters": 100}, "too-many-chapters", "it has 100 chapters, and a title of a DVD has at most 99"),
        ({"audio_streams": 9}, "too-many-streams", "it has 9 soundtracks, and a title of a DVD has at most 8"),
        (
            {"subpicture_streams": 33},
            "too-many-streams",
            "it has 33 languages of captions, and a title of a DVD has at most 32",
        ),
    ],
)
def test_one_title_with_too_much(more: dict[str, int], rule: str, words: str):
    (one,) = found(title(60, **more))
    assert (one.rule, one.found, one.where.line, one.severity) == (rule, words, 4, "error")
    assert one.way_out


def test_two_films_of_one_name():
    assert [one.rule for one in found(title(60), title(60))] == ["duplicate-slug"]
    assert found(title(60), title(60, 2)) == []


def test_a_disc_that_cannot_fit_is_refused_and_a_crowded_one_warned_of():
    (one,) = found(*(title(10 * 3600, number) for number in (1, 2, 3, 4)))
    assert (one.rule, one.severity, one.where.key) == ("disc-too-long", "error", "episodes")
    assert one.found == ("its films last 40:00:00 and take 7.05 GB even if all were black; the disc holds 4.70 GB")
    assert one.way_out == "Part them over 2 discs or more."

    (one,) = found(title(6 * 3600))
    assert (one.rule, one.severity) == ("disc-crowded", "warning")
    assert one.found.startswith(
        "its films last 6:00:00, which leaves their pictures 1.47 Mb/s; with less than 2.2 films"
    )
    assert one.way_out == "Unless they are calm, part them over 2 discs."


def test_what_is_left_for_the_pictures_is_what_is_not_sound():
    assert video_bits_left([title(3600)], 4_700_000_000) == pytest.approx(4.7e9 * 8 / 3600 - 256_000 * 1.08, rel=0.001)
