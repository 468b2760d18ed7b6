"""The makers make what they say, and the demo's library has what its manifest asks for."""

import tomllib
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest
from av.filter import Graph

from crowdcut.manifest import manifest_from
from examples.demo import make_demo
from examples.demo.library import MAKERS, write_texts
from examples.makers import (
    chart,
    clicks,
    coded_picture,
    draw_frame_code,
    read_frame_code,
    silence,
    tone,
    tone_at_loudness,
    turned_picture,
    write_animation,
    write_clip,
    write_sound,
    write_still,
)
from examples.makers.footage import bustle
from examples.makers.talk import talk
from renderers.hearing.speech import SpeechFinder


def lumas(path: Path, *, width: int = 640, height: int = 360) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.reformat(width, height, "gray").to_ndarray() for frame in container.decode(video=0)]


def samples_of(path: Path) -> np.ndarray:
    """(samples, channels) float32."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("fltp")
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).T


def test_frame_codes_survive_x264_at_crf_28_and_640x360(tmp_path: Path):
    clip = write_clip(
        tmp_path / "small.mp4",
        width=640,
        height=360,
        frames=30,
        picture=coded_picture(640, 360, first=65_500),
        options={"preset": "veryfast", "crf": "28"},
    )
    assert [read_frame_code(luma) for luma in lumas(clip)] == list(range(65_500, 65_530))


@pytest.mark.parametrize(
    ("size", "box"), [((1920, 1080), (320, 180)), ((640, 480), (240, 180)), ((720, 1280), (202, 360))]
)
def test_frame_codes_are_read_scaled_and_in_the_middle_of_black(size: tuple[int, int], box: tuple[int, int]):
    picture = coded_picture(*size, first=1234)(0)
    small = av.VideoFrame.from_ndarray(picture).reformat(*box, "gray").to_ndarray()
    raster = np.zeros((360, 640) if box[1] == 360 else (180, 320), np.uint8)
    top, left = (raster.shape[0] - box[1]) // 2, (raster.shape[1] - box[0]) // 2
    raster[top : top + box[1], left : left + box[0]] = small
    assert read_frame_code(raster) == 1234
    assert read_frame_code(raster[top : top + box[1], left : left + box[0]]) == 1234


def test_no_number_is_read_where_there_is_none_for_certain():
    random = np.random.default_rng(1)
    one, other = (coded_picture(640, 360, first=number)(0)[..., 1] for number in (7, 50_000))
    half = ((one.astype(np.uint16) + other) // 2).astype(np.uint8)
    noise = random.integers(0, 256, (360, 640), np.uint8)
    assert read_frame_code(half) is None
    assert read_frame_code(noise) is None
    assert read_frame_code(chart(640, 360)[..., 1]) is None
    with pytest.raises(ValueError, match="65536 is not a frame code"):
        draw_frame_code(one, 65_536)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotation_is_a_display_matrix_and_turns_the_picture_upright(tmp_path: Path, degrees: int):
    upright = coded_picture(180, 320)
    width, height = (180, 320) if degrees == 180 else (320, 180)
    picture = turned_picture(upright, degrees=degrees)
    clip = write_clip(tmp_path / "phone.mov", width=width, height=height, frames=2, picture=picture, rotation=degrees)
    with av.open(str(clip)) as container:
        frame = next(container.decode(video=0))
    assert frame.rotation % 360 == -degrees % 360  # PyAV counts counter-clockwise
    turned = np.rot90(np.asarray(frame.to_ndarray(format="gray"), np.uint8), -degrees // 90)
    assert read_frame_code(turned) == 0
    assert turned[:12, :12].mean() > 220  # the chart's white corner


def test_containers_codecs_shapes_and_sound_are_as_asked(tmp_path: Path):
    sound = silence(seconds=1, rate=44_100, channels=1)
    mov = write_clip(tmp_path / "a.mov", rate=Fraction(30_000, 1001), sound=sound, sound_rate=44_100)
    webm = write_clip(tmp_path / "b.webm", codec="libvpx", sound=silence(seconds=1), sound_codec="vorbis")
    avi = write_clip(tmp_path / "c.avi", codec="mjpeg", pix_fmt="yuvj420p", sound=silence(seconds=1))
    found = []
    for path in (mov, webm, avi):
        with av.open(str(path)) as container:
            video, audio = container.streams.video[0], container.streams.audio[0]
            found.append((video.codec.name, video.average_rate, audio.codec.name, audio.rate, audio.channels))
        assert [read_frame_code(luma) for luma in lumas(path)] == list(range(25))
    assert found == [
        ("h264", Fraction(30_000, 1001), "aac", 44_100, 1),
        ("vp8", 25, "vorbis", 48_000, 2),
        ("mjpeg", 25, "pcm_s16le", 48_000, 2),
    ]


@pytest.mark.parametrize("order", ["tff", "bff"])
def test_interlaced_clips_weave_two_moments_and_say_so(tmp_path: Path, order: Literal["tff", "bff"]):
    clip = write_clip(
        tmp_path / "tape.mp4",
        width=720,
        height=576,
        frames=3,
        interlaced=order,
        sar=Fraction(64, 45),
        matrix="bt601",
    )
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        frames = [np.asarray(frame.to_ndarray(format="gray"), np.uint8) for frame in container.decode(stream)]
        assert (stream.codec_context.field_order, stream.sample_aspect_ratio) == (
            {"tff": 2, "bff": 3}[order],
            Fraction(64, 45),
        )
    first = 0 if order == "tff" else 1
    assert [read_frame_code(frame[first::2]) for frame in frames] == [0, 2, 4]
    assert [read_frame_code(frame[1 - first :: 2]) for frame in frames] == [1, 3, 5]


def test_uneven_rates_hold_each_picture_as_long_as_asked(tmp_path: Path):
    clip = write_clip(tmp_path / "uneven.mp4", frames=6, hold_ticks=(40, 20, 60), ticks_a_second=1000)
    with av.open(str(clip)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([0, 0.04, 0.06, 0.12, 0.16, 0.18])


def test_tones_have_the_level_they_are_asked_for(tmp_path: Path):
    path = write_sound(tmp_path / "tone.wav", tone(seconds=1, peak_dbfs=-20), rate=48_000)
    assert 20 * np.log10(np.abs(samples_of(path)).max()) == pytest.approx(-20, abs=0.01)
    assert np.abs(samples_of(write_sound(tmp_path / "hush.flac", silence(seconds=1), rate=48_000))).max() == 0


@pytest.mark.parametrize("channels", [1, 2])
def test_a_tone_of_known_loudness_reads_so(tmp_path: Path, channels: int):
    path = write_sound(tmp_path / "tone.wav", tone_at_loudness(seconds=3, lufs=-23, channels=channels), rate=48_000)
    assert integrated_lufs(path) == pytest.approx(-23, abs=0.1)


def integrated_lufs(path: Path) -> float:
    """FFmpeg's ebur128, as frame metadata."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        graph = Graph()
        nodes = graph.add_abuffer(template=stream), graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
        graph.link_nodes(*nodes).configure()
        loudness = float("nan")
        for frame in container.decode(stream):
            graph.push(frame)
            while True:
                try:
                    loudness = float(graph.pull().metadata.get("lavfi.r128.I", loudness))
                except (BlockingIOError, EOFError):
                    break
        return loudness


