"""Rule files were changed with a mistake: the rules before stay in force, and who keeps them is told what to mend."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.desk.outbox import show
from bot.desk.records import colleagues
from bot.domain.people import Colleague, first_with
from bot.errors import Finding
from bot.ports import Desk
from bot.replies import Reply
from bot.replies.trouble import mistake_said

SHOWN = 20


def tell_rule_findings(desk: Desk, by_role: Mapping[str, Sequence[Finding]], now: datetime) -> int:
    """One message to whoever keeps each ruleset, the same findings once a day; returns how many people were told."""
    told = 0
    with desk.store.transaction() as tx:
        for role, findings in by_role.items():
            owner = first_with([role, "REG", "PM", "ADMIN"], colleagues(tx))
            if owner is None:
                continue
            show(tx, f"rules:{now.date()}:{_mark(findings)}", owner.id, "", _reply(desk, owner, findings), now, "rules")
            told += 1
    return told


def _mark(findings: Sequence[Finding]) -> str:
    return hashlib.sha256("\n".join(map(str, findings)).encode()).hexdigest()[:16]


def _reply(desk: Desk, owner: Colleague, findings: Sequence[Finding]) -> Reply:
    told = tuple(mistake_said(desk.words, owner.lang, finding) for finding in findings[:SHOWN])
    return Reply(desk.words.say(owner.lang, "rules.kept"), bullets=told, tone="warn")
