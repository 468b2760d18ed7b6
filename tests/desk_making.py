"""Desks to lay episodes out on, without files: shots told in frames, contributions that were never examined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from crowdcut.cut.desk import Desk
from crowdcut.cut.placed import Timeline
from crowdcut.cut.spans import Stack
from crowdcut.episode import Into, Manifest, Scene, Shot
from crowdcut.library import Contribution, Contributor, Library, Part
from crowdcut.look import Look, look_from
from crowdcut.media import Media, Picture, Sound


@cache
def variety() -> Look:
    """Crowdcut's own template."""
    look, findings = look_from("variety", Path("/"))
    assert look is not None, findings
    return look


def film(seconds: Fraction | int = 60, *, rate: Fraction = Fraction(25), sound: bool = False) -> Media:
    """A clip of 640x360."""
    return Media(
        kind="video",
        container="mov",
        picture=Picture(
            stream=0,
            codec="h264",
            width=640,
            height=360,
            pixel_format="yuv420p",
            time_base=Fraction(1, 12800),
            duration=Fraction(seconds),
            frames=int(seconds * rate),
            rate=rate,
        ),
        sound=Sound(stream=1, codec="aac", rate=48000, channels=2, layout="stereo", duration=Fraction(seconds))
        if sound
        else None,
    )


def song(seconds: int = 60) -> Media:
    """A sound file."""
    heard = Sound(stream=0, codec="vorbis", rate=44100, channels=2, layout="stereo", duration=Fraction(seconds))
    return Media(kind="audio", container="ogg", sound=heard)


def library_of(media: Mapping[str, Media]) -> Library:
    """A library in which Ana made everything."""
    contributions = {
        name: Contribution(id=name, file=Path("/library") / name, name=name, by=(Part(contributor="ana"),))
        for name in media
    }
    return Library(contributors={"ana": Contributor(id="ana", name="Ana")}, contributions=contributions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A shot of words in programme frames."""

    frames: int
    into: int = 0
    kind: str = "dissolve"


def scene(name: str, shots: Sequence[Told], rate: Fraction) -> Scene:
    """A scene of such shots."""
    return Scene(
        id=name,
        title=name,
        shots=tuple(
            Shot(
                name=f"{name}/{number}",
                text="words",
                length=one.frames / rate,
                into=Into(kind=one.kind, length=one.into / rate) if one.into else None,
            )
            for number, one in enumerate(shots, 1)
        ),
    )


def desk_for(
    scenes: Sequence[Scene],
    *,
    rate: Fraction = Fraction(24),
    delivery: Fraction | None = None,
    media: Mapping[str, Media] | None = None,
    **more: object,
) -> Desk:
    """A desk with an episode of these scenes on it. ``more`` are further fields of the manifest."""
    manifest = Manifest(
        file=Path("/episode.toml"),
        title="An Episode",
        slug="episode",
        template="variety",
        rate=rate,
        delivery=("web",),
        scenes=tuple(scenes),
        **more,  # type: ignore[arg-type]
    )
    return Desk(
        manifest=manifest,
        library=library_of(media or {}),
        media=media or {},
        look=variety(),
        rate=delivery or rate,
        credits_frames=100,
        working_copy=False,
    )


def bare_stacks(timeline: Timeline) -> tuple[Stack, ...]:
    """The shots of a timeline as stacks of no layers."""
    return tuple(
        Stack(
            name=one.shot.name,
            start_frame=one.start_frame,
            length_frames=one.length_frames,
            layers=(),
            into_kind=one.into_kind,
            into_frames=one.into_frames,
        )
        for one in timeline.shots
    )
