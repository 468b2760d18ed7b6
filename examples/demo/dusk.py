"""Evening: a Ferris wheel off an old tape, and a street of windows as a pixel-art loop."""

import math
from collections.abc import Callable

import cv2
import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import AMBER, CORAL, CREAM, NIGHT, PLUM, TEAL, Pixels, drift, faded, fill, line, mixed


def ferris_wheel(canvas: skia.Canvas, moment: float) -> None:
    """720x576 stored (1024x576 as seen): a lit wheel turns over a fair."""
    canvas.scale(720 / 1024, 1)
    sky = [0xFF1E2750, 0xFF5A4678, 0xFFC9657A, 0xFFF0A070]
    canvas.drawRect(skia.Rect(0, 0, 1024, 576), easel.gradient(0, 560, sky, [0.0, 0.45, 0.8, 1.0]))
    for cloud in range(4):
        x = (cloud * 300 + 14 * moment) % 1300 - 200
        canvas.drawOval(skia.Rect.MakeXYWH(x, 300 + 34 * cloud, 320, 16), fill(faded(0xFFFFC0A0, 0.25)))
    hub, reach, turn = (560.0, 272.0), 214.0, moment * 0.42
    for leg in (-120, 120):
        canvas.drawLine(*hub, hub[0] + leg, 540, line(0xFF2A2444, 12))
    for rim in (reach, reach - 22):
        canvas.drawCircle(
            *hub, rim, skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=5, Color=0xFF3A3058)
        )
    for spoke in range(12):
        angle = turn + spoke * math.pi / 6
        x, y = hub[0] + reach * math.cos(angle), hub[1] + reach * math.sin(angle)
        canvas.drawLine(*hub, x, y, line(0xFF3A3058, 4))
        for bulb in range(1, 9):
            at = bulb / 9
            lit = (int(moment * 6) + bulb + spoke) % 4 != 0
            spot = (hub[0] + (x - hub[0]) * at, hub[1] + (y - hub[1]) * at)
            canvas.drawCircle(*spot, 4.2, fill((AMBER, CREAM, CORAL)[spoke % 3] if lit else 0xFF5A4660))
        swing = 5 * math.sin(moment * 2 + spoke)
        colour = (CORAL, TEAL, AMBER, 0xFFE9DCC6)[spoke % 4]
        canvas.drawLine(x, y, x + swing, y + 22, line(0xFF2A2444, 3))
        canvas.drawArc(skia.Rect.MakeXYWH(x + swing - 21, y + 4, 42, 52), 0, 180, True, fill(colour))
        canvas.drawArc(
            skia.Rect.MakeXYWH(x + swing - 21, y - 6, 42, 32), 180, 180, True, fill(mixed(colour, NIGHT, 0.35))
        )
    for bulb in range(48):
        angle = turn + bulb * math.pi / 24
        spot = (hub[0] + (reach + 1) * math.cos(angle), hub[1] + (reach + 1) * math.sin(angle))
        canvas.drawCircle(*spot, 4.5, fill(CREAM if (bulb + int(moment * 8)) % 3 else CORAL))
    easel.glow(canvas, *hub, 330, 0xFFFF9A60, 0.35)
    canvas.drawCircle(*hub, 26, fill(CREAM))
    _fair(canvas, moment)


def _fair(canvas: skia.Canvas, moment: float) -> None:
    canvas.drawRect(skia.Rect(0, 520, 1024, 576), fill(0xFF1C1A34))
    for tent, (x, size) in enumerate(((60, 1.2), (226, 0.9), (804, 1.1), (950, 0.8))):
        roof = [(x - 80 * size, 470), (x, 470 - 86 * size), (x + 80 * size, 470)]
        canvas.drawPath(easel.shape(roof), fill(mixed((CORAL, TEAL)[tent % 2], NIGHT, 0.35)))
        canvas.drawRect(skia.Rect(x - 68 * size, 470, x + 68 * size, 540), fill(mixed(PLUM, NIGHT, 0.4)))
        canvas.drawRect(skia.Rect(x - 18, 488, x + 18, 540), fill(0xFFFFC978))
    garland = [(20 + 62 * k, 408 + 26 * math.sin(k * math.pi / 2) + 3 * math.sin(moment * 3 + k)) for k in range(6)]
    canvas.drawPath(easel.through(garland), line(0xFF2A2444, 2))
    for bulb, spot in enumerate(garland):
        canvas.drawCircle(*spot, 6, fill((AMBER, CORAL, CREAM)[bulb % 3]))
    for person in range(11):
        x = (70 + person * 97 + (8 if person % 2 else -9) * moment) % 1080 - 20
        tall = 34 + 9 * (person % 3)
        canvas.drawCircle(x, 538 - tall - 8, 8, fill(0xFF14122A))
        canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect(x - 9, 538 - tall, x + 9, 556), 8, 8), fill(0xFF14122A))


