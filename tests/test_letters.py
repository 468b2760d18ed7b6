"""Letters to contributors: what came, what becomes of it, what is lost, and what would make it better."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from desk_making import film, song

from crowdcut.conform.as_read import media_as_read
from crowdcut.conform.heard import Heard
from crowdcut.conform.shown import ticks_told
from crowdcut.contributions import ReadAs
from crowdcut.media import Colour, Media, Picture
from crowdcut.orders import Raster
from crowdcut.pages.letters import Sent, letter
from crowdcut.sound.hearing import Clipping, Hearing, Hum, Treatment

HD = Raster(width=1920, height=1080, rate=Fraction(24))


def _clip(rate: int = 24, **more: Any) -> Media:
    media = film(10, rate=Fraction(rate), sound=True)
    assert media.picture is not None
    return replace(media, picture=replace(media.picture, **{"width": 1920, "height": 1080, **more}))


def _told(media: Media, name: str = "walk.mov") -> str:
    """What a letter says of one file, and its tips."""
    return letter([Sent(name=name, media=media)], HD).split("\n\n", 2)[2].rpartition("\n\n")[0]


def test_a_clip_that_fits_needs_nothing():
    assert _told(_clip()) == (
        "walk.mov: It came through: a video of 10 seconds, 1920 × 1080 pixels, 24 pictures a second, with sound. "
        "It fits just as it is: you need do nothing."
    )


@pytest.mark.parametrize(
    ("media", "words"),
    [
        (_clip(rotation=90), ("upright", "68% of the screen stays empty", "camera sideways")),
        (_clip(width=640, height=360), ("enlarged 3.0 times", "- Send the original file")),
        (_clip(60), ("24 pictures a second", "more than half of yours is left out", "film 24 pictures a second")),
        (_clip(12), ("about half of them shows the same as the one before", "jerky")),
        (_clip(30), ("about one in five of yours is left out",)),
        (_clip(interlaced="tff"), ("half pictures (interlaced", "progressive")),
        (_clip(colour=Colour(transfer="arib-std-b67")), ("HDR", "Switch HDR off")),
        (_clip(width=1440), ("25% of the screen stays empty beside it", "16:9")),
        (
            replace(_clip(constant=False), ticks=ticks_told(range(0, 3_072_000, 12_800))),
            ("sometimes more and sometimes fewer", "stay together"),
        ),
        (replace(_clip(), remarks=("its header says 9.0 s, but it lasts 10.0 s",)), ("odd: its header says 9.0 s",)),
        (media_as_read(_clip(), ReadAs(mirror=True)), ("we put that right",)),
        (song(), ("a sound of 1 minute, stereo", "do nothing")),
        (Media(kind="text", text="one two three"), ("3 words", "do nothing")),
    ],
)
def test_what_is_done_and_lost_is_told_in_plain_words(media: Media, words: tuple[str, ...]):
    told = _told(media)
    for word in words:
        assert word in told
    assert "\n" not in told.split("\n\n")[0]


@pytest.mark.parametrize(
    ("hearing", "words"),
    [
        (
            Hearing(clipping=Clipping(samples=4_120, places=31, first_sample=round(12.4 * 48_000))),
            ("4,120 samples are clipped, in 31 places, the first at 0:12.4", "- If a recording crackles"),
        ),
        (Hearing(hum=Hum(hertz=49.98, multiples=(1, 2), level_dbfs=-50, above_db=30)), ("a hum of 50 Hz", "- Against")),
        (Hearing(mono_loss_db=30.0), ("cancel each other on a phone", "we put that right", "phase or polarity")),
        (Hearing(one_sided="left"), ("on the left side alone", "in mono")),
        (Hearing(silent=True), ("Nothing is heard in it", "- If there should be sound")),
    ],
)
def test_what_is_wrong_with_its_sound_is_told_with_a_tip(hearing: Hearing, words: tuple[str, ...]):
    damage = ("what comes after 0:04 cannot be read",)
    heard = Heard(hearing=hearing, treatment=Treatment(), origin=Fraction(0), damage=damage)
    told = letter([Sent(name="a.mov", media=_clip(), heard=heard)], HD)
    for word in (*words, "What comes after 0:04 cannot be read."):
        assert word in told
    assert "do nothing" not in told


def test_a_still_and_an_animation():
    picture = Picture(codec="jpeg", width=3000, height=4000, pixel_format="rgb24")
    told = _told(Media(kind="still", container="jpeg", picture=picture), "me.jpg")
    assert "a picture of 3000 × 4000 pixels" in told
    assert "camera sideways" in told
    moving = replace(picture, frames=10, duration=Fraction(2), rate=Fraction(5))
    told = _told(Media(kind="animation", container="gif", picture=moving), "me.gif")
    assert "an animation of 10 pictures, 2 seconds" in told
    assert "begins again" in told
    assert "camera" not in told


@pytest.mark.parametrize(
    ("name", "instead"),
    [("a.mov", "MP4"), ("a.JPG", "JPEG or PNG"), ("a.mp3", "WAV, FLAC or MP3"), ("a.docx", "plain text"), ("a", "MP4")],
)
def test_a_refused_file_says_what_to_send_instead(name: str, instead: str):
    told = _told(Media(refusal="It is cut off. Send it again"), name)
    assert told.startswith(f"{name}: Sorry, we cannot use this one. It is cut off. Send it again. ")
    assert instead in told


def test_a_letter_greets_tells_and_thanks():
    sent = [Sent(name="a.mov", media=_clip()), Sent(name="b.mov", media=Media(refusal="It is empty"))]
    lines = letter(sent, HD, to="Mara Vidal").split("\n\n")
    assert lines[0] == "Hello Mara Vidal,"
    assert [line.split(":")[0] for line in lines[2:4]] == ["a.mov", "b.mov"]
    assert lines[-1].startswith("Please send it again")
    assert lines[3].startswith("b.mov: Sorry, we cannot use this one. It is empty. Export it once more")
    assert letter(sent[:1], HD).endswith("\n\nThank you for being part of it!")


def test_a_tip_stands_once_in_a_letter_with_the_files_that_it_is_for():
    sent = [Sent(name=name, media=_clip(30, width=1280, height=720)) for name in ("a.mov", "b.mov")]
    *_, tips, _ = letter([*sent, Sent(name="c.mov", media=_clip(30))], HD).split("\n\n")
    _, film, original = tips.split("\n")
    assert film.startswith("- If your camera")
    assert film.endswith("(a.mov, b.mov, c.mov)")
    assert original.endswith("(a.mov, b.mov)")
    assert letter([Sent(name="a.mov", media=_clip())], HD).count("\n- ") == 0
