"""Two descriptions side by side: where they contradict each other, where one is silent, and what follows from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.description_gap import DESCRIBED, DIFFERS, Comparison, Gap, Side
from bot.domain.facts import Verdict
from bot.domain.ruling import UNKNOWN
from bot.replies import Reply, Words
from bot.replies.answers import family, quote
from bot.replies.names import listed


def gap_reply(words: Words, lang: str, comparison: Comparison, verdicts: Mapping[str, Verdict]) -> Reply:
    """One product: a line for each fact and side with its words, then what each side would lead to if exported."""
    name = comparison.name or words.say(lang, "gap.unnamed")
    lines = [line for gap in comparison.gaps for line in _gap_lines(words, lang, gap)]
    absent = [words.say(lang, "gap.no_text", side=words.say(lang, f"gap.side.{side}")) for side in comparison.missing]
    unclear = [_unclear(words, lang, side) for side in comparison.sides if side.marked]
    agreed = _agreed(words, lang, comparison) if _headline(comparison) == "gap.agree" else []
    follows = _follows(words, lang, comparison, verdicts) if comparison.differing else []
    return Reply(
        headline=words.say(lang, _headline(comparison), name=name, n=len(comparison.differing)),
        lines=(*absent, *agreed, *lines, *unclear, *follows), note=words.say(lang, "gap.note"),
        tone="stop" if comparison.differing else "warn" if lines or absent else "good")


def gaps_reply(words: Words, lang: str, found: Sequence[tuple[Comparison, Mapping[str, Verdict]]]) -> Reply:
    """What a message says of each product it names, in one reply."""
    replies = [gap_reply(words, lang, comparison, verdicts) for comparison, verdicts in found]
    if len(replies) == 1:
        return replies[0]
    lines = [line for reply in replies for line in (f"*{reply.headline}*", *reply.lines)]
    tone = "stop" if any(comparison.differing for comparison, _ in found) else ""
    return Reply(headline=words.say(lang, "gap.several", n=len(replies)), lines=tuple(lines),
                 note=words.say(lang, "gap.note"), tone=tone)


def nothing_named_reply(words: Words, lang: str) -> Reply:
    """A message that names no product of the catalogue."""
    return Reply(headline=words.say(lang, "gap.nothing_named"), lines=(words.say(lang, "gap.how"),))


def value_words(words: Words, lang: str, fact: str, value: str) -> str:
    """A fact's value as people say it."""
    if fact == "category":
        return family(words, lang, value)
    return words.say(lang, f"gap.value.{value}" if fact == "autonomous" else f"truth.{value}")


def _headline(comparison: Comparison) -> str:
    if comparison.differing:
        return "gap.differs"
    return "gap.silent" if comparison.gaps or comparison.missing else "gap.agree"


def _agreed(words: Words, lang: str, comparison: Comparison) -> list[str]:
    """What every side says, or that none does: two texts that are silent on who decides agree on nothing."""
    said = {fact: [side.on(fact).value for side in comparison.sides if side.on(fact).values] for fact in DESCRIBED}
    shown = {fact: value_words(words, lang, fact, next(iter(values), UNKNOWN)) for fact, values in said.items()}
    return ["• " + words.say(lang, "gap.agreed", fact=words.say(lang, f"fact.{fact}"), value=value)
            for fact, value in shown.items()]


def _gap_lines(words: Words, lang: str, gap: Gap) -> list[str]:
    key = "gap.fact.differs" if gap.kind == DIFFERS else "gap.fact.silent"
    head = words.say(lang, key, fact=words.say(lang, f"fact.{gap.fact}"))
    return [head, *(_side_line(words, lang, side, gap.fact) for side in gap.sides)]


def _side_line(words: Words, lang: str, side: Side, fact: str) -> str:
    said = side.on(fact)
    values = " / ".join(value_words(words, lang, fact, value) for value in said.values)
    quoted = quote(words, lang, said.words)
    silent = words.say(lang, "truth.unknown" if said.words else "why.not_said")
    shown = f"*{values}*" if values else silent
    return "• " + _line(words, lang, side, f"{shown} ← {quoted}" if quoted else shown)


def _unclear(words: Words, lang: str, side: Side) -> str:
    named = listed(words, lang, (words.say(lang, "quoted", words=phrase) for phrase in side.marked[:3]))
    return words.say(lang, "gap.unclear", side=words.say(lang, f"gap.side.{side.name}"), words=named)


def _follows(words: Words, lang: str, comparison: Comparison, verdicts: Mapping[str, Verdict]) -> list[str]:
    told = [(side, words.say(lang, f"verdict.{verdicts[side.name]}")) for side in comparison.sides if side.name in verdicts]
    return [words.say(lang, "gap.follows"), *("• " + _line(words, lang, side, said) for side, said in told)]


def _line(words: Words, lang: str, side: Side, said: str) -> str:
    return words.say(lang, "gap.line", side=words.say(lang, f"gap.side.{side.name}"), said=said)
