"""What the records keep as codes has words in both languages: every act the program writes, every state it can keep."""

from __future__ import annotations

import ast
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from bot.domain.market_list import BY_HAND, MarketList
from bot.replies.recorded import ACTS, DETAILS, MACHINES, act_words, actor_words, detail_words, reminder_kind
from bot.replies.talk import list_line
from tests.fakes.desk import _files, make_desk

ROOT = Path(__file__).parents[2]
WRITERS = {"note_audit": 2, "take_change": 5, "replan_filing": None}
"""Who writes a line, and at which place the act is handed in."""


def calls(name: str) -> list[tuple[ast.Call, str]]:
    return [(node, module) for node, module in calls_written() if isinstance(node.func, ast.Name) and node.func.id == name]


@cache
def calls_written() -> list[tuple[ast.Call, str]]:
    """Every call in the program with its module; read once, as that takes a second."""
    found = []
    for path in sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [(node, module) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return found


def texts(node: ast.expr, module: str) -> set[str]:
    """What an expression can come to; nothing for a parameter, whose callers are looked at themselves."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return texts(node.body, module) | texts(node.orelse, module)
    if isinstance(node, ast.BinOp):
        return {left + right for left in texts(node.left, module) for right in texts(node.right, module)}
    if isinstance(node, ast.Subscript):
        return set(getattr(import_module(module), ast.unparse(node.value)).values())
    named = getattr(import_module(module), ast.unparse(node), None) if isinstance(node, ast.Name) else None
    return {named} if named else set()


def written_acts() -> set[str]:
    places = [(node.args[place], module) for name, place in WRITERS.items() if place for node, module in calls(name)]
    return {text for node, module in places for text in texts(node, module)}


def test_every_act_the_program_writes_has_its_words_and_no_other_has() -> None:
    assert written_acts() == set(ACTS)


def test_every_detail_the_program_writes_has_its_words() -> None:
    elsewhere = {"before", "after", "name", "away_until", "deputy", "moved"}  # of nothing that stands in a pack, or columns
    keys = {word.arg for name, at in WRITERS.items() if at for node, _ in calls(name) for word in node.keywords if word.arg}
    assert keys - set(DETAILS) - elsewhere == set()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_of_them_can_be_said(lang: str) -> None:
    words = make_desk().words
    told = [act_words(words, lang, act) for act in ACTS]
    told += [detail_words(words, lang, "opened", key) for key in DETAILS] + [actor_words(words, lang, by) for by in MACHINES]
    if lang == "zh":
        assert [said for said in told if said.isascii()] == ["SHA-256"]


def test_what_only_an_older_version_wrote_stays_as_it_was_written() -> None:
    words = make_desk().words
    assert act_words(words, "zh", "moved by pigeon") == "moved by pigeon"
    assert detail_words(words, "zh", "opened", "pigeon") == "pigeon"
    assert actor_words(words, "zh", "Li Na") == "Li Na"


@pytest.mark.parametrize(("kind", "zh"), [
    ("etd-7-head", "船期前7天 · 放行负责人"), ("due+0", "截止日当日"), ("due+3wd", "截止日后3个工作日"), ("weekly", "每周跟踪"),
    ("ask.Q1", "应请求"), ("etd-1-shipping", "船期前1天 · shipping")])
def test_a_reminder_says_what_it_hangs_on_and_how_far_from_it(kind: str, zh: str) -> None:
    assert reminder_kind(make_desk().words, "zh", kind) == zh


def test_a_list_is_told_with_source_and_recorder_in_the_readers_language() -> None:
    words, (shipped,) = make_desk().words, _files()["lists"]
    chinese, english = list_line(words, "zh", shipped), list_line(words, "en", shipped)
    assert "行业媒体文章" in chinese
    assert "随程序提供" in chinese
    assert "press" not in chinese
    assert "Trade press article of 7 June 2026" in english
    typed = MarketList("x", "1", date(2027, 1, 1), BY_HAND, "command line", date(2026, 12, 1), members=())
    assert "手工录入" in list_line(words, "zh", typed)
    assert "命令行" in list_line(words, "zh", typed)
    assert BY_HAND in list_line(words, "en", typed)


def test_the_chinese_name_of_a_source_is_a_translation_and_no_other_list() -> None:
    shipped, = _files()["lists"]
    row = shipped.to_row()
    older = MarketList.from_row({key: value for key, value in row.items() if not key.endswith("_zh")})
    assert older != shipped
    assert older.digest == shipped.digest
    assert MarketList.from_row(row) == shipped
