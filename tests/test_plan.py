"""The plan: a golden of a small one, and which keys change when one thing is changed."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from studio_making import TEMPLATE, Studio

from crowdcut.plan import Plan
from crowdcut.records import plain
from farm import fingerprints
from farm.fingerprints import Fingerprints


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def _jobs(plan: Plan) -> dict[str, str]:
    """Keys by label, of everything that a build runs."""
    jobs = (*plan.jobs, plan.master)
    labels = {job.label: job.key for job in jobs}
    assert len(labels) == len(jobs), "labels tell the jobs apart"
    return labels


def _changed(before: Plan, after: Plan) -> set[str]:
    """Labels of the jobs that the store would not have."""
    stored = set(_jobs(before).values())
    return {label for label, key in _jobs(after).items() if key not in stored}


SOUND = {"mixing", "levelling and encoding the sound"}
MASTER = {"joining web"}
ENDS = SOUND | MASTER
MUSIC = {"bus: music"} | ENDS
"""What follows from other music."""
SPOKEN = {"bus: shot"} | MUSIC
"""What follows from other sound of the clips: music gives way to who speaks in them."""

PICTURES = {
    "open/1", "one/1 [1/2]", "one/1 [2/2]", "one/2 [1/2]", "one/2 [2/2]", "one/3",
    "two/1", "two/2 [1/2]", "two/2 [2/2]", "last/1 [1/2]", "last/1 [2/2]",
}  # fmt: skip
DISSOLVES = {"one/2 [1/2]"}
FADES = {"two/2 [1/2]"}
ROLLS = {"last/1 [1/2]", "last/1 [2/2]"}
CARDS = {"open/1"}
TEXTS = {"two/1"}
LOWER_THIRDS = {"one/1 [1/2]"}
CLIPS = {"one/1 [1/2]", "one/1 [2/2]", "one/2 [1/2]", "one/2 [2/2]", "one/3", "two/2 [1/2]", "two/2 [2/2]"}


def test_the_small_film(studio):
    plan = studio.plan()
    assert {job.label for job in plan.pictures} == PICTURES
    assert plan.starts == tuple(
        sum(job.frames for job in plan.pictures[:number]) for number in range(len(plan.pictures))
    )
    assert _changed(plan, studio.plan()) == set()


TASTE = {
    "palette", "background", "plate", "accent", "style", "styles", "second_style", "byline_style", "bus_lufs",
}  # fmt: skip


def _told(value: Any) -> Any:
    """An order without what is a matter of taste: the template's colours, type and levels, and the roll's setting."""
    if isinstance(value, dict):
        kept = value.keys() & {"kind"} if value.get("kind") == "roll" else value.keys() - TASTE
        return {key: _told(one) for key, one in value.items() if key in kept}
    return [_told(one) for one in value] if isinstance(value, list) else value


def test_a_plan_is_data(studio, golden):
    studio.rewrite('card = "credits"', 'card = "credits"\nfor = 20')
    plan = studio.plan("proxy")
    jobs = (*plan.jobs, plan.master)
    labels = {job.key: job.label for job in jobs}
    found = [
        {
            "label": job.label,
            "kind": job.kind,
            "frames": job.frames,
            "order": _told(plain(job.order)),
            "files": {name: path.name for name, path in job.files.items()},
            "jobs": {name: labels[key] for name, key in job.jobs.items()},
        }
        for job in jobs
    ]
    golden("plan", {"starts": list(plan.starts), "shots": list(plan.shots), "jobs": found})


def _byte(name: str) -> Callable[[Studio], None]:
    def change(studio: Studio) -> None:
        file = studio.folder / name
        file.write_bytes(file.read_bytes()[:-1] + b"!")

    return change


def _edit(module: str) -> Callable[[Studio], None]:
    return lambda studio: studio.edit(module)


def _template(text: str) -> Callable[[Studio], None]:
    def change(studio: Studio) -> None:
        (studio.folder / "look" / "template.toml").write_text(TEMPLATE + text, encoding="utf-8")

    return change


def _pond(more: str) -> Callable[[Studio], None]:
    """Add a line to the shot of the pond."""
    return lambda studio: studio.rewrite('use = "pond"', f'use = "pond"\n{more}')


def _shot_more(studio: Studio) -> None:
    shot = '[[scene.shot]]\nuse = "pond"'
    studio.rewrite(shot, f'[[scene.shot]]\nuse = "more"\nfor = 1\n{shot}')


CHANGES: Mapping[str, tuple[Callable[[Studio], None], set[str]]] = {
    "a byte of a clip": (
        _byte("library/pond.mov"),
        {"one/3", "listening to pond", "sound of one/3"} | SPOKEN,
    ),
    "a byte of a clip in a dissolve": (
        _byte("library/sea.mov"),
        {"one/2 [1/2]", "one/2 [2/2]", "listening to sea", "sound of one/2"} | SPOKEN,
    ),
    "a byte of a clip that dissolves into the next": (
        _byte("library/walk.mov"),
        {"one/1 [1/2]", "one/1 [2/2]", "one/2 [1/2]", "listening to walk", "sound of one/1"} | SPOKEN,
    ),
    "a byte of an overlay": (_byte("library/drawing.png"), {"two/2 [1/2]", "two/2 [2/2]"} | MASTER),
    "a byte of the music": (_byte("library/song.ogg"), {"listening to song", "sound of the film"} | MUSIC),
    "a font of the template": (
        _byte("look/fonts/Own.ttf"),
        CARDS | TEXTS | FADES | LOWER_THIRDS | ROLLS | MASTER,
    ),
    "the type of the lower thirds": (_template("[type.lower_third]\nsize = 0.05\n"), LOWER_THIRDS | MASTER),
    "the type of the roll": (_template("[type.roll_name]\nsize = 0.03\n"), ROLLS | MASTER),
    "the accent, which is on cards too": (
        _template('[palette]\naccent = "#00ff00"\n'),
        CARDS | LOWER_THIRDS | ROLLS | MASTER,
    ),
    "a level of the template": (_template("[levels]\nmusic = -26\n"), SPOKEN),
    "the roll's code": (_edit("renderers/sources/roll.py"), ROLLS | MASTER),
    "the fade's code": (_edit("renderers/transitions/fade.py"), FADES | MASTER),
    "the dissolve's code": (_edit("renderers/transitions/dissolve.py"), DISSOLVES | MASTER),
    "the lower third's code": (_edit("renderers/sources/lower_third.py"), LOWER_THIRDS | MASTER),
    "a card's code": (_edit("renderers/cards/title.py"), CARDS | MASTER),
    "the overlay's code": (_edit("renderers/sources/still.py"), {"two/2 [1/2]", "two/2 [2/2]"} | MASTER),
    "the clips' code": (_edit("renderers/video/picking.py"), CLIPS | MASTER),
    "the compositor's code": (_edit("renderers/composing/compose.py"), PICTURES | MASTER),
    "the mix's code": (_edit("renderers/mix.py"), ENDS),
    "the buses' code": (_edit("renderers/bus.py"), SPOKEN),
    "the master's code": (_edit("renderers/master.py"), MASTER),
    "code that no job runs": (_edit("crowdcut/cut/timeline.py"), set()),
    "a scene's id": (lambda studio: studio.rewrite('id = "one"', 'id = "uno"'), set()),
    "a scene's title": (lambda studio: studio.rewrite('title = "One"', 'title = "Uno"'), MASTER),
    "a note": (_pond('note = "Bo shoots it again"'), set()),
    "a shot in the middle": (_shot_more, {"one/3", "listening to more", "sound of one/3"} | SPOKEN),
    "where a clip begins": (_pond("in = 1"), {"one/3", "sound of one/3"} | SPOKEN),
    "a shot muted": (_pond('sound = "mute"'), SPOKEN),
    "a shot's gain": (_pond("sound = -6"), SPOKEN),
    "the title": (lambda studio: studio.rewrite('title = "An Episode"', 'title = "An Other"'), CARDS | ROLLS | MASTER),
}
"""One change each, and the jobs that it makes anew: these and no others."""


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_reaches_what_it_must_and_nothing_else(studio, change):
    before = studio.plan()
    do, expected = CHANGES[change]
    do(studio)
    assert _changed(before, studio.plan()) == expected


def _changed_by_version(studio: Studio, monkeypatch: pytest.MonkeyPatch, package: str) -> set[str]:
    before, version = studio.plan(), fingerprints.version
    monkeypatch.setattr(fingerprints, "version", lambda name: "99" if name == package else version(name))
    studio.fingerprints = Fingerprints()
    return _changed(before, studio.plan())


def test_another_pyav_makes_everything_anew(studio, monkeypatch):
    assert _changed_by_version(studio, monkeypatch, "av") == set(_jobs(studio.plan()))


@pytest.mark.parametrize("package", ["skia-python", "manimgx-fonts", "manimgx-fonts-cjk"])
def test_another_skia_and_other_packaged_fonts_draw_all_words_anew(studio, monkeypatch, package):
    words = CARDS | TEXTS | FADES | LOWER_THIRDS | ROLLS
    assert _changed_by_version(studio, monkeypatch, package) == words | MASTER


def _listens(studio: Studio) -> dict[str, bool]:
    """Who is listened to, and whether speech is looked for."""
    return {job.label.split()[-1]: job.order.speech for job in studio.plan().sounds if job.kind == "listen"}


_MUSIC = '[[music]]\nuse = "song"\nat = "1"\nfor = 5\n'


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (None, {"walk": True, "sea": True, "pond": True, "dance": True, "song": False}),
        ((_MUSIC, ""), {"walk": False, "sea": False, "pond": False, "dance": False}),
        ((_MUSIC, f"{_MUSIC}duck = false\n"), dict.fromkeys(("walk", "sea", "pond", "dance", "song"), False)),
        (
            (_MUSIC, _MUSIC.replace("music", "voice")),
            {"walk": False, "sea": False, "pond": False, "dance": False, "song": True},
        ),
    ],
    ids=["music gives way", "no music", "music that stays", "a voice"],
)
def test_speech_is_looked_for_where_it_counts(studio, change, expected):
    if change is not None:
        studio.rewrite(*change)
    assert _listens(studio) == expected


@pytest.mark.parametrize("rate", ["24", "25", "30000/1001"])
def test_a_frame_more_in_a_shot_renders_its_end_and_its_transition(studio, rate):
    studio.numbers["rate"] = rate
    before = studio.plan()
    studio.numbers["walk"] = 301
    assert _changed(before, studio.plan()) == {"one/1 [2/2]", "one/2 [1/2]", "sound of one/1"} | SPOKEN


def _scene(text: str, name: str) -> str:
    start = text.index(f'[[scene]]\nid = "{name}"')
    end = text.find("[[scene]]", start + 1)
    return text[start : end if end >= 0 else len(text)]


def _swapped(text: str) -> str:
    one, two = _scene(text, "one"), _scene(text, "two")
    return text.replace(one + two, two + one)


@pytest.mark.parametrize("rate", ["24", "25", "30000/1001"])
def test_scenes_in_another_order_keep_all_their_pictures(studio, rate):
    studio.numbers["rate"] = rate
    before = studio.plan()
    studio.text = _swapped(studio.text)
    after = studio.plan()
    assert _changed(before, after) == SPOKEN
    assert before.shots != after.shots


def test_scenes_in_another_order_share_other_transitions(studio):
    studio.rewrite('text = "Three years later"', 'text = "Three years later"\ninto = "dissolve 10f"')
    before = studio.plan()
    studio.text = _swapped(studio.text)
    # The dissolve into two/1 now leaves the title, which ends as much earlier; one/3 has its end back.
    assert _changed(before, studio.plan()) == {"two/1 [1/2]", "open/1", "one/3"} | SPOKEN


def test_the_same_piece_twice_is_one_job(studio):
    studio.rewrite('use = "pond"\nfor = 2\n', 'use = "pond"\nfor = 2\n[[scene.shot]]\nuse = "pond"\nfor = 2\n')
    plan = studio.plan()
    keys = [job.key for job in plan.pictures]
    assert len(keys) == len(set(keys)) + 1
    assert len(plan.jobs) == len({job.key for job in plan.jobs})


def test_a_file_by_another_name_is_the_same_picture(studio):
    before = studio.plan()
    library = studio.folder / "library"
    (library / "pond.mov").rename(library / "lake.mov")
    listing = (library / "contributions.toml").read_text(encoding="utf-8")
    renamed = listing.replace('id = "pond"\nfile = "pond.mov"', 'id = "lake"\nfile = "lake.mov"')
    (library / "contributions.toml").write_text(renamed, encoding="utf-8")
    studio.rewrite('use = "pond"', 'use = "lake"')
    assert _changed(before, studio.plan()) == set()


def test_a_jobs_inputs_stand_before_it(studio):
    plan = studio.plan()
    done: set[str] = set()
    for job in (*plan.jobs, plan.master):
        assert set(job.jobs.values()) <= done
        done.add(job.key)


def test_a_delivery_at_another_rate_changes_no_scene_but_the_edited_one(studio):
    studio.text += '[profile.pal]\nextends = "web"\nrate = "25"\n'
    before = studio.plan("pal")
    studio.numbers["walk"] = 301
    after = studio.plan("pal")
    pictures = {job.label for job in after.pictures} & _changed(before, after)
    assert {"one/1 [2/2]", "one/2 [1/2]"} <= pictures
    assert {label[:4] for label in pictures} == {"one/"}


def test_a_piece_of_another_size_is_another_job(studio):
    web, proxy = studio.plan("web"), studio.plan("proxy")
    assert not {job.key for job in web.pictures} & {job.key for job in proxy.pictures}
    assert {job.key for job in web.sounds} == {job.key for job in proxy.sounds}
    assert web.mix.key == proxy.mix.key