def test_clicks_are_at_their_samples(tmp_path: Path):
    path = write_sound(tmp_path / "clicks.flac", clicks(seconds=1, at_samples=(0, 24_000, 47_999)), rate=48_000)
    assert np.flatnonzero(samples_of(path)[:, 0]).tolist() == [0, 24_000, 47_999]


def test_animations_keep_alpha_order_and_durations(tmp_path: Path):
    pictures = [np.full((24, 32, 4), (200, 40 * n, 0, 60 * n), np.uint8) for n in range(4)]
    apng = write_animation(tmp_path / "a.apng", pictures, milliseconds=[40, 80, 120, 160])
    with av.open(str(apng)) as container:
        frames = list(container.decode(video=0))
    assert [frame.to_ndarray(format="rgba")[0, 0].tolist() for frame in frames] == [p[0, 0].tolist() for p in pictures]
    assert [frame.time for frame in frames] == pytest.approx([0, 0.04, 0.12, 0.24])
    gif = write_animation(tmp_path / "a.gif", [coded_picture(320, 180)(n) for n in range(3)], milliseconds=100)
    assert [read_frame_code(luma) for luma in lumas(gif)] == [0, 1, 2]
    still = write_still(tmp_path / "a.jpg", coded_picture(320, 180, first=9)(0))
    assert [read_frame_code(luma) for luma in lumas(still)] == [9]


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's manifest over a library of empty files."""
    folder = tmp_path_factory.mktemp("laid")
    for name in MAKERS:
        (folder / "library" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "library" / name).touch()
    return write_texts(folder)


