"""What a good manifest says is what the manifest records, and each value knows where it came from."""

from fractions import Fraction
from pathlib import Path

import pytest
from manifest_making import EPISODE, make_episode, make_library

from crowdcut.episode import Freeze
from crowdcut.findings import Where
from crowdcut.manifest import Anchor, Credits, ExtraCredit, Into, LowerThird, Manifest, Place, manifest_from


def read(file: Path) -> Manifest:
    manifest, _, findings = manifest_from(file)
    assert findings == ()
    assert manifest is not None
    return manifest


def shots_of(folder: Path, body: str, top: str = ""):
    text = f'format = 1\ntitle = "T"\n{top}\n[[scene]]\nid = "s"\n{body}'
    return read(make_episode(folder, text)).scenes[0].shots


def lines(origin: dict[str, Where]) -> dict[str, int | None]:
    return {key: where.line for key, where in origin.items()}


def test_the_episode(tmp_path: Path) -> None:
    manifest = read(make_episode(tmp_path / "Folge 1: Ende"))
    assert (manifest.title, manifest.slug, manifest.template) == ("RE: Number One", "Folge-1-Ende", "variety")
    assert (manifest.rate, manifest.delivery, manifest.length) == (24, ("web",), 60)
    assert manifest.library_folders == (tmp_path / "Folge 1: Ende" / "library",)
    assert manifest.credits == Credits(title="Made by", extra=(ExtraCredit(role="Host", names=("Joe",)),))
    (music,) = manifest.sounds
    assert (music.bus, music.use) == ("music", "theme")
    assert music.at == Anchor(base="first", offset=Fraction(-1, 2))
    assert music.until == Anchor(base="end", offset=Fraction(-2))
    assert lines(manifest.origin) == {"": 1, "format": 1, "title": 2, "length": 3, "credits.title": 13}


def test_shots_layers_and_where_each_value_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (scene,) = read(make_episode(tmp_path)).scenes
    first, second = scene.shots
    assert (scene.id, scene.title, scene.chapter) == ("first", "The First Thing I Remember", True)
    assert (first.name, first.use, first.in_, first.out) == ("first/1", "moonrise", Fraction(7, 2), 9)
    assert (first.fit, first.sound, first.gain_db) == ("blur", "keep", -6.0)
    assert first.into == Into(kind="dissolve", length=Fraction(1, 2))
    assert first.lower_third == LowerThird()
    assert lines(first.origin) == {
        "": 26, "fit": 5, "sound": 25, "use": 27, "in": 28, "out": 29, "into": 30, "lower_third": 31,
    }  # fmt: skip
    assert first.origin["fit"] == Where(file="episode.toml", line=5, key="fit", scene="first", shot="first/1")
    (layer,) = first.layers
    assert (layer.use, layer.place) == ("robot", Place(horizontal="right", vertical="top", size=Fraction(3, 10)))
    assert (layer.origin[""].line, layer.origin["place"].shot) == (32, "first/1")
    assert (second.text, second.length, second.fit) == ("Three years later", 3, "contain")


def test_values_flow_down_highest_last(tmp_path: Path) -> None:
    top = """
[each]
style = "plain"
fit = "cover"
focus = "0.1,0.1"
sound = "mute"
note = "about every shot"
[style.plain]
fit = "blur"
[style.host]
focus = "0.2,0.2"
sound = -3
[clip.dot]
use = "moonrise"
in = 1
for = 4
sound = -9
note = "her best"
"""
    body = """
[scene.each]
style = "host"
lower_third = "all"
[[scene.shot]]
use = "dot"
[[scene.shot]]
use = "moonrise"
style = "plain"
sound = "keep"
lower_third = false
[[scene.shot]]
use = "dot"
out = 3
"""
    clip, plain, ended = shots_of(tmp_path, body, top)
    assert (clip.fit, clip.focus, clip.gain_db) == ("cover", (Fraction(1, 5), Fraction(1, 5)), -9.0)
    assert (clip.in_, clip.length, clip.note) == (1, 4, "her best")
    assert clip.lower_third == LowerThird(text="all")
    assert (plain.fit, plain.sound, plain.lower_third, plain.note) == ("blur", "keep", None, None)
    assert (ended.in_, ended.out, ended.length) == (1, 3, None)


