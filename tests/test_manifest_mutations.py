"""Whatever happens to a good manifest or library, reading it ends in findings with a place, never in an exception."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manifest_making import CONTRIBUTIONS, EPISODE, make_library

from crowdcut.findings import is_error
from crowdcut.manifest import manifest_from
from crowdcut.vocabulary import LIBRARY_TABLES, MANIFEST_TABLES

KEYS = sorted({key.name for table in (*MANIFEST_TABLES, *LIBRARY_TABLES) for key in table.keys})
VALUES = (
    '"x"', '""', "0", "-1", "1.5", "1e400", "0x" + "F" * 5000, "9" * 5000, "nan", "true", "[]", "[[]]", "{}", "[{}]",
    "07:32:00", "1979-05-27", '["a", 1]', '"end - 1"', '"\\u0000"', '"' + "9" * 5000 + '"', '"../.."', '"1e999999999"',
    "0:03", "“x”", "{ a = 1,\n b = 2 }", '"""\na\n"""', '"moonrise"', '"theme"', '"video/moonrise (take 2).mov"',
)  # fmt: skip
LINES = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(VALUES)),
    st.sampled_from(
        [
            "[each]",
            "[[scene]]",
            "[scene]",
            "[[scene.shot]]",
            "[[scene.shot.layer]]",
            "[clip.moonrise]",
            "[profile.a]",
            "[[contribution]]",
            "[contributor]",
            "[",
            "]]",
            "{",
            '"""',
            "'''",
            "\\",
            "\0",
            "\r",
            "a.b.c = 1",
            "“”",
        ]
    ),
)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """A text with a few lines put in, taken out, doubled or swapped, and a few bytes changed."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["insert", "delete", "double", "swap", "value"]))
        if change == "insert":
            lines.insert(at, draw(LINES))
        elif change == "delete" and len(lines) > 1:
            del lines[at]
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "swap":
            lines[at], lines[-1] = lines[-1], lines[at]
        else:
            lines[at] = lines[at].partition("=")[0] + "= " + draw(st.sampled_from(VALUES))
    data = bytearray("\n".join(lines).encode())
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        change = draw(st.sampled_from(["flip", "delete", "insert"]))
        if change == "insert" or not data:
            data[at:at] = draw(st.binary(min_size=1, max_size=3))
        elif change == "delete":
            del data[at : at + draw(st.integers(1, 5))]
        else:
            data[at] ^= 1 << draw(st.integers(0, 7))
    return bytes(data)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(episode=mutated(EPISODE), listing=st.one_of(st.just(CONTRIBUTIONS.encode()), mutated(CONTRIBUTIONS)))
def test_reading_never_raises_and_every_error_has_its_place(episode: bytes, listing: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_library(folder / "library")
        (folder / "library" / "contributions.toml").write_bytes(listing)
        (folder / "episode.toml").write_bytes(episode)
        manifest, library, findings = manifest_from(folder / "episode.toml")
    assert manifest is not None or any(map(is_error, findings))
    for finding in filter(is_error, findings):
        assert finding.where.file, finding
        assert finding.where.line, finding
        assert finding.found, finding
        assert str(finding).isprintable(), finding
    if manifest is not None:
        uses = [shot.use for scene in manifest.scenes for shot in scene.shots if shot.use is not None]
        assert all(use in library.contributions for use in uses)
