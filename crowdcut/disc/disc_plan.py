"""A disc as jobs: its menus' pages, each a small title of its own that plays again and again, and the authoring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from crowdcut.cut.spans import Stack, spans_from
from crowdcut.delivery import Delivery
from crowdcut.disc.author_orders import AuthoredTitle, AuthorOrder, MenuColours
from crowdcut.disc.cadence import cadence_for
from crowdcut.disc.caption_orders import CaptionStyle
from crowdcut.disc.disc import Disc
from crowdcut.disc.menu_programme import MenuPick, MenuSet, menu_layers, menu_length, menu_soundtrack
from crowdcut.disc.menu_records import DiscTold, MenuCanvas, Page, TitleTold
from crowdcut.disc.menu_stack import page_layers
from crowdcut.disc.menu_stills import page_stills
from crowdcut.disc.menus import pages_from
from crowdcut.disc.navigation import navigation_from
from crowdcut.disc.palette import palette_of
from crowdcut.disc.standards import Standard
from crowdcut.library import Library
from crowdcut.look import Look
from crowdcut.orders import Filmed, Layer, Raster, TitleOrder
from crowdcut.plan import Job, Sources, job_for, picture_jobs, screen_jobs
from crowdcut.timing import seconds_to_frames


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleOnDisc:
    """A planned title, and what the disc calls it."""

    name: str
    extra: bool
    """Whether "play all" leaves it out."""
    delivery: Delivery
    spoken: str | None
    """The language of its sound; None: nobody says."""
    languages: tuple[str, ...]
    """Of its subtitles."""
    sources: Sources
    """Of its production: the chapters' pictures are made of its contributions."""
    names: tuple[str | None, ...] = ()
    """What menus call them; None, and what is missing at the end: the language's own name."""
    captions: CaptionStyle = field(default_factory=CaptionStyle)
    """How they look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPart:
    """A contribution in the menus, and the library that it is of."""

    pick: MenuPick
    library: Library


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscPlan:
    """The menus as jobs, and what authoring needs besides the titles' films."""

    jobs: tuple[Job, ...]
    """Each after those it needs."""
    pages: tuple[Job, ...]
    """The last job of each page, in the order of the pages."""
    order: AuthorOrder
    sources: Sources

    def author_job(self, films: Mapping[Path, str]) -> Job:
        """The job that makes the image. films : the titles' films in their order, with their digests."""
        files = {f"title{number}": film for number, film in enumerate(films)}
        sources = replace(self.sources, digests={**self.sources.digests, **films})
        pages = {f"page{number}": job.key for number, job in enumerate(self.pages)}
        return job_for(
            "author", self.order, sources, files={**self.sources.fonts, **files}, jobs=pages, label="authoring the disc"
        )


def canvas_of(standard: Standard) -> MenuCanvas:
    """What menus of a standard are laid out on."""
    width, height = standard.canvas
    return MenuCanvas(width=width, height=height, stored_width=standard.width, stored_height=standard.height)


def _told(disc: Disc, titles: Sequence[TitleOnDisc], *, backdrop: bool) -> DiscTold:
    return DiscTold(
        title=disc.title,
        titles=tuple(
            TitleTold(
                name=one.name,
                chapters=one.delivery.timeline.chapters if disc.menu.chapters else (),
                subtitles=one.languages,
                subtitle_names=one.names,
                extra=one.extra,
            )
            for one in titles
        ),
        chapters=disc.menu.chapters,
        backdrop=backdrop,
    )


def _authored(title: TitleOnDisc, standard: Standard) -> AuthoredTitle:
    timeline = title.delivery.timeline
    cadence = cadence_for(standard, timeline.rate)
    return AuthoredTitle(
        chapters=tuple(cadence.nominal_time(one.start_frame) for one in timeline.chapters),
        language=title.spoken,
        subtitles=title.languages,
        palette=palette_of(title.captions),
    )


