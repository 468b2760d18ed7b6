"""What changed between two masters: each thing is changed alone, and that alone is told."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cut_making import CUT, Cut, assert_all_told, changed_keys, told
from studio_making import fingerprints

from crowdcut.changes.master_changes import changes_between
from crowdcut.changes.master_record import FORMAT, MasterRecord, read, written
from crowdcut.changes.shot_pairs import moved_of
from examples.makers import coded_picture, tone, write_clip, write_sound

Edit = Callable[[Cut], object]
DISSOLVED = ("changed", "two/2", "two/2", "two/1 changed, and gives way to it by a dissolve")
SECOND, THIRD = CUT.index('[[scene]]\nid = "two"'), CUT.index('[[scene]]\nid = "three"')


@pytest.fixture(autouse=True, scope="module")
def _code_read_once() -> Iterator[None]:
    """Crowdcut's own code does not change between these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("farm.fingerprints.Fingerprints", lambda **_: fingerprints())
        yield


@pytest.fixture(scope="module")
def base(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Cut:
    """The cut as it was; nobody may change it."""
    return Cut(tmp_path_factory.mktemp("cut") / "cut", tiny_library)


@pytest.fixture(scope="module")
def before(base: Cut) -> MasterRecord:
    return base.master()


@pytest.fixture
def cut(base: Cut, tmp_path: Path) -> Cut:
    """The same cut, to be changed; what was examined is in its store."""
    return copied(base, tmp_path / "cut")


def copied(cut: Cut, folder: Path) -> Cut:
    shutil.copytree(cut.folder, folder)
    return Cut(folder)


def rewritten(*pairs: tuple[str, str], file: str = "episode.toml") -> Edit:
    return lambda cut: cut.rewrite(*pairs, file=file)


def template(text: str) -> Edit:
    return rewritten(("[palette]", f"{text}\n[palette]"), file="look/template.toml")


def sea_replaced(cut: Cut) -> None:
    sound, picture = tone(seconds=3, peak_dbfs=-18, hertz=400.0), coded_picture(192, 144, first=3000)
    file = cut.folder / "library" / "sea.webm"
    write_clip(file, width=192, height=144, frames=75, codec="libvpx", picture=picture, sound=sound)


def song_replaced(cut: Cut) -> None:
    write_sound(cut.folder / "library" / "song.wav", tone(seconds=6, peak_dbfs=-9, hertz=330.0), rate=48_000)


def scenes_swapped(cut: Cut) -> None:
    cut.file.write_text(CUT[:SECOND] + CUT[THIRD:] + CUT[SECOND:THIRD], encoding="utf-8")


def font_added(cut: Cut) -> None:
    (cut.folder / "look" / "fonts").mkdir()
    (cut.folder / "look" / "fonts" / "Own.ttf").write_bytes(b"font")


def counted(*pairs: tuple[str, str]) -> Edit:
    """The song has 50 beats a minute and bars of one; and ``pairs`` are rewritten."""

    def edit(cut: Cut) -> None:
        told = 'file = "song.wav"\nbpm = 50\nmeter = 1\nfirst_bar = 0'
        cut.rewrite(('file = "song.wav"', told), file="library/contributions.toml")
        cut.rewrite(*pairs)

    return edit


INSERTED = ("in = 2\nfor = 1.5", 'in = 1.5\nfor = 0.5\n[[scene.shot]]\nuse = "walk"\nin = 2\nfor = 1.5')
SEA = '[[scene.shot]]\nuse = "sea"\nin = 0.2\nfor = 2\nfit = "blur"\nlower_third = true\n'
LAYER = '[[scene.shot.layer]]\nuse = "drawing"\nplace = "top right 30%"\n'

PICTURES: dict[str, tuple[Edit, list[tuple[str, ...]]]] = {
    "nothing": (lambda cut: None, []),
    "the fit": (rewritten(('fit = "blur"', 'fit = "cover"')), [("changed", "one/2", "one/2", "fit: blur → cover")]),
    "where it begins": (
        rewritten(("in = 0.2", "in = 0.5")),
        [("changed", "one/2", "one/2", "in: 0:00.2 → 0:00.5")],
    ),
    "its speed": (
        rewritten(("in = 2\nfor = 1.5", "in = 2\nfor = 1.5\nspeed = 0.5\nmotion = \"flow\"")),
        [("changed", "one/3", "one/3", "speed: 1 → 0.5", "motion: nearest → flow")],
    ),
    "the way it plays": (
        rewritten(("in = 2\nfor = 1.5", "in = 1.5\nfor = 1\nreverse = true")),
        [
            (
                *("changed", "one/3", "one/3", "in: 0:02 → 0:01.5"),
                *("speed: 1 → 1, backwards", "length: 0:01.5 → 0:01"),
            )
        ],
    ),
    "its length": (
        rewritten(("in = 2\nfor = 1.5", "in = 2\nfor = 1")),
        [("changed", "one/3", "one/3", "length: 0:01.5 → 0:01")],
    ),
    "a shot in the middle of a scene": (
        rewritten(INSERTED),
        [("added", "one/3", None, "walk.mp4, 0:00.5 at 0:03")],
    ),
    "a shot less in the middle of a scene": (
        rewritten((SEA, "")),
        [("removed", "one/2", "one/2", "sea.webm, 0:02 at 0:01")],
    ),
    "another clip": (
        rewritten(('use = "sea"\nin = 1\n', 'use = "walk"\nin = 0.5\n')),
        [("changed", "two/3", "two/3", "walk.mp4 instead of sea.webm")],
    ),
    "a file": (
        sea_replaced,
        [(*("changed", name, name), "sea.webm was replaced") for name in ("one/2", "two/3")],
    ),
    "how a file is read": (
        rewritten(('file = "sea.webm"', 'file = "sea.webm"\nread_as = { rotation = 180 }'),
                  file="library/contributions.toml"),
        [(*("changed", name, name), "turned by degrees: 0 → 180") for name in ("one/2", "two/3")],
    ),
    "a scene elsewhere": (
        scenes_swapped,
        [
            ("moved", "three/1", "three/1", "it stood at 0:08, as three/1"),
            ("moved", "three/2", "three/2", "it stood at 0:09, as three/2"),
        ],
    ),
    "words": (
        rewritten(("Three years", "Four years")),
        [("changed", "two/1", "two/1", "words: “Three years later” → “Four years later”"), DISSOLVED],
    ),
    "a lower third": (
        rewritten(("lower_third = true", 'lower_third = { text = "Hi", at = 0.25, for = 1 }')),
        [
            (
                *("changed", "one/2", "one/2", "lower third: words: “Bo” → “Hi”"),
                "lower third: begins at: 0:00.5 → 0:00.25",
                "lower third: ends at: 0:02 → 0:01.25",
            )
        ],
    ),
    "what it is cut to": (
        counted(('title = "One"', 'title = "One"\ncut_to = "beat"')),
        [
            ("changed", "one/1", "one/1", "length: 0:01 → 0:01.208"),
            (
                *("changed", "one/2", "one/2", "length: 0:02 → 0:02.375"),
                "its cut: as it is told → 5 frames later, to the music",
            ),
            (
                *("changed", "one/3", "one/3", "length: 0:01.5 → 0:00.917"),
                "its cut: as it is told → 14 frames later, to the music",
            ),
        ],
    ),
    "a screen": (
        rewritten(("in = 1\nfor = 1\nsound", 'in = 1\nfor = 1\nkey = "green"\nsound')),
        [("changed", "two/3", "two/3", "key: none → green")],
    ),
    "a layer": (
        rewritten(('place = "top right 30%"', 'place = "top right 30%"\nopacity = 0.5')),
        [("changed", "two/1", "two/1", "layer drawing.png: opacity: 100% → 50%"), DISSOLVED],
    ),
    "a layer's place": (
        rewritten(("top right", "top left")),
        [
            ("changed", "two/1", "two/1", "layer drawing.png: place in pixels: 58×42 at 124, 6 → 58×42 at 10, 6"),
            DISSOLVED,
        ],
    ),
    "a layer less": (
        rewritten((LAYER, "")),
        [("changed", "two/1", "two/1", "drawing.png no longer hangs over it"), DISSOLVED],
    ),
    "a layer over a scene": (
        rewritten(('title = "Three"', 'title = "Three"\n[[scene.layer]]\nuse = "drawing"\nplace = "bottom left 20%"')),
        [
            (*("changed", name, name), "drawing.png hangs over the scene or the episode now")
            for name in ("three/1", "three/2")
        ],
    ),
    "a transition": (
        rewritten(('"dissolve 12f"', '"fade 6f"')),
        [
            ("changed", "two/1", "two/1", "shared with two/2 after it: 12 frames → 6 frames"),
            ("changed", "two/2", "two/2", "into: dissolve 12f → fade 6f"),
        ],
    ),
    "a transition less": (
        rewritten(('into = "dissolve 12f"\n', "")),
        [
            ("changed", "two/1", "two/1", "shared with two/2 after it: 12 frames → 0 frames"),
            ("changed", "two/2", "two/2", "into: dissolve 12f → cut"),
        ],
    ),
    "a contributor's name": (
        rewritten(('name = "Bo"', 'name = "Bo <i>"'), file="library/contributions.toml"),
        [
            ("changed", "one/2", "one/2", "lower third: words: “Bo” → “Bo <i>”"),
            ("changed", "credits/1", "credits/1", "the credits: Bo <i> came in", "the credits: Bo went out"),
        ],
    ),
    "a colour of the template": (
        rewritten(("#112233", "#445566"), file="look/template.toml"),
        [
            ("changed", "one/2", "one/2", "lower third: the template's colour accent: #112233 → #445566"),
            ("changed", "credits/1", "credits/1", "the template's colour accent: #112233 → #445566"),
        ],
    ),
    "type of the template": (
        template("[type.text]\nsize = 0.2"),
        [("changed", "two/1", "two/1", "the template's type, size: 0.075 → 0.2"), DISSOLVED],
    ),
    "a font of the template": (
        font_added,
        [
            (*("changed", name, name), "the template's font Own.ttf is new")
            for name in ("one/2", "two/1", "two/2", "credits/1")
        ],
    ),
}  # fmt: skip

SOUNDS: dict[str, tuple[Edit, list[tuple[str, ...]]]] = {
    "its repair": (
        rewritten(("until = 5", 'until = 5\nrepair = ["hum"]')),
        [("changed", "music song.wav", "repair: none → hum")],
    ),
    "gain": (rewritten(("until = 5", "until = 5\ngain = -3")), [("changed", "music song.wav", "gain in dB: 0 → -3")]),
    "fade": (
        rewritten(("until = 5", "until = 5\nfade_out = 1")),
        [("changed", "music song.wav", "fades out for: 0:00.01 → 0:01")],
    ),
    "in": (
        rewritten(("until = 5", "until = 4\nin = 1")),
        [("changed", "music song.wav", "in: 0:00 → 0:01", "length: 0:05 → 0:04")],
    ),
    "at": (
        rewritten(("until = 5", "for = 5\nat = 0.5")),
        [("changed", "music song.wav", "begins at: 0:00 → 0:00.5")],
    ),
    "speed": (
        rewritten(("until = 5", "until = 5\nspeed = 0.8\nreverse = true")),
        [("changed", "music song.wav", "speed: 1 → 0.8, backwards")],
    ),
    "duck": (
        rewritten(("until = 5", "until = 5\nduck = false")),
        [("changed", "music song.wav", "gives way to speech: whole → no")],
    ),
    "file": (song_replaced, [("changed", "music song.wav", "song.wav was replaced")]),
    "a shot's own": (
        rewritten(("sound = -6", "sound = -3")),
        [("changed", "two/3's own sound", "gain in dB: -6 → -3")],
    ),
    "a shot that is mute": (rewritten(("sound = -6", 'sound = "mute"')), [("removed", "two/3's own sound")]),
    "a shot's own, before and after its picture": (
        rewritten(("in = 1\nfor = 1\nsound", 'in = 1\nfor = 1\nsound_in = 0.5\nsound_out = "-6f"\nsound')),
        [("changed", "two/3's own sound", "sound_in: 0:00 → 0:00.5", "sound_out: 0:00 → -0:00.25")],
    ),
    "bars that are left out": (
        counted(("until = 5", 'until = 5\nfit = "scene"')),
        [("changed", "music song.wav", "length: 0:05 → 0:04.8", "jumps: none → from 0:02.4 to 0:03.6")],
    ),
    "room tone": (
        rewritten(('text = "Three years later"\n', 'text = "Three years later"\nroom_tone = true\n')),
        [("added", "room tone under two/1")],
    ),
    "another": (
        rewritten(('title = "Three"', 'title = "Three"\n[[scene.voice]]\nuse = "song"\nfor = 1')),
        [("added", "voice song.wav")],
    ),
}

FILMS: dict[str, tuple[Edit, list[str]]] = {
    "size": (rewritten(("[192, 108]", "[256, 144]")), ["size: 192×108 → 256×144"]),
    "rate": (rewritten(('title = "Cut"', 'title = "Cut"\nrate = "25"')), ["frames a second: 24 → 25"]),
    "coding": (rewritten(("size = [", 'video = { crf = "30" }\nsize = [')), ["picture coding, options crf: 18 → 30"]),
    "loudness": (
        rewritten(("size = [", "loudness = { integrated_lufs = -16 }\nsize = [")),
        ["loudness target in LUFS: -14 → -16"],
    ),
    "levels": (template("[levels]\nmusic = -30"), ["the template's level of music in LUFS: -24 → -30"]),
    "a chapter": (
        rewritten(('title = "Two"', 'title = "Zwei"')),
        ["the chapter “Two” is gone", "the chapter “Zwei” is new"],
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_what_changed_in_the_picture_is_told_and_nothing_else(cut: Cut, before: MasterRecord, name: str):
    edit, expected = PICTURES[name]
    edit(cut)
    after = cut.master()
    assert_all_told(before, after)
    changes = told(changes_between(before, after))
    assert changes == {"film": [], "shots": expected, "sounds": []}


@pytest.mark.parametrize("name", SOUNDS)
def test_what_changed_in_the_sound_is_told_and_nothing_else(cut: Cut, before: MasterRecord, name: str):
    edit, expected = SOUNDS[name]
    edit(cut)
    assert told(changes_between(before, cut.master())) == {"film": [], "shots": [], "sounds": expected}


@pytest.mark.parametrize("name", FILMS)
def test_what_changed_in_the_film_as_a_whole_is_told_once(cut: Cut, before: MasterRecord, name: str):
    edit, expected = FILMS[name]
    edit(cut)
    assert told(changes_between(before, cut.master())) == {"film": expected, "shots": [], "sounds": []}


def test_a_picture_that_is_held_is_told_and_the_sound_that_it_loses(cut: Cut, before: MasterRecord):
    cut.rewrite(("in = 2\nfor = 1.5", "in = 2\nfor = 1.5\nfreeze = true"))
    assert told(changes_between(before, cut.master())) == {
        "film": [],
        "shots": [("changed", "one/3", "one/3", "speed: 1 → one picture held")],
        "sounds": [("removed", "one/3's own sound")],
    }


def test_the_pace_of_a_layer_is_told(cut: Cut):
    layer = '[[scene.shot.layer]]\nuse = "walk"\nin = 1\nfor = 1\nplace = "top"\n'
    cut.rewrite((LAYER, layer))
    before = cut.master()
    cut.rewrite((layer, f"{layer}reverse = true\n"))
    changed = told(changes_between(before, cut.master()))["shots"]
    way = "layer walk.mp4: plays from: 0:01 → 0:01.958", "layer walk.mp4: speed: 1 → 1, backwards"
    assert changed == [("changed", "two/1", "two/1", *way)]


def test_the_title_is_told_and_where_it_is_seen(cut: Cut, before: MasterRecord):
    cut.rewrite(('title = "Cut"', 'title = "Cut two"'))
    changes = told(changes_between(before, cut.master()))
    assert changes["film"] == ["title: “Cut” → “Cut two”"]
    assert [shot[1] for shot in changes["shots"]] == ["credits/1"]


def test_code_is_a_reason_for_the_shots_that_it_makes(base: Cut, before: MasterRecord):
    changes = told(changes_between(before, base.master(edited="renderers.sources.still")))
    reason = "Crowdcut's code or a library under renderers.sources.still changed"
    assert changes["shots"] == [("changed", name, name, reason) for name in ("two/1", "two/2", "three/2")]
    changes = told(changes_between(before, base.master(edited="renderers.bus")))
    expected = ["Crowdcut's code or a library under renderers.bus changed"]
    assert changes == {"film": expected, "shots": [], "sounds": []}


def test_a_working_copy_tells_shots_apart_from_those_whose_name_on_screen_alone_changed(cut: Cut):
    before = cut.master("small")
    cut.rewrite(INSERTED)
    assert told(changes_between(before, cut.master("small")))["shots"] == [
        ("added", "one/3", None, "walk.mp4, 0:00.5 at 0:03"),
        ("renamed", "one/4", "one/3", "its name on screen: one/3 → one/4"),
    ]


def test_a_shot_that_is_changed_and_pushed_back_is_still_the_same_shot(cut: Cut, before: MasterRecord):
    cut.rewrite(INSERTED, ('fit = "blur"', 'fit = "cover"'), ('[[scene.shot]]\nuse = "walk"\nfor = 1\n',
                '[[scene.shot]]\ntext = "Hello"\nfor = 1\n[[scene.shot]]\nuse = "walk"\nfor = 1\n'))  # fmt: skip
    assert told(changes_between(before, cut.master()))["shots"] == [
        ("added", "one/1", None, "the words “Hello”, 0:01 at 0:00"),
        ("changed", "one/3", "one/2", "fit: blur → cover"),
        ("added", "one/4", None, "walk.mp4, 0:00.5 at 0:04"),
    ]


def test_lengths_and_loudness_are_told_against_the_master_before(cut: Cut, before: MasterRecord):
    cut.rewrite(INSERTED)
    after = cut.master()
    changes = changes_between(before, after)
    assert changes.since == before.built_at
    assert (changes.length_frames_before, changes.longer) == (before.length_frames, "+0:00.5")
    assert after.length_frames == before.length_frames + 12
    assert (changes.integrated_lufs_before, changes.true_peak_dbtp_before) == (-14.0, -1.2)
    assert changes_between(after, before).longer == "-0:00.5"


def test_whatever_is_changed_together_every_new_piece_has_its_reasons(base: Cut, before: MasterRecord, tmp_path: Path):
    edits = {**PICTURES, **SOUNDS, **FILMS}
    chance = random.Random(7)
    for number in range(8):
        cut = copied(base, tmp_path / str(number))
        for name in chance.sample(sorted(edits), 4):
            try:
                edits[name][0](cut)
            except AssertionError:
                continue  # what it changes is gone
        after = cut.master()
        assert_all_told(before, after)
        assert_all_told(after, before)
        assert changed_keys(before, before) == set()


@pytest.mark.parametrize(
    ("order", "moved"),
    [
        ([0, 1, 2], set()),
        ([2, 0, 1], {0}),
        ([1, 2, 0], {2}),
        ([3, 4, 0, 1, 2], {0, 1}),
        ([], set()),
        ([0, 5, 9], set()),
    ],
)
def test_as_few_shots_as_explain_the_order_are_moved(order: list[int], moved: set[int]):
    assert moved_of(dict(enumerate(order))) == moved


def test_a_record_comes_back_from_its_file_as_it_was(before: MasterRecord):
    assert read(written(before).encode()) == before
    assert before.format == FORMAT
    assert {piece.key for piece in before.pieces} | {before.mix, before.finish, before.master} <= before.keys.keys()


def test_what_is_no_whole_record_is_refused(before: MasterRecord):
    text = written(before)
    broken = (
        "", "[]", "null", '{"format":1}', text[:-100],
        text.replace('"format":1', '"format":99'), text.replace('"pieces":[', '"pieces":[{},'),
        text.replace(before.pieces[0].key, "0" * 32, 1), text.replace('"kind":"video"', '"kind":"hologram"'),
        text.replace('"box":', '"bag":'), text.replace('"file0":{', '"file9":{'),
    )  # fmt: skip
    for one in broken:
        with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind
            read(one.encode())
