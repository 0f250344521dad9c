"""What is said of a scope question: the verdict first, the reason in a line, one question, what follows, the small print."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from bot.domain.deciding import decide, worst
from bot.domain.determination import Determination, Judged
from bot.domain.facts import READ_FACTS, Doubt, Evidence, Reading, Verdict
from bot.domain.market_list import MarketList
from bot.domain.no_day import doubted
from bot.domain.rulebook import Fact, Ruleset
from bot.domain.ruling import UNKNOWN
from bot.domain.unlisted import unlisted_names
from bot.replies import Choice, Reply, Words
from bot.replies.filings import markets
from bot.replies.names import listed, together
from bot.replies.trouble import trouble_said

TONES = {Verdict.IN_SCOPE: "stop", Verdict.NEEDS_REVIEW: "warn", Verdict.OUT_OF_SCOPE: ""}
MORE = ("why", "change", "unknown", "customer")
"""What every answer can say beside itself; how, stands in explained.py."""
DOUBTS = ("ambiguous", "contradiction", "near_miss", "region", "unheard", "hedged")


@dataclass(frozen=True, slots=True)
class Answer:
    """All an answer is told from. `earliest` are the ASSUMED earliest ETDs of a filing begun today, by band; () if none."""

    determination: Determination
    reading: Reading
    ruleset: Ruleset
    market_list: MarketList | None
    earliest: tuple[date, ...] = ()
    filing: str = ""
    """The filing opened from it, "" for none."""
    today: date = date.min
    """The desk's date when it is told."""
    coming: tuple[MarketList, ...] = ()
    """The versions that take effect after `market_list`, soonest first."""


def answer_reply(words: Words, answer: Answer) -> Reply:
    """The message a person gets; edited in place once the missing fact is known."""
    lang, verdict = answer.determination.asked.lang, answer.determination.verdict
    follows = [line.said(lang) for line in answer.ruleset.follows_from(verdict)[:1]]
    covered = [words.say(lang, "shipment.filing", id=answer.filing)] if answer.filing else []
    lines = [f"*{answer_title(words, answer)}*", *covered, *_reasons(words, answer), *day_lines(words, answer), *follows,
             *_timing(words, answer), *market_lines(words, answer), *_doubts(words, answer), *_question(words, answer)]
    return Reply(
        headline=verdict_said(words, lang, answer.ruleset, verdict), lines=tuple(line for line in lines if line),
        note=small_print(words, answer), tone=TONES[verdict], choices=answer_choices(words, answer))


def again_reply(words: Words, answer: Answer) -> Reply:
    """The answer again in short, where somebody asks on: the verdict, what follows, when it can leave at the earliest."""
    whole, lang, verdict = answer_reply(words, answer), answer.determination.asked.lang, answer.determination.verdict
    follows = [line.said(lang) for line in answer.ruleset.follows_from(verdict)[:1]]
    covered = [words.say(lang, "shipment.filing", id=answer.filing)] if answer.filing else []
    lines = (f"*{answer_title(words, answer)}*", *covered, *follows, *_timing(words, answer))
    return replace(whole, lines=lines, choices=())


def verdict_said(words: Words, lang: str, ruleset: Ruleset, verdict: Verdict) -> str:
    """A verdict as a headline; one of a neighbouring regime is named and marked as information."""
    if ruleset.information_only:
        return words.say(lang, f"verdict.info.{verdict}", regime=ruleset.title.said(lang))
    return words.say(lang, f"verdict.{verdict}")


def answer_choices(words: Words, answer: Answer) -> tuple[Choice, ...]:
    """The fact buttons of the one question first, then what can be done with the answer."""
    lang, number = answer.determination.asked.lang, answer.determination.id
    asked = _asked_back(answer)
    facts = [] if asked is None else [
        Choice("scope_fact", value.label.said(lang), json.dumps({"d": number, "f": asked.name, "v": value.value}))
        for value in asked.values]
    opens = answer.determination.verdict is Verdict.IN_SCOPE and not answer.ruleset.information_only and not answer.filing
    filing = [Choice("open_filing", words.say(lang, "choice.open_filing"), number, "primary")] if opens else []
    more = [Choice(f"scope_{name}", words.say(lang, f"choice.{name}"), number) for name in _more(answer)]
    return (*facts, *filing, *more)


def _more(answer: Answer) -> tuple[str, ...]:
    """The text for a customer speaks of the filing before export, so a neighbouring regime has none."""
    return tuple(name for name in MORE if name != "customer" or not answer.ruleset.information_only)


def day_lines(words: Words, answer: Answer) -> list[str]:
    """That no rule is in force on the day of leaving, or that leaving on the day asked would be decided otherwise."""
    lang, d = answer.determination.asked.lang, answer.determination
    asked = d.asked
    if any(product.decision.nothing_in_force for product in d.products):
        return [words.say(lang, "answer.no_rule", day=words.day(lang, asked.as_of))]
    sooner = _verdict_on(answer, asked.told_on)
    if sooner is d.verdict:
        return []
    return [words.say(lang, "answer.by_day", day=words.day(lang, asked.as_of), asked=words.day(lang, asked.told_on),
                      verdict=verdict_said(words, lang, answer.ruleset, sooner))]


