"""What may be done to a sound in its place: its own word, else its contribution's, else the template's for its bus."""

from crowdcut.cut.desk import Desk
from crowdcut.episode import Repairs
from crowdcut.sound.orders import Bus, Repair


def repair_for(desk: Desk, use: str, bus: Bus, own: Repairs | None) -> Repair | None:
    """None: nothing at all. ``own``: what the shot or the sound itself says; None: nothing."""
    given = desk.library.contributions[use].repair
    words = next(one for one in (own, given, desk.look.repair.words[bus]) if one is not None)
    if isinstance(words, bool):
        return None
    return Repair(
        high_pass_hz=desk.look.repair.high_pass_hz if "high-pass" in words else None,
        hum="hum" in words,
        centre="centre" in words,
    )
