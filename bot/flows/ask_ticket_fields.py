"""Which values a refused ticket wants: those the tracker named, and required ones nothing fills, as its form says now."""

from __future__ import annotations

from bot.domain.filing import Filing
from bot.domain.ticket import TicketField
from bot.errors import ServiceError
from bot.ports import Tracker

OURS = ("summary", "description", "labels", "duedate", "assignee", "parent", "project", "issuetype")
"""Filled in by the desk: what is refused of these is mended in the tracker."""


def ask_ticket_fields(tracker: Tracker, filing: Filing) -> tuple[list[TicketField], bool]:
    """The fields to ask a person for, and whether the tracker could be asked about them."""
    try:
        form = tracker.asks(bool(filing.ticket))
    except ServiceError:
        return _unknown(filing, []), False
    wanted = [each for each in form if each.id in filing.refused or (each.required and not each.filled)]
    return [*wanted, *_unknown(filing, wanted)] or form, True  # it gave a reason without a field: any of them may be meant


def _unknown(filing: Filing, known: list[TicketField]) -> list[TicketField]:
    """Refused fields the form does not describe: in words, as the tracker shows them."""
    names = {each.id for each in known} | set(OURS)
    return [TicketField(name, name, required=True) for name in filing.refused if name not in names]