def _verdict_on(answer: Answer, day: date) -> Verdict:
    """What would be decided of goods leaving on another day, by what was recorded when it was asked."""
    d, ruleset = answer.determination, answer.ruleset
    if day == d.asked.as_of:
        return d.verdict
    facts = (ruleset.only_registered(product.facts) for product in d.products)
    return worst(decide(ruleset, known, day, d.asked.asked_at.date()).verdict for known in facts)


def market_lines(words: Words, answer: Answer) -> list[str]:
    """What the market list says of each destination; it never decides the verdict."""
    asked = answer.determination.asked
    abroad = [code for code in asked.destinations if code != "CN"]
    return [market_line(words, asked.lang, code, answer.market_list, answer.coming) for code in abroad]


def market_line(words: Words, lang: str, code: str, current: MarketList | None, coming: Sequence[MarketList] = ()) -> str:
    """One destination: on the list, not on it, or not known as nobody has named the members; then what lists to come change."""
    return together(lang, _market_now(words, lang, code, current), *_market_then(words, lang, code, (current, *coming)))


def _market_now(words: Words, lang: str, code: str, current: MarketList | None) -> str:
    name = words.market(lang, code)
    if current is None:
        return words.say(lang, "market.no_list", market=name)
    listed = current.lists(code)
    if listed is None:
        return words.say(lang, "market.unknown", market=name, count=current.count_reported or "?")
    key = "market.listed" if listed else "market.not_listed"
    said = words.say(lang, key, market=name, version=current.version, effective=words.day(lang, current.effective))
    return said + _requirement(current, code)


def _market_then(words: Words, lang: str, code: str, lists: Sequence[MarketList | None]) -> Iterator[str]:
    """A sentence for each list that says something else of the destination than the one before it, and says it by name."""
    for before, entry in pairwise(lists):
        if entry is None or entry.members is None or (before and _says(before, code) == _says(entry, code)):
            continue
        key = "market.from_listed" if entry.lists(code) else "market.from_not_listed"
        said = words.say(lang, key, version=entry.version, effective=words.day(lang, entry.effective))
        yield said + _requirement(entry, code)


def _says(entry: MarketList, code: str) -> object:
    return entry.lists(code), entry.market(code)


def _requirement(entry: MarketList, code: str) -> str:
    market = entry.market(code)
    return f" {market.requirement}" if market and market.requirement else ""


def family(words: Words, lang: str, category: str) -> str:
    """The name of a product family."""
    return words.say(lang, f"family.{category}")


def answer_title(words: Words, answer: Answer) -> str:
    """What the answer is about: products, destinations, ETD."""
    asked = answer.determination.asked
    names = listed(words, asked.lang, (product_name(words, asked.lang, product) for product in answer.determination.products))
    parts = [names, f"→ {markets(words, asked.lang, asked.destinations)}" if asked.destinations else ""]
    title = " ".join(part for part in parts if part)
    etd = words.day(asked.lang, asked.ship_date) if asked.ship_date else ""
    return words.say(asked.lang, "answer.leaving", title=title, etd=etd) if etd else title


def product_name(words: Words, lang: str, product: Judged) -> str:
    """As the asker or the catalogue calls it, else its family."""
    return product.name or family(words, lang, product.facts.get("category", "unknown"))


def _reasons(words: Words, answer: Answer) -> list[str]:
    lang, products = answer.determination.asked.lang, answer.determination.products
    if len(products) == 1:
        return [words.say(lang, "answer.reason", reasons=_reason(words, answer.ruleset, lang, products[0]))]
    return [f"• *{product_name(words, lang, product)}*: {verdict_said(words, lang, answer.ruleset, product.decision.verdict)} – "
            f"{_reason(words, answer.ruleset, lang, product)}" for product in products]


def _reason(words: Words, ruleset: Ruleset, lang: str, product: Judged) -> str:
    *first, last = (_said(words, ruleset, lang, stated, product.evidence) for stated in product.decision.facts)
    return words.say(lang, "answer.and").join([words.say(lang, "answer.comma").join(first), last] if first else [last])


def _said(words: Words, ruleset: Ruleset, lang: str, stated: tuple[str, str],
          evidence: Mapping[str, Sequence[Evidence]]) -> str:
    fact, value = stated
    if fact not in READ_FACTS:
        shown = value_said(words, ruleset, lang, fact, value)
        return words.say(lang, "reason.other", fact=fact_title(ruleset, fact, lang), value=shown)
    said = family(words, lang, value) if fact == "category" and value not in ("unknown", "other_not_listed") else value
    key = f"reason.{fact}.{value}" if said == value else "reason.category.listed"
    quoted = quote(words, lang, evidence.get(fact, ()))
    return words.say(lang, key, family=said) + (words.say(lang, "reason.quoted", quoted=quoted) if quoted else "")


