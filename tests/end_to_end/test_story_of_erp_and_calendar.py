"""An ERP's shipment on its way: sent, pointed out, filed, moved; and the calendar that follows it, over HTTP."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from icalendar import Calendar
from typer.testing import CliRunner

from bot.cli import app
from bot.serving import ERP_TOKEN
from tests.end_to_end.town import Town, button, label, say, words

SHIPMENT = {"number": "SO-900", "destination": "Germany", "etd": "2027-09-12", "customer": "Nordbau GmbH",
            "incoterm": "FOB Shanghai", "owner": "tom@example.com",
            "lines": [{"product": "FaceGate 300", "quantity": 40, "autonomous": True}]}


def put(town: Town, **changes: object) -> dict[str, object]:
    answer = town.http.put(f"{town.url}/api/shipments", json=SHIPMENT | changes, timeout=30,
                           headers={"Authorization": f"Bearer {ERP_TOKEN}"})
    assert answer.status_code == 200, answer.text
    town.post("clock", advance="PT1S")  # until the bot has said what it had to say
    return dict(answer.json()["shipments"][0])


def calendar(town: Town, address: str) -> dict[str, date]:
    """Entries about SO-900 and its filing by their name."""
    answer = town.http.get(address, timeout=30)
    assert answer.status_code == 200
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["uid"]).partition("@")[0]: event["dtstart"].dt for event in events}


def test_from_the_erp_to_a_filing_and_an_entry_that_moves(new_town: Town) -> None:
    town = new_town
    assert town.http.put(f"{town.url}/api/shipments", json=SHIPMENT, timeout=30).status_code == 401
    stored = put(town)
    assert (stored["outcome"], stored["lacks_filing"]) == ("added", ["FaceGate 300"])
    pointed = town.dm("tom")[-1]
    assert "SO-900" in words(pointed)
    assert button(pointed, "file_shipment", label("open_filing"))
    assert town.fill("tom", town.press("tom", pointed, "file_shipment")["view"])["ok"]
    settled = next(one for one in town.dm("tom") if one["ts"] == pointed["ts"])
    assert say("unfiled.none") in words(settled)
    filing = put(town)["filings"]
    assert len(filing) == 1  # type: ignore[arg-type]

    told = town.told("tom", "#shipping", "/shipment", "calendar")
    address = re.search(rf"{town.url}/calendar/[\w-]+\.ics", told)
    assert address, told
    before = calendar(town, address[0])
    assert put(town, etd="2027-09-26")["outcome"] == "updated"
    after = calendar(town, address[0])
    moved = [name for name in before if name.startswith("s-") and before[name] == date(2027, 9, 12)]
    assert [after[name] for name in moved] == [date(2027, 9, 26)]
    assert before.keys() == after.keys()
    assert town.tickets("26 Sep 2027")
    assert say("calendar.stopped") in town.told("tom", "#shipping", "/shipment", "calendar stop")
    assert town.http.get(address[0], timeout=30).status_code == 404


def test_a_plan_is_handed_over_as_a_calendar_file_and_the_home_gives_an_address(new_town: Town) -> None:
    town = new_town
    put(town)
    assert town.fill("tom", town.press("tom", town.dm("tom")[-1], "file_shipment")["view"])["ok"]
    message = next(one for one in town.dm("tom") if any(b["action_id"].startswith("show_plan") for b in _buttons(one)))
    plan = town.press("tom", message, "show_plan")
    shown = next(one for one in reversed(town.messages(town.dm_of("tom"), "tom")) if any(
        b["action_id"].startswith("plan_ics") for b in _buttons(one)))
    assert plan is not None
    town.press("tom", shown, "plan_ics")
    files = [file for one in town.messages(town.dm_of("tom"), "tom") for file in one.get("files", ())]
    assert [file["name"].endswith(".ics") for file in files] == [True]
    assert say("choice.calendar") in words(town.home("tom"))


def _buttons(message: dict[str, object]) -> list[dict[str, str]]:
    blocks: list[dict[str, object]] = message.get("blocks") or []  # type: ignore[assignment]
    found = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]  # type: ignore[attr-defined]
    return [one for one in found if one["type"] == "button"]


def test_a_table_given_on_the_command_line_is_imported_by_the_running_bot(new_town: Town, tmp_path: Path) -> None:
    table = tmp_path / "orders.csv"
    table.write_text("number,product,destination,etd\nSO-950,FaceGate 300,Spain,2027-09-12\nSO-951,F-Lock,Spain,2027-09-12\n")
    for outcome in ("2 added", "2 as before"):
        done = CliRunner().invoke(app, ["shipments", "import", str(table), "--data", str(tmp_path)])
        assert done.exit_code == 0, done.output
        assert outcome in done.output
    assert "SO-950" in new_town.told("tom", "#shipping", "/shipment", "list")
    assert "SO-950" in words(new_town.dm("ken")[-1])  # whoever ships owns what no person brought
