"""Market list files of every kind: good lines are kept, broken ones are named by line."""

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.datafiles.market_lists import ListHeader, load_lists, read_list

HEADER = ListHeader(
    "trial",
    effective=date(2026, 12, 1),
    source="https://example.org/list",
    recorded_by="A. Officer",
    recorded_on=date(2026, 11, 23),
)
ROWS = [["code", "name", "name zh", "requirement"], ["DE", "Germany", "德国", "declaration"], ["NO", "Norway", "挪威", ""]]
CSV = "\n".join(",".join(row) for row in ROWS) + "\n"
SHIPPED = Path(__file__).parents[2] / "rulesets"


def write(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def workbook(tmp_path):
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    return tmp_path / "list.xlsx"


def codes(result):
    return [market.code for market in result.entry.members]


@pytest.mark.parametrize("kind", ["csv", "gbk", "semicolon", "xlsx", "yaml", "json"])
def test_every_kind_of_file_gives_the_same_list(tmp_path, kind):
    markets = [{"code": c, "name": {"en": e, "zh": z}, "requirement": r} for c, e, z, r in ROWS[1:]]
    paths = {
        "csv": lambda: write(tmp_path, "list.csv", "\ufeff" + CSV),
        "gbk": lambda: (tmp_path / "list.csv").write_bytes(CSV.encode("gb18030")) and tmp_path / "list.csv",
        "semicolon": lambda: write(tmp_path, "list.csv", CSV.replace(",", ";")),
        "xlsx": lambda: workbook(tmp_path),
        "yaml": lambda: write(tmp_path, "list.yaml", "markets:\n" + "".join(f"  - {json.dumps(m)}\n" for m in markets)),
        "json": lambda: write(tmp_path, "list.json", json.dumps({"markets": markets})),
    }
    result = read_list(paths[kind](), HEADER)
    assert result.whole, [str(finding) for finding in result.findings]
    assert (result.entry.version, result.entry.effective, codes(result)) == ("2026-12-01", date(2026, 12, 1), ["DE", "NO"])
    assert result.entry.market("DE").names.zh == "德国"


def test_a_broken_line_is_named_and_the_good_lines_are_offered(tmp_path):
    text = "code,name\nDE,Germany\nUK,Britain\nGermany,\nDE,again\n,nobody\nfr,France\n"
    result = read_list(write(tmp_path, "list.csv", text), HEADER)
    assert [str(finding) for finding in result.findings] == [
        'list.csv:3:1: "UK" is no ISO 3166 country code; write two letters such as DE',
        'list.csv:4:1: "GERMANY" is no ISO 3166 country code; did you mean "DE"?',
        'list.csv:5:1: "DE" is on the list twice; keep one',
        "list.csv:6:1: the code is empty; write two letters such as DE",
    ]
    assert (codes(result), result.whole) == (["DE", "FR"], False)


def test_a_broken_entry_of_a_yaml_list_is_named_with_line_and_column(tmp_path):
    result = read_list(write(tmp_path, "l.yaml", "markets:\n  - code: DE\n  - code: Norway\n"), HEADER)
    [finding] = result.findings
    assert str(finding) == 'l.yaml:3:11: "NORWAY" is no ISO 3166 country code; did you mean "NO"?'
    assert codes(result) == ["DE"]


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("l.csv", "", "l.csv:1:1: the file is empty"),
        ("l.csv", "\n\n", "the file is empty"),
        ("l.csv", "country,code\nDE,Germany,declaration\n", "l.csv:2:3: this line has more cells than the head line"),
        ("l.csv", "name,note\nGermany,x\n", 'the column "code" is missing; add code to the first line'),
        ("l.csv", "code,requirment\nDE,x\n", 'l.csv:1:2: unknown column "requirment"; did you mean "requirement"?'),
        ("l.csv", 'code,name\nDE,"Germany\nFR,France\n', "l.csv:2:1: this line is not CSV"),
        ("l.csv", "code\0name\nDE,x\n", "this is not a text file"),
        ("l.csv", "code,code\nDE,x\n", 'the column "code" is there twice'),
        ("l.xlsx", "not a workbook", "this is not an Excel workbook; save it as .xlsx or CSV (UTF-8)"),
        ("l.yaml", "- DE\n- FR\n", "the file is a bare list; put the markets under markets:"),
        ("l.yaml", "marktes: []\n", 'unknown key "marktes"; did you mean "markets"?'),
        ("l.json", '{"markets": [', "this is not YAML"),
        ("l.pdf", "%PDF", '".pdf" files are not read; write a .yaml, .json, .csv or .xlsx file'),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, name, text, part):
    result = read_list(write(tmp_path, name, text), HEADER)
    assert result.entry is None
    assert part in "\n".join(map(str, result.findings))


def test_a_missing_file_says_so(tmp_path):
    assert "missing or cannot be read" in str(read_list(tmp_path / "none.csv", HEADER).findings[0])


def test_a_table_needs_to_be_told_when_it_takes_effect_and_who_recorded_it(tmp_path):
    result = read_list(write(tmp_path, "list.csv", CSV), ListHeader("trial"))
    assert result.entry is None
    said = {finding.write for finding in result.findings}
    needed = ("effective date", "source", "name of who records it", "day it is recorded")
    assert said == {f"give the {words} with the import" for words in needed}


def test_chinese_column_heads_are_understood(tmp_path):
    result = read_list(write(tmp_path, "list.csv", "国家代码,国家,要求\nDE,德国,符合性声明\n"), HEADER)
    assert (result.entry.market("DE").names.zh, result.entry.market("DE").requirement) == ("德国", "符合性声明")


def test_what_the_importing_person_says_goes_before_the_file(tmp_path):
    text = "version: old\neffective: 2026-01-01\nsource: a rumour\nmarkets:\n  - code: DE\n"
    entry = read_list(write(tmp_path, "l.yaml", text), HEADER).entry
    assert (entry.version, entry.effective, entry.source) == ("old", date(2026, 12, 1), "https://example.org/list")


def test_the_first_list_ships_as_reported_27_markets_none_named():
    [first] = load_lists(SHIPPED)["cn-cac-agents"]
    assert (first.version, first.count_reported, first.members) == ("2026-06-01", 27, None)
    assert first.lists("DE") is None
