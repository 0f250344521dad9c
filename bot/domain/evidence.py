"""What is known of one filing, put together for somebody who must be convinced: an auditor, a customer, an authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.audit import Position
from bot.domain.filing import Filing
from bot.domain.rulebook import Clause, Rule, Ruleset, content, digest_of

Row = Mapping[str, Any]
KEPT_DIGITS = 23
"""How much of a part's digest a determination keeps."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything of one filing at one moment; `sections` are rows as they are stored, by name, in the order to be read."""

    filing: Filing
    made_at: datetime
    made_by: str
    """A name, or "command line"."""
    ruleset: Mapping[str, str]
    """id, version and digest of the rules in force when it was made."""
    list_version: str
    """Of the market list in force when it was made, "" for none."""
    position: Position
    """Where the audit trail stood."""
    sections: Mapping[str, Sequence[Row]]
    names: Mapping[str, str]
    """Who is behind an id."""
    ticket_trouble: str = ""
    """Why the tracker's history is not, or not all, there."""

    def name(self, user: object) -> str:
        """Somebody's name, or the id itself."""
        return self.names.get(str(user), str(user or ""))


def parts_used(determinations: Iterable[Row], rulesets: Mapping[str, Ruleset]) -> list[Row]:
    """The rules and clauses that answers rest on, each as it reads now and whether it still reads as it did then.

    `state` is same, changed or gone; of what is gone only the digest is left.
    """
    wanted = {(row["ruleset"]["id"], name): digest for row in determinations
              for name, digest in row["ruleset"]["rests_on"].items() if not name.startswith("fact ")}
    return [_part(rulesets.get(ruleset), ruleset, name, digest) for (ruleset, name), digest in sorted(wanted.items())]


def _part(ruleset: Ruleset | None, ruleset_id: str, name: str, digest: str) -> Row:
    kind, _, part_id = name.partition(" ")
    found: Sequence[Clause | Rule] = (ruleset.clauses if kind == "clause" else ruleset.rules) if ruleset else ()
    part = next((one for one in found if one.id == part_id), None)
    row = {"ruleset": ruleset_id, "kind": kind, "part": part_id, "digest_then": digest}
    if part is None:
        return row | {"state": "gone"}
    now = digest_of(part)
    state = "same" if now[:KEPT_DIGITS] == digest else "changed"
    return row | {"state": state, "digest_now": now, "reads": content(part)}
