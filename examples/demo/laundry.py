"""Washing between two houses, printed in two inks that do not quite meet."""

import math
from functools import cache, lru_cache

import cv2
import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import Pixels, drift, fill, line

GARMENTS = ("shirt", "sheet", "trousers", "shirt", "sock", "sock", "dress", "sheet", "shirt", "trousers")


def _garment(kind: str, x: float, y: float, sway: float) -> list[tuple[float, float]]:
    forms = {
        "shirt": [(0, 0), (70, 0), (98, 34), (78, 52), (68, 40), (68, 104), (4, 104), (4, 40), (-6, 52), (-26, 34)],
        "sheet": [(-14, 0), (118, 0), (118, 120), (-14, 120)],
        "trousers": [(0, 0), (64, 0), (70, 122), (42, 122), (33, 44), (24, 122), (-4, 122)],
        "sock": [(8, 0), (30, 0), (30, 40), (50, 56), (44, 68), (8, 58)],
        "dress": [(10, 0), (60, 0), (56, 40), (88, 116), (-18, 116), (14, 40)],
    }
    return [(x + dx + sway * dy, y + dy * (1 - 0.1 * abs(sway))) for dx, dy in forms[kind]]


def _house_fronts(canvas: skia.Canvas, ink: int) -> None:
    for side, storey in ((side, storey) for side in (0, 1) for storey in range(4)):
        x, y = (0, 580)[side], 130 + 240 * storey
        canvas.drawRect(skia.Rect(x, y - 130, x + 140, y + 130), fill(0xFFB8B8B8 if ink == side else 0xFFFFFFFF))
        window = skia.Rect(x + 38, y - 84, x + 102, y + 20)
        canvas.drawRect(window, fill(0xFF000000 if ink == 0 else 0xFFFFFFFF))
        if (side + storey) % 3 == 0 and ink == 0:
            canvas.drawPath(easel.shape([(x + 44, y - 78), (x + 74, y - 78), (x + 44, y + 14)]), fill(0xFF909090))
        canvas.drawRect(skia.Rect(x + 20, y + 26, x + 120, y + 40), fill(0xFF000000))


def _washing(canvas: skia.Canvas, moment: float, row: int, ink: int) -> None:
    y, gust = 176 + 212 * row, 0.16 * math.sin(moment * 2.1 + row * 0.9)
    if ink == 0:
        rope = skia.PathBuilder().moveTo(96, y - 12).quadTo(360, y + 18, 624, y - 12)
        canvas.drawPath(rope.detach(), line(0xFF000000, 3.5))
    for number in range(3):
        sway = gust + 0.10 * math.sin(moment * 4.7 + number * 1.3 + row)
        kind = GARMENTS[(row * 3 + number) % len(GARMENTS)]
        cut = easel.shape(_garment(kind, 182 + 140 * number, y + 5 * (number == 1), sway))
        print_ = (row + number) % 3
        if print_ == 2 and ink == 0:
            canvas.save()
            canvas.clipPath(cut, True)
            for stripe in range(0, 130, 20):
                canvas.drawRect(skia.Rect(0, y + stripe, 720, y + stripe + 8), fill(0xFF000000))
            canvas.restore()
        elif (print_ == 1) == (ink == 0):
            canvas.drawPath(cut, fill(0xFF000000))
        elif ink == 0:
            canvas.drawPath(cut, fill(0xFFFFFFFF))


def _plates(canvas: skia.Canvas, moment: float, ink: int) -> None:
    """What one ink prints: 0 the blue, 1 the red. Black is full ink."""
    canvas.clear(0xFFFFFFFF)
    if ink == 0:
        canvas.drawRect(skia.Rect(0, 0, 720, 960), easel.gradient(0, 900, [0xFFB0B0B0, 0xFFFFFFFF]))
    else:
        canvas.drawRect(skia.Rect(0, 0, 720, 960), easel.gradient(380, 960, [0xFFFFFFFF, 0xFFC0C0C0]))
        canvas.drawCircle(420, 92, 84, fill(0xFF505050))
    _house_fronts(canvas, ink)
    for row in range(4):
        _washing(canvas, moment, row, ink)


@cache
def _screen(degrees: float, pitch: float) -> np.ndarray:
    y, x = np.mgrid[:960, :720].astype(np.float32)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    u, v = (x * cos + y * sin) * 2 * math.pi / pitch, (y * cos - x * sin) * 2 * math.pi / pitch
    return (127.5 + 63.0 * (np.cos(u) + np.cos(v))).astype(np.float32)


@lru_cache(maxsize=1)
def laundry(pose: int) -> Pixels:
    """720x960, twelve poses a second: a street of washing as a two-colour print, a little out of register."""
    sheet = np.full((960, 720, 3), (246, 238, 222), np.float32)
    for ink, colour in enumerate(((38, 104, 128), (228, 92, 70))):
        plate = np.zeros((960, 720, 4), np.uint8)
        _plates(skia.Surface(plate).getCanvas(), pose / 12, ink)
        shift = np.array([[1, 0, 1.5 * ink + drift(60, pose * 0.7)], [0, 1, 2.5 * ink]], np.float32)
        grey = cv2.warpAffine(plate[..., 0], shift, (720, 960), borderValue=255)
        cover = np.clip((_screen(15 + 60 * ink, 6) - grey + 20) / 40, 0, 1)[..., None]
        sheet *= 1 - cover * (1 - np.array(colour, np.float32) / 255)
    return sheet.astype(np.uint8)
