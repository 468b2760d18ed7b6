"""Every order that a job may have."""

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

Order = (
    ExamineOrder
    | SurveyOrder
    | PictureOrder
    | ScreenOrder
    | ListenOrder
    | OnsetsOrder
    | AlignOrder
    | BeatsOrder
    | PrepareOrder
    | AmbienceOrder
    | RoomOrder
    | BusOrder
    | MixOrder
    | FinishOrder
    | StemOrder
    | MasterOrder
    | TitleOrder
    | ReadbackOrder
    | HearOrder
    | CaptionsOrder
    | AuthorOrder
    | VerifyOrder
)
