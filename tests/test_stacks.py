"""Stacks: where overlays lie, and what each source is told."""

from dataclasses import replace
from fractions import Fraction

import pytest
from desk_making import Told, desk_for, film, scene
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut import orders
from crowdcut.conform.as_read import media_as_read
from crowdcut.cut.desk import Desk
from crowdcut.cut.spans import Overlay, Stack
from crowdcut.cut.stacks import Dressing, records_from, region_of, stacks_from
from crowdcut.cut.timeline import timeline_from
from crowdcut.episode import Anchor, Layer, Place, Scene, Shot
from crowdcut.library import ReadAs
from crowdcut.media import Media
from crowdcut.orders import Raster, Roll
from crowdcut.profiles import profile_from

RASTER = Raster(width=1920, height=1080, rate=Fraction(24))


def _dressed(desk: Desk, profile: str = "web", **more: frozenset[str]) -> tuple[tuple[Stack, ...], tuple[Overlay, ...]]:
    timeline = timeline_from(desk)
    assert timeline is not None
    roll = Roll(lines=(), step=2)
    dressing = Dressing(desk=desk, profile=profile_from(profile, {}), raster=RASTER, roll=roll, **more)
    return stacks_from(dressing, timeline)


@settings(deadline=None)
@given(
    st.sampled_from(["left", "centre", "right"]),
    st.sampled_from(["top", "centre", "bottom"]),
    st.fractions(Fraction(1, 20), Fraction(4, 5), max_denominator=100),
    st.fractions(Fraction(1, 3), 3, max_denominator=20),
)
def test_an_overlay_lies_inside_title_safe(horizontal, vertical, size, shape):
    area = region_of(Place(horizontal=horizontal, vertical=vertical, size=size), RASTER, shape)
    assert area.width == min(1920 * size, 972 * shape)
    assert area.height == area.width / shape
    assert 96 <= area.x <= 1824 - area.width
    assert 54 <= area.y <= 1026 - area.height


def test_an_overlay_as_wide_as_the_raster_fills_it():
    box = region_of(Place(), RASTER, Fraction(16, 9))
    assert (box.x, box.y, box.width, box.height) == (0, 0, 1920, 1080)


@pytest.mark.parametrize(("word", "size"), [(None, (576, 324)), (90, (546, 972)), (180, (576, 324))])
def test_an_overlay_stands_as_its_maker_says_in_the_width_it_is_given(word, size):
    shot = replace(scene("s", [Told(frames=48)], Fraction(24)), layers=(Layer(use="clip", place=_third()),))
    desk = desk_for([shot], media={"clip": media_as_read(film(), ReadAs(rotation=word))})
    _, (overlay,) = _dressed(desk)
    assert isinstance(overlay.layer.source, orders.Video)
    conversion = overlay.layer.source.conversion
    assert ((conversion.box.width, conversion.box.height), conversion.turn) == (size, word or 0)


def _third() -> Place:
    return Place(horizontal="right", vertical="top", size=Fraction(3, 10))


def _one_shot(shot: Shot, media: dict[str, Media] | None = None) -> Desk:
    return desk_for([Scene(id="s", title="s", shots=(shot,))], media=media)


def test_a_card_is_told_its_own_type_alone():
    (stack,), _ = _dressed(_one_shot(Shot(name="s/1", card="title")))
    card = stack.layers[0].source
    assert isinstance(card, orders.Card)
    assert {"title", "subtitle", "slate", "ident", "byline"} <= set(card.styles)
    assert not any(use.startswith(("roll_", "lower_third")) for use in card.styles)
    assert (card.words, card.frames) == (("An Episode",), 96)


def test_a_poem_is_signed_by_its_maker():
    media = {"poem": Media(kind="text", text="The sea,\nthe sea.")}
    (stack,), _ = _dressed(_one_shot(Shot(name="s/1", use="poem", length=Fraction(3)), media))
    poem = stack.layers[0].source
    assert isinstance(poem, orders.Text)
    assert (poem.words, poem.byline) == ("The sea,\nthe sea.", "Ana")
    (stack,), _ = _dressed(_one_shot(Shot(name="s/1", text="Three years later")))
    words = stack.layers[0].source
    assert isinstance(words, orders.Text)
    assert (words.byline, words.byline_style) == ("", None)


def test_a_slate_stands_in_for_what_is_refused_or_broken():
    shot = Shot(name="s/1", use="clip", length=Fraction(3))
    refused = _one_shot(shot, {"clip": Media(refusal="It is empty")})
    broken = _one_shot(shot, {"clip": film()})
    for (stack,), _ in (_dressed(refused), _dressed(broken, placeholders=frozenset({"s/1"}))):
        slate = stack.layers[0].source
        assert isinstance(slate, orders.Card)
        assert (slate.name, slate.words) == ("slate", ("clip (by Ana)", "s/1", "placeholder"))
        assert stack.length_frames == 72


def test_a_proxy_carries_the_shots_name_and_source_time():
    desk = _one_shot(Shot(name="s/1", use="clip", in_=Fraction(2), length=Fraction(3)), {"clip": film()})
    (stack,), _ = _dressed(desk, "proxy")
    burn = stack.layers[-1].source
    assert isinstance(burn, orders.Burn)
    assert (burn.label, burn.start) == ("s/1", 2)
    assert len(_dressed(desk)[0][0].layers) == 1


def test_the_record_of_an_overlay_stands_at_the_shot_it_begins_in():
    both = scene("s", [Told(frames=24), Told(frames=48)], Fraction(24))
    hung = Layer(use="clip", at=Anchor(offset=Fraction(3, 2)), place=_third())
    desk = desk_for([replace(both, layers=(hung,))], media={"clip": film()})
    timeline = timeline_from(desk)
    assert timeline is not None
    dressing = Dressing(desk=desk, profile=profile_from("web", {}), raster=RASTER, roll=Roll(lines=(), step=2))
    stacks, overlays = stacks_from(dressing, timeline)
    records = records_from(dressing, stacks, overlays)
    assert {shot: list(clips) for shot, clips in records.items()} == {"s/2": ["clip"]}
    # On screen for the last 36 frames, at 25 pictures a second: one of 37 is never seen.
    assert any("(1 of 37)" in line for line in records["s/2"]["clip"].cost)
