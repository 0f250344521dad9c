"""Comparing descriptions and screening tables on the command line."""
# ruff: noqa: E501 (a case per line reads better in its table)

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from bot.datafiles import screened_xlsx

HEAD = ["order", "product", "destination", "note"]
ADDED = ["verdict", "reasons", "missing", "clauses", "basis", "findings"]


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def read(path, encoding="utf-8", delimiter=","):
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))


def by_heading(rows):
    return [dict(zip([name.removeprefix("filing desk: ") for name in rows[0]], row, strict=False)) for row in rows[1:]]


# -- compare ----------------------------------------------------------------------------------------------


def test_a_product_described_differently_inside_and_outside_is_shown_with_both_wordings(house):
    done = house.run("compare", "PK-V2")
    assert done.exit_code == 1
    for part in ("PalmKey V2: the descriptions contradict each other", "who decides", "“unattended”", "In scope: file before export"):
        assert part in done.stdout


def test_a_product_described_alike_ends_well(house):
    done = house.run("compare", "faceGate-300")
    assert (done.exit_code, "FaceGate 300: the descriptions agree" in done.stdout) == (0, True)
    assert "who decides: it acts by itself" in done.stdout


def test_two_texts_that_say_nothing_of_who_decides_are_not_taken_for_known(house):
    done = house.run("compare", "--internal", "Iris lock", "--sales", "A smart iris lock")
    assert "product family: iris lock" in done.stdout
    assert "who decides: not known" in done.stdout


def test_two_texts_can_be_compared_in_chinese_too(house):
    done = house.run("compare", "--internal", "静脉锁，每次开门须由保安确认", "--sales", "静脉锁，无人值守，自动开门", "--lang", "zh")
    assert done.exit_code == 1
    assert "相互矛盾：由谁决定" in done.stdout
    assert "自动开门" in done.stdout


def test_the_whole_catalogue_names_exactly_the_products_with_a_gap(house):
    said = house.run("compare", "--all").stdout
    assert said.count("Read by the same reader") == 1
    assert [line.split(":")[0] for line in said.splitlines() if "contradict each other on" in line] == ["PalmKey V2", "AirSense P4"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Name a product, or give --internal and --sales, or --all."),
        (("PK-V2", "--all"), "Name a product, or give --internal and --sales, or --all."),
        (("--internal", "a lock"), "one of them is empty"),
        (("PalmKey V9",), 'The catalogue has no product "PalmKey V9"'),
    ],
)
def test_what_cannot_be_compared_is_told(house, words, sentence):
    done = house.run("compare", *words)
    assert (done.exit_code, sentence in done.stderr) == (2, True)


# -- screen -----------------------------------------------------------------------------------------------


def test_an_order_book_comes_back_with_the_same_cells_and_an_answer_behind_each(house, tmp_path):
    orders = "order,product,destination,note\r\nSO-1,FaceGate 300,Hamburg,\"a, \"\"b\"\"\"\r\nSO-2,PK-V2,罗马,\r\nSO-3,GateKeeper 2D,DE,x\r\nSO-4,IrisLock Pro,Shanghai,\r\n"
    done = house.run("screen", write(tmp_path / "orders.csv", orders))
    rows = read(tmp_path / "orders.screened.csv")
    assert done.exit_code == 0
    assert rows[0] == [*HEAD, *(f"filing desk: {name}" for name in ADDED)]
    assert [row[:4] for row in rows[1:]] == read(tmp_path / "orders.csv")[1:]
    assert [row["verdict"] for row in by_heading(rows)] == ["in_scope", "out_of_scope", "out_of_scope", "out_of_scope"]
    assert (tmp_path / "orders.screened.csv").read_bytes().count(b"\r\n") == 5


def test_each_answer_has_its_reasons_clauses_and_basis(house, tmp_path):
    house.run("screen", write(tmp_path / "o.csv", "product,destination\nFaceGate 300,Hamburg\n"), "--on", "2026-11-23")
    [row] = by_heading(read(tmp_path / "o.screened.csv"))
    assert "“Hamburg”" in row["reasons"]
    assert "the catalogue" in row["reasons"]
    assert "CAC-R2-products" in row["clauses"]
    assert row["basis"].startswith("cn-cac-agents 2026.1 (sha256:")
    assert row["basis"].endswith("2026-11-23")
    assert (row["missing"], row["findings"]) == ("", "")


