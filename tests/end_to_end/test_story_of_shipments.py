"""Shipments, over HTTP: typed, by form, pasted, uploaded; moved and cancelled."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.end_to_end.houses import ROOT, house
from tests.end_to_end.town import Thing, Town, button, buttons, say, until, words

CURLED = str.maketrans('"', "”")
TABLE = """number,product,destination,etd,customer
SO-{n}1,FaceGate 300,Hamburg,2027-09-01,Nordbau GmbH
SO-{n}2,IrisLock Pro,Atlantis,2027-09-02,Lost City Ltd
SO-{n}3,"GasShield X,Oslo,2027-09-03,Bergen
SO-{n}4,FingerLock S1,Paris,2027-09-04,Serrures
SO-{n}5,PalmKey V2,Dubai,soonish,Gulf Hotels
"""


def test_a_typed_line_that_says_everything_is_stored_at_once(town: Town) -> None:
    said = town.told("ken", "#shipping", "/shipment", "add SO-100 FaceGate 300 to Hamburg ETD 2027-03-12")
    assert "SO-100 · FaceGate 300 → 德国" in said
    assert say("shipment.added", "zh") in said
    again = town.told("ken", "#shipping", "/shipment", "add SO-100 FaceGate 300 to Hamburg ETD 2027-03-12")
    assert say("shipment.unchanged", "zh") in again
    changed = town.told("ken", "#shipping", "/shipment", "add SO-100 FaceGate 300 to Bremen ETD 2027-03-19")
    assert say("shipment.updated", "zh") in changed


def test_a_typed_line_that_lacks_something_opens_the_form_with_what_was_said(town: Town) -> None:
    form = town.command("tom", "#shipping", "/shipment", "add SO-110 FaceGate 300 to Hamburg")["view"]
    given = {block["block_id"]: block["element"] for block in form["blocks"]}
    assert given["number"]["initial_value"] == "SO-110"
    assert given["product"]["initial_option"]["value"] == "FaceGate 300"
    assert given["destination"]["initial_value"] == "Germany"
    wrong = town.fill("tom", form, etd="2026-01-01", destination="Narnia")
    assert list(wrong["errors"]) == ["destination"]
    past = town.fill("tom", form, etd="2026-01-01", destination="Germany")
    assert list(past["errors"]) == ["etd"]
    assert town.fill("tom", form, etd="2027-03-15")["ok"]
    assert "SO-110" in words(town.dm("tom")[-1])
    assert "SO-110" in town.told("tom", "#shipping", "/shipment", "list")


def test_what_a_typed_line_says_and_nobody_understands_is_named_in_the_form_with_what_to_write(town: Town) -> None:
    form = town.command("tom", "#shipping", "/shipment", "add SO-115 FaceGat 400 to Hamburg ETD 2127-04-30")["view"]
    said = words(form)
    for part in (say("form.unread", said="FaceGat 400 2127-04-30"), say("form.lacking.product"),
                 say("trouble.too_far", said="2127-04-30", instead="30 Apr 2027")):
        assert part in said
    assert say("form.lacking.destination") not in said
    town.post("slack/close", user="tom", view_id=form["id"])
    assert "“SO-4711 delivered”" in town.told("tom", "#shipping", "/shipment", "SO-4711 delivered").translate(CURLED)


def test_a_filing_opened_from_a_shipment_knows_its_customer(town: Town) -> None:
    [line] = [line for line in TABLE.format(n=11).splitlines() if "Nordbau" in line]
    form = town.command("tom", "#shipping", "/shipment", "import")["view"]
    town.fill("tom", form, table=f"{TABLE.splitlines()[0]}\n{line.replace('-09-', '-11-')}")
    town.press("tom", town.dm("tom")[-1], "import_shipments")
    shown = town.command("tom", "#shipping", "/shipment", "SO-111")["messages"][-1]
    form = town.press("tom", shown, "file_shipment")["view"]
    given = {block["block_id"]: block["element"] for block in form["blocks"] if "element" in block}
    assert given["customer"]["initial_value"] == "Nordbau GmbH"
    town.post("slack/close", user="tom", view_id=form["id"])


def test_a_shipment_in_scope_without_a_filing_offers_to_open_one(town: Town) -> None:
    reply = town.command("tom", "#shipping", "/shipment", "add SO-120 FaceGate 300 to Hamburg ETD 2027-09-12")["messages"][-1]
    assert say("shipment.verdict.in_scope") in words(reply)
    form = town.press("tom", reply, "file_shipment")["view"]
    assert town.fill("tom", form)["ok"]
    assert town.tickets("12 Sep 2027")
    assert "F-" in town.told("tom", "#shipping", "/shipment", "add SO-120 FaceGate 300 to Hamburg ETD 2027-09-12")


def test_a_second_filing_for_the_same_product_and_market_can_share_the_open_one(town: Town) -> None:
    first = town.command("tom", "#shipping", "/shipment", "add SO-130 FaceGate 300 to Lima ETD 2027-11-12")["messages"][-1]
    town.fill("tom", town.press("tom", first, "file_shipment")["view"])
    tickets = len(town.tickets())
    second = town.command("tom", "#shipping", "/shipment", "add SO-131 FaceGate 300 to Lima ETD 2027-11-05")["messages"][-1]
    form = town.press("tom", second, "file_shipment")["view"]
    [option] = next(block["element"]["options"] for block in form["blocks"] if block["block_id"] == "share")
    assert "FaceGate 300" in option["text"]["text"]
    assert town.fill("tom", form, share=option["value"])["ok"]
    assert option["value"] in town.told("tom", "#shipping", "/shipment", "SO-131")
    assert len(town.tickets()) == tickets


def test_a_broken_line_is_told_by_line_and_column_and_nothing_is_imported_before_the_button(town: Town) -> None:
    form = town.command("tom", "#shipping", "/shipment", "import")["view"]
    assert town.fill("tom", form, table=TABLE.format(n=20))["ok"]
    offer = town.dm("tom")[-1]
    said = words(offer)
    for part in ("line 3, column 3:", "Atlantis", "line 4,", "line 6, column 4:", "soonish",
                 say("table.nothing_yet"), say("table.import", n=2)):
        assert part in said
    assert "SO-201" not in town.told("tom", "#shipping", "/shipment", "list")
    town.press("tom", offer, "import_shipments")
    listed = town.told("tom", "#shipping", "/shipment", "list")
    assert "SO-201" in listed
    assert "SO-204" in listed
    assert "SO-202" not in listed
    done = next(one for one in town.dm("tom") if one["ts"] == offer["ts"])
    assert not [one for one in buttons(done) if one["action_id"].startswith("import_shipments")]


def test_a_table_that_is_none_is_refused_in_the_form(town: Town) -> None:
    form = town.command("tom", "#shipping", "/shipment", "import")["view"]
    wrong = town.fill("tom", form, table="hello,world\n1,2")
    assert "number" in wrong["errors"]["table"]
    town.post("slack/close", user="tom", view_id=form["id"])


def test_an_uploaded_csv_is_read_offered_once_and_imported_by_its_button(town: Town) -> None:
    town.say("tom", town.dm_of("tom"), "", files=[{"name": "november.csv", "content": TABLE.format(n=30)}])
    offer = town.dm("tom")[-1]
    assert "november.csv, line 3, column 3:" in words(offer)
    town.press("tom", offer, "import_shipments")
    assert "SO-304" in town.told("tom", "#shipping", "/shipment", "list")


def test_an_uploaded_workbook_and_a_file_in_a_mention_are_read_too(town: Town) -> None:
    import base64  # noqa: PLC0415 - used here only

    sheet = openpyxl.Workbook()
    for row in (["number", "product", "destination", "etd"], ["SO-401", "FaceGate 300", "Spain", "2027-09-05"]):
        sheet.active.append(row)
    content = io.BytesIO()
    sheet.save(content)
    file = {"name": "list.xlsx", "content_base64": base64.b64encode(content.getvalue()).decode()}
    town.say("tom", "#shipping", "<@U0FILINGDESK> please take these", files=[file])
    offer = town.dm("tom")[-1]
    assert say("table.import", n=1) in words(offer)
    assert button(offer, "import_shipments")


@pytest.mark.parametrize(("name", "content", "part"), [
    ("photo.png", "\x89PNG\x00\x01", "photo.png"), ("empty.csv", "", "empty.csv"), ("words.txt", "not a table at all", "number")])
def test_a_file_that_is_no_table_gets_a_sentence(town: Town, name: str, content: str, part: str) -> None:
    before = len(town.dm("tom"))
    town.say("tom", town.dm_of("tom"), "what about this?", files=[{"name": name, "content": content}])
    fresh = town.dm("tom")[before:]
    assert len(fresh) == 1
    assert part in words(fresh[0])
    assert not [one for one in buttons(fresh[0]) if one["action_id"].startswith("import")]


def test_a_file_too_large_is_refused_in_a_sentence(town: Town) -> None:
    before = len(town.dm("tom"))
    town.say("tom", town.dm_of("tom"), "", files=[{"name": "huge.csv", "content": "number,product\n" * 1_400_000}])
    fresh = town.dm("tom")[before:]
    assert ["larger than 20 MB" in words(one) for one in fresh] == [True]


def test_an_etd_is_moved_and_a_shipment_cancelled_by_command(town: Town) -> None:
    town.command("tom", "#shipping", "/shipment", "add SO-500 FingerLock S1 to Paris ETD 2027-09-12")
    assert "31 Dec 2027" in town.told("tom", "#shipping", "/shipment", "move SO-500 2027-12-31")
    assert "5 Nov 2027" in town.told("tom", "#shipping", "/shipment", "move SO-500 5 Nov 2027")
    assert "SO-999" in town.told("tom", "#shipping", "/shipment", "cancel SO-999")
    assert say("shipment.cancelled", number="SO-500") in town.told("tom", "#shipping", "/shipment", "cancel SO-500")
    assert "SO-500" not in town.told("tom", "#shipping", "/shipment", "list")


def test_a_move_says_before_and_after_of_what_it_replanned_and_can_be_taken_back_in_place(new_town: Town) -> None:
    answer = new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Cyprus, ETD 2027-08-16, filing?")
    new_town.fill("tom", new_town.press("tom", answer, "open_filing")["view"])
    new_town.command("tom", "#shipping", "/shipment", "add SO-530 FaceGate 300 to Cyprus ETD 2027-08-16")
    said, = new_town.command("tom", "#shipping", "/shipment", "move SO-530 2027-09-13")["messages"]
    assert say("change.etd", before="16 Aug 2027", after="13 Sep 2027") in words(said)
    assert say("change.more", n=15) in words(said)
    new_town.press("tom", said, "move_back")
    back, = [one for one in new_town.messages("#shipping", "tom") if one["ts"] == said["ts"]]
    assert say("change.etd", before="13 Sep 2027", after="16 Aug 2027") in words(back)
    assert not buttons(back)
    assert "16 Aug 2027" in new_town.told("tom", "#shipping", "/shipment", "SO-530")
    assert "16 Aug 2027" in new_town.told("tom", "#shipping", "/filing", "list")


def test_a_move_that_somebody_overtook_is_not_taken_back(town: Town) -> None:
    town.command("tom", "#shipping", "/shipment", "add SO-540 FingerLock S1 to Paris ETD 2027-09-12")
    said, = town.command("tom", "#shipping", "/shipment", "move SO-540 2027-12-31")["messages"]
    town.command("tom", "#shipping", "/shipment", "move SO-540 2027-11-05")
    town.press("tom", said, "move_back")
    assert any(say("error.changed_meanwhile", id="SO-540") in one for one in town.whispers("tom", "#shipping"))
    assert "5 Nov 2027" in town.told("tom", "#shipping", "/shipment", "SO-540")


@pytest.mark.parametrize(("said", "wrong"), [
    ("2027-02-30", "February 2027 has 28 days"), ("31 April", "April 2027 has 30 days"), ("2026-01-01", "1 Jan 2026"),
    ("30 April 2127", "30 April 2127"),
    ("2027-12-12 18:00 Mars/Base", "Mars/Base"), ("next week", say("error.etd_when"))])
def test_a_move_to_a_day_that_cannot_be_opens_the_form_with_the_reason_at_the_date(town: Town, said: str, wrong: str) -> None:
    town.command("tom", "#shipping", "/shipment", "add SO-510 FingerLock S1 to Paris ETD 2027-09-12")
    form = town.command("tom", "#shipping", "/shipment", f"move SO-510 {said}")["view"]
    field = next(block for block in form["blocks"] if block["block_id"] == "etd")
    assert wrong in field["hint"]["text"]
    assert field["element"]["initial_date"] == "2027-09-12"
    town.post("slack/close", user="tom", view_id=form["id"])


@pytest.mark.parametrize(("user", "said", "field", "wrong"), [
    ("tom", "ETD 2027-02-30", "etd", "February 2027 has 28 days"), ("ken", "船期2月30日", "etd", "2027年2月只有28天"),
    ("tom", "ETD 2026-01-05", "etd", "5 Jan 2026"), ("tom", "ETD 12/08/2027", "etd", "2027-08-12 / 2027-12-08"),
    ("tom", "ETD 2027-12-12 18:00 Europe/Berln", "time", "did you mean Europe/Berlin")])
def test_a_typed_shipment_that_cannot_be_opens_the_form_with_all_else_and_the_reason_at_its_field(
        town: Town, user: str, said: str, field: str, wrong: str) -> None:
    form = town.command(user, "#shipping", "/shipment", f"add SO-9 FaceGate 300 × 40 to Hamburg {said}")["view"]
    there = {block["block_id"]: block for block in form["blocks"]}
    assert wrong in there[field]["hint"]["text"]
    assert there["number"]["element"]["initial_value"] == "SO-9"
    assert there["product"]["element"]["initial_option"]["value"] == "FaceGate 300"
    assert there["quantity"]["element"]["initial_value"] == "40"
    assert there["destination"]["element"]["initial_value"] in ("Germany", "德国")
    assert there["time"]["element"].get("initial_value", "") == said.partition("12-12 ")[2]
    town.post("slack/close", user=user, view_id=form["id"])


def test_an_etd_that_cannot_be_asked_for_in_words_is_chosen_in_the_form_its_answer_offers(town: Town) -> None:
    town.command("tom", "#shipping", "/shipment", "add SO-520 FingerLock S1 to Paris ETD 2027-09-12")
    town.say("tom", town.dm_of("tom"), "move SO-520 to Feb 30")
    answer = town.dm("tom")[-1]
    assert "February 2027 has 28 days" in words(answer)
    form = town.press("tom", answer, "ask_etd")["view"]
    assert town.fill("tom", form, etd="2027-02-28")["ok"]
    assert "28 Feb 2027" in town.told("tom", "#shipping", "/shipment", "SO-520")
    moved = town.dm("tom")[-1]
    assert say("shipment.moved", id="SO-520", before="12 Sep 2027", after="28 Feb 2027") in words(moved)
    town.press("tom", moved, "move_back")
    assert not buttons(town.dm("tom")[-1])
    assert "12 Sep 2027" in town.told("tom", "#shipping", "/shipment", "SO-520")


def test_the_companys_own_shipments_are_there_from_the_start(town: Town) -> None:
    listed = town.told("tom", "#shipping", "/shipment", "list")
    for number in ("SO-4711", "SO-4718", "SO-4722", "SO-4730"):
        assert number in listed


def test_a_shipment_has_sailed_by_command_by_button_and_can_be_planned_again(town: Town) -> None:
    town.command("tom", "#shipping", "/shipment", "add SO-600 FaceGate 300 × 4 and IrisLock Pro × 2 to Paris ETD 2027-09-12")
    shown = town.command("tom", "#shipping", "/shipment", "SO-600")["messages"][-1]
    assert "IrisLock Pro × 2" in words(shown)
    asked = town.command("ana", "#shipping", "/shipment", "SO-600 sailed")["messages"][-1]
    assert say("shipment.sailed.held", number="SO-600", goods="FaceGate 300, IrisLock Pro") in words(asked)
    assert "SO-600" in town.told("tom", "#shipping", "/shipment", "list")
    town.press("ana", asked, "shipment_sailed")
    assert "SO-600" in words(town.dm("tom")[-1])
    assert town.user("ana")["real_name"].split()[0] in words(town.dm("tom")[-1])
    assert say("shipment.already.sailed", number="SO-600") in town.told("tom", "#shipping", "/shipment", "SO-600 sailed")
    cancelled = town.told("tom", "#shipping", "/shipment", "cancel SO-600")
    assert say("shipment.cancelled", number="SO-600") in cancelled
    assert say("shipment.was.sailed") in cancelled
    assert "SO-600" not in town.told("tom", "#shipping", "/shipment", "list")
    again = town.command("tom", "#shipping", "/shipment", "SO-600")["messages"][-1]
    town.press("tom", again, "shipment_planned")
    assert "SO-600" in town.told("tom", "#shipping", "/shipment", "list")


def test_part_of_a_shipment_is_split_off_to_a_number_and_date_of_its_own(town: Town) -> None:
    town.command("tom", "#shipping", "/shipment", "add SO-610 FaceGate 300 × 40 to Madrid ETD 2027-09-12")
    said = town.told("tom", "#shipping", "/shipment", "split SO-610 FaceGate 300 × 15 2027-10-01")
    assert say("split.title", number="SO-610", apart="SO-610-2") in said
    assert "1 Oct 2027" in said
    assert say("error.split", number="SO-610", goods="FaceGate 300") in town.told(
        "tom", "#shipping", "/shipment", "split SO-610 Nothing 2027-10-01")
    assert say("trouble.split_more", number="SO-610", there="25", product="FaceGate 300", said=26) in town.told(
        "tom", "#shipping", "/shipment", "split SO-610 FaceGate 300 × 26")
    assert say("trouble.split_other", number="SO-610", goods="FaceGate 300 × 25", product="IrisLock Pro") in town.told(
        "tom", "#shipping", "/shipment", "split SO-610 IrisLock Pro 2027-10-01")


def test_the_form_takes_terms_further_goods_and_a_time_in_a_zone(town: Town) -> None:
    form = town.command("tom", "#shipping", "/shipment", "add")["view"]
    filled = {"number": "SO-620", "product": "FaceGate 300", "destination": "Hamburg", "etd": "2027-09-12",
              "further": "IrisLock Pro × 3", "consignee": "Port Agent", "incoterm": "FOB"}
    assert list(town.fill("tom", form, **filled, time="18:00 Europe/Berln")["errors"]) == ["time"]
    assert list(town.fill("tom", form, **filled, time="", quantity="-40")["errors"]) == ["quantity"]
    assert list(town.fill("tom", form, **filled | {"quantity": "", "further": "IrisLock Pro × abc"})["errors"]) == ["further"]
    assert town.fill("tom", form, **filled, time="18:00 Europe/Berlin")["ok"]
    said = words(town.dm("tom")[-1])
    for part in ("IrisLock Pro × 3", "Port Agent", "FOB", "Europe/Berlin", "18:00"):
        assert part in said
    assert "18:00" in town.told("tom", "#shipping", "/shipment", "SO-620")


def test_shipments_that_lack_a_filing_are_listed_with_their_buttons(town: Town) -> None:
    town.command("tom", "#shipping", "/shipment", "add SO-630 FaceGate 300 to Lyon ETD 2026-12-01")
    found = town.command("tom", "#shipping", "/shipment", "unfiled")["messages"][-1]
    assert "SO-630" in words(found)
    assert button(found, "file_shipment")


def test_strange_headings_are_matched_once_and_the_next_table_of_that_shape_is_read_without_asking(town: Town) -> None:
    table = "SO No.,Material,Ship-to country,Ex-works date\nSO-{n},FaceGate 300,Germany,2027-09-12\n"
    town.say("tom", town.dm_of("tom"), "", files=[{"name": "erp.csv", "content": table.format(n=700)}])
    asked = town.dm("tom")[-1]
    form = town.press("tom", asked, "match_columns")["view"]
    assert town.fill("tom", form, number="SO No.", product="Material", destination="Ship-to country", etd="Ex-works date")["ok"]
    offer = next(one for one in town.dm("tom") if one["ts"] == asked["ts"])
    town.press("tom", offer, "import_shipments")
    assert "SO-700" in town.told("tom", "#shipping", "/shipment", "SO-700")
    town.say("tom", town.dm_of("tom"), "", files=[{"name": "next.csv", "content": table.format(n=701)}])
    assert say("table.import", n=1) in words(town.dm("tom")[-1])


def test_a_table_says_what_is_new_changed_and_as_before_and_a_second_import_changes_nothing(town: Town) -> None:
    head = "number,product,destination,etd\n"
    first = "SO-801,FaceGate 300,Germany,2027-09-12\nSO-802,F-Lock,Germany,2027-09-12\n"
    moved = "SO-801,FaceGate 300,Germany,2027-09-19\n"
    for content, counts in ((first, (2, 0, 0)), (first + "SO-803,F-Lock,Germany,2026-01-01\n", (0, 0, 2)),
                            (moved + first.splitlines()[1], (0, 1, 1))):
        town.say("tom", town.dm_of("tom"), "", files=[{"name": "w.csv", "content": head + content}])
        offer = town.dm("tom")[-1]
        added, updated, unchanged = counts
        assert say("table.counts", added=added, updated=updated, unchanged=unchanged) in words(offer)
        if added + updated == 0:
            assert say("table.nothing_changes") in words(offer)
            assert not buttons(offer)
            continue
        town.press("tom", offer, "import_shipments")
    assert "19 Sep 2027" in words(offer)
    assert "SO-803" not in town.told("tom", "#shipping", "/shipment", "list")


def test_a_catalogue_that_says_otherwise_after_a_restart_is_told_to_owner_and_manager_once(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.setenv("FILINGDESK_CONFIG", str(tmp_path / "config"))
    with house(tmp_path / "data") as (town, _):
        town.command("tom", "#shipping", "/shipment", "add SO-901 PalmKey V2 to Dubai ETD 2027-09-12")
        assert not rejudged(town, "tom")
    catalogue = tmp_path / "config" / "catalogue.csv"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace("vein_lock,no", "vein_lock,yes"), encoding="utf-8")
    for _ in range(2):
        with house(tmp_path / "data") as (town, _):
            until(lambda town=town: rejudged(town, "tom") and rejudged(town, "ana"))
            town.advance("PT1H")
            assert (len(rejudged(town, "tom")), len(rejudged(town, "ana"))) == (1, 1)
            assert button(rejudged(town, "tom")[0], "file_shipment")


def rejudged(town: Town, user: str, lang: str = "en") -> list[Thing]:
    """What they were told of shipments that are judged otherwise."""
    return [one for one in town.dm(user) if say("rejudged.why", lang, changed=say("rejudged.why.catalogue", lang)) in words(one)]
