"""The door for an ERP: shipments as JSON over HTTP with a token, stored by their number and answered line by line."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine, plain_number
from bot.errors import BadInput
from bot.flows.watch_shipment import Watched, take_in
from handlers.office import Office

PATH = "/api/shipments"
MOST = 1000
LARGEST = 5_000_000
"""Bytes of a request; a thousand shipments have a tenth of them."""
Thing = Mapping[str, Any]


class Read(Protocol):
    """One shipment read, and what is wrong with it."""

    @property
    def line(self) -> ShipmentLine | None:
        """The line, None where it cannot be used."""

    @property
    def wrong(self) -> Sequence[str]:
        """What is wrong, field by field."""


RecordReader = Callable[[Thing], Read]


def erp_routes(office: Office, token: str, read: RecordReader) -> list[Route]:
    """PUT and POST of one shipment, of a list, or of {"shipments": […]}; without a token set the door is shut."""

    async def receive(request: Request) -> Response:
        if not token:
            return _said(403, "This door is shut: no FILINGDESK_ERP_TOKEN is set.")
        if not _is(token, request.headers.get("authorization", "")):
            return JSONResponse({"error": "The token is missing or wrong."}, 401, {"WWW-Authenticate": "Bearer"})
        try:
            records = _records(await _body(request))
        except BadInput as error:
            return _said(400, str(error))
        return await run_in_threadpool(_answer, office, records, read)

    return [Route(PATH, receive, methods=["PUT", "POST"])]


def _is(token: str, header: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(header.encode(), f"Bearer {token}".encode())


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise BadInput(f"The request is larger than {LARGEST:,} bytes; send fewer shipments at once.")
    return body


def _records(body: bytes) -> list[Thing]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput('The body is no JSON; send one shipment {"number": …} or a list of them.') from None
    found = sent.get("shipments", [sent]) if isinstance(sent, dict) else sent
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise BadInput('Send one shipment {"number": …}, a list of them, or {"shipments": […]}.')
    if len(found) > MOST:
        raise BadInput(f"{len(found):,} shipments at once; at most {MOST:,} are taken.")
    return found


def _answer(office: Office, records: list[Thing], read: RecordReader) -> Response:
    """200 where all were taken, 422 where none was, 207 where some were; each is answered in the order sent."""
    read_ones = [read(record) for record in records]
    against = _contradictory([one.line for one in read_ones])
    good = [one.line for one in read_ones if one.line and one.line.number not in against]
    taken = iter(take_in(office.desk, good, _erp(office), office.now()))
    results = [_result(record, one, against, taken) for record, one in zip(records, read_ones, strict=True)]
    office.waker.kick()
    refused = sum(result["outcome"] == "refused" for result in results)
    return JSONResponse({"shipments": results}, 200 if not refused else 422 if refused == len(results) else 207)


def _contradictory(lines: Sequence[ShipmentLine | None]) -> set[str]:
    """Numbers that come twice and say different things: neither is taken."""
    first: dict[str, ShipmentLine] = {}
    against = set()
    for line in lines:
        if line and first.setdefault(plain_number(line.number), line) != line:
            against |= {line.number, first[plain_number(line.number)].number}
    return against


def _result(record: Thing, read: Read, against: set[str], taken: Any) -> dict[str, Any]:
    number = str(record.get("number", ""))
    if read.line is None:
        return {"number": number, "outcome": "refused", "wrong": list(read.wrong)}
    if read.line.number in against:
        return {"number": number, "outcome": "refused", "wrong": ["number: it is here twice and says different things"]}
    done: Watched | BadInput = next(taken)
    return _stored(done) if isinstance(done, Watched) else {"number": number, "outcome": "refused", "wrong": [str(done)]}


def _stored(done: Watched) -> dict[str, Any]:
    shipment = done.shipment
    return {"number": shipment.number, "id": shipment.id, "outcome": done.outcome, "verdict": shipment.verdict,
            "filings": list(shipment.filings), "lacks_filing": [goods.product for goods in shipment.unfiled],
            **({"sailed_uncleared": True} if done.held else {})}


def _erp(office: Office) -> Colleague:
    return Colleague(id="ERP", name="ERP", role="ADMIN", lang="en", zone=office.desk.zone)


def _said(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)