def test_what_is_missing_is_named_and_never_becomes_a_no(house, tmp_path):
    house.run("screen", write(tmp_path / "o.csv", "product,destination\nSmart iris lock,Hamburg\nFaceGate 300,\nWidget,Rome\n"))
    rows = by_heading(read(tmp_path / "o.screened.csv"))
    assert [row["verdict"] for row in rows] == ["needs_review"] * 3
    assert [row["missing"] for row in rows] == ["decides by itself", "leaves mainland China", "product family, decides by itself"]


def test_a_catalogue_without_destinations_can_be_judged_as_if_exported(house, tmp_path):
    done = house.run("screen", house.folder / "config" / "catalogue.csv", "--exported", "--out", tmp_path / "judged.csv")
    verdicts = {row["SKU"]: row["verdict"] for row in by_heading(read(tmp_path / "judged.csv"))}
    assert done.exit_code == 1
    assert {sku for sku, verdict in verdicts.items() if verdict == "in_scope"} == {"FG-300", "IL-P", "VG-5", "GS-X"}
    assert {sku for sku, verdict in verdicts.items() if verdict == "needs_review"} == {"PK-V2", "AS-P4"}


def test_sources_that_contradict_each_other_are_named_and_leave_it_open(house, tmp_path):
    table = "product,autonomous,description,destination\nIris lock,no,Opens by itself without a guard,Rome\n"
    done = house.run("screen", write(tmp_path / "o.csv", table))
    [row] = by_heading(read(tmp_path / "o.screened.csv"))
    assert (row["verdict"], done.exit_code) == ("needs_review", 1)
    assert "contradiction (who decides)" in row["findings"]
    assert "“by itself”" in row["findings"]


def test_bad_rows_keep_their_line_and_say_what_is_wrong(house, tmp_path):
    table = 'product,destination\nFaceGate 300,Hamburg,too,many\n"broken,Rome\nIrisLock Pro,Atlantis\n,\nFaceGate 300,Rome\n"two\nlines",Rome\n,Rome\n'
    done = house.run("screen", write(tmp_path / "o.csv", table))
    rows = read(tmp_path / "o.screened.csv")
    assert [row[:2] for row in rows[1:]] == [
        ["FaceGate 300", "Hamburg"], ['"broken', "Rome"], ["IrisLock Pro", "Atlantis"], ["", ""], ["FaceGate 300", "Rome"],
        ["two\nlines", "Rome"], ["", "Rome"]]
    assert rows[1][2:4] == ["too", "many"]
    findings = [row[-1] for row in rows[1:]]
    assert "more cells than the head line" in findings[0]
    assert "not CSV; check its quotes" in findings[1]
    assert "“Atlantis” is not known" in findings[2]
    assert findings[4] == ""
    assert "names no product" in findings[6]
    assert done.exit_code == 1
    assert "5 with a finding" not in done.stdout


def test_a_value_that_is_no_value_is_a_finding_and_not_taken_for_a_no(house, tmp_path):
    house.run("screen", write(tmp_path / "o.csv", "product,autonomous,destination\nIris lock,perhaps,Rome\n"))
    [row] = by_heading(read(tmp_path / "o.screened.csv"))
    assert (row["verdict"], "“perhaps” is not a value of who decides; write one of: yes, no" in row["findings"]) == ("needs_review", True)


def test_judging_a_judged_file_again_replaces_its_columns(house, tmp_path):
    house.run("screen", write(tmp_path / "o.csv", "product,destination,note\nFaceGate 300,Hamburg,x\n"))
    first = read(tmp_path / "o.screened.csv")
    house.run("screen", tmp_path / "o.screened.csv", "--out", tmp_path / "o.screened.csv")
    assert read(tmp_path / "o.screened.csv") == first


@pytest.mark.parametrize(("encoding", "sign"), [("gb18030", ","), ("utf-8-sig", ";"), ("utf-8", "\t"), ("utf-16", "\t")])
def test_encoding_and_separator_stay_as_they_were(house, tmp_path, encoding, sign):
    table = sign.join(["型号", "目的地"]) + "\n" + sign.join(["虹膜锁，自动开锁", "汉堡"]) + "\n"
    house.run("screen", write(tmp_path / "o.csv", table, encoding), "--lang", "zh")
    rows = read(tmp_path / "o.screened.csv", encoding, sign)
    assert rows[1][:3] == ["虹膜锁，自动开锁", "汉堡", "in_scope"]


