"""What was understood of a text: each fact with the words it was read from, what is doubtful, and the verdict."""

from __future__ import annotations

from bot.domain.determination import Judged
from bot.domain.facts import READ_FACTS, Intent, Reading
from bot.domain.ruling import UNKNOWN
from bot.replies import Reply, Words
from bot.replies.answers import Answer, day_lines, doubt_line, question_line, quote, value_said, verdict_said
from bot.replies.filings import markets
from bot.replies.gaps import value_words
from bot.replies.names import listed


def understood_reply(words: Words, answer: Answer) -> Reply:
    """Everything the reader took from the text and what the rules make of it, where there is anything to judge."""
    lang, reading = answer.determination.asked.lang, answer.reading
    judged = reading.products or reading.intent in (Intent.SCOPE, Intent.CREATE_FILING)
    question = question_line(words, answer) if judged else ""
    return Reply(
        headline=words.say(lang, "try.title", intent=words.say(lang, f"try.intent.{reading.intent}")),
        lines=(*(_judged(words, lang, answer) if judged else ()), *_around(words, lang, reading), *_doubts(words, lang, reading),
               *filter(None, [question])),
        note=words.say(lang, "caveat.reported") if judged else "")


def _judged(words: Words, lang: str, answer: Answer) -> list[str]:
    products = [line for product in answer.determination.products for line in _product(words, lang, answer, product)]
    return [*products, *day_lines(words, answer)]


def _product(words: Words, lang: str, answer: Answer, product: Judged) -> list[str]:
    name = product.name or words.say(lang, "family.unknown")
    verdict = verdict_said(words, lang, answer.ruleset, product.decision.verdict)
    return [words.say(lang, "try.product", name=name, verdict=verdict),
            *(_fact(words, lang, answer, product, fact) for fact in product.facts)]


def _fact(words: Words, lang: str, answer: Answer, product: Judged, fact: str) -> str:
    value, read_from = product.facts[fact], product.evidence.get(fact, ())
    shown = _value(words, lang, answer, fact, value)
    title = answer.ruleset.fact(fact).title.said(lang)
    quoted = quote(words, lang, read_from) or words.say(lang, "try.not_said")
    return "• " + words.say(lang, "try.fact", fact=title, value=shown, words=quoted)


def _value(words: Words, lang: str, answer: Answer, fact: str, value: str) -> str:
    if value == UNKNOWN or fact not in READ_FACTS:
        return value_said(words, answer.ruleset, lang, fact, value)
    return value_words(words, lang, fact, value)


def _around(words: Words, lang: str, reading: Reading) -> list[str]:
    said = {"try.destinations": {"places": markets(words, lang, reading.destinations)} if reading.destinations else None,
            "try.regions": {"regions": listed(words, lang, reading.regions)} if reading.regions else None,
            "try.ship_date": {"day": words.day(lang, reading.ship_date)} if reading.ship_date else None,
            "try.references": {"ids": listed(words, lang, reading.references)} if reading.references else None}
    return [words.say(lang, key, **values) for key, values in said.items() if values]


def _doubts(words: Words, lang: str, reading: Reading) -> list[str]:
    found = ["• " + doubt_line(words, lang, doubt) for doubt in reading.doubts]
    return [words.say(lang, "try.doubts"), *found] if found else []