def test_the_templates_own_values_are_lowest_and_have_no_origin(tmp_path: Path) -> None:
    file = make_episode(tmp_path, EPISODE.replace('[each]\nfit = "blur"\n', ""))
    manifest, _, findings = manifest_from(file, each_of=lambda _name, _where: {"fit": "cover", "lower_third": "t"})
    assert findings == ()
    assert manifest is not None
    shot = manifest.scenes[0].shots[0]
    assert (shot.fit, shot.lower_third) == ("cover", LowerThird())
    assert "fit" not in shot.origin
    _, _, (finding,) = manifest_from(file, each_of=lambda _name, _where: {"fit": "wide"})
    assert (finding.where.file, finding.rule) == ("template variety", "wrong-value")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("5.5", Fraction(11, 2)),
        ('"5.5"', Fraction(11, 2)),
        ('"0:03.5"', Fraction(7, 2)),
        ('"1:02:03.25"', Fraction(14893, 4)),
        ('"00:00:02:12"', Fraction(5, 2)),
        ('"72f"', Fraction(3)),
    ],
)
def test_times(tmp_path: Path, written: str, seconds: Fraction) -> None:
    (shot,) = shots_of(tmp_path, f'[[scene.shot]]\nuse = "moonrise"\nin = {written}\nfor = {written}\n')
    assert (shot.in_, shot.length) == (seconds, seconds)


def test_frames_count_at_the_programmes_rate(tmp_path: Path) -> None:
    (shot,) = shots_of(tmp_path, '[[scene.shot]]\ntext = "x"\nfor = "30f"\n', top='rate = "29.97"')
    assert shot.length == Fraction(1001, 1000)


@pytest.mark.parametrize(
    ("written", "anchor"),
    [
        ('"0:02"', Anchor(offset=Fraction(2))),
        ("-1", Anchor(offset=Fraction(-1))),
        ('"- 12f"', Anchor(offset=Fraction(-1, 2))),
        ('"end"', Anchor(base="end")),
        ('"end-2"', Anchor(base="end", offset=Fraction(-2))),
        ('"scene-2"', Anchor(base="scene-2")),
        ('"scene-2-2"', Anchor(base="scene-2", offset=Fraction(-2))),
        ('"scene-2 + 0:01.5"', Anchor(base="scene-2", offset=Fraction(3, 2))),
        ('"the lid"', Anchor(base="the lid")),
    ],
)
def test_anchors(tmp_path: Path, written: str, anchor: Anchor) -> None:
    text = f"""
format = 1
title = "T"
[[scene]]
[[scene.effect]]
use = "theme"
at = {written}
[[scene.shot]]
text = "x"
[[scene]]
[[scene.shot]]
text = "y"
id = "the lid"
"""
    (sound,) = read(make_episode(tmp_path, text)).scenes[0].sounds
    assert sound.at == anchor


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("top right 30%", Place(horizontal="right", vertical="top", size=Fraction(3, 10))),
        ("centre", Place()),
        ("12.5% left", Place(horizontal="left", size=Fraction(1, 8))),
        ("bottom center", Place(vertical="bottom")),
    ],
)
def test_places(tmp_path: Path, written: str, place: Place) -> None:
    body = f'[[scene.shot]]\ntext = "x"\n[[scene.shot.layer]]\nuse = "robot"\nplace = "{written}"\nopacity = 0.5\n'
    (shot,) = shots_of(tmp_path, body)
    assert (shot.layers[0].place, shot.layers[0].opacity) == (place, 0.5)


def test_cuts_cards_holes_and_lower_thirds(tmp_path: Path) -> None:
    body = """
[[scene.shot]]
card = "ident"
into = "fade 1"
[[scene.shot]]
wanted = "the lid comes off"
for = 4
into = "cut"
[[scene.shot]]
use = "robot.png"
focus = "0.25, 1"
[scene.shot.lower_third]
text = "Joe\\nHost"
at = 1
for = "12f"
"""
    card, hole, still = shots_of(tmp_path, body)
    assert (card.card, card.into) == ("ident", Into(kind="fade", length=Fraction(1)))
    assert (hole.wanted, hole.length, hole.into) == ("the lid comes off", 4, None)
    assert (still.use, still.focus) == ("robot", (Fraction(1, 4), 1))
    assert still.lower_third == LowerThird(text="Joe\nHost", at=Fraction(1), length=Fraction(1, 2))


def test_sounds_and_layers_take_the_piece_from_a_clip(tmp_path: Path) -> None:
    top = '[clip.hum]\nuse = "theme"\nin = 2\nfor = 3\n'
    body = """
[[scene.shot]]
text = "x"
[[scene.shot.layer]]
use = "hum"
[[scene.shot.voice]]
use = "hum"
gain = -3
fade_in = 0
fade_out = "12f"
[[scene.shot.effect]]
use = "hum"
loop = true
for = 20
[[scene.shot.effect]]
use = "hum"
out = 4
"""
    (shot,) = shots_of(tmp_path, body, top)
    layer = shot.layers[0]
    voice, looped, short = shot.sounds
    assert (layer.use, layer.in_, layer.length) == ("theme", 2, 3)
    assert (voice.bus, voice.in_, voice.out, voice.length, voice.gain_db) == ("voice", 2, 5, None, -3.0)
    assert (voice.fade_in, voice.fade_out) == (0, Fraction(1, 2))
    assert (looped.out, looped.length, looped.loop) == (5, 20, True)
    assert (short.in_, short.out) == (2, 4)


