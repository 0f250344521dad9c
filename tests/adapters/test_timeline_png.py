"""The timeline picture: of the right size, with something of each colour where it belongs, whatever fonts there are."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.adapters import timeline_png
from bot.adapters.timeline_png import BOTTOM, COLOURS, LEFT, RIGHT, TOP, PillowPainter
from bot.replies.timelines import Picture, Row

FIRST, LAST = date(2026, 11, 1), date(2027, 3, 1)
SPAN = (LAST - FIRST).days


def picture(*rows: Row, **changes: object) -> Picture:
    usual = Picture("F-1 · FaceGate 300 → Germany", "3 of 9 done", "All dates are assumed.", FIRST, LAST,
                    (date(2026, 12, 1), "Today"), (date(2027, 2, 1), "ETD"), rows, tuple((state, state) for state in COLOURS))
    return replace(usual, **changes)  # type: ignore[arg-type]


def row(state: str, start: int, end: int, **changes: object) -> Row:
    usual = Row("N1", "Scope review", FIRST + timedelta(days=start), FIRST + timedelta(days=end), state)
    return replace(usual, **changes)  # type: ignore[arg-type]


def drawn(asked: Picture) -> Image.Image:
    content = PillowPainter().timeline(asked)
    assert content.startswith(b"\x89PNG")
    return Image.open(io.BytesIO(content))


def colours(image: Image.Image, box: tuple[int, int, int, int]) -> set[str]:
    return {"#{:02x}{:02x}{:02x}".format(*pixel) for _, pixel in image.crop(box).getcolors(1_000_000)}


@pytest.fixture(params=["the fonts of this machine", "no font but the built-in one"])
def fonts(request, monkeypatch):
    if request.param.startswith("no"):
        monkeypatch.setattr(timeline_png, "WIDE_FONTS", ())
    timeline_png._wide.cache_clear()
    yield
    timeline_png._wide.cache_clear()


def test_a_bar_has_its_colour_on_its_days_and_not_beside_them(fonts) -> None:
    image = drawn(picture(row("late", 0, 20), row("done", 60, 90)))
    assert image.size == (1600, 900)
    first = colours(image, (LEFT, TOP, LEFT + int((RIGHT - LEFT) * 15 / SPAN), TOP + 30))
    assert COLOURS["late"] in first
    assert COLOURS["done"] not in first
    second = colours(image, (LEFT + int((RIGHT - LEFT) * 61 / SPAN), TOP + 36, LEFT + int((RIGHT - LEFT) * 89 / SPAN), TOP + 66))
    assert COLOURS["done"] in second
    assert COLOURS["late"] not in second


@pytest.mark.parametrize("rows", [0, 1, 28, 60])
def test_any_number_of_rows_stays_within_the_picture(fonts, rows) -> None:
    image = drawn(picture(*[row("band", 0, SPAN - 1) for _ in range(rows)]))
    assert COLOURS["band"] not in colours(image, (LEFT, BOTTOM, RIGHT, 900))
    assert (COLOURS["band"] in colours(image, (LEFT, TOP, RIGHT, BOTTOM))) == (rows > 0)


def test_long_and_foreign_words_are_drawn_and_cut(fonts) -> None:
    marks = tuple((FIRST + timedelta(days=day), "悲观 pessimistic") for day in (1, SPAN - 3, SPAN - 1))
    image = drawn(picture(row("open", 1, 2, label="产品适用范围审查 " * 20), row("band", 1, SPAN - 1, marks=marks),
                          title="名" * 200))
    assert COLOURS["open"] in colours(image, (LEFT, TOP, RIGHT, BOTTOM))


def test_the_same_picture_is_the_same_file(fonts) -> None:
    asked = picture(row("open", 3, 30))
    assert PillowPainter().timeline(asked) == PillowPainter().timeline(asked)


def test_chinese_is_offered_only_where_there_is_a_font_for_it(monkeypatch) -> None:
    timeline_png._wide.cache_clear()
    monkeypatch.setattr(timeline_png, "WIDE_FONTS", ())
    assert (PillowPainter().writes("zh"), PillowPainter().writes("en")) == (False, True)
    timeline_png._wide.cache_clear()
