"""The ledger bites: whatever is changed in a finished film, or fed into it, is found and named with its shot."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import pytest
from av import Packet
from small_film import SmallFilm, film_of, packets_of, remuxed, small_film
from sound_making import in_a_film

from crowdcut.findings import Finding
from crowdcut.ledger import suspects
from crowdcut.orders import PictureOrder
from crowdcut.plan import Plan
from crowdcut.sound.orders import FinishOrder
from renderers import finish, hear, master, picture
from renderers.composing import encode
from renderers.files.film_tags import film_tags
from renderers.job import Input

Found = list[tuple[str, str | None]]


@pytest.fixture(scope="module")
def film(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallFilm:
    return small_film(tmp_path_factory.mktemp("ledger") / "small", tiny_library)


def short(findings: tuple[Finding, ...]) -> Found:
    """Rule and shot of each."""
    return [(finding.rule, finding.where.shot) for finding in findings]


def first_frame(plan: Plan, shot: str) -> int:
    return plan.starts[plan.shots.index(shot)]


def test_an_untouched_film_has_no_findings(film: SmallFilm, tmp_path: Path):
    assert film.report["deliveries"][0]["verified"]
    assert film.findings(film.file) == ()
    assert film.findings(remuxed(film.file, tmp_path / "copy.mp4")) == ()


def test_every_piece_has_its_shot(film: SmallFilm):
    plan = film.delivery.plan
    assert plan.shots[:2] == ("one/1", "one/2")
    assert [plan.shots[number] for number in (2, 3, 4)] == ["two/1", "two/1", "two/2"]
    assert plan.starts[:5] == (0, 24, 36, 48, 84)


def joined_of(film: SmallFilm, out: Path, exchanged: dict[int, Path]) -> Path:
    """The film joined by the house's own renderer, of other pieces."""
    pieces = {number: Input(path=film.piece(number), facts={}) for number in range(len(film.delivery.plan.pictures))}
    pieces |= {number: Input(path=path, facts={}) for number, path in exchanged.items()}
    sound = film.store.find(film.delivery.plan.finish.key)
    assert sound is not None
    inputs = {f"piece{number}": piece for number, piece in pieces.items()}
    master.run(film.delivery.plan.master.order, {**inputs, "sound": Input(path=sound.file, facts={})}, out)
    return out


def test_two_pieces_exchanged_are_both_named(film: SmallFilm, tmp_path: Path):
    plan = film.delivery.plan
    one, two = 1, 2
    assert plan.pictures[one].frames == plan.pictures[two].frames
    swapped = joined_of(film, tmp_path / "swapped.mp4", {one: film.piece(two), two: film.piece(one)})
    assert short(film.findings(swapped)) == [("picture-packets", "one/2"), ("picture-packets", "two/1")]


@pytest.mark.parametrize("shot", ["one/1", "one/2", "two/1", "two/2"])
def test_a_packet_that_is_missing_is_named(film: SmallFilm, tmp_path: Path, shot: str):
    number = first_frame(film.delivery.plan, shot) + 5

    def without(packets: list[Packet]) -> list[Packet]:
        return packets[:number] + packets[number + 1 :]

    found = film.findings(remuxed(film.file, tmp_path / "dropped.mp4", video=without))
    assert short(found) == [("picture-packets", shot), ("timestamps", shot)]
    assert found[0].found.startswith("packet 6 of ")
    assert found[0].found.endswith("is missing")


def test_a_packet_left_out_without_a_gap_in_time_is_named(film: SmallFilm, tmp_path: Path):
    def closed_up(packets: list[Packet]) -> list[Packet]:
        times = [(packet.pts, packet.dts) for packet in packets]
        kept = packets[:30] + packets[31:]
        for packet, (pts, dts) in zip(kept, times, strict=False):
            packet.pts, packet.dts = pts, dts
        return kept

    found = film.findings(remuxed(film.file, tmp_path / "closed.mp4", video=closed_up))
    assert short(found)[0] == ("picture-packets", "one/2")


