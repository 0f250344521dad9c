"""What an answer can say beside itself: why, what would change it, what is not known, and a text for the customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from bot.domain.deciding import Change, questions_for, what_would_change
from bot.domain.determination import Judged
from bot.domain.facts import Verdict
from bot.domain.rulebook import Clause, Ruleset, Verification
from bot.domain.ruling import UNKNOWN
from bot.replies import Reply, Words
from bot.replies.answers import (
    Answer,
    answer_title,
    day_lines,
    fact_title,
    product_name,
    quote,
    small_print,
    value_said,
    verdict_said,
)
from bot.replies.names import listed


def why_reply(words: Words, answer: Answer) -> Reply:
    """Clause by clause and fact by fact: where the verdict comes from, and how far each source can be trusted."""
    lang, d = answer.determination.asked.lang, answer.determination
    facts = [_fact_line(words, answer, product, fact) for product in d.products for fact, _ in product.decision.facts]
    clauses = [_clause_line(words, answer, clause) for clause in d.clauses]
    rests = [words.say(lang, "why.clauses"), *clauses] if clauses else []
    return Reply(
        headline=words.say(lang, "why.title", id=d.id, verdict=verdict_said(words, lang, answer.ruleset, d.verdict)),
        lines=(words.say(lang, "why.facts"), *facts, *day_lines(words, answer), *rests), note=small_print(words, answer))


def change_reply(words: Words, answer: Answer) -> Reply:
    """The smallest sets of facts that would turn the verdict, by the rules as they were known when it was asked."""
    lang, d = answer.determination.asked.lang, answer.determination
    bullets = [line for product in d.products for line in _change_lines(words, answer, product)]
    return Reply(headline=words.say(lang, "change.title", id=d.id),
                 bullets=tuple(bullets) or (words.say(lang, "change.nothing"),),
                 lines=(words.say(lang, "change.honest"),), note=small_print(words, answer))


def unknown_reply(words: Words, answer: Answer) -> Reply:
    """What the question left open, and the questions touching the answer that no source settles."""
    lang, d = answer.determination.asked.lang, answer.determination
    missing = [_missing_line(words, answer, fact) for fact in d.missing]
    open_ones = [f"• {id_}: {text}" for id_, text in _open_questions(answer, lang).items()]
    lines = [*([words.say(lang, "unknown.missing"), *missing] if missing else []),
             *([words.say(lang, "unknown.open"), *open_ones] if open_ones else [words.say(lang, "unknown.none")])]
    return Reply(headline=words.say(lang, "unknown.title", id=d.id), lines=tuple(lines), note=small_print(words, answer))


def customer_reply(words: Words, answer: Answer) -> Reply:
    """A text a sales rep may copy to a customer: nothing official claimed, nothing promised."""
    lang, d = answer.determination.asked.lang, answer.determination
    values = {"title": answer_title(words, answer), "id": d.id,
              "early": words.day(lang, answer.earliest[0]) if answer.earliest else "–",
              "late": words.day(lang, answer.earliest[-1]) if answer.earliest else "–"}
    timing = [words.say(lang, "customer.timing", **values)] if answer.earliest and d.verdict is Verdict.IN_SCOPE else []
    return Reply(headline=words.say(lang, "customer.title"),
                 lines=(words.say(lang, f"customer.{d.verdict}", **values), *timing, words.say(lang, "customer.honest")),
                 note=words.say(lang, "customer.note", id=d.id))


EXPLAINED: Mapping[str, Callable[[Words, Answer], Reply]] = {
    "why": why_reply, "change": change_reply, "unknown": unknown_reply, "customer": customer_reply}
"""By the names of the buttons, in their order."""


def _missing_line(words: Words, answer: Answer, fact: str) -> str:
    """A fact nobody knows, with the words that speak of it and leave it open, if there are any."""
    lang = answer.determination.asked.lang
    open_in = [item for product in answer.determination.products if product.facts.get(fact) == UNKNOWN
               for item in product.evidence.get(fact, ())]
    quoted = quote(words, lang, open_in) or words.say(lang, "why.not_said")
    return f"• {fact_title(answer.ruleset, fact, lang)} ← {quoted}"


def _open_questions(answer: Answer, lang: str) -> dict[str, str]:
    """Those that touch any of the products, each once."""
    d = answer.determination
    return {question.id: question.text.said(lang) for product in d.products
            for question in questions_for(answer.ruleset, product.decision, d.asked.destinations)}


def _fact_line(words: Words, answer: Answer, product: Judged, fact: str) -> str:
    lang, value = answer.determination.asked.lang, product.facts[fact]
    taken_over = fact in answer.reading.inherited and value != UNKNOWN
    quoted = quote(words, lang, product.evidence.get(fact, ())) or words.say(
        lang, "why.taken_over" if taken_over else "why.not_said")
    shown = value_said(words, answer.ruleset, lang, fact, value)
    line = f"• {product_name(words, lang, product)} – {fact_title(answer.ruleset, fact, lang)}: *{shown}* ← {quoted}"
    return " · ".join([line, *filter(None, [listed(words, lang, _turning_on(product, fact))])])


def _turning_on(product: Judged, fact: str) -> Iterable[str]:
    """Of the clauses the verdict rests on, those whose part of the rule looks at this fact."""
    looked = [leaf.clauses for leaf in product.decision.tree.leaves() if leaf.fact == fact]
    return dict.fromkeys(clause for clauses in looked for clause in clauses if clause in product.decision.clauses)


def _clause_line(words: Words, answer: Answer, clause_id: str) -> str:
    lang = answer.determination.asked.lang
    clause = next((known for known in answer.ruleset.clauses if known.id == clause_id), None)
    if clause is None:
        return f"• *{clause_id}* {words.say(lang, 'why.gone')}"
    told = [_source(words, lang, clause), words.say(lang, f"why.grade.{clause.grade.lower()}"),
            _verified(words, lang, clause, answer.determination.asked.told_on)]
    note = clause.verification.note.said(lang)
    said = words.say(lang, "answer.comma").join(told)
    return f"• *{clause.id}* {clause.text.said(lang)} – {said}{f' – {note}' if note else ''}"


def _source(words: Words, lang: str, clause: Clause) -> str:
    """What it rests on, with its day where it has one."""
    source = clause.source.said(lang)
    shown = f"<{clause.url}|{source}>" if clause.url else source
    if not clause.source_date:
        return shown
    return words.say(lang, "why.source", source=shown, when=words.day(lang, clause.source_date))


def _verified(words: Words, lang: str, clause: Clause, day: date) -> str:
    """How far the clause is verified on the day of the answer: by whom, when, and until when that holds."""
    said = words.say(lang, f"verification.{_standing(clause, day)}")
    details = listed(words, lang, _details(words, lang, clause.verification))
    return words.say(lang, "verification.details", said=said, details=details) if details else said


def _standing(clause: Clause, day: date) -> str:
    check = clause.verification
    if check.status != "verified" or clause.verified_on(day):
        return check.status
    return "later" if check.when is None or day < check.when else "expired"


def _details(words: Words, lang: str, check: Verification) -> Iterable[str]:
    if check.by:
        yield check.by
    if check.when:
        yield words.day(lang, check.when)
    if check.until:
        yield words.say(lang, "verification.until", day=words.day(lang, check.until))


def _change_lines(words: Words, answer: Answer, product: Judged) -> list[str]:
    lang, asked, ruleset = answer.determination.asked.lang, answer.determination.asked, answer.ruleset
    facts = ruleset.only_registered(product.facts)
    changes = what_would_change(ruleset, facts, asked.as_of, asked.asked_at.date())
    return [words.say(lang, "change.line", name=product_name(words, lang, product), facts=_supposed(words, lang, ruleset, change),
                      verdict=verdict_said(words, lang, ruleset, change.verdict)) for change in changes]


def _supposed(words: Words, lang: str, ruleset: Ruleset, change: Change) -> str:
    """The facts as they would have to be, in the words of the buttons."""
    return words.say(lang, "change.and").join(
        words.say(lang, "change.fact", fact=fact_title(ruleset, fact, lang), values=_labels(words, lang, ruleset, fact, values))
        for fact, values in change.facts)


def _labels(words: Words, lang: str, ruleset: Ruleset, fact: str, values: Sequence[str]) -> str:
    return " / ".join(words.say(lang, "quoted", words=ruleset.fact(fact).label(value, lang)) for value in values)