def test_the_demo_is_a_crowd(laid: Path):
    told = tomllib.loads((laid.parent / "library/contributions.toml").read_text(encoding="utf-8"))
    names = [letter for who in told["contributor"] for letter in who["name"] if letter.isalpha()]
    assert {each["file"] for each in told["contribution"]} == set(MAKERS)
    assert len(MAKERS) >= 24
    assert len({unicodedata.name(letter).split()[0] for letter in names}) >= 6
    assert sum("made_from" in each for each in told["contribution"]) >= 2
    assert len({each["role"] for each in told["contribution"]}) >= 6


def test_the_demo_manifest_has_no_findings_and_lasts_60_to_90_seconds(laid: Path):
    manifest, library, findings = manifest_from(laid)
    assert [str(finding) for finding in findings] == []
    assert manifest is not None
    shots = [shot for scene in manifest.scenes for shot in scene.shots]
    lengths = [shot.length or manifest.credits.seconds or Fraction(0) for shot in shots]
    overlaps = [shot.into.length for shot in shots if shot.into is not None]
    assert 60 <= sum(lengths) - sum(overlaps) <= 90
    sounds = [*manifest.sounds, *(sound for scene in manifest.scenes for sound in scene.sounds)]
    used = {shot.use for shot in shots if shot.use} | {sound.use for sound in sounds}
    assert used <= library.contributions.keys()
    assert (shots[0].card, shots[-1].card) == ("ident", "credits")


def test_the_demo_cuts_on_the_beat(laid: Path):
    manifest, _, _ = manifest_from(laid)
    assert manifest is not None
    start, starts = Fraction(0), []
    for shot in (shot for scene in manifest.scenes for shot in scene.shots):
        start -= shot.into.length if shot.into is not None else 0
        starts.append(start)
        start += shot.length or 0
    assert [at for at in starts if at * manifest.rate % 15] == []


def test_the_demo_has_clear_ground_and_uneven_rates(tmp_path: Path):
    birds, chalk = tmp_path / "birds.png", tmp_path / "chalk.mp4"
    MAKERS["pictures/swallows.png"](birds)
    MAKERS["video/dandelion chalk.mp4"](chalk)
    with av.open(str(birds)) as container:
        alpha = np.stack([frame.to_ndarray(format="rgba")[..., 3] for frame in container.decode(video=0)])
    with av.open(str(chalk)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert 0 < (alpha[10:30] > 0).mean() < 0.1
    assert len(set(np.diff(times).round(6))) == 3


@pytest.mark.long
def test_the_whole_demo_has_the_formats_that_phones_tapes_and_screens_give(tmp_path: Path):
    told: list[str] = []
    folder = make_demo(tmp_path, progress=told.append).parent
    seen: set[str] = set()
    for path in (folder / "library/video").iterdir():
        with av.open(str(path)) as container:
            video, audio = container.streams.video[0], next(iter(container.streams.audio), None)
            frame = next(container.decode(video=0))
            assert frame.height >= 360
            seen |= {f"{path.suffix.lower()[1:]}/{video.codec.name}", f"rate {video.average_rate}"}
            seen |= {f"turned {frame.rotation}", f"interlaced {frame.interlaced_frame}"}
            seen.add(f"sound {audio.codec.name} {audio.rate} {audio.channels}" if audio else "silent")
    assert told == list(MAKERS)
    assert seen >= {"mp4/h264", "mov/h264", "webm/vp8", "webm/vp9", "avi/mjpeg", "mpg/mpeg2video", "mkv/h264", "silent"}
    assert seen >= {"sound aac 44100 1", "sound opus 48000 1", "sound vorbis 44100 2", "sound pcm_s16le 44100 1"}
    assert seen >= {"rate 25", "rate 30000/1001", "rate 60", "rate 24000/1001", "turned -90", "interlaced True"}
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 60_000_000


@pytest.mark.parametrize(("made", "least", "most"), [(talk, 0.65, 1.0), (bustle, 0.0, 0.1)])
def test_talk_is_heard_as_speech_and_bustle_is_not(made, least: float, most: float):
    for seed in (1, 2):
        sound = made(seconds=4, seed=seed)
        assert np.array_equal(sound, made(seconds=4, seed=seed))
        assert 0.3 < np.abs(sound).max() <= 0.5
        finder = SpeechFinder()
        finder.take(np.ascontiguousarray(sound.T))
        assert least <= sum(end - start for start, end in finder.runs()) / len(sound) <= most
