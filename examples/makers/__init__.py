"""Makers of media with known contents: coded clips, measured sounds, stills and animations."""

from examples.makers.charts import chart, coded_picture, turned_picture
from examples.makers.clips import Picture, write_clip
from examples.makers.frame_code import draw_frame_code, read_frame_code
from examples.makers.sounds import clicks, pink_noise, silence, tone, tone_at_loudness, write_sound
from examples.makers.stills import write_animation, write_still

__all__ = [
    "Picture",
    "chart",
    "clicks",
    "coded_picture",
    "draw_frame_code",
    "pink_noise",
    "read_frame_code",
    "silence",
    "tone",
    "tone_at_loudness",
    "turned_picture",
    "write_animation",
    "write_clip",
    "write_sound",
    "write_still",
]
