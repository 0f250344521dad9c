"""What is said of a scope question: the verdict first, the reason in a line, one question, what follows, the small print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.deciding import questions_for, what_would_change
from bot.domain.determination import Determination, Judged
from bot.domain.facts import Category, Doubt, Evidence, Reading, Verdict
from bot.domain.market_list import MarketList
from bot.domain.rulebook import Ruleset
from bot.replies import Choice, Reply, Words
from bot.replies.filings import markets

TONES = {Verdict.IN_SCOPE: "stop", Verdict.NEEDS_REVIEW: "warn", Verdict.OUT_OF_SCOPE: ""}
DOUBTS = ("ambiguous", "contradiction", "near_miss", "region", "hedged")


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


def answer_reply(words: Words, answer: Answer) -> Reply:
    """The message a person gets; edited in place once the missing fact is known."""
    lang, verdict = answer.determination.asked.lang, answer.determination.verdict
    follows = [line.said(lang) for line in answer.ruleset.follows_from(verdict)[:1]]
    covered = [words.say(lang, "shipment.filing", id=answer.filing)] if answer.filing else []
    lines = [f"*{_title(words, answer)}*", *covered, *_reasons(words, answer), *follows, *_timing(words, answer),
             *market_lines(words, answer), *_doubts(words, answer), *_question(words, answer)]
    return Reply(
        headline=words.say(lang, f"verdict.{verdict}"), lines=tuple(line for line in lines if line),
        note=_small_print(words, answer), tone=TONES[verdict], choices=answer_choices(words, answer))


def answer_choices(words: Words, answer: Answer) -> tuple[Choice, ...]:
    """The fact buttons of the one question first, then what can be done with the answer."""
    lang, number = answer.determination.asked.lang, answer.determination.id
    asked = next(iter(answer.determination.missing), None)
    facts = [] if asked is None else [
        Choice("scope_fact", value.label.said(lang), json.dumps({"d": number, "f": asked, "v": value.value}))
        for value in answer.ruleset.fact(asked).values]
    opens = answer.determination.verdict is Verdict.IN_SCOPE and not answer.ruleset.information_only and not answer.filing
    filing = [Choice("open_filing", words.say(lang, "choice.open_filing"), number, "primary")] if opens else []
    more = [Choice(f"scope_{name}", words.say(lang, f"choice.{name}"), number) for name in ("why", "change", "customer")]
    return (*facts, *filing, *more)


def market_lines(words: Words, answer: Answer) -> list[str]:
    """What the market list says of each destination; it never decides the verdict."""
    asked = answer.determination.asked
    abroad = [code for code in asked.destinations if code != "CN"]
    return [market_line(words, asked.lang, code, answer.market_list) for code in abroad]


def market_line(words: Words, lang: str, code: str, current: MarketList | None) -> str:
    """One destination: on the list, not on it, or not known as nobody has named the members."""
    name = words.market(lang, code)
    if current is None:
        return words.say(lang, "market.no_list", market=name)
    listed = current.lists(code)
    if listed is None:
        return words.say(lang, "market.unknown", market=name, count=current.count_reported or "?")
    entry = current.market(code)
    requirement = f" {entry.requirement}" if entry and entry.requirement else ""
    key = "market.listed" if listed else "market.not_listed"
    return words.say(lang, key, market=name, version=current.version, effective=words.day(lang, current.effective)) + requirement


def why_reply(words: Words, answer: Answer) -> Reply:
    """Clause by clause and fact by fact: where the verdict comes from, and how far each source can be trusted."""
    lang, d = answer.determination.asked.lang, answer.determination
    facts = [_fact_line(words, answer, product, fact) for product in d.products for fact, _ in product.decision.facts]
    clauses = [_clause_line(words, answer, clause) for clause in d.clauses]
    questions = questions_for(answer.ruleset, d.products[0].decision, d.asked.destinations)
    unknown = [f"{question.id}: {question.text.said(lang)}" for question in questions[:6]]
    return Reply(
        headline=words.say(lang, "why.title", id=d.id, verdict=words.say(lang, f"verdict.{d.verdict}")),
        lines=(words.say(lang, "why.facts"), *facts, words.say(lang, "why.clauses"), *clauses,
               *([words.say(lang, "why.unknown"), *unknown] if unknown else [])),
        note=_small_print(words, answer))


def change_reply(words: Words, answer: Answer) -> Reply:
    """The smallest sets of facts that would turn the verdict."""
    lang, d = answer.determination.asked.lang, answer.determination
    bullets = [_change_line(words, answer, product) for product in d.products]
    return Reply(headline=words.say(lang, "change.title", id=d.id), bullets=tuple(line for lines in bullets for line in lines),
                 lines=(words.say(lang, "change.honest"),), note=_small_print(words, answer))


def customer_reply(words: Words, answer: Answer) -> Reply:
    """A text a sales rep may copy to a customer: nothing official claimed, nothing promised."""
    lang, d = answer.determination.asked.lang, answer.determination
    values = {"title": _title(words, answer), "id": d.id,
              "early": words.day(lang, answer.earliest[0]) if answer.earliest else "–",
              "late": words.day(lang, answer.earliest[-1]) if answer.earliest else "–"}
    timing = [words.say(lang, "customer.timing", **values)] if answer.earliest and d.verdict is Verdict.IN_SCOPE else []
    return Reply(headline=words.say(lang, "customer.title"),
                 lines=(words.say(lang, f"customer.{d.verdict}", **values), *timing, words.say(lang, "customer.honest")),
                 note=words.say(lang, "customer.note", id=d.id))


def family(words: Words, lang: str, category: str) -> str:
    """The name of a product family."""
    return words.say(lang, f"family.{category}")


def _title(words: Words, answer: Answer) -> str:
    asked = answer.determination.asked
    names = ", ".join(_name(words, asked.lang, product) for product in answer.determination.products)
    parts = [names, f"→ {markets(words, asked.lang, asked.destinations)}" if asked.destinations else ""]
    title = " ".join(part for part in parts if part)
    when = f" · ETD {words.day(asked.lang, asked.ship_date)}" if asked.ship_date else ""
    return f"{title}{when}"


def _name(words: Words, lang: str, product: Judged) -> str:
    return product.name or family(words, lang, product.facts.get("category", "unknown"))


def _reasons(words: Words, answer: Answer) -> list[str]:
    lang, products = answer.determination.asked.lang, answer.determination.products
    if len(products) == 1:
        return [words.say(lang, "answer.reason", reasons=_reason(words, lang, products[0]))]
    return [f"• *{_name(words, lang, product)}*: {words.say(lang, f'verdict.{product.decision.verdict}')} – "
            f"{_reason(words, lang, product)}" for product in products]


def _reason(words: Words, lang: str, product: Judged) -> str:
    joiner = words.say(lang, "answer.and")
    return joiner.join(_said(words, lang, fact, value, product.evidence) for fact, value in product.decision.facts)


def _said(words: Words, lang: str, fact: str, value: str, evidence: Mapping[str, Sequence[Evidence]]) -> str:
    said = family(words, lang, value) if fact == "category" and value not in ("unknown", "other_not_listed") else value
    key = f"reason.{fact}.{value}" if said == value else "reason.category.listed"
    quoted = quote(words, lang, evidence.get(fact, ()))
    return words.say(lang, key, family=said) + (f" ({quoted})" if quoted else "")


def quote(words: Words, lang: str, evidence: Sequence[Evidence]) -> str:
    """The words a fact was read from, in quotation marks, at most three."""
    found = list(dict.fromkeys(item.words.strip() for item in evidence if item.words.strip()))[:3]
    return ", ".join(words.say(lang, "quoted", words=said) for said in found)


def _timing(words: Words, answer: Answer) -> list[str]:
    asked = answer.determination.asked
    if answer.determination.verdict is not Verdict.IN_SCOPE or len(answer.earliest) != 3:
        return []
    early, middle, late = (words.day(asked.lang, day) for day in answer.earliest)
    band = words.say(asked.lang, "plan.earliest", early=early, middle=middle, late=late)
    if asked.ship_date is None:
        return [band]
    short = (answer.earliest[1] - asked.ship_date).days
    etd = words.day(asked.lang, asked.ship_date)
    if asked.ship_date < answer.today:
        return [f"{words.say(asked.lang, 'plan.past', etd=etd)} {band}"]
    fits = words.say(asked.lang, "plan.short", n=short, etd=etd) if short > 0 else words.say(asked.lang, "plan.fits")
    return [f"{fits} {band}"]


def _doubts(words: Words, answer: Answer) -> list[str]:
    lang = answer.determination.asked.lang
    doubts = [_doubt(words, lang, doubt) for doubt in answer.reading.doubts[:3]]
    taken_over = ", ".join(words.say(lang, f"fact.{fact}") for fact in answer.reading.inherited)
    return doubts + ([words.say(lang, "answer.inherited", facts=taken_over)] if taken_over else [])


def _doubt(words: Words, lang: str, doubt: Doubt) -> str:
    candidates = " / ".join(words.market(lang, one) if doubt.about == "destination" and len(one) == 2 else one
                            for one in doubt.candidates)
    reason = doubt.reason if doubt.reason in DOUBTS else "ambiguous"
    about = words.say(lang, f"fact.{doubt.about}")
    return words.say(lang, f"doubt.{reason}", words=doubt.words, candidates=candidates or "?", about=about)


def _question(words: Words, answer: Answer) -> list[str]:
    missing = answer.determination.missing
    if not missing:
        return []
    lang = answer.determination.asked.lang
    return [words.say(lang, "answer.question", question=answer.ruleset.fact(missing[0]).question.said(lang))]


def question_of(answer: Answer) -> str | None:
    """The one next question, or None where nothing is missing."""
    missing = answer.determination.missing
    return answer.ruleset.fact(missing[0]).question.said(answer.determination.asked.lang) if missing else None


def _small_print(words: Words, answer: Answer) -> str:
    d = answer.determination
    caveats = [caveat.text.said(d.asked.lang) for caveat in answer.ruleset.caveats_for(d.verdict)]
    unverified = len(answer.ruleset.unverified(d.clauses, d.asked.as_of))
    rests = words.say(d.asked.lang, "answer.rests", id=d.id, n=len(d.clauses), unverified=unverified, version=d.ruleset.version)
    return " ".join([*caveats, rests])


def _fact_line(words: Words, answer: Answer, product: Judged, fact: str) -> str:
    lang = answer.determination.asked.lang
    value = product.facts[fact]
    shown = family(words, lang, value) if fact == "category" else words.say(lang, f"truth.{value}")
    quoted = quote(words, lang, product.evidence.get(fact, ())) or words.say(lang, "why.not_said")
    return f"• {_name(words, lang, product)} – {answer.ruleset.fact(fact).title.said(lang)}: *{shown}* ← {quoted}"


def _clause_line(words: Words, answer: Answer, clause_id: str) -> str:
    lang, clause = answer.determination.asked.lang, answer.ruleset.clause(clause_id)
    when = words.day(lang, clause.source_date) if clause.source_date else "–"
    status = words.say(lang, f"verification.{clause.verification.status}")
    source = clause.source.said(lang)
    shown = f"<{clause.url}|{source}>" if clause.url else source
    grade = words.say(lang, "why.grade", grade=clause.grade)
    return f"• *{clause.id}* {clause.text.said(lang)} – {shown}, {when}, {grade}, {status}"


def _change_line(words: Words, answer: Answer, product: Judged) -> list[str]:
    lang, ruleset = answer.determination.asked.lang, answer.ruleset
    changes = what_would_change(ruleset, product.facts, answer.determination.asked.as_of)
    return [words.say(
        lang, "change.line", name=_name(words, lang, product), verdict=words.say(lang, f"verdict.{change.verdict}"),
        facts=words.say(lang, "answer.and").join(
            f"{ruleset.fact(fact).title.said(lang)} = {' / '.join(_value(words, lang, fact, value) for value in values)}"
            for fact, values in change.facts)) for change in changes]


def _value(words: Words, lang: str, fact: str, value: str) -> str:
    return family(words, lang, value) if fact == "category" else words.say(lang, f"truth.{value}")


def needs_category(answer: Answer) -> bool:
    """Whether nobody has said what product it is."""
    return all(product.facts.get("category") == Category.UNKNOWN for product in answer.determination.products)
