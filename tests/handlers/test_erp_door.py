"""An ERP's door: shut without a token, answered line by line, the same by number however often it is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from starlette.applications import Starlette

from bot.datafiles.shipment_fields import Readers
from bot.datafiles.shipment_records import read_record
from bot.desk.records import shipment_of, shipments
from handlers.erp_door import LARGEST, MOST, erp_routes
from handlers.office import Office
from tests.asgi import ask
from tests.fakes.desk import MIA, Day

TOKEN = "a-token"
ONE = {"number": "SO-1", "destination": "DE", "etd": "2026-12-18", "lines": [{"product": "FaceGate 300", "quantity": 40},
                                                                             {"product": "IrisLock Pro", "autonomous": True}]}


class Kicked:
    kicks = 0

    def kick(self) -> None:
        self.kicks += 1


@dataclass
class Clock:
    day: Day

    def now(self) -> Any:
        return self.day.now


def iso(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


@dataclass
class Erp:
    """An ERP that sends to a desk."""

    day: Day
    token: str = TOKEN

    def __post_init__(self) -> None:
        office = Office(self.day.desk, Clock(self.day), self.day.chat, Kicked(), (), lambda _reply: [], lambda _reply: "")
        people = {MIA.email: MIA.id}
        readers = Readers(lambda said: said if len(said) == 2 else "", iso, lambda said: people.get(said, ""))
        self.app = Starlette(routes=list(erp_routes(office, self.token, lambda one: read_record(one, readers))))

    def put(self, body: Any, token: str = TOKEN, method: str = "PUT") -> tuple[int, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        heard = ask(self.app, method, "/api/shipments", content, authorization=f"Bearer {token}")
        return heard.status, json.loads(heard.body)


def test_a_shipment_is_stored_with_its_lines_and_the_answer_says_what_lacks_a_filing() -> None:
    erp = Erp(Day())
    status, answer = erp.put(ONE)
    assert (status, answer["shipments"]) == (200, [
        {"number": "SO-1", "id": "S-1", "outcome": "added", "verdict": "in_scope", "filings": [],
         "lacks_filing": ["FaceGate 300", "IrisLock Pro"]}])
    assert [goods.quantity for goods in shipment_of(erp.day.store, "SO-1").goods] == ["40", ""]


def test_whoever_ships_owns_what_no_person_brought_and_hears_of_it_at_once() -> None:
    erp = Erp(Day())
    erp.put(ONE)
    erp.day.work()
    assert [one.channel for one in erp.day.chat.named("unfiled:")] == [MIA.id]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_the_same_again_changes_nothing_and_a_changed_one_is_changed(method: str) -> None:
    erp = Erp(Day())
    erp.put(ONE, method=method)
    before = list(erp.day.store.every("audit"))
    assert erp.put({"shipments": [ONE]}, method=method)[1]["shipments"][0]["outcome"] == "unchanged"
    assert list(erp.day.store.every("audit")) == before
    sailed = ONE | {"etd": "2026-12-25", "state": "sailed"}
    answer = erp.put([sailed])[1]["shipments"][0]
    assert (answer["outcome"], answer["sailed_uncleared"]) == ("updated", True)
    assert "sailed_uncleared" not in erp.put([sailed])[1]["shipments"][0]
    assert shipment_of(erp.day.store, "SO-1").state == "sailed"
    assert len(shipments(erp.day.store)) == 1


@pytest.mark.parametrize(("header", "set_token", "status"), [
    ("wrong", TOKEN, 401), ("", TOKEN, 401), (TOKEN, "", 403), ("", "", 403), ("a-tokén", TOKEN, 401)])
def test_without_the_right_token_nothing_is_taken(header: str, set_token: str, status: int) -> None:
    erp = Erp(Day(), set_token)
    assert erp.put(ONE, header)[0] == status
    assert not shipments(erp.day.store)


def test_each_line_is_answered_with_what_is_wrong_and_the_good_ones_are_stored() -> None:
    erp = Erp(Day())
    status, answer = erp.put([
        ONE, {"number": "SO-2", "product": "F", "destination": "Atlantis", "etd": "2026-02-30", "zone": "Asia/Shangai"},
        ONE | {"number": "SO-3", "etd": "2026-01-01"}, {"number": "SO-4", "destnation": "DE", "owner": "nobody@example.com"},
        ONE | {"number": "SO-5", "lines": "none"}])
    assert status == 207
    outcomes = [one["outcome"] for one in answer["shipments"]]
    assert outcomes == ["added", "refused", "refused", "refused", "refused"]
    wrong = ["; ".join(one.get("wrong", [])) for one in answer["shipments"]]
    for place, parts in {1: ("destination", "etd", "Asia/Shanghai"), 2: ("1 Jan 2026",), 4: ("lines",),
                         3: ("destnation", "destination", "owner")}.items():
        assert all(part in wrong[place] for part in parts), wrong[place]
    assert [one.number for one in shipments(erp.day.store)] == ["SO-1"]


def test_a_number_that_comes_twice_and_contradicts_itself_is_refused_both_times() -> None:
    status, answer = Erp(Day()).put([ONE, ONE | {"destination": "FR"}])
    assert (status, [one["outcome"] for one in answer["shipments"]]) == (422, ["refused", "refused"])


@pytest.mark.parametrize("body", [b"", b"{", b"7", b"[]", b"[7]", b'{"shipments": 7}', b"\xff", b"[" * 3000])
def test_what_is_no_list_of_shipments_gets_a_sentence(body: bytes) -> None:
    status, answer = Erp(Day()).put(body)
    assert status == 400
    assert answer["error"].endswith(".")


def test_too_many_at_once_and_too_large_a_request_are_refused_whole() -> None:
    erp = Erp(Day())
    assert erp.put([ONE] * (MOST + 1))[0] == 400
    assert erp.put(b" " * (LARGEST + 1))[0] == 400
    assert not shipments(erp.day.store)
