"""Shipments from tables as people have them: every good line is read, every bad one is told with its line and column."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot.adapters.import_folder import ImportFolder
from bot.datafiles.shipment_columns import signature
from bot.datafiles.shipment_fields import Readers
from bot.datafiles.shipment_tables import LineRead, read_rows, read_shipments, table_signature, text_rows
from bot.domain.shipment import ShipmentLine
from bot.errors import BadFile, Finding, UnknownColumns
from bot.flows.import_shipments import stage

PLACES = {"Germany": "DE", "Hamburg": "DE", "德国": "DE", "Brazil": "BR", "France": "FR"}
HEAD = "number,product,destination,etd,customer\n"
GOOD = "SO-1,FaceGate 300,Germany,2026-12-12,Nordbau\n"


def day_of(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


READERS = Readers(lambda said: PLACES.get(said, ""), day_of)


@dataclass
class ShipmentsRead:
    lines: list[ShipmentLine]
    findings: list[Finding]


def collected(reads: Iterable[LineRead]) -> ShipmentsRead:
    found = list(reads)
    return ShipmentsRead([one.line for one in found if one.line], [finding for one in found for finding in one.findings])


def table(text: str) -> ShipmentsRead:
    return collected(read_rows(text_rows(StringIO(text, newline=None), "orders.csv"), "orders.csv", READERS))


def read(path: Path) -> ShipmentsRead:
    return collected(read_shipments(path, READERS))


def staged(folder: Path, text: str) -> ShipmentsRead:
    """What is left of a table once its lines are kept by number."""
    there, told = ImportFolder(folder).stage("T"), list[Any]()
    reads = read_rows(text_rows(StringIO(text, newline=None), "orders.csv"), "orders.csv", READERS)
    stage(there, reads, "orders.csv", told.append)
    lines = [line for _, line in there.lines()]
    there.close()
    return ShipmentsRead(lines, told)


def numbers(found: ShipmentsRead) -> list[str]:
    return [line.number for line in found.lines]


def told(found: ShipmentsRead) -> list[str]:
    return [str(finding) for finding in found.findings]


def test_a_good_line_is_read_whole() -> None:
    [line] = table(HEAD + GOOD).lines
    assert (line.number, line.product, line.destination, line.etd, line.customer, line.autonomous) == (
        "SO-1", "FaceGate 300", "DE", date(2026, 12, 12), "Nordbau", "")


@pytest.mark.parametrize(
    "text",
    [
        "number;product;destination;etd\nSO-1;FaceGate 300;Germany;2026-12-12\n",
        "number\tproduct\tdestination\tetd\nSO-1\tFaceGate 300\tGermany\t2026-12-12\n",
        "编号，产品，目的地，船期\nSO-1，FaceGate 300，德国，2026-12-12\n",
        "订单号,型号,国家,发货日期\nSO-1,FaceGate 300,德国,2026-12-12",
        "Order Number,Model,Market,Ship  Date\r\nSO-1,FaceGate 300,Hamburg,2026-12-12\r\n",
        "\ufeffnumber,product,destination,etd\n\nSO-1,FaceGate 300,Germany,2026-12-12\n",
        "remarks,ETD,to,item,No\nfragile,2026-12-12,Germany,FaceGate 300,SO-1\n",
        'number,product,destination,etd\r"SO-1","FaceGate 300","Germany","2026-12-12"\r',
    ],
)
def test_the_ways_people_write_a_table_all_say_the_same(text: str) -> None:
    found = table(text)
    assert told(found) == []
    [line] = found.lines
    assert (line.number, line.product, line.destination, line.etd) == ("SO-1", "FaceGate 300", "DE", date(2026, 12, 12))


def test_a_broken_quote_spoils_its_own_line_only() -> None:
    found = table(HEAD + GOOD + 'SO-2,"FaceGate 300,Germany,2026-12-12,x\n' + GOOD.replace("SO-1", "SO-3"))
    assert numbers(found) == ["SO-1", "SO-3"]
    assert told(found) == ["orders.csv:3:6: this line is not CSV; check its quotes"]


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        (",FaceGate 300,Germany,2026-12-12,", "2:1: number is empty; write the number"),
        ("SO-1,,Germany,2026-12-12,", "2:2: product is empty; write the product"),
        ("SO-1,F,Atlantis,2026-12-12,",
         "2:3: the destination 'Atlantis' is not known or not one place; write a market, city or port"),
        ("SO-1,F,Germany,12/08/2026,", "2:4: '12/08/2026' is no clear date; write it as 2026-12-31"),
        ("SO-1,F,Germany", "2:4: etd is empty; write the etd"),
        ("SO-1,F,Germany,2026-12-12,Nordbau, Hamburg",
         "2:6: this line has more cells than the heading line; put quotes round a text with commas"),
    ],
)
def test_a_bad_line_is_told_where_it_is_and_what_to_write(line: str, finding: str) -> None:
    found = table(HEAD + line + "\n" + GOOD.replace("SO-1", "SO-9"))
    assert told(found) == [f"orders.csv:{finding}"]
    assert numbers(found) == ["SO-9"]


def test_a_column_of_their_own_behind_ours_is_no_mistake() -> None:
    found = table("number,product,destination,etd,remarks\nSO-1,F,Germany,2026-12-12,handle with care\n")
    assert (numbers(found), told(found)) == (["SO-1"], [])


@pytest.mark.parametrize(
    ("said", "read"), [("yes", "yes"), ("是", "yes"), ("TRUE", "yes"), ("no", "no"), ("否", "no"), ("", ""), ("?", "")])
def test_whether_it_decides_by_itself_is_read_where_it_is_said(said: str, read: str) -> None:
    [line] = table(f"number,product,destination,etd,autonomous\nSO-1,F,Germany,2026-12-12,{said}\n").lines
    assert line.autonomous == read


def test_a_word_that_says_neither_yes_nor_no_is_asked_about() -> None:
    found = table("number,product,destination,etd,autonomous\nSO-1,F,Germany,2026-12-12,yess\n")
    assert told(found) == [
        "orders.csv:2:5: 'yess' does not say whether it decides by itself; write yes or no, or leave it empty"]
    assert found.lines == []


def test_the_same_line_twice_is_one_shipment(tmp_path: Path) -> None:
    found = staged(tmp_path, HEAD + GOOD + GOOD)
    assert (numbers(found), told(found)) == (["SO-1"], [])


def test_two_lines_that_contradict_each_other_are_both_left_out(tmp_path: Path) -> None:
    found = staged(tmp_path, HEAD + GOOD + GOOD.replace("2026-12-12", "2027-01-01") + GOOD.replace("SO-1", "SO-2"))
    assert numbers(found) == ["SO-2"]
    assert told(found) == [
        "orders.csv:3:1: SO-1 is already on line 2 and says otherwise; keep one of the two; neither is imported"]


def test_two_columns_that_mean_the_same_are_asked_about() -> None:
    with pytest.raises(BadFile, match=r"orders.csv:1:2: 'No' and 'Order number' both mean number; keep one"):
        table("No,Order number,product,destination,etd\n1,SO-1,F,Germany,2026-12-12\n")


def test_a_table_without_headings_names_the_columns_it_needs() -> None:
    with pytest.raises(BadFile) as caught:
        table(GOOD)
    assert caught.value.findings[0] == "orders.csv:1:1: the column 'number' is missing; add number to the heading line"
    assert len(caught.value.findings) == 4


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_table_says_what_to_write(text: str) -> None:
    with pytest.raises(BadFile, match="there is no line to read; write a heading line"):
        table(text)


def test_headings_alone_are_an_empty_table_without_mistakes() -> None:
    assert table(HEAD) == ShipmentsRead([], [])


def test_line_numbers_are_those_of_an_editor() -> None:
    found = table(HEAD + "\n" + GOOD.replace("Nordbau", "Nord\x0bbau\u2028") + "\nSO-2,F,Nowhere,2026-12-12,\n")
    assert [finding.line for finding in found.findings] == [5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encodings_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes("编号,产品,目的地,船期,客户\nSO-1,人脸终端,德国,2026-12-12,北建\n".encode(encoding))
    [line] = read(file).lines
    assert (line.product, line.destination, line.customer) == ("人脸终端", "DE", "北建")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK\x03\x04\x00\x00", "orders.csv:1:1: this is not a text file; save it as CSV (UTF-8) or as .xlsx"),
        (HEAD.encode() + b"SO-1,\xff\xff,x\n", "orders.csv:2:1: this line cannot be read as text; save the file as CSV (UTF-8)"),
    ],
)
def test_a_file_that_is_no_text_is_told(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "orders.csv").write_bytes(raw)
    with pytest.raises(BadFile) as caught:
        read(tmp_path / "orders.csv")
    assert caught.value.findings == [said]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"orders.csv:0:0: this file cannot be read"):
        read(tmp_path / "orders.csv")


def test_a_workbook_is_read_with_its_real_dates(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Number", "Product", "Destination", "ETD"], ["SO-1", "FaceGate 300", "Germany", date(2026, 12, 12)],
                ["SO-2", "F", "Atlantis", date(2026, 12, 12)]):
        sheet.append(row)
    book.save(tmp_path / "orders.xlsx")
    found = read(tmp_path / "orders.xlsx")
    assert [(line.number, line.etd) for line in found.lines] == [("SO-1", date(2026, 12, 12))]
    assert [str(finding).partition(" ")[0] for finding in found.findings] == ["orders.xlsx:3:3:"]


def test_a_workbook_in_name_only_is_told(tmp_path: Path) -> None:
    (tmp_path / "orders.xlsx").write_text(HEAD + GOOD)
    with pytest.raises(BadFile, match="this is not an Excel workbook"):
        read(tmp_path / "orders.xlsx")


def test_several_lines_of_a_number_are_its_product_lines(tmp_path: Path) -> None:
    found = staged(tmp_path, "number,product,quantity,destination,etd\nSO-1,FaceGate 300,40,Germany,2026-12-12\n"
                             "SO-2,F,1,Germany,2026-12-12\nSO-1,IrisLock Pro,10,Germany,2026-12-12\n")
    assert [[(one.product, one.quantity) for one in line.goods] for line in found.lines] == [
        [("FaceGate 300", "40"), ("IrisLock Pro", "10")], [("F", "1")]]


@pytest.mark.parametrize("second", ["SO-1,FaceGate 300,41,Germany,2026-12-12", "SO-1,IrisLock Pro,1,Brazil,2026-12-12"])
def test_another_quantity_or_place_for_the_same_number_is_a_contradiction(tmp_path: Path, second: str) -> None:
    found = staged(tmp_path, f"number,product,quantity,destination,etd\nSO-1,FaceGate 300,40,Germany,2026-12-12\n{second}\n")
    assert found.lines == []
    assert "SO-1 is already on line 2" in told(found)[0]


def test_terms_zones_times_and_states_are_read() -> None:
    [line] = table("number,product,destination,etd,zone,consignee,incoterms,status,qty\n"
                   "SO-1,F,Germany,2026-12-12 18:30,Europe/Berlin,Agent,fob hamburg,sailed,40\n").lines
    assert (line.zone, str(line.at), line.consignee, line.incoterm, line.state, line.quantity) == (
        "Europe/Berlin", "2026-12-12 17:30:00+00:00", "Agent", "FOB hamburg", "sailed", "40")


@pytest.mark.parametrize(("column", "said", "finding"), [
    ("zone", "Asia/Shangai", "2:5: There is no time zone 'Asia/Shangai'; did you mean Asia/Shanghai?"),
    ("incoterm", "FBO", "2:5: 'FBO' is no Incoterm; write one of EXW"), ("state", "swims", "2:5: 'swims' is no state"),
    ("quantity", "-40", "2:5: '-40' is no number of pieces; write a whole number"), ("quantity", "abc", "2:5: 'abc' is no"),
    ("quantity", "2.5", "2:5: '2.5' is no"), ("quantity", "0", "2:5: '0' is no"),
    ("owner", "nobody@example.com", "2:5: nobody here has the address 'nobody@example.com'")])
def test_what_cannot_be_in_the_other_columns_is_told_at_its_place(column: str, said: str, finding: str) -> None:
    text = f"number,product,destination,etd,{column}\nSO-1,F,Germany,2026-12-12,{said}\n"
    readers = Readers(READERS.market, READERS.day, lambda _said: "")
    [one] = collected(read_rows(text_rows(StringIO(text), "orders.csv"), "orders.csv", readers)).findings
    assert str(one).startswith(f"orders.csv:{finding}")


STRANGE = "SO No.,Material,Ship-to country,Ex-works date\nSO-1,FaceGate 300,Germany,2026-12-12\n"
SAID = {"number": "SO No.", "product": "Material", "destination": "Ship-to country", "etd": "ex-works  DATE"}


def test_headings_nobody_knows_are_asked_about_with_a_guess() -> None:
    with pytest.raises(UnknownColumns) as caught:
        table(STRANGE)
    assert caught.value.headings == ("SO No.", "Material", "Ship-to country", "Ex-works date")
    assert caught.value.guess["destination"] == "Ship-to country"
    assert caught.value.guess["etd"] == "Ex-works date"


def test_what_somebody_said_of_these_headings_is_used_for_every_table_that_has_them(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(STRANGE)
    known = {signature(["so no.", "MATERIAL", "Ship-to  country", "Ex-works date"]): SAID}
    [line] = collected(read_shipments(file, READERS, lambda head: known.get(head, {}))).lines
    assert (line.number, line.product, line.destination, line.etd) == ("SO-1", "FaceGate 300", "DE", date(2026, 12, 12))
    assert table_signature(file, READERS) in known


def test_a_workbook_keeps_the_time_of_a_date_that_has_one(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Number", "Product", "Destination", "ETD"], ["SO-1", "F", "Germany", datetime(2026, 12, 12, 18, 30)]):
        book.active.append(row)
    book.save(tmp_path / "orders.xlsx")
    [line] = read(tmp_path / "orders.xlsx").lines
    assert str(line.at) == "2026-12-12 10:30:00+00:00"


@pytest.mark.slow  # timed without counting lines, which more than doubles it
def test_fifty_thousand_lines_take_less_than_three_seconds_and_each_place_is_looked_up_once() -> None:
    asked: Counter[str] = Counter()

    def market(said: str) -> str:
        asked[said] += 1
        return PLACES.get(said, "")

    names = list(PLACES)
    text = HEAD + "".join(f"SO-{n},FaceGate 300,{names[n % 5]},2026-12-{n % 28 + 1:02d},c\n" for n in range(50_000))
    begin = time.thread_time()  # of this thread alone: other tests run beside it
    found = collected(read_rows(text_rows(StringIO(text), "orders.csv"), "orders.csv", Readers(market, day_of)))
    assert time.thread_time() - begin < 3
    assert len(found.lines) == 50_000
    assert set(asked.values()) == {1}
