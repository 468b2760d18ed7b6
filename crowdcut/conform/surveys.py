"""Which shots need their clips looked through before they can be planned, and the jobs that do it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import displayed_size, whole_raster
from crowdcut.contributions import Library
from crowdcut.cut.pace import source_begin, speed_of
from crowdcut.episode import Manifest, Shot, ShotPart
from crowdcut.media import Media, Picture
from crowdcut.orders import Animation, Raster, Source, Still, SurveyOrder, Video, drawn_by
from crowdcut.plan import Job, Sources, job_for
from crowdcut.timing import nearest

SIDE_MAX = 4096
"""Pixels of a surveyed picture's longer side; a larger picture is measured at a half or a third of its size."""
_RATE_MAX = Fraction(240)
_GIF_RATE = Fraction(50)
"""Browsers show no picture of an animation for less than 20 ms."""
_GREY = (128, 128, 128)
"""Under what is transparent: it is no bar."""


def needs_survey(shot: Shot) -> bool:
    """Whether what a shot or a cell shows of its clip hangs on what is in it."""
    if shot.use is None:
        return False
    points = shot.ken_burns is not None and shot.ken_burns.way != "between"
    follows = shot.ken_burns is None and shot.fit == "cover"
    return shot.crop == "auto" or (shot.find_focus and (points or follows))


def _raster(picture: Picture, rate: Fraction) -> Raster:
    wide, high = displayed_size(picture, picture.rotation)
    factor = -(-max(wide, high) // SIDE_MAX)
    width, height = (max(2, 2 * nearest(side / factor / 2)) for side in (wide, high))
    return Raster(width=width, height=height, rate=rate)


def _range(shot: Shot, media: Media) -> tuple[Fraction, Fraction]:
    """Where in its source a shot begins, and how many seconds of it are seen."""
    start, speed = source_begin(shot), abs(speed_of(shot, media))
    assert media.picture is not None
    if media.kind != "video":
        return start, media.picture.duration
    end = media.picture.duration
    if not speed:
        end = start  # one picture is held
    elif shot.length is not None:
        end = min(end, start + shot.length * speed)
    elif shot.out is not None:
        end = min(end, shot.out)
    return start, max(Fraction(0), end - start)


def survey_order(shot: Shot, media: Media) -> SurveyOrder:
    """The order that looks through the used range of a shot's clip, picture by picture; its file is called ``file``."""
    picture = media.picture
    assert picture is not None
    start, length = _range(shot, media)
    rate = picture.rate or Fraction(1)
    if media.kind == "animation":
        rate = _GIF_RATE
    elif not picture.constant:
        rate = min(_RATE_MAX, 4 * rate)
    raster = _raster(picture, rate)
    conversion = conversion_for(
        picture,
        fit="contain",
        focus=(Fraction(1, 2), Fraction(1, 2)),
        region=whole_raster(raster),
        flatten=_GREY,
    )
    # Black is black in every range of brightness, and a bar is no brighter for it.
    conversion = replace(conversion, tone=None)
    source: Source = Video(file="file", picture=picture, start=start, conversion=conversion)
    if media.kind == "still":
        source = Still(file="file", picture=picture, conversion=conversion, reader=media.reader)
    elif media.kind == "animation":
        source = Animation(file="file", picture=picture, start=start, conversion=conversion, reader=media.reader)
    return SurveyOrder(source=source, raster=raster, length_frames=max(1, -(-length * rate // 1)))


def _cells(shot: Shot, media: Mapping[str, Media]) -> Iterator[Shot]:
    """The cells of a shot, none longer than the shortest clip of them, which ends them all."""
    ends = []
    for cell in shot.cells:
        if cell.use is None:
            continue  # a slate, where a take of another song would be
        one = media[cell.use]
        if one.kind == "video" and one.picture is not None and (speed := abs(speed_of(cell, one))):
            ends.append(_range(cell, one)[1] / speed)
    for cell in shot.cells:
        yield replace(cell, length=min(ends)) if ends and cell.length is None else cell


def _shots(manifest: Manifest, media: Mapping[str, Media]) -> Iterator[Shot]:
    """Whatever shows a picture of its own."""
    for scene in manifest.scenes:
        for shot in scene.shots:
            yield from _cells(shot, media) if shot.cells else (shot,)


def survey_jobs(
    manifest: Manifest, library: Library, media: Mapping[str, Media], sources: Sources
) -> dict[ShotPart, Job]:
    """The survey of each shot and cell that needs one; those of the same range share a job."""
    jobs = {}
    for shot in filter(needs_survey, _shots(manifest, media)):
        assert shot.use is not None
        one = media[shot.use]
        if one.picture is None or one.refusal is not None:
            continue  # complained of elsewhere
        order = survey_order(shot, one)
        jobs[shot.part] = job_for(
            "survey",
            order,
            sources,
            parts=(f"renderers.sources.{drawn_by(order.source)}",),
            files={"file": sources.files[shot.use]},
            label=f"looking through {library.contributions[shot.use].name}",
            frames=order.length_frames,
        )
    return jobs
