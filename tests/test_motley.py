"""Other people's media, where the folder is there: all of it in one film, and the hostile part refused by name."""

import json
import os
import tomllib
from pathlib import Path

import pytest

from crowdcut.findings import Refused
from examples.motley.lay import lay
from farm.build import built
from farm.report import read_report
from farm.wish import Wish

MEDIA = Path(os.environ.get("CROWDCUT_MEDIA", Path(__file__).parents[2] / "shared" / "media"))

pytestmark = pytest.mark.skipif(
    not (MEDIA / "MANIFEST.tsv").is_file(), reason=f"no folder of other people's media at CROWDCUT_MEDIA={MEDIA}"
)

PICTURES = ("video", "image", "animation")
LEFT_OUT_MAX = 12


def test_every_picture_is_in_the_film_or_left_out_with_its_reason(tmp_path):
    manifest = tomllib.loads(lay(MEDIA, tmp_path).read_text(encoding="utf-8"))
    library = tomllib.loads((tmp_path / "library" / "contributions.toml").read_text(encoding="utf-8"))
    left_out = tomllib.loads((Path(lay.__code__.co_filename).parent / "left_out.toml").read_text(encoding="utf-8"))
    files = {entry["id"]: entry["file"].removeprefix("media/") for entry in library["contribution"]}
    used = {files[shot["use"]] for scene in manifest["scene"] for shot in scene["shot"] if "use" in shot}
    there = {str(file.relative_to(MEDIA)) for kind in PICTURES for file in (MEDIA / kind).rglob("*") if file.is_file()}
    assert there - used == set(left_out)
    assert len(left_out) <= LEFT_OUT_MAX
    assert all(reason.strip() for reason in left_out.values())
    assert sum(len(scene["shot"]) for scene in manifest["scene"]) >= 120


def test_motley_builds_and_its_ledger_holds(tmp_path):
    manifest = lay(MEDIA, tmp_path)
    report = read_report(built(Wish(manifest=manifest, deliveries=("proxy",)), lambda _: None))
    (film,) = report["deliveries"]
    assert film["verified"]
    assert (tmp_path / "build" / "proxy" / "motley.mp4").is_file()
    assert abs(film["sound"]["integrated_lufs"] - film["sound"]["target_lufs"]) <= 0.3
    assert film["sound"]["true_peak_dbtp"] <= film["sound"]["ceiling_dbtp"]
    again = read_report(built(Wish(manifest=manifest, deliveries=("proxy",)), lambda _: None))
    assert again["deliveries"][0]["rendered"] == {}


def _hostile_manifest(folder: Path) -> Path:
    """A film that uses every hostile file: as a shot, whatever it is."""
    library = folder / "library"
    library.mkdir()
    (library / "hostile").symlink_to(MEDIA / "hostile", target_is_directory=True)
    files = sorted(file.name for file in (MEDIA / "hostile").iterdir() if file.is_file())
    entries = ['[[contributor]]\nid = "m"\nname = "Mallory"']
    shots = []
    for number, name in enumerate(files):
        quoted = json.dumps(f"hostile/{name}")
        entries.append(f'[[contribution]]\nid = "h{number}"\nfile = {quoted}\nby = ["m"]')
        shots.append(f'  [[scene.shot]]\n  use = "h{number}"')
    (library / "contributions.toml").write_text("\n".join(entries), encoding="utf-8")
    manifest = folder / "episode.toml"
    head = 'format = 1\ntitle = "Hostile"\ndelivery = ["proxy"]\n[[scene]]\nid = "all"\ntitle = "All"\n'
    manifest.write_text(head + "\n".join(shots), encoding="utf-8")
    return manifest


def test_hostile_files_are_refused_by_name_or_work(tmp_path):
    manifest = _hostile_manifest(tmp_path)
    with pytest.raises(Refused) as refusal:
        built(Wish(manifest=manifest), lambda _: None)
    refused = [one for one in refusal.value.findings if one.severity == "error"]
    assert len(refused) > 60
    for one in refused:
        assert one.where.line is not None
        assert one.way_out
        assert "Traceback" not in str(one)
    # With slates for all of them, and sounds taken out of the pictures' place, a film comes of the rest.
    heard = {one.where.line for one in refused}
    with pytest.raises(Refused) as refusal:
        built(Wish(manifest=manifest, placeholder=True), lambda _: None)
    unseen = [one for one in refusal.value.findings if one.severity == "error"]
    assert {one.rule for one in unseen} == {"no-picture"}
    text = manifest.read_text(encoding="utf-8").splitlines()
    for line in sorted((one.where.line or 0 for one in unseen), reverse=True):
        assert line not in heard
        del text[line - 2 : line]
    manifest.write_text("\n".join(text), encoding="utf-8")
    report = read_report(built(Wish(manifest=manifest, placeholder=True), lambda _: None))
    assert report["deliveries"][0]["verified"]
    assert not list((tmp_path / "build").rglob(".work-*"))
