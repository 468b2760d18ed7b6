"""The job that draws one language's captions of a title, with its key."""

from collections.abc import Sequence
from fractions import Fraction

from crowdcut.disc.caption_orders import Caption, CaptionsOrder, CaptionStyle
from crowdcut.disc.languages import languages
from crowdcut.plan import Job, Sources, job_for


def captions_job(
    captions: Sequence[Caption],
    language: str,
    style: CaptionStyle,
    sources: Sources,
    *,
    size: tuple[int, int],
    canvas_width: int,
    rate: Fraction,
) -> Job:
    """Draw ``captions`` (of ``captions_shown``) for a title.

    size : stored pixels of its raster; canvas_width : the square ones that these show; rate : frames a second.
    """
    order = CaptionsOrder(
        width=size[0],
        height=size[1],
        canvas_width=canvas_width,
        rate=rate,
        language=language,
        style=style,
        captions=tuple(captions),
    )
    return job_for(
        "captions", order, sources, files=sources.fonts, label=f"drawing captions in {languages()[language]}"
    )
