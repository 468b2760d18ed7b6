"""Contributed stills and animations: what they are, and what is on screen of them."""

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from crowdcut.media import Media
from crowdcut.orders import Animation, Box, Conversion, Raster, Still
from renderers.examine import examined
from renderers.frames.fit import backdrop, patches_for, scaled
from renderers.patch import Drawn, Patch
from renderers.sources import Setting, animation, still
from renderers.stills import reel as module

RASTER = Raster(width=160, height=90, rate=Fraction(25))
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
# Pure red in BT.709 limited range, from the standard's coefficients.
RED_YUV = (63, 102, 240)


def corners(width: int = 64, height: int = 48) -> Image.Image:
    """Red, green, blue and white quarters: every turn and flip looks different."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(WHITE, (width // 2, height // 2, width, height))
    return image


def setting(path: Path, *, count: int = 1, age: int = 0) -> Setting:
    return Setting(raster=RASTER, age_frames=age, count=count, inputs={"file": path})


def whole(width: int, height: int, **more: object) -> Conversion:
    return Conversion(box=Box(x=0, y=0, width=width, height=height), **more)  # type: ignore[arg-type]


def shown(path: Path, conversion: Conversion) -> tuple[Media, Drawn]:
    media = examined(path, path.suffix.lower())
    assert media.kind == "still", media.refusal
    assert media.picture is not None
    order = Still(file="file", picture=media.picture, conversion=conversion)
    drawn = list(still.frames(order, setting(path, count=3)))
    assert len(drawn) == 3
    assert drawn[0] is drawn[1] is drawn[2]
    return media, drawn[0]


def rgb_of(patch: Patch) -> np.ndarray:
    """An opaque patch as RGB floats, by BT.709."""
    luma = (patch.luma.astype(float) - 16) / 219
    cb, cr = ((plane.repeat(2, 0).repeat(2, 1).astype(float) - 128) / 224 for plane in (patch.cb, patch.cr))
    red, blue = luma + 1.5748 * cr, luma + 1.8556 * cb
    green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152
    return np.clip(np.stack([red, green, blue], axis=2) * 255, 0, 255)


def assert_alike(patch: Patch, image: Image.Image, tolerance: float = 6) -> None:
    """The middles of the quarters, away from edges that scaling softens."""
    seen, wanted = rgb_of(patch), np.asarray(image.convert("RGB").resize((patch.luma.shape[1], patch.luma.shape[0])))
    height, width = patch.luma.shape
    for y in (height // 4, height * 3 // 4):
        for x in (width // 4, width * 3 // 4):
            assert np.abs(seen[y, x] - wanted[y, x]).max() <= tolerance, (x, y, seen[y, x], wanted[y, x])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientations(tmp_path: Path, orientation: int):
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[274] = orientation
    corners().save(path, exif=exif, quality=95, subsampling=0)
    picture = examined(path, ".jpg").picture
    assert picture is not None
    assert (picture.width, picture.height) == (64, 48)
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    conversion = whole(*upright.size, turn=picture.rotation, mirror=picture.mirrored)
    _, drawn = shown(path, conversion)
    (patch,) = drawn.patches
    assert (patch.luma.shape[1], patch.luma.shape[0]) == upright.size
    assert_alike(patch, upright)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("mirror", [False, True])
def test_crop_is_in_stored_pixels_before_the_turn(tmp_path: Path, turn: int, mirror: bool):
    path = tmp_path / "scan.png"
    corners().save(path)
    _, drawn = shown(path, whole(32, 32, crop=(32, 24, 32, 24), turn=turn, mirror=mirror))
    assert_alike(drawn.patches[0], Image.new("RGB", (2, 2), WHITE))
    _, drawn = shown(path, whole(32, 32, crop=(0, 24, 32, 24), turn=turn, mirror=mirror))
    assert_alike(drawn.patches[0], Image.new("RGB", (2, 2), BLUE))


def test_a_large_jpeg_is_decoded_smaller_and_cropped_right(tmp_path: Path):
    path = tmp_path / "large.jpg"
    corners(1600, 1200).save(path, quality=95)
    _, drawn = shown(path, whole(40, 30, crop=(800, 0, 800, 600)))
    assert_alike(drawn.patches[0], Image.new("RGB", (2, 2), GREEN))


def test_sixteen_bits_keep_their_place(tmp_path: Path):
    path = tmp_path / "deep.png"
    values = np.full((20, 20), 128 * 257, np.uint16)
    Image.fromarray(values).save(path)
    media, drawn = shown(path, whole(20, 20))
    assert media.picture is not None
    assert media.picture.bit_depth == 16
    assert np.abs(rgb_of(drawn.patches[0]) - 128).max() <= 2


def test_printing_colours_are_shown_and_remarked(tmp_path: Path):
    path = tmp_path / "print.tif"
    Image.new("CMYK", (20, 20), (0, 255, 255, 0)).save(path)
    media, drawn = shown(path, whole(20, 20))
    assert "CMYK" in media.remarks[0]
    assert_alike(drawn.patches[0], Image.new("RGB", (2, 2), RED))


def test_lab_is_shown(tmp_path: Path):
    path = tmp_path / "lab.tif"
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    # Muted: eight bits of Lab do not hold the corners of sRGB exactly.
    muted = Image.new("RGB", (20, 20), (200, 120, 60))
    lab = ImageCms.applyTransform(muted, to_lab)
    assert lab is not None
    lab.save(path)
    _, drawn = shown(path, whole(20, 20))
    assert_alike(drawn.patches[0], muted)


def test_a_colour_profile_is_obeyed(tmp_path: Path):
    # A profile whose red and blue primaries are swapped: obeyed, red is shown blue.
    path = tmp_path / "swapped.png"
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    corners().save(path, icc_profile=bytes(data))
    media, drawn = shown(path, whole(64, 48))
    assert media.remarks == ()
    swapped = Image.merge("RGB", corners().split()[::-1])
    assert_alike(drawn.patches[0], swapped, tolerance=12)


def test_a_broken_colour_profile_is_left_out_and_remarked(tmp_path: Path):
    path = tmp_path / "broken.png"
    corners().save(path, icc_profile=b"no profile at all")
    media, drawn = shown(path, whole(64, 48))
    assert "profile cannot be used" in media.remarks[0]
    assert_alike(drawn.patches[0], corners())


def test_the_first_page_is_used(tmp_path: Path):
    path = tmp_path / "pages.tif"
    corners().save(path, save_all=True, append_images=[Image.new("RGB", (10, 10))])
    media, drawn = shown(path, whole(64, 48))
    assert "more than one picture" in media.remarks[0]
    assert_alike(drawn.patches[0], corners())


def _half_clear() -> Image.Image:
    image = Image.new("RGBA", (40, 40), (*BLUE, 0))
    image.paste((*RED, 255), (0, 0, 20, 40))
    return image


def test_alpha_is_kept_premultiplied(tmp_path: Path):
    path = tmp_path / "alpha.png"
    _half_clear().save(path)
    media, drawn = shown(path, whole(80, 80))
    assert media.picture is not None
    assert media.picture.alpha
    (patch,) = drawn.patches
    assert patch.alpha is not None
    assert patch.alpha[40, 10] == 255
    assert (
        tuple(
            int(plane[at])
            for plane, at in zip((patch.luma, patch.cb, patch.cr), ((40, 10), (20, 5), (20, 5)), strict=True)
        )
        == RED_YUV
    )
    assert patch.alpha[40, 70] == patch.luma[40, 70] == patch.cb[20, 35] == 0
    # Nothing of the clear side's hidden blue bleeds over the edge: premultiplied Cb never exceeds red's.
    assert patch.cb.max() <= RED_YUV[1] + 1


def test_alpha_is_laid_on_its_ground(tmp_path: Path):
    path = tmp_path / "alpha.png"
    _half_clear().save(path)
    _, drawn = shown(path, whole(80, 80, flatten=GREEN))
    (patch,) = drawn.patches
    assert patch.alpha is None
    rgb = rgb_of(patch)
    assert np.abs(rgb[40, 10] - RED).max() <= 6
    assert np.abs(rgb[40, 70] - GREEN).max() <= 6


def test_an_alpha_channel_that_hides_nothing_is_no_alpha(tmp_path: Path):
    path = tmp_path / "opaque.png"
    corners().convert("RGBA").save(path)
    media, drawn = shown(path, whole(64, 48))
    assert media.picture is not None
    assert not media.picture.alpha
    assert drawn.patches[0].alpha is None


def test_patches_are_cut_to_the_raster(tmp_path: Path):
    path = tmp_path / "wide.png"
    corners().save(path)
    _, drawn = shown(path, Conversion(box=Box(x=-40, y=-20, width=240, height=180)))
    (patch,) = drawn.patches
    assert (patch.x, patch.y) == (0, 0)
    assert patch.luma.shape == (RASTER.height, RASTER.width)
    assert (
        patches_for(np.zeros((4, 4, 3), np.uint8), Conversion(box=Box(x=200, y=0, width=8, height=8)), RASTER, (4, 4))
        == ()
    )


def test_backdrop_fills_the_raster_soft_and_dark(tmp_path: Path):
    path = tmp_path / "tall.png"
    corners(60, 90).save(path)
    _, drawn = shown(path, Conversion(box=Box(x=50, y=0, width=60, height=90), backdrop=True))
    behind, front = drawn.patches
    assert (behind.x, behind.y, behind.luma.shape) == (0, 0, (90, 160))
    assert (front.x, front.luma.shape) == (50, (90, 60))
    assert behind.luma.mean() < 16 + (front.luma.mean() - 16) * 0.6
    steps = np.abs(np.diff(behind.luma.astype(int), axis=1)).max()
    assert steps <= 4


@pytest.mark.parametrize("size", [(2, 2), (2, 90), (400, 4), (3840, 2160)])
def test_backdrop_of_any_shape(size: tuple[int, int]):
    width, height = size
    luma = np.full((height, width), 235, np.uint8)
    chroma = np.full((max(1, height // 2), max(1, width // 2)), 128, np.uint8)
    patch = backdrop(luma, chroma, chroma, RASTER)
    assert patch.luma.shape == (90, 160)
    assert patch.cb.shape == patch.cr.shape == (45, 80)
    assert len(np.unique(patch.luma)) == len(np.unique(patch.cb)) == 1


def test_scaling_up_never_leaves_more_colour_than_alpha():
    rgba = np.zeros((8, 8, 4), np.uint8)
    rgba[2:6, 2:6] = (200, 100, 50, 200)
    larger = scaled(rgba, 50, 50)
    assert (larger[..., :3] <= larger[..., 3:]).all()


def saved(path: Path, images: Sequence[Image.Image], duration: Sequence[int], **more: object) -> Path:
    images[0].save(path, save_all=True, append_images=images[1:], duration=list(duration), loop=0, **more)
    return path


def colours(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (32, 32), (30 + 20 * number, 90, 200 - 20 * number)) for number in range(count)]


def reel(path: Path, *, start: Fraction = Fraction(0), count: int = 50, age: int = 0, **more: object) -> list[Drawn]:
    media = examined(path, path.suffix)
    assert media.kind == "animation", media.refusal
    assert media.picture is not None
    order = Animation(file="file", picture=media.picture, start=start, conversion=whole(32, 32, **more))
    return list(animation.frames(order, setting(path, count=count, age=age)))


def indices(drawn: Sequence[Drawn]) -> list[int]:
    return [frame.shown[0] for frame in drawn if frame.shown is not None]


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp", ".avif"])
def test_each_format_is_timed_and_loops(tmp_path: Path, suffix: str):
    path = saved(tmp_path / f"loop{suffix}", colours(4), [80, 40, 120, 40])
    picture = examined(path, suffix).picture
    assert picture is not None
    assert (picture.frames, picture.duration, picture.constant) == (4, Fraction(7, 25), False)
    assert picture.rate == 4 / Fraction(7, 25)
    drawn = reel(path, count=20)
    assert indices(drawn) == [0, 0, 1, 2, 2, 2, 3] * 2 + [0, 0, 1, 2, 2, 2]
    assert drawn[6].shown == (3, 0)
    assert drawn[0] is drawn[1] is drawn[7]
    lumas = [drawn[number].patches[0].luma.mean() for number in (0, 2, 3, 6)]
    wanted = [16 + 219 / 255 * np.dot((0.2126, 0.7152, 0.0722), image.getpixel((0, 0))) for image in colours(4)]
    assert np.abs(np.subtract(lumas, wanted)).max() < 2


def test_a_span_cut_from_the_middle_shows_the_same(tmp_path: Path):
    path = saved(tmp_path / "loop.gif", colours(5), [70, 30, 100, 50, 90])
    all_of_it = indices(reel(path, count=80, start=Fraction(1, 3)))
    assert indices(reel(path, count=30, age=50, start=Fraction(1, 3))) == all_of_it[50:]


def test_gifs_that_ask_for_no_time_get_what_browsers_give(tmp_path: Path):
    path = saved(tmp_path / "quick.gif", colours(3), [0, 10, 20])
    picture = examined(path, ".gif").picture
    assert picture is not None
    assert picture.duration == Fraction(100 + 100 + 20, 1000)


def test_pictures_beyond_the_cache_are_decoded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = saved(tmp_path / "loop.gif", colours(5), [40] * 5)
    kept = reel(path, count=15)
    monkeypatch.setattr(module, "CACHE_BYTES", 0)
    again = reel(path, count=15)
    assert indices(kept) == indices(again) == [0, 1, 2, 3, 4] * 3
    for one, other in zip(kept, again, strict=True):
        assert np.array_equal(one.patches[0].luma, other.patches[0].luma)
    assert again[0] is not again[5]


def test_apng_blend_and_dispose(tmp_path: Path):
    # Red; then blue over its left half (blended over), which is cleared before the third; then a small green.
    first = Image.new("RGBA", (32, 32), (*RED, 255))
    second = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    second.paste((*BLUE, 255), (0, 0, 16, 32))
    path = saved(tmp_path / "a.png", [first, second], [40, 40], disposal=[0, 1], blend=[0, 1])
    one, two = reel(path, count=2, flatten=WHITE)
    assert np.abs(rgb_of(one.patches[0])[16, 8] - RED).max() <= 6
    assert np.abs(rgb_of(two.patches[0])[16, 8] - BLUE).max() <= 6
    assert np.abs(rgb_of(two.patches[0])[16, 24] - RED).max() <= 6


def test_apng_still_for_others_is_not_part_of_it(tmp_path: Path):
    path = saved(tmp_path / "a.png", colours(3), [40, 40], default_image=True)
    picture = examined(path, ".png").picture
    assert picture is not None
    assert (picture.frames, picture.duration) == (2, Fraction(2, 25))


def test_a_clear_gif_keeps_its_alpha(tmp_path: Path):
    images = []
    for number in range(2):
        image = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
        image.paste((*RED, 255), (16 * number, 0, 16 * number + 16, 32))
        images.append(image)
    path = saved(tmp_path / "clear.gif", images, [40, 40], disposal=2)
    picture = examined(path, ".gif").picture
    assert picture is not None
    assert picture.alpha
    one, two = reel(path, count=2)
    assert one.patches[0].alpha is not None
    assert two.patches[0].alpha is not None
    assert (one.patches[0].alpha[16, 8], one.patches[0].alpha[16, 24]) == (255, 0)
    assert (two.patches[0].alpha[16, 8], two.patches[0].alpha[16, 24]) == (0, 255)


def test_a_gif_of_one_picture_is_a_still(tmp_path: Path):
    path = tmp_path / "one.gif"
    corners().save(path)
    assert examined(path, ".gif").kind == "still"


def test_a_damaged_animation_keeps_what_came_before(tmp_path: Path):
    noise = np.random.default_rng(7).integers(0, 255, (6, 48, 48, 3), np.uint8)
    path = saved(tmp_path / "cut.gif", [Image.fromarray(image) for image in noise], [40] * 6)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    media = examined(path, ".gif")
    assert media.kind == "animation"
    assert media.picture is not None
    assert 1 <= media.picture.frames < 6
    assert "damaged" in media.remarks[0]
    assert set(indices(reel(path, count=20))) == set(range(media.picture.frames))


def test_a_truncated_still_is_refused(tmp_path: Path):
    buffer = BytesIO()
    Image.fromarray(np.random.default_rng(7).integers(0, 255, (64, 64, 3), np.uint8)).save(buffer, "PNG")
    path = tmp_path / "cut.png"
    path.write_bytes(buffer.getvalue()[:-4000])
    media = examined(path, ".png")
    assert media.refusal is not None
    assert "damaged" in media.refusal


def test_webp_inside_tiff_is_refused_by_name(tmp_path: Path):
    path = tmp_path / "scan.tif"
    corners().save(path, compression="tiff_lzw")
    compression = (259).to_bytes(2, "little") + b"\3\0\1\0\0\0"
    data = path.read_bytes()
    assert compression + b"\5\0" in data
    path.write_bytes(data.replace(compression + b"\5\0", compression + (50_001).to_bytes(2, "little")))
    assert "compressed as WebP" in (examined(path, ".tif").refusal or "")
