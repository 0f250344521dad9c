"""A judged row in words: what is written into the columns that are added to a table."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.rulebook import Ruleset
from bot.domain.ruling import UNKNOWN
from bot.domain.screened_row import Mistake, Screened, Source
from bot.replies import Words
from bot.replies.answers import family, quote
from bot.replies.gaps import value_words
from bot.replies.names import listed

HEADINGS = ("filing desk: verdict", "filing desk: reasons", "filing desk: missing", "filing desk: clauses",
            "filing desk: basis", "filing desk: findings")
"""The same in every language, so that a file judged again is recognised and its columns replaced."""


def screened_cells(words: Words, lang: str, ruleset: Ruleset, row: Screened) -> tuple[str, ...]:
    """One text for each of HEADINGS; the verdict as in_scope, needs_review or out_of_scope, to sort and filter by."""
    decision = row.decision
    missing = [ruleset.fact(fact).title.said(lang) for fact in decision.missing]
    basis = f"{ruleset.id} {ruleset.version} ({ruleset.digest[:23]}), {decision.as_of}"
    findings = words.say(lang, "screen.and").join(_findings(words, lang, ruleset, row))
    clauses = listed(words, lang, decision.clauses)
    return str(decision.verdict), _reasons(words, lang, row), listed(words, lang, missing), clauses, basis, findings


def _reasons(words: Words, lang: str, row: Screened) -> str:
    joiner = words.say(lang, "answer.comma")
    return joiner.join(_reason(words, lang, row, fact, value) for fact, value in row.decision.facts)


def _reason(words: Words, lang: str, row: Screened, fact: str, value: str) -> str:
    is_listed = fact == "category" and value not in (UNKNOWN, "other_not_listed")
    key = "reason.category.listed" if is_listed else f"reason.{fact}.{value}"
    said = words.say(lang, key, family=family(words, lang, value) if fact == "category" else "")
    by = _by(words, lang, fact, row.sources.get(fact, ())) if value != UNKNOWN else []
    return f"{said} ({listed(words, lang, by)})" if by else said


def _by(words: Words, lang: str, fact: str, sources: Sequence[Source]) -> list[str]:
    """Columns and catalogue first, then the words of all texts together."""
    stated = [words.say(lang, "screen.assumed_export") if source.kind == "assumed"
              else words.say(lang, "screen.from", side=_side(words, lang, fact, source))
              for source in sources if source.kind != "words"]
    quoted = quote(words, lang, [item for source in sources for item in source.words])
    return [*stated, *([quoted] if quoted else [])]


def _side(words: Words, lang: str, fact: str, source: Source) -> str:
    return words.say(lang, f"screen.by.{source.kind}", fact=words.say(lang, f"fact.{fact}"))


def _findings(words: Words, lang: str, ruleset: Ruleset, row: Screened) -> list[str]:
    contradictions = [_contradiction(words, lang, row, fact) for fact in row.disagreeing()]
    return contradictions + [_mistake(words, lang, ruleset, mistake) for mistake in row.mistakes]


def _contradiction(words: Words, lang: str, row: Screened, fact: str) -> str:
    told = dict.fromkeys(_told(words, lang, fact, source) for source in row.sources[fact])
    return words.say(lang, "screen.contradiction", fact=words.say(lang, f"fact.{fact}"), sides=" / ".join(told))


def _told(words: Words, lang: str, fact: str, source: Source) -> str:
    quoted = quote(words, lang, source.words)
    said = words.say(lang, "screen.said", side=_side(words, lang, fact, source),
                     value=value_words(words, lang, fact, source.value))
    return f"{said} ({quoted})" if quoted else said


def _mistake(words: Words, lang: str, ruleset: Ruleset, mistake: Mistake) -> str:
    known = {fact.name: fact for fact in ruleset.facts}
    allowed = listed(words, lang, known[mistake.fact].allowed) if mistake.fact in known else ""
    named = words.say(lang, f"fact.{mistake.fact}") if mistake.fact else ""
    return words.say(lang, f"screen.{mistake.kind}", said=mistake.said, fact=named, allowed=allowed)
