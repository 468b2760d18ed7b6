"""SEE and WRITE: one job in, one file out. All of av, cv2, skia and Pillow is here.

A kind of job is one module with ``run(order, inputs, out) -> facts`` and one line in :data:`JOBS`.
"""

from crowdcut.disc.author_orders import AuthorOrder
from crowdcut.disc.caption_orders import CaptionsOrder
from crowdcut.disc.verdict import VerifyOrder
from crowdcut.orders import (
    ExamineOrder,
    HearOrder,
    MasterOrder,
    PictureOrder,
    ReadbackOrder,
    ScreenOrder,
    SurveyOrder,
    TitleOrder,
)
from crowdcut.sound.orders import (
    AlignOrder,
    AmbienceOrder,
    BeatsOrder,
    BusOrder,
    FinishOrder,
    ListenOrder,
    MixOrder,
    OnsetsOrder,
    PrepareOrder,
    RoomOrder,
    StemOrder,
)

JOBS: dict[str, tuple[str, type]] = {
    "examine": ("renderers.examine", ExamineOrder),
    "survey": ("renderers.survey", SurveyOrder),
    "picture": ("renderers.picture", PictureOrder),
    "screen": ("renderers.screen", ScreenOrder),
    "listen": ("renderers.listen", ListenOrder),
    "onsets": ("renderers.onsets", OnsetsOrder),
    "align": ("renderers.align", AlignOrder),
    "beats": ("renderers.beats", BeatsOrder),
    "prepare": ("renderers.prepare", PrepareOrder),
    "ambience": ("renderers.ambience", AmbienceOrder),
    "room": ("renderers.room", RoomOrder),
    "bus": ("renderers.bus", BusOrder),
    "mix": ("renderers.mix", MixOrder),
    "finish": ("renderers.finish", FinishOrder),
    "stem": ("renderers.stem", StemOrder),
    "master": ("renderers.master", MasterOrder),
    "title": ("renderers.title", TitleOrder),
    "readback": ("renderers.readback", ReadbackOrder),
    "hear": ("renderers.hear", HearOrder),
    "captions": ("renderers.captions", CaptionsOrder),
    "author": ("renderers.author", AuthorOrder),
    "verify": ("renderers.verify", VerifyOrder),
}
"""Kind of job to the module that runs it and the record of its order."""