def test_a_column_can_be_named_by_hand(house, tmp_path):
    table = write(tmp_path / "o.csv", "Artikel,Land\nIris lock opens by itself,Italy\n")
    assert "its columns are Artikel, Land" in house.run("screen", table).stderr
    assert house.run("screen", table, "--column", "product=Artikel", "--column", "destination=land").exit_code == 0
    assert by_heading(read(tmp_path / "o.screened.csv"))[0]["verdict"] == "in_scope"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--column", "product"), "write --column product=YOUR HEADING"),
        (("--column", "produkt=product"), "did you mean “product”?"),
        (("--column", "product=Artikl"), "there is no column “Artikl”"),
        (("--out", "o.xlsx"), "must end in .csv"),
        (("--out", "there.csv"), "exists already"),
    ],
)
def test_what_cannot_be_screened_is_told_and_writes_nothing(house, words, sentence):
    write(house.folder / "there.csv", "kept")
    write(house.folder / "o.csv", "product\nIris lock\n")
    before = sorted(house.folder.iterdir())
    done = house.run("screen", "o.csv", *words)
    assert (done.exit_code, sentence in done.stderr) == (2, True)
    assert sorted(house.folder.iterdir()) == before


@pytest.mark.parametrize(("name", "content"), [("o.csv", b""), ("o.csv", b"\n\n"), ("o.csv", b"a\0b"), ("o.xlsx", b"no workbook"), ("o.pdf", b"x"), ("none.csv", None)])
def test_a_file_that_is_no_table_is_told_in_a_sentence(house, name, content):
    if content is not None:
        (house.folder / name).write_bytes(content)
    done = house.run("screen", name)
    assert done.exit_code == 2
    assert 0 < len(done.stderr.splitlines()) <= 2


