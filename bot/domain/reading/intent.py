"""What a person wants, and the ids and language of the message."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.facts import Evidence, Intent
from bot.domain.reading.matching import Hit, Marked

_REFERENCE = re.compile(r"(?<![A-Za-z0-9])(F|D|S|SO)-?(\d{1,9})(?![A-Za-z0-9])", re.IGNORECASE)
_STRICT = re.compile(r"(?<![A-Za-z0-9])(?:[FDSfds]|SO|so|So)-\d{1,9}(?![A-Za-z0-9])")


def references(text: str) -> tuple[str, ...]:
    """Ids named in the text, in the order named: F-12, D-1042, S-7, SO-4711."""
    return tuple(dict.fromkeys(m.group().upper() for m in _STRICT.finditer(text)))


def language(text: str) -> str:
    """ "zh" when Han characters carry the message, else "en"."""
    han = sum(1 for c in text if "\u4e00" <= c <= "\u9fff")
    latin = len(re.findall(r"[A-Za-z]+", text))
    return "zh" if han and han >= latin else "en"


def intent_of(
    marked: Marked, order: Sequence[str], *, ids: Sequence[str], speaks: bool
) -> tuple[Intent, tuple[Evidence, ...]]:
    """The first intent whose cues are there and not blocked; `speaks`: the message holds a fact of a product."""
    hits = marked.layer("intents")
    roles = {hit.cue.role for hit in hits}
    for name in order:
        if name in roles and not _blocked(name, roles, speaks):
            return Intent(name), _words(marked, [h for h in hits if h.cue.role == name])
    if ids and "filing_status_with_reference" in roles and not speaks:
        return Intent.FILING_STATUS, ()
    if speaks or "scope" in roles:
        return Intent.SCOPE, _words(marked, [h for h in hits if h.cue.role == "scope"])
    return (Intent.FILING_STATUS if ids else Intent.SMALLTALK), ()


def _blocked(name: str, roles: set[str], speaks: bool) -> bool:
    if name == "create_filing":
        return "blocks_create" in roles
    if name == "list_update":
        return "blocks_list" in roles
    if name in ("help", "smalltalk"):
        return speaks or "scope" in roles
    return False


def _words(marked: Marked, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    return tuple(marked.evidence(h.first, h.last, h.cue.id) for h in hits)
