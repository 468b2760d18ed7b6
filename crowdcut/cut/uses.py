"""Who is in the cut: each use of a contribution, before anybody knows when it is seen or heard, and after."""

from collections.abc import Iterable

from crowdcut.cut.appearances import How, Use
from crowdcut.cut.desk import Desk
from crowdcut.cut.joins import heard_apart
from crowdcut.cut.placed import Timeline
from crowdcut.manifest import Manifest
from crowdcut.timing import SAMPLE_RATE


def _captioning(manifest: Manifest) -> Iterable[str]:
    """Ids of the contributions that are captions. All deliveries have one roll, whichever of them can show these."""
    return (track.contribution for track in manifest.captions if track.contribution is not None)


def uses_told(desk: Desk) -> Iterable[Use]:
    """Who is in the cut, in the order of :func:`uses_placed`, before anybody knows from when to when."""

    def use(contribution: str, how: How) -> Use:
        return Use(contribution=contribution, start_frame=0, end_frame_exclusive=0, how=how)

    scenes = desk.manifest.scenes
    shots = [shot for scene in scenes for shot in scene.shots]
    hosts = (desk.manifest, *scenes, *shots)
    refused = {one for one, media in desk.media.items() if media.refusal is not None}
    yield from (use(one, "shot") for shot in shots for one in shot.uses)
    yield from (use(one.use, "layer") for host in hosts for one in host.layers if one.use not in refused | desk.broken)
    yield from (use(one.use, one.bus) for host in hosts for one in host.sounds if one.use not in refused)
    yield from (use(one, "captions") for one in _captioning(desk.manifest))


def uses_placed(timeline: Timeline, manifest: Manifest) -> Iterable[Use]:
    """Where each contribution is seen or heard."""

    def use(contribution: str, start: int, length: int, how: How) -> Use:
        return Use(contribution=contribution, start_frame=start, end_frame_exclusive=start + length, how=how)

    heard = {(one.shot, one.use): one for one in timeline.sounds if one.bus == "shot"}
    for placed in timeline.shots:
        for one in placed.shot.uses:
            early, late = heard_apart(heard.get((placed.shot.name, one)), timeline.rate)
            yield use(one, placed.start_frame - early, early + placed.length_frames + late, "shot")
    layers = (*timeline.over, *(layer for placed in timeline.shots for layer in placed.layers))
    for layer in layers:
        if layer.layer is not None:
            yield use(layer.layer.use, layer.start_frame, layer.length_frames, "layer")
    for sound in timeline.sounds:
        if sound.bus != "shot":
            start = int(sound.start_sample * timeline.rate / SAMPLE_RATE)
            yield use(sound.use, start, max(1, int(sound.length_samples * timeline.rate / SAMPLE_RATE)), sound.bus)
    yield from (use(one, 0, timeline.length_frames, "captions") for one in _captioning(manifest))
