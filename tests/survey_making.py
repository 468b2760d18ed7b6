"""Surveys of clips, as the job that looks through them makes them."""

from pathlib import Path

from piece_making import media_of

from crowdcut.conform.survey import Survey
from crowdcut.conform.surveys import survey_order
from crowdcut.episode import Shot
from crowdcut.records import record_from
from renderers import survey
from renderers.job import Input

ASKING = Shot(name="a/1", use="a", crop="auto", find_focus=True, fit="cover")


def surveyed(path: Path, shot: Shot = ASKING) -> Survey:
    """What looking through a clip finds."""
    order = survey_order(shot, media_of(path))
    return record_from(survey.run(order, {"file": Input(path=path)}, path), Survey)