@pytest.mark.parametrize("shot", ["one/1", "two/1", "two/2"])
def test_a_packet_that_stands_twice_is_named(film: SmallFilm, tmp_path: Path, shot: str):
    number = first_frame(film.delivery.plan, shot) + 5

    def doubled(packets: list[Packet]) -> list[Packet]:
        again = packets_of(film.file, "video")[number]
        for packet in (again, *packets[number + 1 :]):
            tick = packet.duration or 0
            packet.pts, packet.dts = (packet.pts or 0) + tick, (packet.dts or 0) + tick
        return [*packets[: number + 1], again, *packets[number + 1 :]]

    found = film.findings(remuxed(film.file, tmp_path / "doubled.mp4", video=doubled))
    assert short(found)[0] == ("picture-packets", shot)
    assert found[0].found.endswith("stands twice")
    assert [finding.where.shot for finding in found if finding.rule == "picture-packets"] == [shot]


def test_pictures_shown_late_are_found(film: SmallFilm, tmp_path: Path):
    def late(packets: list[Packet]) -> list[Packet]:
        for packet in packets[40:]:
            packet.pts, packet.dts = (packet.pts or 0) + 1, (packet.dts or 0) + 1
        return packets

    found = film.findings(remuxed(film.file, tmp_path / "late.mp4", video=late))
    assert short(found) == [("timestamps", "two/1")]


@pytest.mark.parametrize("by", [1024, 100, 4000])
def test_sound_that_is_shifted_is_found(film: SmallFilm, tmp_path: Path, by: int):
    def shifted(packets: list[Packet]) -> list[Packet]:
        for packet in packets:
            packet.pts, packet.dts = (packet.pts or 0) + by, (packet.dts or 0) + by
        return packets

    found = film.findings(remuxed(film.file, tmp_path / "shifted.mp4", audio=shifted))
    assert short(found) == [("sound-start", "one/1")]
    assert found[0].found == f"sound starts {by} samples from the picture"


def test_a_gap_in_the_sound_is_found_where_it_is(film: SmallFilm, tmp_path: Path):
    at = 48_000 * 5 // 2 // 1024

    def gap(packets: list[Packet]) -> list[Packet]:
        return packets[:at] + packets[at + 1 :]

    found = film.findings(remuxed(film.file, tmp_path / "gap.mp4", audio=gap))
    assert ("sound-packets", "two/1") in short(found)


def test_sound_left_out_without_a_gap_is_found(film: SmallFilm, tmp_path: Path):
    def closed_up(packets: list[Packet]) -> list[Packet]:
        times = [(packet.pts, packet.dts) for packet in packets]
        kept = packets[:50] + packets[51:]
        for packet, (pts, dts) in zip(kept, times, strict=False):
            packet.pts, packet.dts = pts, dts
        return kept

    found = film.findings(remuxed(film.file, tmp_path / "closed.mp4", audio=closed_up))
    assert short(found)[0] == ("sound-packets", "one/2")


@pytest.mark.parametrize("frames", [1, -1, 30])
def test_a_chapter_that_moved_is_named_with_the_shot_it_should_begin(film: SmallFilm, tmp_path: Path, frames: int):
    def moved(chapters: list[dict]) -> list[dict]:
        shift = int(Fraction(frames, 24) / chapters[1]["time_base"])
        chapters[0]["end"] += shift
        chapters[1]["start"] += shift
        return chapters

    found = film.findings(remuxed(film.file, tmp_path / "moved.mp4", chapters=moved))
    assert short(found) == [("chapters", "two/1")]


@pytest.mark.parametrize(
    "changed",
    [lambda chapters: chapters[:1], lambda chapters: [{**one, "metadata": {"title": "Else"}} for one in chapters]],
    ids=["missing", "renamed"],
)
def test_chapters_missing_or_renamed_are_found(
    film: SmallFilm, tmp_path: Path, changed: Callable[[list[dict]], list[dict]]
):
    found = film.findings(remuxed(film.file, tmp_path / "chapters.mp4", chapters=changed))
    assert {finding.rule for finding in found} == {"chapters"}
    assert "two/1" in {finding.where.shot for finding in found}


def starting_later(order: PictureOrder, seconds: Fraction) -> PictureOrder:
    """The order, but from another moment of its source."""
    bottom = order.stack[0]
    later = replace(bottom, source=replace(bottom.source, start=bottom.source.start + seconds))
    return replace(order, stack=(later, *order.stack[1:]))


