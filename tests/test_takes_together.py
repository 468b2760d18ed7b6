"""Takes of one song, sung apart: each is found on its guide's clock, and one of another song is not."""

from dataclasses import replace
from fractions import Fraction
from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest

from crowdcut.contributions import Contribution, Library
from crowdcut.episode import Anchor, Manifest, Shot, Sound
from crowdcut.manifest import manifest_from
from crowdcut.media import Media
from crowdcut.media import Sound as SoundStream
from crowdcut.records import record_from
from crowdcut.song.synced import absent, picture_in_time, strangers, synced, take_in_time
from crowdcut.song.takes import CONFIDENCE_LEAST, Alignment
from crowdcut.sound.orders import AlignOrder, Cue, Heard, OnsetsOrder, PrepareOrder
from examples.makers.choir import by_clock, in_room, song, sung
from examples.makers.sounds import write_sound
from renderers import align, onsets, prepare
from renderers.job import Input
from renderers.mixing.cues import Voice, added_up
from renderers.onsets import Sung, sung_in
from renderers.sound.pcm import bytes_of

SECONDS = 100
SONG = song(seed=1, seconds=SECONDS)
HEARD = Heard(stream=0, origin=Fraction(0))
SILENCE = np.zeros(48_000 * 20, np.float32)


def take_of(notes, *, seed, lead, ppm, octave=0):
    """As it is made at home: own timing, own voice, a room, a recorder's clock."""
    return by_clock(in_room(sung(notes, seed=seed, lead=lead, octave=octave), seed=seed), ppm=ppm)


def heard_of(sound):
    """Its onsets and notes."""
    stereo = np.stack([sound, sound]).astype(np.float32)
    return sung_in(stereo[:, first : first + 480_000] for first in range(0, stereo.shape[1], 480_000))


def part_of(sung, part):
    """Some of its frames."""
    there = (sung.notes[:, 0] >= part.start) & (sung.notes[:, 0] < part.stop)
    return Sung(onsets=sung.onsets[part], notes=sung.notes[there] - (part.start, 0))


def written(folder, name, sound):
    return write_sound(folder / name, sound[:, None], rate=48_000)


@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    return written(tmp_path_factory.mktemp("guide"), "guide.flac", in_room(sung(SONG, seed=100, jitter=0), seed=7))


def aligned(guide, take):
    inputs = {}
    for name, file in (("guide", guide), ("take", take)):
        heard = file.with_suffix(".onsets")
        onsets.run(OnsetsOrder(heard=HEARD), {"file": Input(path=file)}, heard)
        inputs[name] = Input(path=heard)
    return record_from(align.run(AlignOrder(), inputs, take), Alignment)