@pytest.mark.parametrize(("name", "content", "said"), [
    ("x.csv", "", "x.csv:1:1：没有标题行"), ("x.csv", "\0", "x.csv:1:1：这不是文本文件"), ("x.xlsx", "a", "x.xlsx:0:0：这不是"),
    ("x.pdf", "a", "x.pdf既不是.csv也不是.xlsx"), ("x.csv", "colour\nred\n", "现有的列：colour"),
])
def test_what_cannot_be_screened_is_told_in_the_language_asked_for(house, tmp_path, name, content, said):
    done = house.run("screen", write(tmp_path / name, content), "--lang", "zh")
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_a_workbook_keeps_formulas_dates_numbers_and_its_other_sheets(house, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.title = "Orders"
    sheet.append(["order", "product", "destination", "pieces", "twice", "etd"])
    sheet.append(["SO-1", "FaceGate 300", "Hamburg", 40, "=D2*2", date(2026, 12, 12)])
    sheet.append(["=text", "PalmKey V2", "Rome", 1.5, None, None])
    sheet["A3"].data_type = "s"
    sheet["D2"].number_format = "0.00"
    book.create_sheet("Notes").append(["kept", 7])
    book.save(tmp_path / "o.xlsx")
    assert house.run("screen", tmp_path / "o.xlsx").exit_code == 0
    judged = load_workbook(tmp_path / "o.screened.xlsx")
    orders = judged["Orders"]
    assert [cell.value for cell in orders[1]][6:] == [f"filing desk: {name}" for name in ADDED]
    assert [cell.value for cell in orders[2]][:5] == ["SO-1", "FaceGate 300", "Hamburg", 40, "=D2*2"]
    assert (orders["D2"].number_format, orders["E2"].data_type, orders["A3"].data_type) == ("0.00", "f", "s")
    assert orders["F2"].value.date() == date(2026, 12, 12)
    assert [orders["G2"].value, orders["G3"].value] == ["in_scope", "out_of_scope"]
    assert [[cell.value for cell in row] for row in judged["Notes"]] == [["kept", 7]]


def test_a_workbook_comes_back_looking_as_it_did(house, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Order book 2027"])
    sheet.merge_cells("A1:D1")
    sheet.append(["product", "destination"])
    sheet.append(["FaceGate 300", "Hamburg"])
    sheet["A2"].font = Font(bold=True)
    sheet["A3"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["A3"].comment = Comment("ask Ana", "Tom")
    sheet.column_dimensions["A"].width, sheet.freeze_panes, sheet.auto_filter.ref = 40, "A3", "A2:B3"
    book.save(tmp_path / "o.xlsx")
    assert house.run("screen", tmp_path / "o.xlsx").exit_code == 0
    judged = load_workbook(tmp_path / "o.screened.xlsx").active
    assert [cell.value for cell in judged[1]][:2] == ["Order book 2027", None]
    assert (judged["A3"].fill.fgColor.rgb, judged["A3"].comment.text) == ("00FFFF00", "ask Ana")
    assert (judged.column_dimensions["A"].width, judged.freeze_panes, judged.auto_filter.ref) == (40, "A3", "A2:B3")
    assert [str(area) for area in judged.merged_cells.ranges] == ["A1:D1"]
    assert [(cell.value, cell.font.bold) for cell in judged[2]][2] == ("filing desk: verdict", True)
    assert judged["C3"].value == "in_scope"


def test_a_product_merged_over_several_rows_counts_in_each_and_a_merged_note_is_in_nobodys_way(house, tmp_path):
    book = Workbook()
    sheet = book.active
    for row in (["product", "destination"], ["FaceGate 300", "Hamburg"], [None, "Shenzhen"], ["GateKeeper 2D", "Rome"], ["end of list"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A5:F5")
    book.save(tmp_path / "o.xlsx")
    house.run("screen", tmp_path / "o.xlsx")
    judged = load_workbook(tmp_path / "o.screened.xlsx").active
    assert [cell.value for cell in judged["G"]] == ["filing desk: verdict", "in_scope", "out_of_scope", "out_of_scope", "needs_review"]
    assert judged["A3"].value is None


@pytest.mark.parametrize("title", ["Order book 2027\n\n", "Order book, spring, 2027,\n"])
@pytest.mark.parametrize("sign", [",", ";"])
def test_lines_above_the_headings_stay_there(house, tmp_path, title, sign):
    table = f"{title}order,product,destination\nSO-1,FaceGate 300,Hamburg\n".replace(",", sign)
    title = title.replace(",", sign)
    assert house.run("screen", write(tmp_path / "o.csv", table)).exit_code == 0
    written = (tmp_path / "o.screened.csv").read_text("utf-8")
    assert written.startswith(f"{title}order{sign}product{sign}destination{sign}filing desk: verdict")
    assert f"SO-1{sign}FaceGate 300{sign}Hamburg{sign}in_scope" in written


def test_a_title_with_commas_does_not_hide_that_cells_stand_between_semicolons(house, tmp_path):
    table = "Orders, spring, 2027\norder;product;destination\nSO-1;FaceGate 300;Hamburg\n"
    house.run("screen", write(tmp_path / "o.csv", table))
    assert "SO-1;FaceGate 300;Hamburg;in_scope" in (tmp_path / "o.screened.csv").read_text("utf-8")


@pytest.mark.parametrize(("lang", "said"), [("en", "or save it as CSV"), ("zh", "另存为CSV")])
def test_a_workbook_too_large_to_be_held_is_refused_with_a_way_out(house, tmp_path, monkeypatch, lang, said):
    monkeypatch.setattr(screened_xlsx, "LARGEST_BYTES", 100)
    Workbook().save(tmp_path / "o.xlsx")
    done = house.run("screen", tmp_path / "o.xlsx", "--lang", lang)
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_every_row_of_a_large_book_has_its_answer_in_its_place(house, tmp_path):
    products = ("FaceGate 300", "PalmKey V2", "GateKeeper 2D")
    lines = [f"SO-{number},{products[number % 3]},Hamburg" for number in range(3000)]
    house.run("screen", write(tmp_path / "o.csv", "order,product,destination\n" + "\n".join(lines) + "\n"))
    rows = by_heading(read(tmp_path / "o.screened.csv"))
    assert [row["order"] for row in rows] == [f"SO-{number}" for number in range(3000)]
    assert [row["verdict"] for row in rows] == ["in_scope", "out_of_scope", "out_of_scope"] * 1000
