"""A shot as its pieces show it: the layers of all of them in one, on a clock that starts at the shot's first frame."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from crowdcut.changes.master_record import FileRecord, KeyRecord, MasterRecord, PieceRecord, ShotRecord
from crowdcut.plan import WORDED
from crowdcut.records import kind_of, plain

Source = Mapping[str, Any]
"""A member of ``crowdcut.orders.Source`` as plain data, its ``file`` a FileRecord's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A layer over all pieces of a shot."""

    source: Source
    begins_frame: int
    """From the shot's first; negative for one that began before it."""
    ends_frame: int | None
    """From the shot's first, exclusive; None: it lasts as long as the pieces show it."""
    opacity: float
    fade_in_frames: int
    fade_out_frames: int
    blend: str = "normal"
    window: Mapping[str, int] | None = None
    """The cell that it is drawn in, in output pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A shot and what its keys are made of."""

    shot: ShotRecord
    number: int
    """Its place among the film's shots, counted from 0."""
    pieces: tuple[PieceRecord, ...]
    layers: tuple[Seen, ...]
    """Bottom first."""
    over: tuple[Seen, ...]
    """What hangs on the scene or the episode, above it."""
    leaving: tuple[Seen, ...]
    """Layers of the shot that gives way to it."""
    leaves: str | None
    """Name of the shot that takes over from it by a transition."""
    leaves_frames: int
    """How many of its last frames that transition takes."""
    code: Mapping[str, str]
    fonts: Mapping[str, str]
    """Digests of the template's own fonts by name."""

    worded: bool
    """Whether any layer draws letters."""

    @property
    def covered_frames(self) -> int:
        """Frames from its first to the end of its own pieces."""
        return self.shot.length_frames - self.leaves_frames

    @property
    def keys(self) -> tuple[str, ...]:
        """Of its pieces."""
        return tuple(piece.key for piece in self.pieces)

    @property
    def subject(self) -> tuple[str, str]:
        """What it shows, for telling it from other shots."""
        source = self.layers[0].source if self.layers else {}
        if self.shot.use is not None:
            return "use", self.shot.use
        if self.shot.cells:
            return "layout", " ".join(sorted(self.shot.cells))
        if source.get("kind") == "card":
            return "card", f"{source['name']} {next(iter(source.get('words', ())), '')}"
        return source.get("kind", ""), source.get("words", "")


_WORDED = {kind_of(source) for source in WORDED}


def _kinds(order: Mapping[str, Any]) -> set[str]:
    """Kinds of all sources of a picture order."""
    leaving = (order.get("transition") or {}).get("leaving", [])
    return {layer["source"]["kind"] for layer in (*order["stack"], *leaving, *order.get("over", []))}


def _with_files(layer: Mapping[str, Any], key: KeyRecord) -> Source:
    """A layer's source, which says what its file is instead of how the order calls it."""
    source = layer["source"]
    if "file" not in source:
        return source
    return {**source, "file": plain(key.files[source["file"]])}


def _seen(layers: list[Mapping[str, Any]], key: KeyRecord, offset: int) -> Iterator[Seen]:
    for layer in layers:
        begins = offset - layer.get("age_frames", 0)
        yield Seen(
            source=_with_files(layer, key),
            begins_frame=begins,
            ends_frame=begins + layer["length_frames"],
            opacity=layer.get("opacity", 1.0),
            fade_in_frames=layer.get("fade_in_frames", 0),
            fade_out_frames=layer.get("fade_out_frames", 0),
            blend=layer.get("blend", "normal"),
            window=layer.get("window"),
        )


def _in_one(layers: Iterator[Seen], end: int) -> tuple[Seen, ...]:
    """Layers of several pieces, each once. A piece knows nothing of a layer's end or fades outside of it."""
    merged: dict[tuple[str, int, float, str], Seen] = {}
    for layer in layers:
        laid = json.dumps([layer.blend, layer.window], sort_keys=True)
        same = json.dumps(layer.source, sort_keys=True), layer.begins_frame, layer.opacity, laid
        known = merged.setdefault(same, layer)
        merged[same] = replace(
            layer,
            ends_frame=max(known.ends_frame or 0, layer.ends_frame or 0),
            fade_in_frames=max(known.fade_in_frames, layer.fade_in_frames),
            fade_out_frames=max(known.fade_out_frames, layer.fade_out_frames),
        )
    return tuple(replace(one, ends_frame=None) if (one.ends_frame or 0) >= end else one for one in merged.values())


def _layers(master: MasterRecord, shot: ShotRecord, pieces: tuple[PieceRecord, ...], part: str) -> tuple[Seen, ...]:
    def each() -> Iterator[Seen]:
        for piece in pieces:
            key = master.keys[piece.key]
            holder = key.order.get("transition") or {} if part == "leaving" else key.order
            yield from _seen(holder.get(part, []), key, piece.start_frame - shot.start_frame)

    end = max((piece.start_frame + piece.length_frames for piece in pieces), default=0) - shot.start_frame
    return _in_one(each(), end)


def views_of(master: MasterRecord) -> tuple[View, ...]:
    """Every shot of a master, in programme order."""
    pieces: dict[str, list[PieceRecord]] = {}
    for piece in master.pieces:
        pieces.setdefault(piece.shot, []).append(piece)
    following = {shot.name: after for shot, after in pairwise(master.shots)}
    views = []
    for number, shot in enumerate(master.shots):
        own = tuple(pieces.get(shot.name, ()))
        keys = [master.keys[piece.key] for piece in own]
        after = following.get(shot.name)
        views.append(
            View(
                shot=shot,
                number=number,
                pieces=own,
                layers=_layers(master, shot, own, "stack"),
                over=_layers(master, shot, own, "over"),
                leaving=_layers(master, shot, own, "leaving"),
                leaves=after.name if after is not None and after.into_frames else None,
                leaves_frames=after.into_frames if after is not None else 0,
                code={module: code for key in keys for module, code in key.code.items()},
                worded=any(_kinds(key.order) & _WORDED for key in keys),
                fonts={file.name: file.digest for key in keys for name, file in key.files.items() if file.use is None},
            )
        )
    return tuple(views)


def file_of(source: Source) -> FileRecord | None:
    """The contributed file of a source."""
    return FileRecord(**source["file"]) if isinstance(source.get("file"), dict) else None
