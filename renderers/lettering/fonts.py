"""The families that words may be set in: a template's own fonts, then the packaged Noto, never the machine's."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import skia

from crowdcut.findings import Finding, JobFailed, Where
from crowdcut.words import clusters_of, is_invisible

_WEIGHT_AXIS = int.from_bytes(b"wght", "big")
_LATIN = "Noto Sans"
_HAN = {form: f"Noto Sans CJK {form}" for form in ("SC", "TC", "JP", "KR", "HK")}
_LAST = ("Noto Sans Symbols", *_HAN.values(), "Noto Emoji")
"""Families that also hold signs which a script's own family draws better: asked last."""


def _folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    return Path(spec.origin).parent


def _typefaces_in(file: Path) -> list[skia.Typeface]:
    """All faces of a font file or collection."""
    faces: list[skia.Typeface] = []
    while face := skia.Typeface.MakeFromFile(str(file), len(faces)):
        faces.append(face)
    if not faces:
        way_out = "Put another font file there, or take this one away."
        raise JobFailed(
            Finding(rule="unreadable-font", where=Where(file=file.name), found="this is not a font", way_out=way_out)
        )
    return faces


@lru_cache(maxsize=1)
def _packaged() -> dict[str, skia.Typeface]:
    """The packaged families by name, in the order they are asked."""
    files = [*_folder_of("manimgx_fonts").glob("*.ttf"), *_folder_of("manimgx_fonts_cjk").glob("*.ttc")]
    faces: dict[str, skia.Typeface] = {}
    for file in sorted(files):
        for face in _typefaces_in(file):
            faces[face.getFamilyName() + (" Italic" if face.isItalic() else "")] = face
    order = [_LATIN, *sorted(faces.keys() - {_LATIN, *_LAST}), *_LAST]
    return {family: faces[family] for family in order}


def _weighted(face: skia.Typeface, weight: int) -> skia.Typeface:
    """``face`` with its weight axis set (held within the axis); a face without one stays as it is."""
    position = skia.FontArguments.VariationPosition
    # Skia copies neither of these: both must live until the clone is made.
    coordinates = position.Coordinates([position.Coordinate(_WEIGHT_AXIS, float(weight))])
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(position(coordinates))
    return face.makeClone(arguments)


def _written_in(text: str, codec: str) -> bool:
    """Whether all Han characters of ``text`` are in a national character set."""
    han = "".join(character for character in text if unicodedata.name(character, "").startswith("CJK"))
    return han.encode(codec, "ignore").decode(codec) == han


def han_form(text: str) -> str:
    """Whose forms Han characters take in ``text``: ``SC``, ``TC``, ``JP`` or ``KR``.

    Kana and Hangul tell; else the first of GB 2312, Big5 and JIS X 0208 that has all of the characters; else SC.
    """
    names = [unicodedata.name(character, "") for character in text]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        return "JP"
    if any(name.startswith("HANGUL") for name in names):
        return "KR"
    codecs = {"gb2312": "SC", "big5": "TC", "shift_jis": "JP"}
    return next((form for codec, form in codecs.items() if _written_in(text, codec)), "SC")


class Shelf:
    """Families at any weight, and which signs they can draw. Made once for each set of font files."""

    def __init__(self, own: tuple[Path, ...] = ()):
        faces = [(face.getFamilyName(), face) for file in own for face in _typefaces_in(file)]
        self._own = dict(faces)
        self._faces = {**self._own, **{name: face for name, face in _packaged().items() if name not in self._own}}
        self._provider = skia.textlayout.TypefaceFontProvider()
        self._registered: set[str] = set()
        self._drawable: dict[tuple[str, str], bool] = {}
        self.collection = skia.textlayout.FontCollection()
        self.collection.setDefaultFontManager(self._provider)

    def chain(self, wished: tuple[str, ...], text: str) -> tuple[str, ...]:
        """All families, in the order in which each sign of ``text`` looks for one that draws it."""
        for family in wished:
            if family not in self._faces:
                raise JobFailed(
                    Finding(
                        rule="unknown-family",
                        where=Where(file="template.toml", key="family"),
                        found=f"there is no font family {family!r}",
                        way_out=f"Put its file in the template's fonts, or write one of: {', '.join(self._faces)}.",
                    )
                )
        han = _HAN[han_form(text)]
        upright = [family for family in self._faces if family not in self._own and not family.endswith(" Italic")]
        before_han = upright[: upright.index(_HAN["SC"])]
        return tuple(dict.fromkeys([*wished, *self._own, *before_han, han, *upright]))

    def slanted(self, chain: tuple[str, ...]) -> tuple[str, ...]:
        """``chain`` with each family's italics before it, where it has any."""
        both = ((f"{family} Italic", family) for family in chain)
        return tuple(dict.fromkeys(name for pair in both for name in pair if name in self._faces))

    def aliases(self, chain: tuple[str, ...], weight: int) -> list[str]:
        """Names that the collection knows the families of ``chain`` by, at ``weight``."""
        names = [f"{family}:{weight}" for family in chain]
        for family, name in zip(chain, names, strict=True):
            if name not in self._registered:
                self._provider.registerTypeface(_weighted(self._faces[family], weight), name)
                self._registered.add(name)
        return names

    def missing(self, text: str, chain: tuple[str, ...]) -> tuple[str, ...]:
        """The clusters of ``text`` that no single family draws whole: they would show as boxes."""
        clusters = dict.fromkeys(clusters_of(text))
        return tuple(cluster for cluster in clusters if not any(self._draws(family, cluster) for family in chain))

    def _draws(self, family: str, cluster: str) -> bool:
        if (family, cluster) not in self._drawable:
            forms = (cluster, unicodedata.normalize("NFC", cluster))
            self._drawable[family, cluster] = any(all(self._has(family, sign) for sign in form) for form in forms)
        return self._drawable[family, cluster]

    def _has(self, family: str, sign: str) -> bool:
        """Whether the family has a glyph for ``sign``, or for all that it canonically decomposes into."""
        has = self._faces[family].unicharToGlyph
        return is_invisible(sign) or has(ord(sign)) != 0 or all(has(ord(part)) for part in _decomposed(sign))


def _decomposed(sign: str) -> str:
    parts = unicodedata.normalize("NFD", sign)
    return parts if parts != sign else "\uffff"  # a noncharacter: no font has it


@lru_cache(maxsize=4)
def shelf_of(own: tuple[Path, ...]) -> Shelf:
    """The shelf with these font files of a template on it."""
    return Shelf(own)


def shelf_for(inputs: Mapping[str, Path]) -> Shelf:
    """The shelf for a job: its inputs named ``font:...``, in the order of their names, and the packaged families."""
    return shelf_of(tuple(inputs[name] for name in sorted(inputs) if name.startswith("font:")))
