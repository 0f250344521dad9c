"""The timeline as a picture for a slide, drawn with Pillow: 1600 by 900, PNG."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from bot.replies.timelines import Picture, Row

WIDTH, HEIGHT = 1600, 900
LEFT, RIGHT, TOP, BOTTOM = 560, 1560, 158, 842
"""The field in which days are drawn; labels stand left of it."""
EDGE, ROW_MOST, MONTH_ROOM = 40, 34, 72
INK, GREY, RULE, STRIPE, PAPER = "#1b2733", "#5f6f7f", "#dfe5eb", "#f5f7f9", "#ffffff"
COLOURS = {"done": "#2e9e6b", "late": "#d64545", "open": "#4a7fc1", "band": "#e3b341"}
TODAY = "#d64545"
WIDE_FONTS = (
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"), ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"),
    ("SourceHanSansSC-Regular.otf", "SourceHanSansSC-Bold.otf"), ("wqy-microhei.ttc", "wqy-microhei.ttc"),
    ("wqy-zenhei.ttc", "wqy-zenhei.ttc"), ("DroidSansFallbackFull.ttf", "DroidSansFallbackFull.ttf"),
    ("PingFang.ttc", "PingFang.ttc"), ("Hiragino Sans GB.ttc", "Hiragino Sans GB.ttc"), ("msyh.ttc", "msyhbd.ttc"))
"""Regular and bold of what systems have with Chinese; Pillow looks for the names where the system keeps its fonts."""
PLAIN = {"→": ">", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "…", "·": "·"}
"""How the built-in font, which has Latin letters only, writes what it lacks."""
LATIN = 0x250
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class PillowPainter:
    """The port Painter; without a font for Chinese, what it cannot write becomes a question mark."""

    def writes(self, lang: str) -> bool:
        """Whether this machine has a font for it."""
        return lang == "en" or _wide(16, bold=False) is not None

    def timeline(self, picture: Picture) -> bytes:
        """The same bytes for the same picture on the same machine."""
        image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        canvas = Canvas(ImageDraw.Draw(image), picture)
        for paint in (canvas.head, canvas.stripes, canvas.months, canvas.lines, canvas.rows, canvas.foot):
            paint()
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        return file.getvalue()


class Canvas:
    """The picture while it is drawn."""

    def __init__(self, draw: ImageDraw.ImageDraw, picture: Picture) -> None:
        self._draw, self._picture = draw, picture
        self._pitch = min(ROW_MOST, (BOTTOM - TOP) / max(1, len(picture.rows)))
        self._end = TOP + self._pitch * len(picture.rows)

    def head(self) -> None:
        """Title, how it stands, what the colours mean."""
        self._write(EDGE, 50, self._picture.title, 34, bold=True, room=WIDTH - 2 * EDGE)
        self._write(EDGE, 94, self._picture.subtitle, 21, GREY, room=760)
        at = float(WIDTH - EDGE)
        for state, name in reversed(self._picture.legend):
            at -= self._length(name, 17)
            self._write(at, 94, name, 17, GREY)
            at -= 26
            self._draw.rounded_rectangle((at, 87, at + 18, 101), 4, COLOURS[state])
            at -= 26

    def months(self) -> None:
        """A line at the first of each month, named where there is room beside the lines of today and the ETD."""
        taken = [self._x(self._picture.today[0]), self._x(self._picture.etd[0]), float(RIGHT)]
        for day in _firsts(self._picture.first, self._picture.last):
            x = self._x(day)
            self._draw.line((x, TOP - 8, x, self._end), RULE, 1)
            if all(other <= x or other >= x + MONTH_ROOM for other in taken):
                self._write(x + 5, TOP - 18, f"{day:%Y-%m}", 15, GREY)
                taken.append(x + MONTH_ROOM - 1)

    def stripes(self) -> None:
        """Every other line is shaded, so that the eye keeps to it."""
        for number in range(0, len(self._picture.rows), 2):
            top = TOP + number * self._pitch
            self._draw.rectangle((EDGE - 12, top, RIGHT, top + self._pitch), STRIPE)

    def rows(self) -> None:
        """A line each: what it is, and its bar."""
        size = max(11, min(16, int(self._pitch * 0.62)))
        for number, row in enumerate(self._picture.rows):
            middle = TOP + (number + 0.5) * self._pitch
            self._label(row, middle, size)
            self._bar(row, middle, size)

    def lines(self) -> None:
        """Today and the ETD, through everything."""
        (today, today_name), (etd, etd_name) = self._picture.today, self._picture.etd
        near = abs(self._x(today) - self._x(etd)) < 150
        self._upright(today, today_name, TODAY, -40 if near else -34)
        self._upright(etd, f"{etd_name} {etd.isoformat()}", INK, -34)

    def foot(self) -> None:
        """What every reader must know."""
        self._write(EDGE, HEIGHT - 30, self._picture.note, 17, GREY, room=WIDTH - 2 * EDGE)

    def _label(self, row: Row, middle: float, size: int) -> None:
        if row.id:
            self._write(EDGE, middle, row.id, size, bold=True)
        start = EDGE + (48 if row.id else 0)
        self._write(start, middle, row.label, size, bold=not row.id, room=LEFT - 18 - start)

    def _bar(self, row: Row, middle: float, size: int) -> None:
        half, left, right = self._pitch * 0.29, self._x(row.start), self._x(row.end + timedelta(days=1))
        self._draw.rounded_rectangle((left, middle - half, max(right, left + 5), middle + half), 3, COLOURS[row.state])
        for day, _ in row.marks:
            x = self._x(day)
            self._draw.line((x, middle - half - 2, x, middle + half + 2), INK, 2)
        self._beside(_marks(row) or f"{row.end:%m-%d}", left, right, middle, size - 2)

    def _beside(self, said: str, left: float, right: float, middle: float, size: int) -> None:
        """Beside its bar, on the left where the right has no room; the lines of today and the ETD keep off it."""
        wide = self._length(said, size)
        x = right + 6 if right + wide + 6 < RIGHT else left - wide - 6
        font = _font(size, bold=False)
        self._draw.text((x, middle), _writable(said), GREY, font, anchor="lm", stroke_width=3, stroke_fill=PAPER)

    def _upright(self, day: date, name: str, colour: str, above: int) -> None:
        x, wide = self._x(day), self._length(name, 16, bold=True)
        self._draw.line((x, TOP - 22, x, self._end), colour, 2)
        self._write(min(max(x - wide / 2, LEFT), WIDTH - EDGE - wide), TOP + above, name, 16, colour, bold=True)

    def _x(self, day: date) -> float:
        whole = (self._picture.last - self._picture.first).days
        return LEFT + (RIGHT - LEFT) * (day - self._picture.first).days / whole

    def _write(self, x: float, middle: float, text: str, size: int, colour: str = INK, *, bold: bool = False,
               room: float = 0) -> None:
        font, said = _font(size, bold=bold), _writable(text)
        said = _cut(said, lambda part: font.getlength(part) <= room) if room else said
        self._draw.text((x, middle), said, colour, font, anchor="lm")

    def _length(self, text: str, size: int, *, bold: bool = False) -> float:
        return float(_font(size, bold=bold).getlength(_writable(text)))


def _firsts(first: date, last: date) -> Iterator[date]:
    day = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
    while day <= last:
        yield day
        day = (day + timedelta(days=31)).replace(day=1)


def _marks(row: Row) -> str:
    return " · ".join(f"{name} {day:%m-%d}" for day, name in sorted(row.marks))


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    if fits(text):
        return text
    while text and not fits(text + "…"):
        text = text[:-1]
    return text.rstrip() + "…"


def _writable(text: str) -> str:
    if _wide(16, bold=False):
        return text
    return "".join(PLAIN.get(letter, letter if ord(letter) < LATIN else "?") for letter in text)


def _font(size: int, *, bold: bool) -> Font:
    return _wide(size, bold=bold) or ImageFont.load_default(size)


@lru_cache(maxsize=32)
def _wide(size: int, *, bold: bool) -> Font | None:
    for names in WIDE_FONTS:
        try:
            return _simplified(names[bold], size)
        except OSError:
            continue
    return None


def _simplified(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Of a collection the face for simplified Chinese, where it has one."""
    first = ImageFont.truetype(name, size)
    for index in range(1, 5 if name.startswith("Noto") and name.endswith(".ttc") else 1):
        face = ImageFont.truetype(name, size, index)
        if str(face.getname()[0]).endswith(" SC"):
            return face
    return first