def _named(layers: tuple[Layer, ...], file: str) -> tuple[Layer, ...]:
    """The layers with their one file under another name."""
    return tuple(
        replace(layer, source=replace(layer.source, file=file)) if isinstance(layer.source, Filmed) else layer
        for layer in layers
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    """What makes pages into jobs."""

    set_: MenuSet
    titles: Sequence[TitleOnDisc]
    standard: Standard
    raster: Raster
    length_frames: int
    behind: tuple[Layer, ...]
    sources: Sources
    sound: Job

    def _stills(self, page: Page) -> tuple[Mapping[tuple[int, int], tuple[Layer, ...]], Sources]:
        """The chapters' pictures of a page, and the page's sources with the contributions they show."""
        if page.title is None or not page.stills:
            return {}, self.sources
        title = self.titles[page.title - 1]
        timeline, own = title.delivery.timeline, title.sources
        stills = page_stills(page, title.delivery.dressing, timeline, length_frames=self.length_frames)
        # Words in a picture may be in a font of the title's own template.
        files = own.fonts | {name: own.files[use] for name, use in stills.files.items()}
        return stills.layers, replace(
            self.sources, files={**files, **self.sources.files}, digests={**own.digests, **self.sources.digests}
        )

    def jobs(self, page: Page) -> tuple[tuple[Job, ...], Job]:
        """The pictures of a page and what they need, and the job that joins them with the sound."""
        stills, sources = self._stills(page)
        layers = page_layers(page, self.set_.look, behind=self.behind, stills=stills, length_frames=self.length_frames)
        stack = Stack(name=f"menu {page.id}", start_frame=0, length_frames=self.length_frames, layers=layers)
        spans = spans_from((stack,))
        pictures = picture_jobs(spans, self.raster, self.set_.profile.encoding_for(self.raster), sources)
        order = TitleOrder(
            disc=self.standard.name.lower(),
            rate=self.raster.rate,
            piece_frames=tuple(span.length_frames for span in spans),
        )
        inputs = {f"piece{number}": job.key for number, job in enumerate(pictures)} | {"sound": self.sound.key}
        screens = screen_jobs(spans, self.raster, sources)
        return (*screens, *pictures), job_for(
            "title", order, self.sources, jobs=inputs, label=f"joining menu {page.id}"
        )


def disc_plan(
    disc: Disc,
    titles: Sequence[TitleOnDisc],
    set_: MenuSet,
    sources: Sources,
    *,
    background: MenuPart | None = None,
    music: MenuPart | None = None,
) -> DiscPlan:
    """Plan the menus of a disc, and its authoring.

    sources : with the fonts of the menus' look. Raises Refused where background or music cannot be laid out.
    """
    standard, look = set_.profile.standard, set_.look
    assert standard is not None
    raster, canvas = set_.profile.raster(set_.manifest.rate), canvas_of(standard)
    pages = pages_from(_told(disc, titles, backdrop=background is not None), look.menu, canvas)
    length = menu_length(disc.menu, background.pick if background else None)
    behind: tuple[Layer, ...] = ()
    if background is not None:
        pick, start = background.pick, disc.menu.start or Fraction(0)
        behind = _named(menu_layers(set_, pick, background.library, start=start, length=length), "behind")
        file = pick.sources.files[pick.contribution]
        digests = {**sources.digests, file: pick.sources.digests[file]}
        sources = replace(sources, files={**sources.files, "behind": file}, digests=digests)
    empty = Library(contributions={}, contributors={})
    heard = menu_soundtrack(
        set_, music.pick if music else None, music.library if music else empty, sources, length=length
    )
    made = _Pages(
        set_=set_,
        titles=titles,
        standard=standard,
        raster=raster,
        length_frames=seconds_to_frames(length, raster.rate),
        behind=behind,
        sources=sources,
        sound=heard.finish,
    )
    jobs = [made.jobs(page) for page in pages]
    sounds = (*heard.sounds, *heard.buses.values(), heard.mix, heard.finish)
    every = (*sounds, *(job for pictures, join in jobs for job in (*pictures, join)))
    episodes = [number for number, one in enumerate(titles, 1) if not one.extra]
    order = AuthorOrder(
        label=disc.label,
        language=disc.language,
        titles=tuple(_authored(one, standard) for one in titles),
        navigation=navigation_from(pages, episodes, len(titles)),
        canvas=canvas,
        colours=_colours(look),
    )
    return DiscPlan(
        jobs=tuple({job.key: job for job in every}.values()),
        pages=tuple(join for _, join in jobs),
        order=order,
        sources=sources,
    )


def _colours(look: Look) -> MenuColours:
    menu = look.menu
    return MenuColours(highlight=(menu.highlight, menu.highlight_contrast), select=(menu.select, menu.select_contrast))