def test_layers_and_sounds_take_a_clips_pace(tmp_path: Path) -> None:
    top = '[clip.slow]\nuse = "moonrise"\nin = 2\nfor = 4\nspeed = 0.5\nmotion = "flow"\n'
    top += '[clip.held]\nuse = "moonrise"\nfreeze = 3\n'
    body = """
[[scene.shot]]
text = "x"
[[scene.shot.layer]]
use = "slow"
[[scene.shot.layer]]
use = "slow"
freeze = true
for = 2
[[scene.shot.layer]]
use = "held"
reverse = true
[[scene.shot.voice]]
use = "slow"
"""
    (shot,) = shots_of(tmp_path, body, top)
    slow, held, back = shot.layers
    assert (slow.speed, slow.length, slow.out, slow.motion) == (Fraction(1, 2), 4, None, "flow")
    assert (held.freeze, held.speed, held.length) == (Freeze(), 1, 2)
    assert (back.freeze, back.reverse) == (None, True)
    # The piece of the source that a shot of this clip would show.
    assert (shot.sounds[0].in_, shot.sounds[0].out, shot.sounds[0].speed) == (2, 4, Fraction(1, 2))


def test_what_of_a_clip_a_layer_or_sound_cannot_have_is_noted(tmp_path: Path) -> None:
    clip = '[clip.part]\nuse = "moonrise"\ncrop = "auto"\nfreeze = 3\n[[music]]\nuse = "part"\n'
    shot = '[[scene]]\nid = "s"\n[[scene.shot]]\ntext = "x"\n[[scene.shot.layer]]\nuse = "part"\n'
    text = f'format = 1\ntitle = "T"\n{clip}{shot}'
    _, _, findings = manifest_from(make_episode(tmp_path, text))
    told = [(one.rule, one.severity, one.found.split(" of ")[0]) for one in findings]
    note = ("clip-of-a-shot", "note")
    assert sorted(told) == [(*note, "the crop"), (*note, "the crop"), (*note, "the freeze")]


def test_extends_merges_tables_replaces_lists_and_names_the_right_file(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_library(tmp_path / "all")
    (tmp_path / "all.toml").write_text('format = 1\nrate = "25"\nlibrary = ["all"]\n[each]\nfit = "blur"\n')
    (tmp_path / "season").mkdir()
    (tmp_path / "season" / "season.toml").write_text(
        'extends = "../all.toml"\ndelivery = ["proxy", "web"]\n'
        '[each]\nsound = "loud"\n[credits]\ntitle = "A"\nseconds = 9\n'
    )
    file = make_episode(
        tmp_path / "one",
        'title = "One"\nextends = "../season/season.toml"\ndelivery = ["web"]\n[credits]\nseconds = 4\n'
        '[[scene]]\n[[scene.shot]]\nuse = "moonrise"\n',
    )
    manifest, _, (finding,) = manifest_from(file)
    assert manifest is not None
    assert (manifest.rate, manifest.delivery, manifest.slug) == (25, ("web",), "one")
    assert manifest.credits == Credits(title="A", seconds=Fraction(4))
    assert manifest.library_folders == (tmp_path / "all",)
    assert manifest.scenes[0].shots[0].origin["fit"].file == "all.toml"
    assert (finding.where.file, finding.where.line, finding.where.key) == ("season/season.toml", 4, "sound")


def test_library_and_store_are_relative_to_the_manifest_not_to_where_it_is_read(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    make_library(tmp_path / "shared")
    text = EPISODE.replace("[each]", 'library = ["library", "../shared"]\nstore = "../store"\n[each]', 1)
    make_episode(tmp_path / "one", text)
    (tmp_path / "shared" / "contributions.toml").write_text("")
    manifest, _, findings = manifest_from(Path("../one/episode.toml"))
    assert manifest is not None
    assert [finding.rule for finding in findings] == ["ambiguous-file"]  # theme.flac is in both
    assert [folder.resolve() for folder in manifest.library_folders] == [tmp_path / "one/library", tmp_path / "shared"]
    assert manifest.store is not None
    assert manifest.store.resolve() == tmp_path / "store"


def test_manifests_in_one_folder_make_films_of_their_own(tmp_path: Path) -> None:
    file = make_episode(tmp_path / "show")
    text = file.read_text(encoding="utf-8")
    for name in ("trailer.toml", "Folge 2.toml"):
        file.with_name(name).write_text(text, encoding="utf-8")
    slugs = [read(file.with_name(name)).slug for name in ("episode.toml", "trailer.toml", "Folge 2.toml")]
    assert slugs == ["show", "trailer", "Folge-2"]


def test_an_episode_of_words_needs_no_library(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text('format = 1\ntitle = "T"\n[[scene]]\n[[scene.shot]]\ntext = "x"\n')
    assert read(file).library_folders == ()