def taped(picture: Callable[[int], Pixels]) -> Callable[[int], Pixels]:
    """``picture`` off a video tape: soft colour that lags its luma, lines that do not quite stand still, noise."""

    def frame(number: int) -> Pixels:
        sharp = picture(number)[..., :3]
        luma, red, blue = cv2.split(cv2.cvtColor(sharp, cv2.COLOR_RGB2YCrCb))
        height, width = luma.shape
        random = np.random.default_rng(number)
        luma = cv2.addWeighted(luma, 1.4, cv2.GaussianBlur(luma, (0, 0), 1.6), -0.4, 0)  # the deck's sharpener
        red, blue = (np.roll(cv2.blur(plane, (7, 3)), 2, axis=1) for plane in (red, blue))
        rgb = cv2.cvtColor(cv2.merge([luma, red, blue]), cv2.COLOR_YCrCb2RGB)
        wander = cv2.GaussianBlur(random.normal(0, 1.2, (height, 1)).astype(np.float32), (1, 41), 9)
        wander[-14:] += np.linspace(0, 22, 14, dtype=np.float32)[:, None] * (0.6 + 0.4 * drift(300, number / 9))
        across = np.arange(width, dtype=np.float32)[None, :] + wander
        down = np.repeat(np.arange(height, dtype=np.float32)[:, None], width, axis=1)
        rolled = cv2.remap(rgb, across.astype(np.float32), down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return easel.with_grain(np.asarray(rolled, np.uint8), seed=number, amount=5.0)

    return frame


SKY, FAR, NEAR, LIT, WARM, TRAIN = (
    (38, 40, 84),
    (52, 48, 92),
    (28, 28, 58),
    (255, 214, 122),
    (242, 165, 65),
    (224, 101, 78),
)
_DUSK = ((242, 150, 110), (206, 104, 118), (138, 82, 124), (84, 66, 114), (56, 54, 100), SKY)


def _blocks() -> list[tuple[int, int, int]]:
    """Houses: left, width, top, in pixels of the small picture."""
    random, houses, x = np.random.default_rng(320), [], -2
    while x < 160:
        width = int(random.integers(18, 30))
        houses.append((x, width, int(random.integers(24, 52))))
        x += width + 1
    return houses


def _lights(small: Pixels, frame: int) -> None:
    random = np.random.default_rng(321)
    for number, (left, width, top) in enumerate(_blocks()):
        small[top:76, max(0, left) : left + width] = NEAR if number % 2 else (34, 33, 66)
        small[top : top + 1, max(0, left) : left + width] = FAR
        for y in range(top + 4, 70, 6):
            for x in range(left + 3, left + width - 4, 5):
                on, kind = random.uniform(0, 1), random.integers(0, 5)
                lit = on * 44 < frame + 4 and on < 0.82
                colour = ((255, 236, 178), LIT, LIT, WARM, (150, 196, 200))[kind] if lit else (46, 44, 80)
                if 0 <= x < 158:
                    small[y : y + 3, x : x + 3] = colour


def _cat(small: Pixels, frame: int) -> None:
    """Somebody sits on the sill and looks out with us."""
    small[79:90, 0:64] = (20, 20, 40)
    small[77:79, 0:66] = (74, 52, 66)
    rows = (
        "..#...#..",
        "..##.##..",
        "..#####..",
        "..#####..",
        "...###...",
        "..#####..",
        ".#######.",
        ".#######.",
        ".#######.",
    )
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell == "#":
                small[68 + y, 22 + x] = (206, 122, 70) if y % 3 else (176, 92, 52)
    if frame % 20 not in (8, 9):
        small[70, 25] = small[70, 28] = (38, 34, 52)
    lift = (0, 0, 1, 2, 3, 3, 2, 1)[frame // 2 % 8]
    for step in range(9):
        small[76 - (lift * step * step) // 64, 31 + step] = (206, 122, 70)


def windows(frame: int) -> Pixels:
    """640x360 from 160x90 square dots, ten a second, forty of them: a street lights up, one window after the other."""
    small = np.zeros((90, 160, 3), np.uint8)
    for band, colour in enumerate(reversed(_DUSK)):
        small[band * 11 : band * 11 + 11] = colour
        if band < 5:
            small[band * 11 + 10, ::2] = tuple(reversed(_DUSK))[band + 1]
    for x, y in np.random.default_rng(322).integers((0, 0), (160, 24), (26, 2)):
        if (frame + x) % 9 > 1:
            small[y, x] = (200, 204, 224)
    y, x = np.mgrid[:90, :160]
    moon = np.hypot(x - 126, y - (34 - frame * 0.55)) < 7
    small[moon & (np.hypot(x - 123, y - (32 - frame * 0.55)) >= 6.4)] = (255, 240, 206)
    _lights(small, frame)
    small[76:90] = (22, 22, 46)
    small[80] = FAR
    head = frame * 5 - 70
    for car in range(5):
        start = head - car * 17
        for place in range(max(0, start), max(0, min(160, start + 16))):
            small[73:79, place] = TRAIN
            if (place - start) % 4 in (1, 2):
                small[74:76, place] = LIT
    _cat(small, frame)
    return np.repeat(np.repeat(small, 4, axis=0), 4, axis=1)