@pytest.mark.parametrize(("seed", "lead", "ppm", "octave"), [(0, 30.0, 100, 0), (3, 2.0, -100, -1)])
def test_a_take_is_found_on_its_guides_clock(tmp_path, guide, seed, lead, ppm, octave):
    take = written(tmp_path, "take.flac", take_of(SONG, seed=seed, lead=lead, ppm=ppm, octave=octave))
    found = aligned(guide, take)
    missed = [
        float(found.take_time(Fraction(at))) - (lead + at) * (1 + ppm / 1e6)
        for at in (SECONDS // 4, SECONDS // 2, SECONDS * 3 // 4)
    ]
    assert max(map(abs, missed)) < 0.010, (found, missed)
    assert found.confidence > 0.8, found


def test_a_take_of_another_song_in_the_same_key_and_at_the_same_speed_is_known_for_one(tmp_path, guide):
    other = song(seed=2, seconds=SECONDS)
    found = aligned(guide, written(tmp_path, "other.flac", take_of(other, seed=5, lead=1.0, ppm=0)))
    assert found.confidence < CONFIDENCE_LEAST - 0.2, found


def test_something_of_another_song_lies_nowhere_in_particular():
    """Neither song's parts are taken for the other's; the right song's are found from twenty seconds on."""
    mine, other = (heard_of(sung(song(seed=seed, seconds=50), seed=100, jitter=0)) for seed in (1, 2))
    strange, right = (heard_of(take_of(song(seed=seed, seconds=50), seed=5, lead=0, ppm=0)) for seed in (2, 1))
    for first, seconds in ((at, long) for long in (10, 15, 20, 30) for at in range(0, 50 - long, 8)):
        part = slice(first * 100, (first + seconds) * 100)
        assert not align.aligned(mine, part_of(strange, part)).trusted
        assert not align.aligned(other, part_of(right, part)).trusted
        found = align.aligned(mine, part_of(right, part))
        assert found.trusted or seconds < 20
        assert not found.trusted or abs(found.offset + first) < 0.05


def test_a_part_of_the_song_in_a_long_recording_is_a_take():
    """Half a minute of it, an octave lower, after noise and before more of it."""
    part = [one for one in SONG if 30 <= one.start < 62]
    take = np.concatenate([sung(part, seed=4, octave=-1), SILENCE])
    found = align.aligned(heard_of(sung(SONG, seed=100, jitter=0)), heard_of(in_room(take, seed=4)))
    assert found.trusted
    assert abs(found.offset) < 0.03


def test_verses_in_another_order_are_no_take():
    """Half of it lies in time; what does not is said."""
    moved = {0: 0, 25: 25, 50: -25, 75: 0}
    notes = [replace(one, start=one.start + moved[int(one.start // 25) * 25]) for one in SONG]
    found = align.aligned(
        heard_of(sung(SONG, seed=100, jitter=0)),
        heard_of(take_of(sorted(notes, key=attrgetter("start")), seed=6, lead=1, ppm=0)),
    )
    assert found.confidence >= CONFIDENCE_LEAST
    assert found.strays is not None
    assert not found.trusted


def test_a_clock_is_not_drawn_to_the_guides():
    """Notes exactly in time by a clock that is 60 ppm fast; read in a straight line between frames none is found."""
    rng = np.random.default_rng(1)
    starts, classes = np.arange(50, 11_900, 60) + rng.uniform(-10, 10, 198), rng.integers(12, size=198)

    def onsets_at(times):
        made = np.zeros((12_200, 12))
        for at, one in zip(times, classes, strict=True):
            made[:, one] += np.exp(-0.5 * np.square((np.arange(12_200) - at) / 6))
        return Sung(onsets=made, notes=np.zeros((0, 2)))

    found = align.aligned(onsets_at(starts), onsets_at(100 + starts * (1 + 60e-6)))
    assert 20 <= found.drift_ppm <= 60
    assert float(found.take_time(Fraction(60))) == pytest.approx(1 + 60 * (1 + 60e-6), abs=0.001)


def test_why_a_take_is_none_is_said():
    people = {one: Contribution(id=one, file=Path(one), name=one) for one in ("song", "ana")}
    library = Library(contributors={}, contributions=people)
    empty = {"file": Path("e"), "title": "", "slug": "", "template": "", "rate": Fraction(24), "delivery": ()}
    manifest = Manifest(**empty, sounds=(Sound(bus="music", use="ana", guide="song"),))

    def said(**more):
        known = {"offset": Fraction(0), "drift_ppm": 0, "confidence": 0.9, "residual_ms": 0.0, "windows": 9}
        return [one.found for _, one in strangers(manifest, library, {("song", "ana"): Alignment(**known | more)})]

    assert said() == []
    start = "ana is no take of song: "
    assert said(confidence=0.0, windows=2) == [f"{start}too little of it sounds while its song does"]
    assert said(confidence=0.31) == [f"{start}it lies hardly better at one place than elsewhere (confidence 31%)"]
    assert said(semitones=-1) == [f"{start}it is a semitone lower than its guide"]
    assert said(semitones=5) == [f"{start}it is 5 semitones higher than its guide"]
    assert said(strays=Fraction(26)) == [f"{start}from 0:26 on it is at another place of the song than the rest of it"]


def test_silence_and_a_moment_are_no_take(tmp_path, guide):
    for length in (100, 48_000 * 20):
        assert aligned(guide, written(tmp_path, f"{length}.wav", SILENCE[:length])).confidence == 0


@pytest.mark.parametrize(("speed", "apart"), [(Fraction(10_004, 10_000), 1), (Fraction(9_996, 10_000), 1), (1, 384)])
def test_a_take_is_played_by_its_guides_clock(tmp_path, speed, apart):
    """A tone burst after 20 s of a clock 400 ppm fast or slow; played by its own clock it is 8 ms late."""
    ppm = float(speed - 1) * 1e6 or 400.0
    burst = np.zeros(48_000 * 21, np.float32)
    burst[48_000 * 20 :] = 0.5 * np.sin(np.arange(48_000) * 0.13)
    take = written(tmp_path, "take.wav", by_clock(burst, ppm=ppm))
    order = PrepareOrder(
        stream=0, origin=Fraction(0), start_sample=0, length_samples=48_000 * 21, speed=Fraction(speed)
    )
    prepare.run(order, {"file": Input(path=take)}, tmp_path / "prepared")
    found = np.fromfile(tmp_path / "prepared", "<f4").reshape(-1, 2)[:, 0]
    assert int(np.argmax(np.abs(found) > 0.05)) - 48_000 * 20 == pytest.approx(apart if speed == 1 else 0, abs=2)
    level = float(np.sqrt(np.mean(np.square(found[48_000 * 20 + 4_800 : -4_800]))))
    assert level == pytest.approx(0.5 / 2, rel=0.01)  # mono on both sides at -3 dB, a sine's RMS 3 dB under its peak


def test_times_of_a_take_are_its_guides():
    take = Sound(bus="music", use="ana", guide="song", in_=Fraction(10), length=Fraction(20))
    early = Alignment(offset=Fraction(30), drift_ppm=100, confidence=1.0, residual_ms=0.0, windows=9)
    found = take_in_time(take, early)
    assert (found.in_, found.out, found.length) == (Fraction("40.001"), Fraction("60.003"), None)
    assert (found.speed, found.at) == (Fraction("1.0001"), Anchor())
    late = Alignment(offset=Fraction(-12), drift_ppm=0, confidence=1.0, residual_ms=0.0, windows=9)
    found = take_in_time(take, late)
    assert (found.in_, found.out, found.at) == (0, 18, Anchor(offset=Fraction(2)))


def test_a_picture_that_began_late_begins_before_its_clip():
    late = Alignment(offset=Fraction(-12), drift_ppm=100, confidence=1.0, residual_ms=0.0, windows=9)
    found = picture_in_time(Shot(name="s/1", use="ana", guide="song", out=Fraction(20), length=Fraction(3)), late)
    assert (found.in_, found.out, found.length) == (-12, Fraction("8.002"), 3)
    assert found.speed == Fraction("1.0001")


def _reader(tmp_path):
    """What is read of lines in an episode over two songs and a choir."""
    (tmp_path / "library").mkdir()
    for name in ("ana", "band", "bo", "cy"):
        (tmp_path / "library" / f"{name}.wav").touch()
    names = ("ana", "band", "bo", "cy")
    listed = "".join(f'[[contribution]]\nid = "{one}"\nfile = "{one}.wav"\nby = ["x"]\n' for one in names)
    (tmp_path / "library" / "contributions.toml").write_text(f'[[contributor]]\nid = "x"\nname = "X"\n{listed}')

    def read(text):
        (tmp_path / "episode.toml").write_text(f'format = 1\ntitle = "T"\n{text}')
        manifest, _, findings = manifest_from(tmp_path / "episode.toml")
        return manifest, {one.rule for one in findings if one.severity == "error"}

    return read


def test_the_words_make_a_take_of_a_sound(tmp_path):
    """Read as written; without its guide, or at a speed of its own, it is complained of."""
    read = _reader(tmp_path)

    def sound(*lines):
        joined = "\n".join(lines)
        return read(f'[[voice]]\nuse = "ana"\n{joined}\n[[scene]]\n[[scene.shot]]\ntext = "T"\n')

    manifest, rules = sound('sync = "song"', 'guide = "band.wav"')
    assert (manifest.sounds[0].guide, rules) == ("band", set())
    assert sound('sync = "song"')[1] == {"no-guide"}
    assert sound('guide = "band.wav"')[1] == {"unfitting-key"}
    assert sound('sync = "song"', 'guide = "band.wav"', "speed = 2")[1] == {"unfitting-key"}


def test_a_list_or_a_pattern_is_all_of_its_sounds_at_once(tmp_path):
    """Each with the table's values and its own; who is named is not taken from the pattern as well."""
    read = _reader(tmp_path)

    def used(use):
        manifest, rules = read(
            f'[[music]]\nuse = {use}\nguide = "band"\nsync = "song"\ngain = -3\n[[scene]]\n[[scene.shot]]\ntext = "T"\n'
        )
        return rules or [(one.use, one.gain_db, one.guide) for one in manifest.sounds]

    assert used('["ana", "bo"]') == [("ana", -3.0, "band"), ("bo", -3.0, "band")]
    assert used('["?*.wav", { use = "bo", gain = 4 }]') == [
        ("ana", -3.0, "band"),
        ("band", -3.0, "band"),
        ("cy", -3.0, "band"),
        ("bo", 4.0, "band"),
    ]
    assert used('"[ac]*.wav"') == [("ana", -3.0, "band"), ("cy", -3.0, "band")]
    assert used('"*.flac"') == {"unknown-contribution"}
    assert used("[]") == {"wrong-value"}
    assert used("[3]") == {"wrong-type"}


def test_the_words_flow_down_to_shots_and_cells(tmp_path):
    """From a scene to its shots, from a shot to its cells; false takes them away."""
    read = _reader(tmp_path)
    scene = '[[scene]]\n[scene.each]\nsync = "song"\nguide = "band"\n'
    text = (
        '[[scene.shot]]\nuse = "ana"\n'
        '[[scene.shot]]\nuse = "bo"\nsync = false\n'
        '[[scene.shot]]\nuse = ["[ac]*.wav", { use = "bo", sync = false }]\nlayout = "grid"\n'
    )
    manifest, rules = read(scene + text)
    one, other, grid = manifest.scenes[0].shots
    assert rules == set()
    assert (one.guide, other.guide) == ("band", None)
    assert [(cell.use, cell.guide) for cell in grid.cells] == [("ana", "band"), ("cy", "band"), ("bo", None)]
    assert read('[[scene]]\n[[scene.shot]]\nuse = "ana"\nguide = "band"\n')[1] == {"unfitting-key"}
    assert read(f'{scene}[[scene.shot]]\nuse = "ana"\nfreeze = true\n')[1] == {"unfitting-key"}


def test_a_choir_stands_from_left_to_right():
    takes = {
        ("song", one): Alignment(offset=0, drift_ppm=0, confidence=1.0, residual_ms=0.0, windows=9) for one in "abc"
    }
    sounds = tuple(Sound(bus="music", use=one, guide="song") for one in ("song", "a", "b", "c"))
    empty = {"file": Path("e"), "title": "", "slug": "", "template": "", "rate": Fraction(24), "delivery": ()}
    nobody, media = Library(contributors={}, contributions={}), dict.fromkeys("abc", Media())
    made = synced(Manifest(**empty, sounds=sounds), nobody, media, takes)
    assert [one.pan for one in made.sounds] == [None, Fraction(-7, 10), 0, Fraction(7, 10)]
    assert [one.gain_db for one in made.sounds] == [0, -4.77, -4.77, -4.77]
    alone = synced(Manifest(**empty, sounds=sounds), nobody, media, takes, frozenset({("song", "a"), ("song", "b")}))
    assert [(one.use, one.pan) for one in alone.sounds] == [("song", None), ("c", None)]


def test_who_has_nothing_of_what_is_heard_is_left_out_and_told():
    """Of twenty seconds of a song from its tenth on: one came later, one was gone by then."""
    offsets = {"there": 0, "later": -30, "gone": 52}
    takes = {
        ("song", one): Alignment(offset=Fraction(at), drift_ppm=0, confidence=1.0, residual_ms=0.0, windows=9)
        for one, at in offsets.items()
    }
    heard = SoundStream(stream=0, codec="flac", rate=48_000, channels=1, layout="mono", duration=Fraction(60))
    known = dict.fromkeys(offsets, Media(kind="audio", sound=heard))
    people = {one: Contribution(id=one, file=Path(one), name=one) for one in ("song", *offsets)}
    library = Library(contributors={}, contributions=people)
    sounds = tuple(Sound(bus="music", use=one, guide="song", in_=Fraction(10), length=Fraction(20)) for one in offsets)
    empty = {"file": Path("e"), "title": "", "slug": "", "template": "", "rate": Fraction(24), "delivery": ()}
    manifest = Manifest(**empty, sounds=sounds)
    assert [one.use for one in synced(manifest, library, known, takes).sounds] == ["there"]
    notes = list(absent(manifest, library, known, takes))
    assert {one.severity for one in notes} == {"note"}
    assert [one.found for one in notes] == [
        "later lasts from 0:30 to 1:30 of song: it is not heard here",
        "gone lasts from -0:52 to 0:08 of song: it is not heard here",
    ]


@pytest.mark.parametrize("pan", [None, -1, Fraction(-7, 10), 0, Fraction(1, 2), 1])
def test_whoever_stands_aside_is_as_loud(tmp_path, pan):
    """Equal power wherever it is heard from, and on the side it is said to be."""
    mono = np.full((2, 100), 0.1 / np.sqrt(2), np.float32)
    (tmp_path / "a").write_bytes(bytes_of(mono))
    cue = Cue(prepared="a", listened="a", start_sample=0, length_samples=100, bus="music", pan=pan)
    left, right = added_up([Voice(cue=cue, path=tmp_path / "a", amplitude=1.0)], 0, 100)[:, 50]
    assert left**2 + right**2 == pytest.approx(0.01, rel=1e-4)
    turned = 4 / np.pi * np.arctan2(right, left) - 1
    assert turned == pytest.approx(float(pan or 0), abs=1e-3)
