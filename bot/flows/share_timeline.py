"""Somebody asks how a filing lies in time: the picture is drawn and handed over where they asked."""

from __future__ import annotations

from datetime import datetime

from bot.desk.handing_over import hand_over
from bot.desk.plotting import painted, plot
from bot.domain.people import Colleague
from bot.ports import Chat, Desk, Painter
from bot.replies.timelines import timeline_text


def share_timeline(desk: Desk, chat: Chat, painter: Painter, filing_id: str, place: tuple[str, str], by: Colleague,
                   now: datetime) -> None:
    """Draw it in the reader's language; `place` is channel and thread. NotFound; ServiceError in a sentence."""
    plan = plot(desk, desk.store, filing_id, now)
    name = f"{plan.filing.id}-timeline-{plan.today.isoformat()}.png"
    hand_over(desk, chat, by, place, name, painted(desk, painter, plan, by.lang), timeline_text(desk.words, by.lang, plan))
