"""A question is answered without being stored: what `filingdesk ask` and `try` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from bot.domain.deciding import check_facts
from bot.domain.facts import Reading
from bot.domain.market_list import MarketList, in_force, taking_effect
from bot.domain.planning import Kind, earliest_etds
from bot.domain.reading import read
from bot.domain.scope import asked_for, is_blank, judge_reading, leaving_day, with_fact
from bot.errors import BadInput
from bot.ports import Desk
from bot.replies.answers import Answer

NOBODY = "command line"
EXAMPLE = "“Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 12 Dec?”"


def ask(desk: Desk, lists: Sequence[MarketList], text: str, on: date, now: datetime, lang: str = "",
        stated: Mapping[str, str] = MappingProxyType({})) -> Answer:
    """The answer to a question asked on a day; `lang` forces its language, `stated` are facts told beside the text.

    Raises BadInput for a stated fact or value that the rules do not know.
    """
    reading = _told(desk, read(text, on, desk.lexicon), stated)
    told_in = lang or reading.lang
    asked = asked_for(reading, desk.words.say(told_in, "answer.not_stored"), NOBODY, now, on, lists)
    determination = judge_reading(reading, replace(asked, lang=told_in), desk.rulesets[desk.ruleset])
    category = determination.products[0].facts.get("category", "unknown")
    leaves = leaving_day(on, reading.ship_date)
    return Answer(determination, reading, desk.rulesets[desk.ruleset], in_force(lists, leaves),
                  earliest_etds(desk.checklist, Kind(category), on, desk.calendar), today=on, coming=taking_effect(lists, leaves))


def check_asked(text: str, stated: Mapping[str, str] = MappingProxyType({})) -> None:
    """Raise BadInput where neither a text nor a fact is there to judge: a verdict on nothing would be taken for an answer."""
    if is_blank(text) and not stated:
        raise BadInput(f"Nothing was asked; write a question, as {EXAMPLE}").named("nothing_asked")


def _told(desk: Desk, reading: Reading, stated: Mapping[str, str]) -> Reading:
    """The reading with what was stated, as a button would have."""
    ruleset = desk.rulesets[desk.ruleset]
    check_facts(ruleset, stated)
    for fact, value in stated.items():
        reading = with_fact(reading, fact, value, ruleset.fact(fact).label(value, reading.lang))
    return reading