def fact_title(ruleset: Ruleset, fact: str, lang: str) -> str:
    """What a fact is called; its bare name where the rules do not know it any more."""
    return next((known.title.said(lang) for known in ruleset.facts if known.name == fact), fact)


def value_said(words: Words, ruleset: Ruleset, lang: str, fact: str, value: str) -> str:
    """A fact's value in a word or two: the family, yes or no, else the words of its button."""
    if fact == "category":
        return family(words, lang, value)
    if fact in READ_FACTS or value == UNKNOWN:
        return words.say(lang, f"truth.{value}")
    return next((known.label(value, lang) for known in ruleset.facts if known.name == fact), value)


def quote(words: Words, lang: str, evidence: Sequence[Evidence]) -> str:
    """The words a fact was read from, in quotation marks, at most three."""
    found = list(dict.fromkeys(item.words.strip() for item in evidence if item.words.strip()))[:3]
    return listed(words, lang, (words.say(lang, "quoted", words=said) for said in found))


def _timing(words: Words, answer: Answer) -> list[str]:
    asked = answer.determination.asked
    if answer.determination.verdict is not Verdict.IN_SCOPE or len(answer.earliest) != 3 or answer.ruleset.information_only:
        return []
    early, middle, late = (words.day(asked.lang, day) for day in answer.earliest)
    band = words.say(asked.lang, "plan.earliest", early=early, middle=middle, late=late)
    if asked.ship_date is None:
        return [band]
    short = (answer.earliest[1] - asked.ship_date).days
    etd = words.day(asked.lang, asked.ship_date)
    if asked.ship_date < answer.today:
        return [together(asked.lang, words.say(asked.lang, "plan.past", etd=etd), band)]
    fits = words.say(asked.lang, "plan.short", n=short, etd=etd) if short > 0 else words.say(asked.lang, "plan.fits")
    return [together(asked.lang, fits, band)]


def _doubts(words: Words, answer: Answer) -> list[str]:
    lang = answer.determination.asked.lang
    doubts = [doubt_line(words, lang, doubt) for doubt in answer.reading.doubts[:3]]
    taken_over = listed(words, lang, (words.say(lang, f"fact.{fact}") for fact in answer.reading.inherited))
    unlisted = listed(words, lang, (words.say(lang, "quoted", words=name) for name in unlisted_names(answer.reading)))
    return [*doubts, *([words.say(lang, "answer.unlisted", names=unlisted)] if unlisted else []),
            *([words.say(lang, "answer.inherited", facts=taken_over)] if taken_over else [])]


def doubt_line(words: Words, lang: str, doubt: Doubt) -> str:
    """What is to be asked back: the words, and what they may mean or contradict."""
    impossible = doubted(doubt)
    if impossible:
        return trouble_said(words, lang, impossible.error)
    candidates = " / ".join(_candidate(words, lang, doubt, one) for one in doubt.candidates)
    reason = doubt.reason if doubt.reason in DOUBTS else "ambiguous"
    about = words.say(lang, f"fact.{doubt.about}")
    return words.say(lang, f"doubt.{reason}", words=doubt.words, candidates=candidates or "?", about=about)


def _candidate(words: Words, lang: str, doubt: Doubt, said: str) -> str:
    if doubt.reason == "contradiction":
        return words.say(lang, "quoted", words=said)
    return words.market(lang, said) if doubt.about == "destination" and len(said) == 2 else said


def _question(words: Words, answer: Answer) -> list[str]:
    question = question_line(words, answer)
    return [question] if question else []


def question_line(words: Words, answer: Answer) -> str:
    """The one next question, and of which products where there are several; "" where nothing is missing."""
    lang, fact, products = answer.determination.asked.lang, _asked_back(answer), answer.determination.products
    if fact is None:
        return ""
    lacking = [product_name(words, lang, product) for product in products if fact.name in product.decision.missing]
    key = "answer.question_about" if len(products) > 1 else "answer.question"
    return words.say(lang, key, question=fact.question.said(lang), names=listed(words, lang, lacking))


def question_of(answer: Answer) -> str | None:
    """The one next question, or None where nothing is missing."""
    asked = _asked_back(answer)
    return asked.question.said(answer.determination.asked.lang) if asked else None


def _asked_back(answer: Answer) -> Fact | None:
    """The first missing fact that the rules still know."""
    known = {fact.name: fact for fact in answer.ruleset.facts}
    return next((known[name] for name in answer.determination.missing if name in known), None)


def small_print(words: Words, answer: Answer) -> str:
    """The caveats, and what the answer rests on: its id, its clauses and how many of them nobody has verified."""
    d = answer.determination
    caveats = [caveat.text.said(d.asked.lang) for caveat in answer.ruleset.caveats_for(d.verdict)]
    unverified = len(answer.ruleset.unverified(d.clauses, d.asked.told_on))
    key = "answer.rests_nothing" if not d.clauses else "answer.rests" if unverified else "answer.rests_verified"
    rests = words.say(d.asked.lang, key, id=d.id, n=len(d.clauses), unverified=unverified, version=d.ruleset.version)
    return together(d.asked.lang, *caveats, rests)
