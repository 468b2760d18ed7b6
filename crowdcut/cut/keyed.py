"""What cannot be keyed: words, and pictures that are transparent already."""

from collections.abc import Iterator

from crowdcut.cut.desk import Desk
from crowdcut.manifest import Layer, Shot


def _keyed(desk: Desk) -> Iterator[tuple[Layer | Shot, str]]:
    """Every shot and layer that has a key, with the contribution it shows."""
    scenes = desk.manifest.scenes
    whole = [shot for scene in scenes for shot in scene.shots]
    shots = [one for shot in whole for one in (shot, *shot.cells)]
    hung = (layer for host in (desk.manifest, *scenes, *shots) for layer in host.layers)
    for one in (*shots, *hung):
        if one.key is not None and one.use is not None:
            yield one, one.use


def check_keys(desk: Desk) -> None:
    """Complain of each key that has no screen to make clear."""
    for one, use in _keyed(desk):
        media = desk.media[use]
        found = None
        if media.text is not None:
            found = f"{desk.named(use)} is words and has no screen"
        elif media.picture is not None and media.picture.alpha:
            found = f"{desk.named(use)} is transparent already and has no screen"
        if found is not None:
            shot = one.name if isinstance(one, Shot) else None
            desk.complain(
                "nothing-to-key", one.origin, "key", found, "Leave key away, or write key = false.", shot=shot
            )
