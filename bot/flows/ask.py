"""A question is answered without being stored: what `filingdesk ask` and `try` print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.market_list import MarketList, in_force
from bot.domain.planning import earliest_etds
from bot.domain.reading import read
from bot.domain.scope import asked_for, judge_reading
from bot.ports import Desk
from bot.replies.answers import Answer

NOBODY = "command line"


def ask(desk: Desk, lists: Sequence[MarketList], text: str, on: date, now: datetime, lang: str = "") -> Answer:
    """The answer to a question asked on a day; `lang` forces the language of the answer."""
    reading = read(text, on, desk.lexicon)
    told_in = lang or reading.lang
    asked = asked_for(reading, desk.words.say(told_in, "answer.not_stored"), NOBODY, now, on, lists)
    determination = judge_reading(reading, replace(asked, lang=told_in), desk.rulesets[desk.ruleset])
    category = determination.products[0].facts.get("category", "unknown")
    return Answer(determination, reading, desk.rulesets[desk.ruleset], in_force(lists, on),
                  earliest_etds(desk.checklist, category, on, desk.calendar), today=on)
