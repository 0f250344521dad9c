"""What is wrong with a table or a list is told in the reader's language, whoever reads it."""

from __future__ import annotations

import ast
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.datafiles.market_texts import list_from_form
from bot.datafiles.messages import load_messages
from bot.datafiles.shipment_fields import Readers
from bot.datafiles.shipment_tables import read_shipments
from bot.domain.checklist import ROLES
from bot.domain.market_list import Doubt
from bot.errors import BadFile, Finding
from bot.replies.lists import list_doubt
from bot.replies.names import listed, role_words
from bot.replies.trouble import finding_said, line_said

ROOT = Path(__file__).parents[2]
WORDS = load_messages(ROOT / "config" / "messages")
HEAD = "number,product,destination,etd,zone,incoterm,owner,state,autonomous\n"
LINES = (
    "X1,,DE,2026-12-12,,,,,", "X1,X2,XX,2026-12-12,,,,,", "X1,X2,DE,XX,,,,,", "X1,X2,DE,2027-03-28 02:30,Europe/Berlin,,,,",
    "X1,X2,DE,2026-12-12 25:00,,,,,", "X1,X2,DE,2026-12-12 10:00 +19:00,,,,,", "X1,X2,DE,2026-12-12,XX/XX,,,,",
    "X1,X2,DE,2026-12-12,,XX,,,", "X1,X2,DE,2026-12-12,,,XX,,", "X1,X2,DE,2026-12-12,,,,XX,", "X1,X2,DE,2026-12-12,,,,,XX",
    "X1,X2,DE,2026-12-12,,,,,,XX", 'X1,"X2,DE,2026-12-12,,,,,',
)
QUOTES = str.maketrans("“”", '""')
TABLES = ("", "XX,XX\n", "编号,编号,product,destination,etd\nX1,X1,X2,DE,XX\n", "number\n")
ENGLISH = re.compile(r"[a-z]{4,}|\b(?:is|no|the|of|it)\b")


def day_of(said: str) -> date | None:
    return date.fromisoformat(said) if said.startswith("20") else None


READERS = Readers(lambda place: "DE" if place == "DE" else "", day_of, lambda _said: "")


def found_in(text: str, folder: Path) -> list[Finding]:
    path = folder / "T.csv"
    path.write_text(text, "utf-8")
    try:
        return [finding for read in read_shipments(path, READERS) for finding in read.findings]
    except BadFile as error:
        return error.details


@pytest.mark.parametrize("text", [*(HEAD + line + "\n" for line in LINES), *TABLES, "\0"])
def test_a_chinese_reader_meets_no_english_word_in_what_is_wrong_with_a_table(text: str, tmp_path: Path) -> None:
    found = found_in(text, tmp_path)
    assert found
    for finding in found:
        said = finding_said(WORDS, "zh", finding)
        names = ("T.csv", "xlsx", "Europe/Berlin", "Asia/Shanghai", "XX/XX")
        bare = re.sub("|".join(map(re.escape, names)), "", said)
        assert not ENGLISH.search(bare), said
        assert finding_said(WORDS, "en", finding).startswith("T.csv")


@pytest.mark.parametrize("markets", ["XX9", "DE\nDE", ",XX", ""])
def test_a_chinese_reader_meets_no_english_word_in_what_is_wrong_with_a_list(markets: str) -> None:
    with pytest.raises(BadFile) as caught:
        list_from_form("r", {"effective": "2026-12-12", "markets": markets}, "U1", date(2026, 11, 1))
    for finding in caught.value.details:
        said = line_said(WORDS, "zh", finding)
        assert said.startswith(f"第{finding.line}行：")
        assert not ENGLISH.search(said.replace("Germany", "")), said


DOUBTS = (Doubt("empty"), Doubt("halved", ("27", "2")), Doubt("earlier", (date(2026, 9, 1), date(2026, 8, 1))),
          Doubt("same_version", ("7",)), Doubt("unknown_code", ("XX",)), Doubt("duplicate", ("DE",)),
          Doubt("count_differs", ("27", "3")))


@pytest.mark.parametrize("doubt", DOUBTS, ids=[doubt.kind for doubt in DOUBTS])
def test_a_doubt_about_a_list_is_told_in_the_reader_s_language(doubt: Doubt) -> None:
    said = list_doubt(WORDS, "zh", doubt)
    assert not ENGLISH.search(said), said
    assert all(each in said for each in doubt.about if isinstance(each, str))
    told = list_doubt(WORDS, "en", doubt).translate(QUOTES).casefold().rstrip(".")
    assert told.replace("1 aug 2026", "2026-08-01").replace("1 sep 2026", "2026-09-01") == str(doubt).casefold()


def test_the_sentences_of_doubts_are_those_there_are() -> None:
    assert {key.removeprefix("list.doubt.") for key in WORDS.keys("zh") if key.startswith("list.doubt.")} == {
        doubt.kind for doubt in DOUBTS}


@cache
def calls() -> list[tuple[str, list[ast.expr]]]:
    """Every call of the program by the last word of its name, with what it is given; read once, as it takes seconds."""
    trees = [ast.parse(path.read_text("utf-8")) for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(getattr(node.func, "attr", getattr(node.func, "id", "")), node.args) for node in nodes]


def named_in(call: str, position: int) -> set[str]:
    """What stands at this position in the calls of this name all over the program, as far as it stands there in full."""
    named = [given[position] for name, given in calls() if name == call and len(given) > position]
    return {each.value for each in named if isinstance(each, ast.Constant)}


@pytest.mark.parametrize(("call", "position", "key"), [("named", 0, "trouble"), ("Phrase", 1, "phrase")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_code_has_a_sentence_in_both_languages(call: str, position: int, key: str, lang: str) -> None:
    codes = named_in(call, position)
    assert len(codes) > 5, "the pattern no longer finds them"
    assert {f"{key}.{code}" for code in codes} - set(WORDS.keys(lang)) == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_name_in_both_languages(role: str) -> None:
    assert role_words(WORDS, "en", role) != role
    assert re.search("[\u4e00-\u9fff]", role_words(WORDS, "zh", role))


def test_names_in_a_row_are_joined_as_the_language_does() -> None:
    assert listed(WORDS, "zh", ["A", "B"]) == "A、B"
    assert listed(WORDS, "en", ["A", "B"]) == "A, B"
    assert role_words(WORDS, "zh", "SHIP, HEAD") == "、".join(role_words(WORDS, "zh", role) for role in ("SHIP", "HEAD"))
