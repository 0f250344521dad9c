"""Rule files were changed with a mistake: the rules before stay in force, and who keeps them is told what to mend."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.desk.outbox import show
from bot.desk.records import colleagues
from bot.domain.people import first_with
from bot.ports import Desk
from bot.replies import Reply

SHOWN = 20


def tell_rule_findings(desk: Desk, by_role: Mapping[str, Sequence[str]], now: datetime) -> int:
    """One message to whoever keeps each ruleset, the same findings once a day; returns how many people were told."""
    told = 0
    with desk.store.transaction() as tx:
        for role, findings in by_role.items():
            owner = first_with([role, "REG", "PM", "ADMIN"], colleagues(tx))
            if owner is None:
                continue
            mark = hashlib.sha256("\n".join(findings).encode()).hexdigest()[:16]
            reply = Reply(desk.words.say(owner.lang, "rules.kept"), bullets=tuple(findings[:SHOWN]), tone="warn")
            show(tx, f"rules:{now.date()}:{mark}", owner.id, "", reply, now, "rules")
            told += 1
    return told