@pytest.mark.parametrize(
    ("number", "seconds"),
    [(0, Fraction(1, 25)), (1, Fraction(1, 25)), (1, Fraction(-1, 25)), (3, Fraction(1, 30)), (3, Fraction(-1, 30))],
)
def test_a_piece_of_the_neighbouring_source_picture_is_found(
    film: SmallFilm, tmp_path: Path, number: int, seconds: Fraction
):
    """The impostor is a perfect piece with a perfect proof, published under the key of the one that was planned."""
    job = film.delivery.plan.pictures[number]
    order = starting_later(job.order, seconds)
    files = {name: Input(path=path, facts={}) for name, path in job.files.items()}
    piece = tmp_path / "piece"
    facts = picture.run(order, files, piece)
    assert facts["shown"] != film.facts(job.key)["shown"]
    joined = joined_of(film, tmp_path / "joined.mp4", {number: piece})
    assert short(film.findings(joined, facts={job.key: facts})) == [
        ("source-picture", film.delivery.plan.shots[number]),
    ]
    assert film.delivery.plan.shots[number] in {
        finding.where.shot for finding in film.findings(joined) if finding.rule == "picture-packets"
    }


def test_a_piece_that_is_too_short_is_found(film: SmallFilm, tmp_path: Path):
    job = film.delivery.plan.pictures[0]
    files = {name: Input(path=path, facts={}) for name, path in job.files.items()}
    piece = tmp_path / "piece"
    facts = picture.run(replace(job.order, length_frames=job.frames - 1), files, piece)
    joined = joined_of(film, tmp_path / "joined.mp4", {0: piece})
    assert ("frames", "one/1") in short(film.findings(joined, facts={job.key: facts}))


@pytest.mark.parametrize(("lufs", "rules"), [(-16.0, {"loudness"}), (-12.0, {"loudness"})])
def test_wrong_loudness_is_found(film: SmallFilm, tmp_path: Path, lufs: float, rules: set[str]):
    """Sound made for another delivery, published under this one's key, with the proof it was given there."""
    plan = film.delivery.plan
    mix = film.store.find(plan.mix.key)
    assert mix is not None
    order: FinishOrder = plan.finish.order
    sound = tmp_path / "sound"
    facts = finish.run(replace(order, integrated_lufs=lufs), {"mix": Input(path=mix.file, facts=mix.facts)}, sound)
    film_with_it = remuxed(film.file, tmp_path / "loud.mp4", audio=lambda _: packets_of(in_a_film(sound), "audio"))
    found = film.findings(film_with_it, facts={plan.finish.key: dict(facts)})
    assert {finding.rule for finding in found} == rules
    assert f"{lufs:.0f}" in found[0].found.replace("-15.9", "-16").replace("-11.9", "-12")


@pytest.mark.parametrize(
    ("limits", "rules"),
    [
        ({}, set()),
        ({"max_short_term_lufs": -5.0, "max_momentary_lufs": -2.0, "max_range_lu": 30.0}, set()),
        ({"max_short_term_lufs": -30.0}, {"short-term"}),
        ({"max_momentary_lufs": -30.0}, {"momentary"}),
    ],
)
def test_what_is_louder_than_the_profile_bears_is_told_to_the_producer(
    film: SmallFilm, limits: dict[str, float], rules: set[str]
):
    held = replace(film, delivery=replace(film.delivery, profile=replace(film.delivery.profile, **limits)))
    found = held.findings(film.file)
    assert {finding.rule for finding in found} == rules
    assert {(finding.owner, finding.severity) for finding in found} <= {("producer", "warning")}


@pytest.mark.parametrize(("range_lu", "rules"), [(14.9, set()), (15.2, {"loudness-range"})])
def test_a_loudness_range_beyond_the_profiles_is_told(
    film: SmallFilm, monkeypatch: pytest.MonkeyPatch, range_lu: float, rules: set[str]
):
    held = replace(film, delivery=replace(film.delivery, profile=replace(film.delivery.profile, max_range_lu=15.0)))
    heard = hear.run
    monkeypatch.setattr(hear, "run", lambda *given: {**heard(*given), "range_lu": range_lu})
    assert {finding.rule for finding in held.findings(film.file)} == rules


