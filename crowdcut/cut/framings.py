"""Checks what a shot asks of its frame against the clip that it shows."""

from crowdcut.conform.framing import Framing, cropped, is_inside
from crowdcut.conform.geometry import whole_area
from crowdcut.cut.desk import Desk
from crowdcut.episode import Crop, Shot

SIDE_MIN = 16
"""Pixels of the picture that a crop or a view leaves at least, each way: fewer are no picture on any screen."""


def check_framing(desk: Desk, shot: Shot) -> None:
    """Complain of crops and views that the clip's picture does not hold."""
    picture = desk.media[shot.use].picture if shot.use is not None else None
    if shot.use is None or picture is None:
        return
    whole = whole_area(picture, picture.rotation, picture.mirrored)
    size = f"{float(whole.width):g}x{float(whole.height):g}"
    if isinstance(shot.crop, Crop) and not is_inside(shot.crop, whole):
        found = f"the crop reaches outside of {desk.named(shot.use)}, whose picture is {size}"
        way_out = "Count it in pixels of the upright picture, or in per cents."
        desk.complain("crop-outside", shot.origin, "crop", found, way_out, shot=shot.name)
        return
    area = cropped(whole, Framing(crop=shot.crop)) if isinstance(shot.crop, Crop) else whole
    move = shot.ken_burns
    size_min = min(move.first.size, move.last.size) if move is not None and move.way == "between" else 1
    least = min(area.width, area.height) * size_min
    if least < SIDE_MIN and least < min(whole.width, whole.height):
        found = f"fewer than {SIDE_MIN} pixels of {desk.named(shot.use)} ({size}) would fill the picture"
        key = "ken_burns" if size_min < 1 else "crop"
        desk.complain("crop-too-small", shot.origin, key, found, "Show more of it.", shot=shot.name)
