"""The programs that hold conversions against others: what they find right is right, and a wrong picture is found."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crowdcut.conform import whole
from crowdcut.orders import Conversion
from examples.makers import coded_picture, turned_picture, write_animation, write_clip, write_still
from examples.makers.footage import texture
from examples.motley import compare

ROOT = Path(__file__).resolve().parent.parent


def _folder(media: Path) -> Path:
    """A clip that is turned, a still and an animation."""
    for name in ("video", "image", "animation"):
        (media / name).mkdir(parents=True)
    picture = turned_picture(coded_picture(180, 320), degrees=90)
    write_clip(media / "video" / "turned.mp4", width=320, height=180, frames=40, rotation=90, picture=picture)
    write_still(media / "image" / "photo.png", texture(240, 180, seed=1))
    pictures = [np.full((90, 160, 3), grey, np.uint8) for grey in (40, 90, 140, 190)]
    write_animation(media / "animation" / "grey.gif", pictures, milliseconds=[300, 400, 500, 600])
    return media


def test_players_and_crowdcut_show_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    pytest.importorskip("imageio_ffmpeg")
    media, sheets = _folder(tmp_path / "media"), tmp_path / "sheets"
    monkeypatch.setattr(sys, "argv", ["compare", str(media), str(sheets)])
    compare.main()
    told = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert {name for _, _, name in told} == {"video/turned.mp4", "image/photo.png", "animation/grey.gif"}
    assert max(float(difference) for _, difference, _ in told) < 4
    with Image.open(sheets / "sheet-1.png") as sheet:
        assert sheet.size == (3 * 664, 36 + 234)
    # A Crowdcut that turns nothing is found out.
    right = whole.conversion_for

    def lying(*told: object, **more: object) -> Conversion:
        conversion = right(*told, **more)  # type: ignore[arg-type]
        return Conversion(box=conversion.box, matrix=conversion.matrix)

    monkeypatch.setattr(whole, "conversion_for", lying)
    compare.main()
    worst = capsys.readouterr().out.splitlines()[-1].split(maxsplit=2)
    assert (float(worst[1]) > 8, worst[2]) == (True, "video/turned.mp4")


def test_conversions_are_scored_against_the_original(tmp_path: Path):
    pytest.importorskip("imageio_ffmpeg")
    out = tmp_path / "conform.json"
    program = [sys.executable, "-m", "benchmarks.conform", "cover", "--out", str(out)]
    shown = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)
    (row,) = json.loads(out.read_bytes())["conform"]
    assert row["fault"] == "cover"
    for who in ("crowdcut", "ffmpeg"):
        assert row[who]["SSIM"] > 0.95
        assert row[who]["VMAF"] > 80
        assert (row[who]["dE"] < 1, row[who]["wrong"]) == (True, 0)
    assert "cover" in shown.stdout