@pytest.mark.parametrize("rule", ["sound-packets", "sound-start", "sound-length", "sound-gap", "loudness", "true-peak"])
def test_sound_that_is_complained_of_is_made_again(film: SmallFilm, rule: str):
    plan = film.delivery.plan
    assert suspects(plan, [Finding(rule=rule, found="a fault")]) == {
        *(bus.key for bus in plan.buses),
        plan.mix.key,
        plan.finish.key,
    }
    assert suspects(plan, [Finding(rule=rule, severity="warning", found="a fault")]) == set()


def test_damage_in_a_sound_is_told_to_its_contributor(film: SmallFilm):
    (job, *_) = [job for job in film.delivery.plan.sounds if job.kind == "prepare"]
    facts = {**film.facts(job.key), "remarks": ["Parts of its sound could not be decoded (packets: 5)."]}
    found = [
        one for one in film.findings(film_of(film.manifest), facts={job.key: facts}) if one.rule == "damaged-sound"
    ]
    assert [(one.owner, one.severity, one.where.file) for one in found] == [
        ("contributor", "warning", job.files["file"].name)
    ]
    assert "packets: 5" in found[0].found


def pieces_again(film: SmallFilm, folder: Path) -> dict[int, Path]:
    """Every piece of the film rendered once more."""
    made = {}
    for number, job in enumerate(film.delivery.plan.pictures):
        made[number] = folder / f"piece{number}"
        picture.run(job.order, {name: Input(path=path, facts={}) for name, path in job.files.items()}, made[number])
    return made


def tags_told(found: tuple[Finding, ...]) -> list[str]:
    return [finding.found for finding in found if finding.rule == "tags"]


def test_the_film_says_what_it_is_in_its_file_and_in_its_coding(film: SmallFilm):
    told = {"colour": ["bt709", "bt709", "bt709", "limited"], "sample_aspect_ratio": "1"}
    assert film_tags(film.file) == {"container": told, "coding": told}
    # The same, read by another program.
    program = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "trace", "-i", str(film.file)]
    copied = ["-map", "0:v", "-c", "copy", "-bsf", "trace_headers", "-frames:v", "1", "-f", "null", "-"]
    words = subprocess.run([*program, *copied], capture_output=True, text=True, check=True).stderr
    wanted = {"aspect_ratio_idc": 1, "video_full_range_flag": 0}
    wanted |= dict.fromkeys(("colour_primaries", "transfer_characteristics", "matrix_coefficients"), 1)
    for name, value in wanted.items():
        found = re.findall(rf"\b{name} +[01]+ = (\d+)", words)
        assert set(map(int, found)) == {value}
    assert "nclx: pri 1 trc 1 matrix 1 full 0" in words


def test_a_film_that_does_not_say_what_it_is_is_found(film: SmallFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for renderer in (encode, master):
        monkeypatch.setattr(renderer, "tag_bt709", lambda _context: None)
    untagged = joined_of(film, tmp_path / "untagged.mp4", pieces_again(film, tmp_path))
    found = tags_told(film.findings(untagged))
    assert len(found) == 2
    assert found[0].startswith("the film's container says of its colour: nothing")
    assert found[1].startswith("the film's coding says of its colour: ")


@pytest.mark.parametrize(("box", "what"), [(b"colr", "colour"), (b"pasp", "sample aspect ratio")])
def test_a_film_that_says_it_in_its_coding_alone_is_found(film: SmallFilm, tmp_path: Path, box: bytes, what: str):
    silent = tmp_path / "silent.mp4"
    silent.write_bytes(film.file.read_bytes().replace(box, b"free"))
    assert tags_told(film.findings(silent)) == [f"the film's container says of its {what}: nothing"]


def test_a_limiter_that_takes_much_away_is_told(film: SmallFilm):
    plan = film.delivery.plan
    facts = film.facts(plan.finish.key)
    hard = {**facts, "limiter": {**facts["limiter"], "max_reduction_db": 7.5, "seconds_working": 12.25}}
    (found,) = film.findings(film.file, facts={plan.finish.key: hard})
    assert (found.rule, found.severity, found.owner) == ("limiter", "warning", "producer")
    assert "up to 7.5 dB" in found.found
