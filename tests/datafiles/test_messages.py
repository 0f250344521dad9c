"""The sentences: the two languages say the same things, numbers and dates read as people write them, markets have plain names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.datafiles.messages import Catalogues, gaps, load_messages
from bot.errors import BadFile

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config" / "messages"
ENTRY = 'msgid "a"\nmsgstr "One {x}"\n'
SAID = re.compile(r"""\.say\(\s*[\w.]+(?:\([^()]*\))?,\s*"([\w.]+)\"""")


@pytest.fixture(scope="module")
def words() -> Catalogues:
    return load_messages(SHIPPED)


def told(tmp_path: Path, en: str, zh: str) -> list[str]:
    for lang, text in (("en", en), ("zh", zh)):
        (tmp_path / "config" / "messages" / lang).mkdir(parents=True, exist_ok=True)
        (tmp_path / "config" / "messages" / lang / "filingdesk.po").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        load_messages(tmp_path / "config" / "messages")
    return caught.value.findings


def test_both_languages_know_the_same_keys(words: Catalogues) -> None:
    assert set(words.keys("en")) == set(words.keys("zh"))
    assert len(set(words.keys("en"))) > 150


def test_no_sentence_is_left_in_the_other_language(words: Catalogues) -> None:
    chinese = re.compile(r"[一-鿿]")
    for key in words.keys("en"):
        forms = " ".join(words._sentences["en"][key])
        assert not chinese.search(forms), f"{key} holds Chinese in the English catalogue"
    same = {key for key in words.keys("en") if words._sentences["en"][key] == words._sentences["zh"][key]
            and re.search(r"[a-z]{4}", re.sub(r"\{\w+\}|Filing Desk", "", words._sentences["en"][key][0]))}
    assert same == set(), "the Chinese catalogue still says it in English"


def test_every_sentence_the_program_names_is_there(words: Catalogues) -> None:
    files = [file for folder in ("bot", "handlers") for file in (ROOT / folder).rglob("*.py")]
    named = {(key, file.name) for file in files for key in SAID.findall(file.read_text(encoding="utf-8"))}
    assert len(named) > 80, "the pattern no longer finds them"
    assert {(key, where) for key, where in named if key not in set(words.keys("en"))} == set()


def test_a_number_chooses_the_plural(words: Catalogues) -> None:
    assert [words.say("en", "when.in", n=number) for number in (0, 1, 2)] == ["in 0 days", "in 1 day", "in 2 days"]
    assert {words.say("zh", "when.in", n=number).replace(str(number), "") for number in (1, 2)} == {
        words.say("zh", "when.in", n=5).replace("5", "")}


def test_braces_in_a_value_are_not_read_as_gaps(words: Catalogues) -> None:
    assert "{0.__class__}" in words.say("en", "quoted", words="{0.__class__}")


def test_an_unknown_language_is_answered_in_english(words: Catalogues) -> None:
    assert words.say("fr", "when.today") == words.say("en", "when.today") == "today"


def test_a_sentence_nobody_wrote_is_an_error(words: Catalogues) -> None:
    with pytest.raises(KeyError):
        words.say("en", "no.such.key")


def test_dates_read_as_people_write_them_and_have_their_year(words: Catalogues) -> None:
    day, moment = date(2026, 12, 5), datetime(2026, 12, 5, 1, 5, tzinfo=UTC)
    assert (words.day("en", day), words.day("zh", day)) == ("5 Dec 2026", "2026年12月5日")
    assert words.moment("en", moment, "Asia/Shanghai") == "5 Dec 2026, 09:05 (Asia/Shanghai)"
    assert words.moment("zh", moment, "Europe/Berlin") == "2026年12月5日 02:05 (Europe/Berlin)"


@pytest.mark.parametrize(
    ("code", "en", "zh"),
    [
        ("HK", "Hong Kong", "香港"), ("MO", "Macao", "澳门"), ("TW", "Taiwan", "台湾"), ("CN", "mainland China", "中国内地"),
        ("DE", "Germany", "德国"), ("AE", "United Arab Emirates", "阿拉伯联合酋长国"), ("XX", "XX", "XX"),
    ],
)
def test_a_market_has_a_plain_name(words: Catalogues, code: str, en: str, zh: str) -> None:
    assert (words.market("en", code), words.market("zh", code)) == (en, zh)


def test_a_key_that_one_language_lacks_is_told(tmp_path: Path) -> None:
    [finding] = told(tmp_path, ENTRY + '\nmsgid "b"\nmsgstr "Two"\n', ENTRY)
    assert finding == 'config/messages/zh/filingdesk.po:0:0: the key "b" is missing; add it with its sentence'


def test_gaps_that_differ_are_told_with_their_line(tmp_path: Path) -> None:
    [finding] = told(tmp_path, ENTRY, ENTRY.replace("{x}", "{y}"))
    assert finding == 'config/messages/zh/filingdesk.po:1:1: "a" has the gaps {y} and {x} in English; write {x}'


@pytest.mark.parametrize(("wrong", "said"), [('""', "has no sentence"), ('"One {x"', "has a brace that is not closed")])
def test_a_sentence_that_cannot_be_used_is_told(tmp_path: Path, wrong: str, said: str) -> None:
    found = told(tmp_path, ENTRY, f'msgid "a"\nmsgstr {wrong}\n')
    assert any(said in finding for finding in found)


def test_a_file_that_is_no_catalogue_is_told(tmp_path: Path) -> None:
    [finding] = told(tmp_path, ENTRY, "msgid a\n")
    assert finding.startswith("config/messages/zh/filingdesk.po:")
    assert "this is not a catalogue of sentences" in finding


def test_the_gaps_of_a_sentence_are_its_names_in_braces() -> None:
    assert gaps("{a} and {b}, {{not this}}") == {"a", "b"}
