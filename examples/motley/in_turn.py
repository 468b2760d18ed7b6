"""Scenes that show every picture of a folder in its turn, twenty at a time, under its music and voices."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle, groupby, islice

from examples.motley.rows import File, quoted

_SHOTS_A_SCENE = 20
_LONGEST = 3
"""Seconds of a clip that the film shows."""
_INTO = ("dissolve 12f", None, None, "dissolve 8f", None, "fade 10f", None)
_STILL_FITS = ("contain", "cover", "blur")


def _shot(file: File, before: File | None, fit: str | None, into: str | None) -> str:
    lines = ["  [[scene.shot]]", f"  use = {quoted(file.id)}"]
    if file.kind == "video":
        if file.duration is not None and file.duration > _LONGEST + 2:
            lines += ["  in = 1", f"  for = {_LONGEST}"]
    else:
        lines.append("  for = 2.5")
    if fit is not None:
        lines.append(f'  fit = "{fit}"')
    room = min(_shown(file), _shown(before)) if before else Fraction(0)
    if into is not None and room > Fraction(3, 2):
        lines.append(f'  into = "{into}"')
    return "\n".join(lines)


def _shown(file: File) -> Fraction:
    """Seconds that the film shows of a file, at least."""
    if file.kind != "video":
        return Fraction(5, 2)
    return min(file.duration or Fraction(0), Fraction(_LONGEST))


def _room_for_voices(shots: list[File]) -> int:
    """How many voices, one every two seconds, begin well within a scene."""
    return min(8, int(sum(_shown(file) for file in shots)) // 3)


def _scene(number: int, title: str, shots: list[str], music: File, voices: list[File]) -> str:
    lines = [f'[[scene]]\nid = "scene-{number}"\ntitle = {quoted(title)}']
    lines.append(
        f'  [[scene.music]]\n  use = {quoted(music.id)}\n  until = "end"\n  loop = true\n  gain = -3\n  fade_out = 1'
    )
    for place, voice in enumerate(voices):
        lines.append(f"  [[scene.voice]]\n  use = {quoted(voice.id)}\n  at = {2 + 2 * place}")
    lines.append(f"  [[scene.shot]]\n  text = {quoted(title)}\n  for = 2")
    return "\n".join([*lines, *shots])


def scenes_of(files: list[File]) -> Iterator[str]:
    """The text of each scene: all pictures in the order of ``files``, and as many of the sounds as there is room."""
    songs = cycle(sorted((file for file in files if file.kind == "music"), key=lambda file: file.path))
    heard = (file for file in files if file.is_heard and file.kind != "music")
    voices = cycle(sorted(heard, key=lambda file: file.path))
    fits, intos = cycle(_STILL_FITS), cycle(_INTO)
    number = 0
    for kind, group in groupby((file for file in files if file.is_seen), key=lambda file: file.kind):
        of_kind = list(group)
        for start in range(0, len(of_kind), _SHOTS_A_SCENE):
            number += 1
            title = f"{kind.capitalize()} {start // _SHOTS_A_SCENE + 1}"
            shown = of_kind[start : start + _SHOTS_A_SCENE]
            shots = [
                _shot(file, before, next(fits) if file.kind == "image" else None, next(intos))
                for before, file in zip([None, *shown], shown, strict=False)
            ]
            yield _scene(number, title, shots, next(songs), list(islice(voices, _room_for_voices(shown))))
