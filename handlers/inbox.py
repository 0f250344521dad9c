"""The door for commands given on the machine while the bot runs: a list to publish, shipments to import, a pack to note."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from bot.domain.market_list import MarketList
from bot.domain.people import Colleague
from bot.errors import BadInput, FilingDeskError
from bot.flows.pack_evidence import note_pack
from bot.flows.publish_list import publish_list
from handlers.office import Office

Wish = Mapping[str, Any]


class Inbox(Protocol):
    """Where wishes wait and are answered."""

    def waiting(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Name and content of each wish, oldest first."""

    def answer(self, name: str, answer: dict[str, Any]) -> None:
        """Answer a wish; it is gone then."""


def work_off(office: Office, inbox: Inbox, codes: frozenset[str], import_table: Callable[[Wish], str]) -> None:
    """Take up every wish that waits; a refusal is an answer too."""
    acts: dict[str, Callable[[Wish], str]] = {
        "publish_list": lambda wish: _publish(office, wish, codes), "import_shipments": import_table,
        "note_pack": lambda wish: _note_pack(office, wish)}
    for name, wish in inbox.waiting():
        inbox.answer(name, _answer(acts, wish))
        office.waker.kick()


def _answer(acts: Mapping[str, Callable[[Wish], str]], wish: Wish) -> dict[str, Any]:
    try:
        if wish.get("act") not in acts:
            raise BadInput(f"The running bot does not know {wish.get('act')!r}; is it an older version?")
        return {"ok": True, "said": acts[str(wish["act"])](wish)}
    except FilingDeskError as error:
        return {"ok": False, "said": str(error)}


def _publish(office: Office, wish: Wish, codes: frozenset[str]) -> str:
    new = MarketList.from_row(wish["list"])
    if office.desk.store.get("lists", new.id) == new.to_row():
        return f"{new.version} was published already."  # taken up twice, as after a stop between doing and answering
    second = str(wish.get("confirmed_by", ""))
    if not second:
        raise BadInput("A list is published by two people; the command is older than the running bot: install it anew.")
    publish_list(office.desk, new, codes, _operator(office, second), office.now(), confirmed=bool(wish["confirmed"]),
                 compared_by=new.recorded_by)
    return f"Published {new.version}; everyone concerned is being told."


def _note_pack(office: Office, wish: Wish) -> str:
    note_pack(office.desk, str(wish["filing"]), str(wish["sha256"]), str(wish["by"]), office.now())
    return f"It is noted that a pack of {wish['filing']} was made."


def _operator(office: Office, name: str) -> Colleague:
    """Whoever may use the machine's data folder may administer the desk."""
    return Colleague(id=name, name=name, role="ADMIN", lang=office.desk.lang, zone=office.desk.zone)
