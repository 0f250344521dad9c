"""A filing laid out in time from what is stored, for its picture."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.records import filing_of, standing_of
from bot.domain.planning import BANDS, submission_for
from bot.domain.timeline import Timeline, timeline
from bot.ports import Desk, Painter, Rows
from bot.replies.timelines import picture


def plot(desk: Desk, rows: Rows, filing_id: str, now: datetime) -> Timeline:
    """The timeline of a filing as it stands now. NotFound."""
    filing = filing_of(rows, filing_id)
    today = now.astimezone(ZoneInfo(filing.zone)).date()
    submissions = tuple(submission_for(desk.checklist, band, filing.etd, desk.calendar) for band in BANDS)
    return timeline(standing_of(rows, filing, today), submissions, {item.id: item.after for item in desk.checklist.items})


def painted(desk: Desk, painter: Painter, plan: Timeline, lang: str) -> bytes:
    """The picture as a PNG file, in English where the machine cannot write the language."""
    lang = lang if painter.writes(lang) else "en"
    titles = {item.id: item.text.said(lang) for item in desk.checklist.items}
    return painter.timeline(picture(desk.words, lang, plan, titles))
